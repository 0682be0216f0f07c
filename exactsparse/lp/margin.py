"""The point that keeps farthest from the bounds of rows: a float program, HiGHS."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_WIDEST = 1.0


def widest_margin(
    matrix: Floats,
    lower: Floats,
    upper: Floats,
    units: Floats,
    least: Floats,
    greatest: Floats,
    seconds: float,
) -> tuple[Floats, float] | None:
    """``max t <= 1`` with ``lower + units t <= matrix z <= upper - units t``; a suggestion.

    Parameters
    ----------
    matrix : ndarray of float64, shape (n, k)
        Rows.
    lower, upper : ndarray of float64, shape (n,)
        Bounds, which may be infinite.
    units : ndarray of float64, shape (n,)
        What a margin of 1 means at every row, positive.
    least, greatest : ndarray of float64, shape (k,)
        Bounds of z.
    seconds : float
        Time limit.

    Returns
    -------
    (ndarray of float64, float) or None
        z and t, negative where bounds are missed; None if there was no time, or floats fail.

    Examples
    --------
    >>> one, no = np.ones(1), np.full(1, np.inf)
    >>> z, t = widest_margin(one[:, None], one, 2 * one, one, -no, no, 1.0)
    >>> float(z[0]), t
    (1.5, 0.5)
    """
    import highspy

    below, above = np.isfinite(lower), np.isfinite(upper)
    rows = np.concatenate(
        [
            np.column_stack([matrix[below], -units[below]]),
            np.column_stack([matrix[above], units[above]]),
        ]
    )
    program = highspy.HighsLp()
    program.num_row_, program.num_col_ = rows.shape
    program.row_lower_ = np.concatenate([lower[below], np.full(above.sum(), -np.inf)])
    program.row_upper_ = np.concatenate([np.full(below.sum(), np.inf), upper[above]])
    program.col_lower_ = np.append(least, -np.inf)
    program.col_upper_ = np.append(greatest, _WIDEST)
    program.col_cost_ = np.append(np.zeros(len(least)), -1.0)
    where, which = np.nonzero(rows.T)
    program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    program.a_matrix_.start_ = np.searchsorted(where, np.arange(rows.shape[1] + 1))
    program.a_matrix_.index_, program.a_matrix_.value_ = which, rows.T[where, which]
    solver = highspy.Highs()
    options = {"output_flag": False, "threads": 1, "presolve": "off", "solver": "simplex"}
    for option, value in options.items():
        solver.setOptionValue(option, value)
    solver.setOptionValue("time_limit", float(min(max(seconds, 0.0), highspy.kHighsInf)))
    solver.passModel(program)
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    values = np.array(solver.getSolution().col_value)
    return values[:-1], float(values[-1])
