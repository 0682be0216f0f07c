"""The least tolerance with which k knots suffice, and the whole curve k → ε*(k), exact.

With windows ``y ± εw`` a triple that forces a slope change at one ε forces it at every smaller
one, up to its *threshold*, ``(a·y_p + b·y_r − c·y_q) / (a·w_p + b·w_r + c·w_q)`` for sign 1 with
``a = x_r − x_q``, ``b = x_q − x_p``, ``c = x_r − x_p``: at the threshold it no longer does.

A trial at ε finds K knots.  Its K disjoint triples prove for every k < K that ε*(k) is at least the
(k+1)-th largest of their thresholds; the true error of its function proves for every k >= K that
ε*(k) is at most that.  Trials at the lower bound itself and half-way alternate until the lower
bound is met by a function: the thresholds are finitely many, so this ends, at an exact rational.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, partial
from typing import Protocol

from exactsparse.progress import Deadline
from exactsparse.routes.univariate.band.law import Chain
from exactsparse.routes.univariate.band.stabbing import Line, Triple, stab
from exactsparse.routes.univariate.band.windows import EmptyIntersection, around


class Numbers(Protocol):
    """Exact numbers by their position."""

    def __len__(self) -> int:
        """How many there are."""
        ...

    def __getitem__(self, index: int, /) -> Fraction:
        """One of them."""
        ...


@dataclass(frozen=True)
class ProvedTolerance:
    """The least tolerance for a number of knots, with both proofs.

    Parameters
    ----------
    knots : int
        How many knots are allowed.
    tolerance : Fraction
        The least ε.
    upper : UpperBound
        The same tolerance, with a law of at most that many knots.
    triples : sequence of Triple
        ``knots + 1`` disjoint triples of rows whose thresholds are all at least ε: below it each
        forces a knot.  Empty where ε cannot be smaller for all numbers of knots.
    rows : tuple of int or None
        Two rows of one abscissa that allow no smaller tolerance, where there are no triples.
    """

    knots: int
    tolerance: Fraction
    upper: UpperBound
    triples: Sequence[Triple]
    rows: tuple[int, int] | None

    @property
    def chain(self) -> Chain:
        """A function of at most that many knots with ``|f(xᵢ) − yᵢ| <= ε wᵢ``."""
        return self.upper.chain


@dataclass(frozen=True)
class LowerBound:
    """A tolerance that is needed, by triples or by two rows of one abscissa."""

    tolerance: Fraction
    list_triples: Callable[[], Sequence[Triple]] = tuple
    rows: tuple[int, int] | None = None

    @cached_property
    def triples(self) -> Sequence[Triple]:
        """The triples, made when they are asked for: of many bounds most are raised again."""
        return self.list_triples()


@dataclass(frozen=True)
class UpperBound:
    """A tolerance that suffices, and how to make a law within it."""

    tolerance: Fraction
    build: Callable[[], Chain]

    @cached_property
    def chain(self) -> Chain:
        """The law."""
        return self.build()


def made(chain: Chain) -> Chain:
    """A law that needs no making; unlike a lambda, a process can send it to another."""
    return chain


def _first(ranked: Sequence[Triple], x: Numbers, number: int) -> Sequence[Triple]:
    """The first of some triples, in the order of their abscissae."""
    return sorted(ranked[:number], key=lambda triple: x[triple.p])


class Tolerances:
    """Least tolerances of one table; what one search proves serves the next.

    Parameters
    ----------
    x, y : sequence of Fraction, length n >= 1
        Points in any order; equal abscissae may differ in label.
    weights : sequence of Fraction, length n, optional
        Half-width of every window at tolerance one, positive; all one by default.

    Raises
    ------
    ValueError
        If the lengths differ or a weight is not positive.

    Examples
    --------
    >>> from fractions import Fraction as F
    >>> table = Tolerances([F(0), F(1), F(2)], [F(0), F(1), F(0)])
    >>> [str(table.least(k).tolerance) for k in (0, 1)]
    ['1/2', '0']
    """

    def __init__(
        self,
        x: Sequence[Fraction],
        y: Sequence[Fraction],
        weights: Sequence[Fraction] | None = None,
    ) -> None:
        given = [Fraction(1)] * len(x) if weights is None else weights
        if not x or not len(x) == len(y) == len(given):
            raise ValueError("x, y and weights must have one length, at least one")
        if min(given) <= 0:
            raise ValueError("weights must be positive")
        self._start(x, y, given)

    def _start(self, x: Numbers, y: Numbers, weights: Numbers) -> None:
        self.x, self.y, self.weights = x, y, weights
        self._floor = self._least_for_equal_points()
        self._lower: dict[int, LowerBound] = {}
        # By knots, tolerances descending.  A level line is a law of no knot, however little time
        # there is.
        self._upper: dict[int, UpperBound] = {0: self._level_line()}
        # Most knots that bounds are kept for.
        self._most = 0

    def threshold(self, triple: Triple) -> Fraction:
        """Least ε at which a triple of rows forces no slope change; may be negative."""
        sign, p, q, r = triple
        a, b = self.x[r] - self.x[q], self.x[q] - self.x[p]
        y, w = self.y, self.weights
        rise = a * y[p] + b * y[r] - (a + b) * y[q]
        return sign * rise / (a * w[p] + b * w[r] + (a + b) * w[q])

    def least(self, knots: int, deadline: Deadline | None = None) -> ProvedTolerance:
        """Find the least tolerance with which a number of knots suffices.

        Parameters
        ----------
        knots : int
            Not negative.
        deadline : Deadline, optional
            Raises Stopped once it has passed.

        Raises
        ------
        ValueError
            If the number is negative.
        """
        if knots < 0:
            raise ValueError(f"the number of knots must not be negative, but is {knots}")
        self._most = max(self._most, knots)
        bisect = False
        while True:
            if deadline is not None:
                deadline.check()
            low, high = self.bounds(knots)
            if high.tolerance == low.tolerance:
                return ProvedTolerance(knots, low.tolerance, high, low.triples, low.rows)
            if not bisect:
                self._try(low.tolerance, knots)
            else:
                self._try(_between(low.tolerance, high.tolerance), knots)
            bisect = not bisect

    def curve(self, most: int, deadline: Deadline | None = None) -> list[ProvedTolerance]:
        """Least tolerances for 0, 1, … knots, up to a number or the first that allows no less."""
        found: list[ProvedTolerance] = []
        self.keep(most)
        for knots in range(most + 1):
            found.append(self.least(knots, deadline))
            if found[-1].tolerance == self.floor:
                break
        return found

    def keep(self, most: int) -> None:
        """Keep what trials prove for up to so many knots, which saves trials later."""
        self._most = max(self._most, most)

    @property
    def floor(self) -> Fraction:
        """Tolerance below which no number of knots suffices: zero, unless equal points differ."""
        return self._floor.tolerance

    def bounds(self, knots: int) -> tuple[LowerBound, UpperBound]:
        """Bounds of the least tolerance that trials have proved so far."""
        return self._lower.get(knots, self._floor), self._best_upper(knots)

    def lower(self, knots: int) -> Fraction:
        """A tolerance that every law of so few knots needs, proved."""
        return self.bounds(knots)[0].tolerance

    def upper(self, knots: int) -> UpperBound:
        """A tolerance that a law of so few knots attains."""
        return self.bounds(knots)[1]

    def _best_upper(self, knots: int) -> UpperBound:
        return self._upper[max(k for k in self._upper if k <= knots)]

    def _try(self, tolerance: Fraction, knots: int) -> None:
        """Find the fewest knots at a tolerance, and keep what that proves, above all for some."""
        del knots
        rows = range(len(self.x))
        x, y, w = ([column[i] for i in rows] for column in (self.x, self.y, self.weights))
        windows = around(x, y, [tolerance * weight for weight in w])
        if isinstance(windows, EmptyIntersection):
            raise AssertionError("no trial is below what equal points allow")
        found = stab(windows)
        if found.n_knots <= self._most:
            chain = Chain(found.lines())
            error = max(abs(chain.evaluate(x[i]) - y[i]) / w[i] for i in rows)
            self._keep_upper(error, chain.n_knots, partial(made, chain))
        triples = []
        for triple in found.triples:
            outer, inner = [windows.lower_rows, windows.upper_rows][:: triple.sign]
            triples.append(Triple(triple.sign, outer[triple.p], inner[triple.q], outer[triple.r]))
        self._keep_lower(triples)

    def _keep_upper(self, tolerance: Fraction, knots: int, build: Callable[[], Chain]) -> None:
        if tolerance < self._best_upper(knots).tolerance:
            self._upper[knots] = UpperBound(tolerance, build)
            for more in [k for k in self._upper if k > knots]:
                if self._upper[more].tolerance >= tolerance:
                    del self._upper[more]

    def _keep_lower(self, triples: Sequence[Triple]) -> None:
        """Raise lower bounds by disjoint triples of rows."""
        ranked = sorted(((self.threshold(t), t) for t in triples), key=lambda pair: -pair[0])
        triples = [triple for _, triple in ranked]
        for knots, (bound, _) in enumerate(ranked[: self._most + 1]):
            if bound > self._lower.get(knots, self._floor).tolerance:
                self._lower[knots] = LowerBound(bound, partial(_first, triples, self.x, knots + 1))

    def _level_line(self) -> UpperBound:
        labels = [self.y[i] for i in range(len(self.y))]
        chain = Chain([Line(Fraction(0), (min(labels) + max(labels)) / 2)])
        height = chain.lines[0].intercept
        errors = (abs(v - height) / self.weights[i] for i, v in enumerate(labels))
        return UpperBound(max(errors), partial(made, chain))

    def _least_for_equal_points(self) -> LowerBound:
        """Largest ``|y_i − y_j| / (w_i + w_j)`` over rows of one abscissa."""
        best = LowerBound(Fraction(0))
        order = sorted(range(len(self.x)), key=self.x.__getitem__)
        start = 0
        for end in range(1, len(order) + 1):
            if end < len(order) and self.x[order[end]] == self.x[order[start]]:
                continue
            group, start = order[start:end], end
            for k, i in enumerate(group):
                for j in group[:k]:
                    needed = abs(self.y[i] - self.y[j]) / (self.weights[i] + self.weights[j])
                    if needed > best.tolerance:
                        best = LowerBound(needed, rows=(min(i, j), max(i, j)))
        return best


def _between(low: Fraction, high: Fraction) -> Fraction:
    """A number strictly between two, short where the distance allows it.

    Nearer to the lower one: a trial that needs too many knots raises that bound beyond itself, to
    the threshold of a triple.  A third took the fewest trials of 1/2 … 1/16, for the curves of a
    random walk and of noisy pieces.
    """
    third = low + (high - low) / 3
    short = third.limit_denominator(1 << 20)
    return short if low < short < high else third
