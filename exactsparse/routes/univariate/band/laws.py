"""All functions of fewest knots through windows, and the one of simplest numbers.

Let K be the fewest knots, ``r_j`` the window at which the pass from the left closes piece j and
``s_j`` the one at which the pass from the right closes piece j.  Knot j, between pieces j − 1 and
j, lies in ``(x[s_j], x[r_{j−1}])`` in every function of K knots, so piece j holds the windows from
``r_{j−1}`` to ``s_{j+1}``.  Where there is one, the lines that can be piece j are those that both
passes allow there: the windows from ``r_{j−1}`` to ``s_{j+1}``, and beside them, up to the q of
either triple, the ends of one side.  Where there is none, piece j is a *bridge*: its two knots move
freely between two windows.

The simplest law is chosen from left to right.  Of the lines that may follow a chosen one, which
crosses it in ``[x[s_j], x[r]]`` where r is the first window that it misses, those of a sign are
again a convex set: before the crossing the ends of the one side hold by the old line, behind it
those of the other side.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import prod

from exactsparse.exact.simplest import (
    nearest_multiple,
    round_steps,
    simplest_number,
)
from exactsparse.problem.band import Bound
from exactsparse.routes.univariate.band.law import Chain
from exactsparse.routes.univariate.band.stabbing import Line, Stabbing, extreme_slopes, stab
from exactsparse.routes.univariate.band.windows import (
    EmptyIntersection,
    Windows,
    intersect,
)

# How seldom intervals may hold multiples by chance that are taken for the law's own.
_CHANCE = Fraction(1, 100)
# Steps that suit the first knot and are tried for all.
_ATTEMPTS = 8


class _NoMultiple(Exception):
    """A knot can be no multiple of the common step; never leaves this module."""


@dataclass(frozen=True, eq=False)
class LineSet:
    """The lines through windows, a convex set in slope and intercept.

    Parameters
    ----------
    windows : Windows
        What the lines pass through; at least one line does.
    slopes : tuple of (Fraction or None)
        Least and greatest slope; None where there is none.
    """

    windows: Windows
    slopes: tuple[Bound, Bound]

    @classmethod
    def through(cls, rows: Iterable[tuple[Fraction, Bound, Bound]]) -> LineSet | None:
        """Lines through ``(x, lower, upper)`` in any order; None where there is no line."""
        x, lower, upper = zip(*rows, strict=True)
        windows = intersect(x, lower, upper)
        if isinstance(windows, EmptyIntersection):
            return None
        slopes = extreme_slopes(windows)
        return None if slopes is None else cls(windows, slopes)

    def intercepts(self, slope: Fraction) -> tuple[Bound, Bound]:
        """Least and greatest intercept of the lines of a slope; None where there is none."""
        windows = self.windows
        lows = [
            v - slope * x for x, v in zip(windows.x, windows.lower, strict=True) if v is not None
        ]
        ups = [
            v - slope * x for x, v in zip(windows.x, windows.upper, strict=True) if v is not None
        ]
        return max(lows, default=None), min(ups, default=None)

    @property
    def is_single(self) -> bool:
        """Whether there is one line only."""
        low, high = self.slopes
        if low is None or low != high:
            return False
        bottom, top = self.intercepts(low)
        return bottom is not None and bottom == top


class OptimalLaws:
    """All functions of fewest knots through windows.

    Parameters
    ----------
    windows : Windows
        At least one.
    forward : Stabbing, optional
        The pass from the left over the same windows, if it has been made.

    Examples
    --------
    >>> from fractions import Fraction as F
    >>> from exactsparse.routes.univariate.band.windows import around
    >>> y = [F(v) for v in (0, 3, 6, 10, 13, 16)]
    >>> laws = OptimalLaws(around([F(v) for v in range(0, 60, 10)], y, [F(1, 2)] * 6))
    >>> laws.n_knots, laws.unique, [str(v) for v in laws.simplest().lines[0]]
    (0, False, ['3/10', '1/2'])
    """

    def __init__(self, windows: Windows, forward: Stabbing | None = None) -> None:
        self.windows = windows
        self.forward = stab(windows) if forward is None else forward
        self.n_knots = self.forward.n_knots
        n, turned = len(windows), stab(mirrored(windows))
        # Of knot j: where the pass from the left ends before it, and that from the right behind.
        self._left = [(t.sign, t.q, t.r) for t in self.forward.triples]
        self._right = [(t.sign, n - 1 - t.q, n - 1 - t.r) for t in reversed(turned.triples)]
        if len(self._right) != self.n_knots:
            raise AssertionError("both passes find the fewest knots")

    def _rows(self, start: int, stop: int, sign: int = 0) -> list[tuple[Fraction, Bound, Bound]]:
        """Windows from start up to stop, both ends or those of one sign."""
        w = self.windows
        return [
            (w.x[i], w.lower[i] if sign >= 0 else None, w.upper[i] if sign <= 0 else None)
            for i in range(start, stop)
        ]

    def right_of(self, knot: int) -> int:
        """Window to the right of a knot, counted from 0, in every function of fewest knots."""
        return self._left[knot][2]

    def left_of(self, knot: int) -> int:
        """Window to the left of a knot in every function of fewest knots."""
        return self._right[knot][2]

    def _last_window(self, piece: int) -> int:
        """Last window that a piece holds in every function of fewest knots."""
        return self._right[piece][2] if piece < self.n_knots else len(self.windows) - 1

    def _behind(self, piece: int) -> list[tuple[Fraction, Bound, Bound]]:
        """Ends of one side that a piece must obey behind its last window."""
        if piece == self.n_knots:
            return []
        sign, q, s = self._right[piece]
        return self._rows(s + 1, q + 1, -sign)

    @cached_property
    def line_sets(self) -> list[LineSet | None]:
        """For every piece the lines that it can be; None for a bridge, which holds no window."""
        found: list[LineSet | None] = []
        for piece in range(self.n_knots + 1):
            rows, first = self._behind(piece), 0
            if piece:
                sign, q, first = self._left[piece - 1]
                rows += self._rows(q, first, -sign)
            last = self._last_window(piece)
            if first > last:
                found.append(None)
                continue
            lines = LineSet.through(rows + self._rows(first, last + 1))
            if lines is None:
                raise AssertionError("a function of fewest knots exists")
            found.append(lines)
        return found

    @cached_property
    def unique(self) -> bool:
        """Whether there is one function of fewest knots only."""
        return all(lines is not None and lines.is_single for lines in self.line_sets)

    def simplest(self) -> Chain:
        """Choose the function of simplest numbers: from left to right slopes, then knots.

        The first line has the simplest slope that leaves the rest feasible, then the simplest
        intercept; every later line the simplest slope, then the knot before it the simplest
        abscissa.  Where all knots can be multiples of one step, and intervals as narrow as theirs
        would hold such multiples by chance once in a hundred times at most, they are.
        """
        chain, freedom = self._chosen(None)
        widths = [_width(interval) for interval in freedom]
        # No step that is shorter than the narrowest interval tells anything.
        least = min((width for width in widths if width), default=None)
        attempts = 0
        if self.n_knots > 1 and least is not None:
            for step in round_steps(max(*map(abs, chain.positions), least), least):
                # What the first knot may be does not depend on the step.
                if nearest_multiple(*freedom[0], step) is None:
                    continue
                attempts += 1
                if attempts > _ATTEMPTS:
                    break
                try:
                    common, freedom = self._chosen(step)
                except _NoMultiple:
                    continue
                widths = [_width(interval) for interval in freedom]
                chance = prod(
                    min(Fraction(1), width / step) for width in widths if width is not None
                )
                return common if chance <= _CHANCE else chain
        return chain

    def _chosen(self, step: Fraction | None) -> tuple[Chain, list[tuple[Bound, Bound]]]:
        """Function of simplest numbers, knots on a grid if given, and where each might lie."""
        first = LineSet.through(self._rows(0, self._last_window(0) + 1) + self._behind(0))
        if first is None:
            raise AssertionError("a function of fewest knots exists")
        slope = simplest_number(*first.slopes)
        lines = [Line(slope, simplest_number(*first.intercepts(slope)))]
        freedom: list[tuple[Bound, Bound]] = []
        for knot in range(self.n_knots):
            line, interval = self._following(lines[-1], knot, step)
            lines.append(line)
            freedom.append(interval)
        return Chain(lines), freedom

    def _following(
        self, before: Line, knot: int, step: Fraction | None
    ) -> tuple[Line, tuple[Bound, Bound]]:
        """Simplest line that can follow a chosen one after a knot, and where that might lie."""
        start, end = self._right[knot][2], self._last_window(knot + 1)
        missed, sign = self._first_missed(before, start + 1, end)
        for turn in (1, -1) if sign == 0 else (sign,):
            rows = self._behind(knot + 1) + self._rows(missed, end + 1)
            rows += self._rows(start + 1, missed, -turn)
            for at, side in ((start, -turn), (missed, turn)):
                x = self.windows.x[at]
                low, high = (before.at(x), None) if side > 0 else (None, before.at(x))
                rows.append((x, low, high))
            lines = LineSet.through(rows)
            if lines is not None:
                return _simplest_line(lines, before, step)
        raise AssertionError("what was chosen leaves the rest feasible")

    def _first_missed(self, line: Line, start: int, end: int) -> tuple[int, int]:
        """First window up to an end that a line misses, and the side; the end and 0 if none."""
        for i in range(start, end + 1):
            value = line.at(self.windows.x[i])
            low, high = self.windows.lower[i], self.windows.upper[i]
            if low is not None and value < low:
                return i, 1
            if high is not None and value > high:
                return i, -1
        return end, 0


def _simplest_line(
    lines: LineSet, before: Line, step: Fraction | None
) -> tuple[Line, tuple[Bound, Bound]]:
    slope = simplest_number(*lines.slopes)
    rise = slope - before.slope
    ends = [None if v is None else (before.intercept - v) / rise for v in lines.intercepts(slope)]
    low, high = ends if rise < 0 else ends[::-1]
    knot = simplest_number(low, high) if step is None else nearest_multiple(low, high, step)
    if knot is None:
        raise _NoMultiple
    return Line(slope, before.intercept - rise * knot), (low, high)


def _width(interval: tuple[Bound, Bound]) -> Bound:
    low, high = interval
    return None if low is None or high is None else high - low


def mirrored(windows: Windows) -> Windows:
    """The same windows from right to left."""
    return Windows(
        [-v for v in reversed(windows.x)],
        windows.lower[::-1],
        windows.upper[::-1],
        windows.lower_rows[::-1],
        windows.upper_rows[::-1],
    )
