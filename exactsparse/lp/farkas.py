"""How much of the labels some rays reach while the others are limited: a float program, HiGHS."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from exactsparse.packages import require_package

_LIMIT = 1.0


class RayProgram:
    """``max θ`` with ``Σ ± μ_r (X̄ r)₊ + X̄ a = θ y``; some μ are free, the others at most 1.

    Everything that it says is a suggestion.

    Parameters
    ----------
    columns : ndarray of int (object), shape (n_rays, n)
        ``(X̄ r)₊`` of every ray, to be used with both signs.
    affine : ndarray of int (object), shape (n, k)
        Columns of a free affine part.
    labels : ndarray of int (object), shape (n,)
        y.
    """

    def __init__(self, columns: NDArray[Any], affine: NDArray[Any], labels: NDArray[Any]) -> None:
        highspy = require_package("highspy", "milp")
        self._highspy = highspy
        n, rays = len(labels), len(columns)
        self._exact: list[list[int]] = [column.tolist() for column in columns]
        self._affine: list[list[int]] = [column.tolist() for column in affine.T]
        self._rays = rays
        scaled = _scaled(columns)
        free = _scaled(affine.T)
        label = _scaled(labels.reshape(1, n))
        matrix = np.concatenate([scaled, -scaled, free, -label]).reshape(-1, n)
        count = len(matrix)
        lower = np.zeros(count)
        lower[2 * rays : count - 1] = -highspy.kHighsInf
        upper = np.full(count, highspy.kHighsInf)
        upper[: 2 * rays] = _LIMIT
        self._solver = _silent_solver(highspy)
        self._solver.passModel(_linear_program(highspy, matrix, lower, upper, np.zeros(n)))
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
            One fewer than rows, unless the program found no limit or failed.
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
        return [self._column(int(j)) for j in positions if j != theta]

    def _column(self, position: int) -> list[int]:
        """The column of a basic variable in integers; its sign does not matter."""
        if position < 0:
            row = -position - 1
            return [int(i == row) for i in range(self._solver.getNumRow())]
        if position < 2 * self._rays:
            return self._exact[position % self._rays]
        return self._affine[position - 2 * self._rays]


def vertex(columns: NDArray[Any], free: NDArray[Any], labels: NDArray[Any]) -> list[int] | None:
    """Columns of a vertex of ``{μ >= 0, a : Σ μ columns + Σ a free = labels}``, as a suggestion.

    Parameters
    ----------
    columns : ndarray of int (object), shape (m, n)
        Columns with nonnegative coefficients.
    free : ndarray of int (object), shape (k, n)
        Columns with free coefficients.
    labels : ndarray of int (object), shape (n,)
        What is to be reached.

    Returns
    -------
    list of int, or None
        Positions of basic columns, the free ones counted after the others; None if there seems to
        be no such vertex.
    """
    highspy = require_package("highspy", "milp")
    n, count = len(labels), len(columns) + len(free)
    lower = np.zeros(count)
    lower[len(columns) :] = -highspy.kHighsInf
    matrix = np.concatenate([_scaled(columns), _scaled(free)])
    solver = _silent_solver(highspy)
    reached = _scaled(labels.reshape(1, n))[0]
    solver.passModel(
        _linear_program(highspy, matrix, lower, np.full(count, highspy.kHighsInf), reached)
    )
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    _, positions = solver.getBasicVariables()
    return [int(j) for j in positions if j >= 0]


def _linear_program(
    highspy: Any,
    matrix: NDArray[np.float64],
    lower: NDArray[np.float64],
    upper: NDArray[np.float64],
    right: NDArray[np.float64],
) -> Any:
    """Columns are the rows of the matrix; all costs are 0."""
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = matrix.shape
    program.col_cost_ = np.zeros(len(matrix))
    program.col_lower_, program.col_upper_ = lower, upper
    program.row_lower_ = program.row_upper_ = right
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
