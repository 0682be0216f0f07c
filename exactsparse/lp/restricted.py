"""The linear program over some columns, in floats, by HiGHS.

``min Σ costs · x  s.t.  lower <= columns x + free a <= upper,  x >= 0``: basis pursuit, where both
bounds are the labels.  What it says is a suggestion; its basis and its duals are made exact
elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from exactsparse.progress import Stopped

if TYPE_CHECKING:
    import highspy

Floats = NDArray[np.float64]

_TOLERANCE = 1e-10
_FIRST_PENALTY = 100.0


@dataclass(frozen=True, eq=False)
class MasterSolution:
    """Optimum of the restricted program.

    Parameters
    ----------
    values : ndarray of float64, shape (m,)
        Of the columns, without the free ones.
    free_values : ndarray of float64
        Of the free ones.
    duals : ndarray of float64, shape (n,)
        Prices of the rows.
    basis : ndarray of int, shape (k,)
        Basic columns, k <= n.
    free_basis : ndarray of int
        Basic free columns.
    open_rows : ndarray of int
        Rows whose slack is basic.
    at_upper : ndarray of bool, shape (n,)
        Rows that are not basic and at their upper bound.
    slack : float
        Sum of the penalised deviations from the bounds.
    """

    values: Floats
    free_values: Floats
    duals: Floats
    basis: NDArray[np.int64]
    free_basis: NDArray[np.int64]
    open_rows: NDArray[np.int64]
    at_upper: NDArray[np.bool_]
    slack: float


class RestrictedLP:
    """A program to which columns are added.

    Deviations from the bounds are allowed at a price at first, so that any columns will do.

    Parameters
    ----------
    free : ndarray of float64, shape (n, k)
        Columns at no cost, of any sign.
    lower, upper : ndarray of float64, shape (n,)
        Bounds of the rows, infinite for none; equal where labels are to be met.
    """

    def __init__(self, free: Floats, lower: Floats, upper: Floats) -> None:
        import highspy

        self._highs: highspy.Highs = highspy.Highs()
        options = {
            "output_flag": False,
            "threads": 1,
            "presolve": "off",
            "solver": "simplex",
            # Added columns leave the basis primal feasible.
            "simplex_strategy": 4,
            "primal_feasibility_tolerance": _TOLERANCE,
            "dual_feasibility_tolerance": _TOLERANCE,
        }
        for option, value in options.items():
            self._highs.setOptionValue(option, value)
        self._n, self._free = len(free), int(free.shape[1])
        self._columns = 0
        self._penalty = _FIRST_PENALTY
        empty = np.empty(0)
        self._highs.addRows(
            self._n, lower, upper, 0, np.zeros(self._n, dtype=np.int32),
            np.empty(0, dtype=np.int32), empty,
        )  # fmt: skip
        inf = highspy.kHighsInf
        places = np.arange(self._n)
        for side in (1.0, -1.0):
            self._add_sparse(
                places, places, np.full(self._n, side), np.full(self._n, self._penalty), 0.0
            )
        self._add(free, np.zeros(self._free), -inf)

    def __len__(self) -> int:
        return self._columns

    @property
    def _before(self) -> int:
        """Columns ahead of those that were added."""
        return 2 * self._n + self._free

    def add(self, columns: Floats, costs: Floats) -> None:
        """Add columns, shape (n, m), with their costs."""
        self._add(columns, costs, 0.0)
        self._columns += columns.shape[1]

    def set_costs(self, costs: Floats) -> None:
        """Change the costs of all columns."""
        indices = np.arange(self._before, self._before + self._columns, dtype=np.int32)
        self._highs.changeColsCost(self._columns, indices, costs)

    def raise_penalty(self) -> None:
        """Make deviations dearer."""
        self._penalty *= 100.0
        self._change_deviations(self._penalty, np.inf)

    def forbid_deviations(self) -> None:
        """Keep within the bounds from now on."""
        self._change_deviations(0.0, 0.0)

    def solve(self, seconds: float) -> MasterSolution:
        """Solve within some seconds.

        Raises
        ------
        Stopped
            If no optimum was reached: the time is over, or the numbers exceed float64.
        """
        import highspy

        highs = self._highs
        highs.setOptionValue("time_limit", highs.getRunTime() + max(seconds, 0.0))
        highs.run()
        if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise Stopped
        solution, basis = highs.getSolution(), highs.getBasis()
        basic, at_upper = highspy.HighsBasisStatus.kBasic, highspy.HighsBasisStatus.kUpper
        columns = np.flatnonzero([status == basic for status in basis.col_status])
        rows = np.flatnonzero([status == basic for status in basis.row_status])
        values = np.array(solution.col_value)
        deviations = 2 * self._n
        free = columns[(columns >= deviations) & (columns < self._before)] - deviations
        return MasterSolution(
            values[self._before :],
            values[deviations : self._before],
            np.array(solution.row_dual),
            columns[columns >= self._before] - self._before,
            free,
            np.union1d(rows, columns[columns < deviations] % self._n),
            np.array([status == at_upper for status in basis.row_status], dtype=bool),
            float(values[:deviations].sum()),
        )

    def _change_deviations(self, cost: float, upper: float) -> None:
        import highspy

        count = 2 * self._n
        indices = np.arange(count, dtype=np.int32)
        limit = min(upper, highspy.kHighsInf)
        self._highs.changeColsCost(count, indices, np.full(count, cost))
        self._highs.changeColsBounds(count, indices, np.zeros(count), np.full(count, limit))

    def _add(self, columns: Floats, costs: Floats, lower: float) -> None:
        by_column = np.ascontiguousarray(columns.T)
        where, rows = np.nonzero(by_column)
        self._add_sparse(where, rows, by_column[where, rows], costs, lower)

    def _add_sparse(
        self,
        where: NDArray[np.int64],
        rows: NDArray[np.int64],
        entries: Floats,
        costs: Floats,
        lower: float,
    ) -> None:
        """Add columns by the column, ascending, the row and the value of every entry."""
        import highspy

        count = len(costs)
        if count == 0:
            return
        starts = np.searchsorted(where, np.arange(count)).astype(np.int32)
        self._highs.addCols(
            count, costs, np.full(count, lower), np.full(count, highspy.kHighsInf), len(rows),
            starts, rows.astype(np.int32), entries,
        )  # fmt: skip
