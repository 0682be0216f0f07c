"""Least tolerances of long tables: trials in compiled code, bounds in rational arithmetic.

Doubles choose the triples of a trial whose thresholds are large, and which of them may have the
least one; that is reckoned exactly, and bounds the tolerance from below whatever was chosen.  A
trial whose law is proved to pass through its windows bounds the tolerance from above by its own.
"""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from exactsparse.exact.numbers import to_float
from exactsparse.problem.column import Column
from exactsparse.progress import Deadline
from exactsparse.routes.univariate.band.compiled import (
    plain_law,
    prove_function,
    prove_triples,
    stab_compiled,
)
from exactsparse.routes.univariate.band.dual import (
    LowerBound,
    ProvedTolerance,
    Tolerances,
    UpperBound,
    made,
)
from exactsparse.routes.univariate.band.float_windows import FloatWindows
from exactsparse.routes.univariate.band.law import Chain
from exactsparse.routes.univariate.band.long_laws import missed_rows, pieces_of
from exactsparse.routes.univariate.band.stabbing import Line, Triple

Floats: TypeAlias = NDArray[np.float64]
# (side, p, q, r) each.
Triples: TypeAlias = NDArray[np.int32]

# Of longer tables so many rows are looked at first, and more for so many rounds.
_CORE, _ROUNDS = 20_000, 30


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
        # Per number of knots: the best lower bound in doubles, and the triples that it comes of.
        self._near = np.zeros(0)
        self._found: list[Triples | None] = []
        every = max(len(x) // (_CORE // 2), 1)
        self._core = {*range(0, len(x), every), len(x) - 1}
        self._start(x, y, Column(np.broadcast_to(1.0, (len(x),))))

    def least(self, knots: int, deadline: Deadline | None = None) -> ProvedTolerance:
        """Find the least tolerance, as :meth:`Tolerances.least`, by the few rows that matter."""
        if len(self.x) > _CORE:
            self._settle_core(knots, deadline)
        return super().least(knots, deadline)

    def _settle_core(self, knots: int, deadline: Deadline | None) -> None:
        """Find the least tolerance of some rows, and add those that its law misses, to a few times.

        What some rows need all rows need; a law that misses none settles it.
        """
        for _ in range(_ROUNDS):
            rows = np.array(sorted(self._core), dtype=np.int64)
            part = LongTolerances(*(column.take(rows) for column in self._columns))
            proof = Tolerances.least(part, knots, deadline)
            if proof.triples:
                sides = [(1 - sign) // 2 for sign, *_ in proof.triples]
                places = rows[np.array([triple[1:] for triple in proof.triples])]
                self._raise_lower(knots, np.column_stack((sides, places)).astype(np.int32))
            windows = FloatWindows.around(*self._columns, proof.tolerance)
            if windows is None:
                return
            missed = set(missed_rows(proof.chain, windows))
            if not missed:
                self._keep_upper(proof.tolerance, proof.chain.n_knots, proof.upper.build)
                return
            self._core |= missed

    def keep(self, most: int) -> None:
        """Keep what trials prove for up to so many knots, which saves trials later."""
        super().keep(most)
        more = self._most + 1 - len(self._found)
        self._near = np.concatenate((self._near, np.full(more, -np.inf)))
        self._found += [None] * more

    def bounds(self, knots: int) -> tuple[LowerBound, UpperBound]:
        """Bounds of the least tolerance that trials have proved so far."""
        self.keep(knots)
        if (triples := self._found[knots]) is not None:
            self._found[knots] = None
            self._raise_lower(knots, triples)
        return super().bounds(knots)

    def _try(self, tolerance: Fraction, knots: int) -> None:
        windows = FloatWindows.around(*self._columns, tolerance)
        found = None if windows is None else stab_compiled(windows)
        if windows is None or found is None or not prove_triples(found.triples, windows):
            super()._try(tolerance, knots)
            return
        # A law of more knots bounds nothing.
        if found.n_knots <= self._most:
            if not prove_function(found, windows):
                super()._try(tolerance, knots)
                return
            law = partial(plain_law, windows, found)
            self._keep_upper(tolerance, found.n_knots, law)
        thresholds, _ = self._thresholds(found.triples)
        best = np.argsort(-thresholds, kind="stable")[: self._most + 1]
        chosen, thresholds = found.triples[best], thresholds[best]
        for k in np.flatnonzero(thresholds > self._near[: len(best)]).tolist():
            self._near[k], self._found[k] = thresholds[k], chosen[: k + 1]
        if found.n_knots > knots:
            # Doubles may not tell these from those before; their thresholds exceed the tolerance.
            self._raise_lower(knots, chosen[: knots + 1])

    def _thresholds(self, triples: Triples) -> tuple[Floats, Floats]:
        """Thresholds of triples in the unit of the labels, and how far they may be off.

        Notes
        -----
        The share of the way is off by ``3u`` of itself, so that the sum is off by less than
        ``8u (|y_p| + |y_q| + |y_r|)``; reading labels as decimals adds one u at most.  Reading
        abscissae, off by ``ρ`` each at most, changes the share by less than
        ``4ρ/(x_r − x_p − 2ρ)``, for it lies between 0 and 1.
        """
        x, y = (column.values for column in self._columns)
        side, p, q, r = triples.T
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            share = (x[q] - x[p]) / (x[r] - x[p])
            depth = (y[p] + share * (y[r] - y[p]) - y[q]) * (1 - 2 * side) / 2
            off = 2.0**-48 * (np.abs(y[p]) + np.abs(y[q]) + np.abs(y[r])) + 2.0**-1000
            if self._columns[0].rounded:
                reading = 2.0**-53 * max(abs(float(x[0])), abs(float(x[-1]))) + 2.0**-1074
                known = x[r] - x[p] - 4 * reading
                off += np.abs(y[r] - y[p]) * (8 * reading / known)
                off[~(known > 0)] = np.inf
        return np.nan_to_num(depth), off

    def _raise_lower(self, knots: int, triples: Triples) -> None:
        """Raise the lower bound for a number of knots by one triple more, if they do that."""
        values, off = self._thresholds(triples)
        with np.errstate(invalid="ignore"):
            # Written so that what is not a number is looked at.
            near = np.flatnonzero(~(values - off > np.min(values + off)))
        least = min(map(self.threshold, _signed(triples[near])))
        if least > super().bounds(knots)[0].tolerance:
            ordered = triples[np.argsort(triples[:, 1], kind="stable")]
            self._lower[knots] = LowerBound(least, partial(_signed, ordered))

    def _level_line(self) -> UpperBound:
        y = self._columns[1]
        ends = y[int(y.values.argmin())], y[int(y.values.argmax())]
        chain = Chain([Line(Fraction(0), (ends[0] + ends[1]) / 2)])
        return UpperBound(largest_error(chain, *self._columns), partial(made, chain))

    def _least_for_equal_points(self) -> LowerBound:
        return LowerBound(Fraction(0))


def _signed(triples: Triples) -> list[Triple]:
    return [Triple(1 - 2 * side, p, q, r) for side, p, q, r in triples.tolist()]


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
