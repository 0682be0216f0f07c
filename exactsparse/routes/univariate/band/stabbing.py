"""Fewest knots of a continuous piecewise-linear function through windows, with its proof.

A *positive triple* p < q < r has ``upper[q]`` below the chord from ``(x[p], lower[p])`` to
``(x[r], lower[r])``: every function through the windows has a positive slope change in the open
interval ``(x[p], x[r])``.  A *negative triple* mirrors it.  Triples of one sign with disjoint open
intervals force different knots, triples of different sign always do.

The greedy pass from the left keeps the set of last lines of all functions with j knots.  Its
extreme lines are M, the highest to the right, through a lower end p and a later upper end q, and
m, the lowest, through an upper end p and a later lower end q.  A lower end r above M closes a
piece with M and is a positive triple (p, q, r); the lines that may follow are those that stay
below the upper ends from q on and above r, because just these cross M in ``[x[q], x[r])``.  Lower
ends are thus never older than the last positive event, upper ends never older than the last
negative one, so that triples of one sign are disjoint and there are as many as knots.  Every line
but the last passes through two window ends of the input: rationals do not grow along the chain.

Where the newest end only touches an extreme line it becomes its q: with an older q the next piece
would have to obey ends that a function may pass earlier, which costs knots where points are
collinear.

Linear passes for the count are due to Imai & Iri 1986 and Hakimi & Schmeichel 1991, the set of
lines to O'Rourke 1981; the triples make a proof of it that is checked without the pass.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from exactsparse.routes.univariate.band.windows import Windows, orientation


class Triple(NamedTuple):
    """Three windows that force a slope change of a sign in the open interval between p and r.

    Parameters
    ----------
    sign : int
        1 or -1.
    p, q, r : int
        Positions in the windows, ascending.  For sign 1 the lower ends of p and r and the upper
        end of q are meant, for sign -1 the other ones.
    """

    sign: int
    p: int
    q: int
    r: int


class Line(NamedTuple):
    """The line ``slope · x + intercept``."""

    slope: Fraction
    intercept: Fraction

    def at(self, x: Fraction) -> Fraction:
        """Value at an abscissa, exact."""
        return self.slope * x + self.intercept


@dataclass(frozen=True)
class Ends:
    """A line through the end of sign ``sign`` at p and the opposite end at q, ``p < q``."""

    sign: int
    p: int
    q: int


@dataclass(frozen=True, eq=False)
class Stabbing:
    """A function of fewest knots through windows and the triples that prove it fewest.

    Parameters
    ----------
    windows : Windows
        What the function passes through.
    triples : sequence of Triple
        One for every knot, from left to right.
    last : tuple of (Ends or None)
        Highest and lowest last line to the right; None where there is no highest or lowest.
    """

    windows: Windows
    triples: Sequence[Triple]
    last: tuple[Ends | None, Ends | None]

    @property
    def n_knots(self) -> int:
        """Fewest knots, proved by the triples."""
        return len(self.triples)

    def lines(self) -> list[Line]:
        """Lines of the ``n_knots + 1`` pieces from left to right, exact."""
        closed = [_line(self.windows, Ends(t.sign, t.p, t.q)) for t in self.triples]
        return [*closed, self._last_line()]

    def _last_line(self) -> Line:
        for ends in self.last:
            if ends is not None:
                return _line(self.windows, ends)
        # No lower and upper end at different windows: a level line does.
        lows = [v for v in self.windows.lower if v is not None]
        ups = [v for v in self.windows.upper if v is not None]
        return Line(Fraction(0), max(lows) if lows else min(ups, default=Fraction(0)))


def _line(windows: Windows, ends: Ends) -> Line:
    low, high = windows.bound(ends.sign, ends.p), windows.bound(-ends.sign, ends.q)
    if low is None or high is None:
        raise AssertionError("a line passes through ends that are bounds")
    slope = (high - low) / (windows.x[ends.q] - windows.x[ends.p])
    return Line(slope, low - slope * windows.x[ends.p])


class _Pass:
    """State of the greedy pass: by sign, the hull of one side's ends and the line beyond it.

    ``line[1]`` is M, which touches the hull of lower ends; ``line[-1]`` is m, which touches the
    hull of upper ends.  Ends before ``head`` are no longer needed.
    """

    def __init__(self, windows: Windows) -> None:
        self.x, lower, upper = windows.integers
        self.ends = {1: lower, -1: upper}
        self.hull: dict[int, list[int]] = {1: [], -1: []}
        self.head = {1: 0, -1: 0}
        self.line: dict[int, Ends | None] = {1: None, -1: None}

    def side(self, sign: int, p: int, second: int, q: int, third: int, r: int) -> int:
        """``sign`` times the side of the end of sign ``third`` at r of a line through two ends."""
        a, b, c = self.ends[sign][p], self.ends[second][q], self.ends[third][r]
        if a is None or b is None or c is None:
            raise AssertionError("only bounds are compared")
        return sign * orientation(self.x[p], a, self.x[q], b, self.x[r], c)

    def tighten(self, sign: int, r: int) -> None:
        """Move the line of a sign to the end of the other sign at r, where that is not beyond."""
        line = self.line[sign]
        if line is not None and self.side(sign, line.p, -sign, line.q, -sign, r) > 0:
            return
        hull, head = self.hull[sign], self.head[sign]
        if head == len(hull):
            return
        while (
            head + 1 < len(hull)
            and self.side(sign, hull[head], sign, hull[head + 1], -sign, r) <= 0
        ):
            head += 1
        self.head[sign], self.line[sign] = head, Ends(sign, hull[head], r)

    def push(self, sign: int, r: int) -> None:
        """Add the end of a sign at r to its hull."""
        hull = self.hull[sign]
        while (
            len(hull) - self.head[sign] >= 2
            and self.side(sign, hull[-2], sign, hull[-1], sign, r) >= 0
        ):
            hull.pop()
        hull.append(r)

    def event(self, sign: int, r: int) -> Triple | None:
        """Close the piece if the end of a sign at r lies beyond its line."""
        line = self.line[sign]
        if line is None or self.side(sign, line.p, -sign, line.q, sign, r) <= 0:
            return None
        other, head = self.hull[-sign], self.head[-sign]
        while other[head] < line.q:
            head += 1
        self.head[-sign], self.line[-sign] = head, None
        self.tighten(-sign, r)
        self.hull[sign], self.head[sign], self.line[sign] = [], 0, None
        return Triple(sign, line.p, line.q, r)

    def add(self, r: int) -> Triple | None:
        """Add the ends at r, from left to right; the triple if a piece is closed."""
        given = [sign for sign in (1, -1) if self.ends[sign][r] is not None]
        closed = None
        for sign in given:
            closed = closed or self.event(sign, r)
        if closed is None:
            for sign in given:
                self.tighten(-sign, r)
        for sign in given:
            self.push(sign, r)
        return closed


def stab(windows: Windows) -> Stabbing:
    """Find a function of fewest knots through windows, in linear time and exact arithmetic.

    Parameters
    ----------
    windows : Windows
        At least one.

    Examples
    --------
    >>> from fractions import Fraction as F
    >>> from exactsparse.routes.univariate.band.windows import around
    >>> x, y = [F(v) for v in (0, 1, 2, 3)], [F(v) for v in (0, 0, 1, 3)]
    >>> stab(around(x, y, [F(0)] * 4)).n_knots
    1
    >>> stab(around(x, y, [F(1, 2)] * 4)).triples
    []
    """
    state = _Pass(windows)
    closed = (state.add(r) for r in range(len(windows)))
    triples = [triple for triple in closed if triple is not None]
    return Stabbing(windows, triples, (state.line[1], state.line[-1]))


def extreme_slopes(windows: Windows) -> tuple[Fraction | None, Fraction | None] | None:
    """Least and greatest slope of the lines through windows; None if there is no line.

    An entry is None where slopes are not bounded to that side.
    """
    state = _Pass(windows)
    for r in range(len(windows)):
        if state.add(r) is not None:
            return None
    low, high = (
        None if ends is None else _line(windows, ends).slope
        for ends in (state.line[-1], state.line[1])
    )
    return low, high


def extreme_lines(windows: Windows) -> list[tuple[Line | None, Line | None]]:
    """Lowest and highest last line to the right, after every window, of the pass."""
    state, found = _Pass(windows), []
    known: dict[Ends, Line] = {}
    for r in range(len(windows)):
        state.add(r)
        pair = []
        for ends in (state.line[-1], state.line[1]):
            if ends is not None and ends not in known:
                known[ends] = _line(windows, ends)
            pair.append(None if ends is None else known[ends])
        found.append((pair[0], pair[1]))
    return found


def first_fault(triples: Sequence[Triple], windows: Windows) -> str | None:
    """Why triples do not prove that as many knots are needed; None where they do.

    One orientation for every triple, and nothing from the pass that found them.
    """
    x, lower, upper = windows.integers
    reached = {1: -1, -1: -1}
    for k, (sign, p, q, r) in enumerate(triples):
        if sign not in reached or not 0 <= p < q < r < len(windows):
            return f"triple {k} is not a sign and three windows from left to right"
        if p < reached[sign]:
            return f"triple {k} overlaps the one before of its sign"
        reached[sign] = r
        outer, inner = (lower, upper) if sign > 0 else (upper, lower)
        a, b, c = outer[p], inner[q], outer[r]
        if a is None or b is None or c is None:
            return f"triple {k} uses a bound that is none"
        if sign * orientation(x[p], a, x[r], c, x[q], b) >= 0:
            return f"triple {k} forces no slope change"
    return None
