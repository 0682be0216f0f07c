"""How much of the labels some rays reach while the others are limited: a float program, HiGHS."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from exactsparse.packages import require_package

_LIMIT = 1.0
# Bounds that are nearer in floats, relative to the largest, are one.
_NEAR = 1e-9


class RayProgram:
    """``max θ`` with ``θ l <= Σ ± μ_r (X̄ r)₊ + X̄ a <= θ u``; some μ free, the others at most 1.

    Everything that it says is a suggestion.

    Parameters
    ----------
    columns : ndarray of int (object), shape (n_rays, n)
        ``(X̄ r)₊`` of every ray, to be used with both signs.
    affine : ndarray of int (object), shape (n, k)
        Columns of a free affine part.
    lower, upper : ndarrays of int or None (object), shape (n,)
        l and u, None for no bound; equal where a label is to be met.
    """

    def __init__(
        self, columns: NDArray[Any], affine: NDArray[Any], lower: NDArray[Any], upper: NDArray[Any]
    ) -> None:
        highspy = require_package("highspy", "milp")
        self._highspy = highspy
        self._n, rays, infinity = len(affine), len(columns), highspy.kHighsInf
        self._exact: list[list[int]] = [column.tolist() for column in columns]
        self._affine: list[list[int]] = [column.tolist() for column in affine.T]
        self._rays = rays
        low, high = _ends(lower, upper, infinity)
        one = high - low <= _NEAR
        # A row of the program is a bound of a row of the data: below, above, or both.
        above, below = np.isfinite(low), np.isfinite(high) & ~one
        self._rows = np.concatenate([np.flatnonzero(above), np.flatnonzero(below)])
        ends = np.concatenate([low[above], high[below]])
        least = np.concatenate([np.zeros(above.sum()), np.full(below.sum(), -infinity)])
        most = np.concatenate([np.where(one[above], 0.0, infinity), np.zeros(below.sum())])
        scaled = _scaled(columns)[:, self._rows]
        free = _scaled(affine.T)[:, self._rows]
        matrix = np.concatenate([scaled, -scaled, free, -ends.reshape(1, -1)])
        count = len(matrix)
        smallest = np.zeros(count)
        smallest[2 * rays : count - 1] = -infinity
        largest = np.full(count, infinity)
        largest[: 2 * rays] = _LIMIT
        self._solver = _silent_solver(highspy)
        self._solver.passModel(_linear_program(highspy, matrix, smallest, largest, least, most))
        self._solver.changeColCost(count - 1, -1.0)
        self._free: set[int] = set()

    def basis(self, free: set[tuple[int, int]]) -> list[list[int]] | None:
        """Integer columns to which λ is orthogonal at the optimum; None if θ has no limit.

        Parameters
        ----------
        free : set of (sign position, ray)
            Columns without a limit.

        Returns
        -------
        list of lists of int, or None
            One fewer than rows, unless the program found no limit or failed, or bounds are so near
            that both of a row stand in the basis.
        """
        infinity = self._highspy.kHighsInf
        wanted = {side * self._rays + ray for side, ray in free}
        for column in self._free - wanted:
            self._solver.changeColBounds(column, 0.0, _LIMIT)
        for column in wanted - self._free:
            self._solver.changeColBounds(column, 0.0, infinity)
        self._free = wanted
        self._solver.run()
        if self._solver.getModelStatus() != self._highspy.HighsModelStatus.kOptimal:
            return None
        _, positions = self._solver.getBasicVariables()
        theta = 2 * self._rays + len(self._affine)
        if theta not in positions:
            return None
        slack = [-int(j) - 1 for j in positions if j < 0]
        # Rows of the data of which no bound is attained.
        open_ = np.ones(self._n, dtype=bool)
        open_[np.delete(self._rows, slack)] = False
        found = [[int(i == row) for i in range(self._n)] for row in np.flatnonzero(open_)]
        return found + [self._column(int(j)) for j in positions if 0 <= j < theta]

    def _column(self, position: int) -> list[int]:
        """The column of a basic variable in integers; its sign does not matter."""
        if position < 2 * self._rays:
            return self._exact[position % self._rays]
        return self._affine[position - 2 * self._rays]


class Vertex(NamedTuple):
    """A vertex of a polyhedron, as a suggestion.

    Parameters
    ----------
    columns : list of int
        Positions of basic columns, the free ones counted after the others.
    lower, upper : list of int
        Rows of which a bound is attained.
    """

    columns: list[int]
    lower: list[int]
    upper: list[int]


def vertex(
    columns: NDArray[Any], free: NDArray[Any], lower: NDArray[Any], upper: NDArray[Any]
) -> Vertex | None:
    """A vertex of ``{μ >= 0, a : l <= Σ μ columns + Σ a free <= u}``, as a suggestion.

    Parameters
    ----------
    columns : ndarray of int (object), shape (m, n)
        Columns with nonnegative coefficients.
    free : ndarray of int (object), shape (k, n)
        Columns with free coefficients.
    lower, upper : ndarrays of int or None (object), shape (n,)
        What is to be reached, None for no bound.

    Returns
    -------
    Vertex or None
        None if there seems to be none.
    """
    highspy = require_package("highspy", "milp")
    count = len(columns) + len(free)
    smallest = np.zeros(count)
    smallest[len(columns) :] = -highspy.kHighsInf
    matrix = np.concatenate([_scaled(columns), _scaled(free)])
    solver = _silent_solver(highspy)
    largest = np.full(count, highspy.kHighsInf)
    ends = _ends(lower, upper, highspy.kHighsInf)
    solver.passModel(_linear_program(highspy, matrix, smallest, largest, *ends))
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    status, basis = highspy.HighsBasisStatus, solver.getBasis()
    basic = [j for j, how in enumerate(basis.col_status) if how == status.kBasic]
    rows = [
        [i for i, how in enumerate(basis.row_status) if how == side]
        for side in (status.kLower, status.kUpper)
    ]
    return Vertex(basic, *rows)


def _linear_program(
    highspy: Any,
    matrix: NDArray[np.float64],
    lower: NDArray[np.float64],
    upper: NDArray[np.float64],
    row_lower: NDArray[np.float64],
    row_upper: NDArray[np.float64],
) -> Any:
    """Columns are the rows of the matrix; all costs are 0."""
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = matrix.shape
    program.col_cost_ = np.zeros(len(matrix))
    program.col_lower_, program.col_upper_ = lower, upper
    program.row_lower_, program.row_upper_ = row_lower, row_upper
    columns, rows = np.nonzero(matrix)
    program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    program.a_matrix_.start_ = np.searchsorted(columns, np.arange(len(matrix) + 1))
    program.a_matrix_.index_, program.a_matrix_.value_ = rows, matrix[columns, rows]
    return program


def _silent_solver(highspy: Any) -> Any:
    solver = highspy.Highs()
    for name, setting in (("output_flag", False), ("threads", 1), ("presolve", "off")):
        solver.setOptionValue(name, setting)
    return solver


def _scaled(columns: NDArray[Any]) -> NDArray[np.float64]:
    """Each row of the array over its largest entry, in floats."""
    floats = [[x / max(1, *map(abs, column)) for x in column] for column in columns.tolist()]
    return np.array(floats, dtype=np.float64).reshape(columns.shape)


def _ends(lower: NDArray[Any], upper: NDArray[Any], infinity: float) -> NDArray[np.float64]:
    """Both bounds of every row over the largest, in floats."""
    most = max((abs(end) for end in (*lower, *upper) if end is not None), default=1) or 1
    return np.array(
        [
            [none if end is None else end / most for end in ends]
            for ends, none in ((lower, -infinity), (upper, infinity))
        ]
    )
