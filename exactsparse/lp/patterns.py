"""Sparse weights within given activation patterns: a float program, HiGHS."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from exactsparse.progress import Deadline

Floats = NDArray[np.float64]

_TOLERANCE = 1e-10


class PatternProgram:
    """``min Σ costs |z|`` over weights of all neurons with fixed patterns.

    Everything that it says is a suggestion.

    Parameters
    ----------
    points : ndarray of float64, shape (n, width)
        Rows ``x̄``.
    lower, upper : ndarray of float64, shape (n,)
        Bounds, infinite for none; equal where labels are to be met.
    weights : ndarray of float64, shape (m, width)
        They give the patterns; weights that are 0 stay so.
    signs : list of int
        Sign of every output weight, 1 or −1.
    skip : bool
        Whether an affine part is free.
    """

    def __init__(
        self,
        points: Floats,
        lower: Floats,
        upper: Floats,
        weights: Floats,
        signs: list[int],
        skip: bool,
    ) -> None:
        import highspy

        n, width = points.shape
        m = len(weights)
        self._shape, self._free = (m, width), width if skip else 0
        self.affine = np.zeros(self._free)
        active = weights @ points.T > 0
        # Twice every weight, for its positive and negative part, then the affine part.
        equations = np.concatenate(
            [sign * on[:, None] * points for sign, on in zip(signs, active, strict=True)], axis=1
        )
        cells = np.zeros((m * n, m * width))
        for k, on in enumerate(active):
            block = np.where(on, 1.0, -1.0)[:, None] * points
            cells[k * n : (k + 1) * n, k * width : (k + 1) * width] = block
        rows = np.concatenate([equations, cells])
        affine = np.zeros((len(rows), self._free))
        affine[:n] = points[:, : self._free]
        matrix = np.concatenate([rows, -rows, affine], axis=1)
        infinity = highspy.kHighsInf
        program = highspy.HighsLp()
        program.num_row_, program.num_col_ = matrix.shape
        program.row_lower_ = np.concatenate([lower, np.zeros(m * n)])
        program.row_upper_ = np.concatenate([upper, np.full(m * n, infinity)])
        allowed = np.where(weights.ravel() != 0, infinity, 0.0)
        program.col_lower_ = np.concatenate(
            [np.zeros(2 * m * width), np.full(self._free, -infinity)]
        )
        program.col_upper_ = np.concatenate([allowed, allowed, np.full(self._free, infinity)])
        program.col_cost_ = np.zeros(matrix.shape[1])
        where, which = np.nonzero(matrix.T)
        program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        program.a_matrix_.start_ = np.searchsorted(where, np.arange(matrix.shape[1] + 1))
        program.a_matrix_.index_ = which
        program.a_matrix_.value_ = matrix.T[where, which]
        self._highs: Any = highspy.Highs()
        for option, value in {
            "output_flag": False,
            "threads": 1,
            "solver": "simplex",
            "primal_feasibility_tolerance": _TOLERANCE,
        }.items():
            self._highs.setOptionValue(option, value)
        self._highs.passModel(program)

    def solve(self, costs: Floats, deadline: Deadline) -> Floats | None:
        """Weights of a sparse solution, shape (m, width), or None if floats find none.

        The affine part is in ``affine``.

        Raises
        ------
        Stopped
            If the deadline has passed.
        """
        import highspy

        deadline.check()
        every = np.concatenate([costs.ravel(), costs.ravel(), np.zeros(self._free)])
        count = len(every)
        self._highs.changeColsCost(count, np.arange(count, dtype=np.int32), every)
        limit = min(self._highs.getRunTime() + deadline.seconds_left, highspy.kHighsInf)
        self._highs.setOptionValue("time_limit", float(limit))
        self._highs.run()
        if self._highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        values: Floats = np.array(self._highs.getSolution().col_value)
        self.affine, values = values[2 * costs.size :], values[: 2 * costs.size]
        return (values[: costs.size] - values[costs.size :]).reshape(self._shape)
