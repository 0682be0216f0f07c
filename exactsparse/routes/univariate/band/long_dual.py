"""Least tolerances of long tables: trials in compiled code, bounds in rational arithmetic.

Floats choose which triples and which rows are looked at exactly.  Any disjoint triples give a lower
bound by their exact thresholds; the error of a law is the exact largest one among the rows whose
computed error comes near the largest.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from exactsparse.exact.numbers import to_float
from exactsparse.problem.column import Column
from exactsparse.routes.univariate.band.compiled import (
    FloatWindows,
    plain_law,
    stab_compiled,
)
from exactsparse.routes.univariate.band.dual import LowerBound, Tolerances, UpperBound
from exactsparse.routes.univariate.band.law import Chain
from exactsparse.routes.univariate.band.long_laws import pieces_of
from exactsparse.routes.univariate.band.stabbing import Line, Triple


class LongTolerances(Tolerances):
    """Least tolerances of a long table of distinct abscissae, all weights one.

    Parameters
    ----------
    x, y : Column, length n
        float64 columns, abscissae strictly ascending.

    Raises
    ------
    ValueError
        If the columns are not such ones.
    """

    def __init__(self, x: Column, y: Column) -> None:
        if not (x.is_float64 and y.is_float64 and bool(np.all(x.values[1:] > x.values[:-1]))):
            raise ValueError("float64 columns and strictly ascending abscissae are needed")
        self._columns = x, y
        self._start(x, y, Column(np.broadcast_to(1.0, (len(x),))))

    def _try(self, tolerance: Fraction) -> None:
        windows = FloatWindows.around(*self._columns, tolerance)
        if windows is None:
            super()._try(tolerance)
            return
        found = stab_compiled(windows)
        if found.n_knots <= self._most:
            chain = plain_law(windows, found)
            self._keep_upper(largest_error(chain, *self._columns), chain)
        chosen = found.triples
        for side in range(2):
            own = chosen[chosen[:, 0] == side]
            ascending = (own[:, 1] < own[:, 2]) & (own[:, 2] < own[:, 3])
            if (own[1:, 1] < own[:-1, 3]).any() or not ascending.all():
                raise AssertionError("triples of one sign are disjoint")
        if len(chosen) > self._most + 1:
            x, y = (column.values for column in self._columns)
            side, p, q, r = chosen.T
            with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
                share = (x[q] - x[p]) / (x[r] - x[p])
                depth = (y[p] + share * (y[r] - y[p]) - y[q]) * (1 - 2 * side)
            best = np.argsort(-np.nan_to_num(depth), kind="stable")[: self._most + 1]
            chosen = chosen[np.sort(best)]
        self._keep_lower([Triple(1 - 2 * side, p, q, r) for side, p, q, r in chosen.tolist()])

    def _level_line(self) -> UpperBound:
        y = self._columns[1]
        ends = y[int(y.values.argmin())], y[int(y.values.argmax())]
        chain = Chain([Line(Fraction(0), (ends[0] + ends[1]) / 2)])
        return UpperBound(largest_error(chain, *self._columns), chain)

    def _least_for_equal_points(self) -> LowerBound:
        return LowerBound(Fraction(0))


def largest_error(chain: Chain, x: Column, y: Column) -> Fraction:
    """Largest ``|f(xᵢ) − yᵢ|`` of a law, exact.

    Notes
    -----
    A computed error is off by less than ``2⁻⁴⁸`` of the sizes that enter it, as in
    :func:`~exactsparse.routes.univariate.band.long_laws.missed_rows`.
    """
    largest, candidates = -np.inf, []
    for line, start, stop in pieces_of(chain, x.values, x.unscaled, x.scale):
        origin = to_float(line.at(x[start]) / y.scale)
        slope = to_float(line.slope * x.scale / y.scale)
        with np.errstate(over="ignore", invalid="ignore"):
            way = x.values[start:stop] - x.values[start]
            rise = slope * way
            error = np.abs(origin + rise - y.values[start:stop])
            slack = 2.0**-48 * (abs(origin) + np.abs(rise) + np.abs(y.values[start:stop]))
            # A slope that underflows is off by half of the smallest number.
            slack += 2.0**-1073 * way
            if x.rounded:
                # Reading is off by 2^-53 of every abscissa, the labels' share is in the slack.
                reach = np.abs(x.values[start:stop]) + abs(x.values[start])
                slack += 2.0**-52 * (abs(slope) * reach) + 2.0**-1000
            low, high = error - slack - 2.0**-1000, error + slack + 2.0**-1000
        largest = max(largest, float(np.max(np.nan_to_num(low, nan=-np.inf))))
        # Written so that what is not a number is looked at.
        near = np.flatnonzero(~(high < largest))
        candidates.append((line, start + near, high[near]))
    exact = [
        abs(line.at(x[row]) - y[row])
        for line, rows, highs in candidates
        for row in rows[~(highs < largest)].tolist()
    ]
    return max(exact)
