"""Slow, obvious oracles for sparse continuous piecewise-linear interpolation on the line.

Data are exact points (x_i, y_i), x strictly increasing; f is continuous piecewise linear with
f(x_i) = y_i.  V_0(f) is the number of knots and V_p(f) the sum of |slope change|^p, 0 < p <= 1.
s_i is the chord slope of gap i = (x_i, x_{i+1}) and c_i = s_i - s_{i-1} at interior points.

The oracles for V_p are in univariate_p.py.

THE GAP RULE, the one fact several oracles share.  Let f leave x_i with slope q and reach
x_{i+1} with slope r.  The two end lines differ at x_i by (x_{i+1} - x_i)(r - s_i) and at x_{i+1}
by (x_{i+1} - x_i)(q - s_i), so strictly inside gap i

    no knot   iff  q = r = s_i,
    one knot  iff  q < s_i < r or q > s_i > r  (the knot's place is then determined),
    two knots serve any other (q, r), and their places then range over a continuum.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import TypeAlias

End: TypeAlias = Fraction | float  # a float end is -INF or INF, which Python orders exactly
INF = float("inf")


def chord_slopes(x: Sequence[Fraction], y: Sequence[Fraction]) -> list[Fraction]:
    """The n - 1 chord slopes, after checking the data.  Cost O(n)."""
    if not x or len(x) != len(y) or any(a >= b for a, b in pairwise(x)):
        raise ValueError("need n >= 1 points with strictly increasing x")
    return [(Fraction(y[i + 1]) - y[i]) / (Fraction(x[i + 1]) - x[i]) for i in range(len(x) - 1)]


# --------------------------------------------------------------- 1. reachable sets of slopes


class SlopeSet:
    """A finite union of points (t, t) and open intervals (lo, hi), lo < hi, kept disjoint.

    The constructor cuts the line at all finite ends and keeps each point or open cell that
    some given piece covers: O(m^2) for m pieces.  Adjacent cells are not glued together, so a
    set is infinite iff it has an interval piece, and otherwise its size is its piece count.
    """

    def __init__(self, pieces: Iterable[tuple[End, End]] = ()) -> None:
        given = list(pieces)
        cuts = sorted({e for piece in given for e in piece if abs(e) != INF})
        ends: list[End] = [-INF, *cuts, INF]
        cells: list[tuple[End, End]] = [(t, t) for t in cuts]
        cells += pairwise(ends)
        self.pieces = [c for c in cells if any(_covers(g, c) for g in given)]

    def __bool__(self) -> bool:
        return bool(self.pieces)

    def __contains__(self, t: Fraction) -> bool:
        return any(_covers(piece, (t, t)) for piece in self.pieces)

    def __or__(self, other: SlopeSet) -> SlopeSet:
        return SlopeSet(self.pieces + other.pieces)

    def within(self, lo: End, hi: End) -> SlopeSet:
        """The part in the open interval (lo, hi)."""
        points = [(a, b) for a, b in self.pieces if a == b and lo < a < hi]
        spans = [(max(a, lo), min(b, hi)) for a, b in self.pieces if a < b]
        return SlopeSet(points + [(a, b) for a, b in spans if a < b])

    def elements(self) -> list[End] | None:
        """All elements, or None if there are infinitely many."""
        return [a for a, _ in self.pieces] if all(a == b for a, b in self.pieces) else None


def _covers(big: tuple[End, End], small: tuple[End, End]) -> bool:
    """Whether a piece contains another; small is a point or an open interval."""
    (a, b), (lo, hi) = big, small
    if a == b or lo == hi:
        return (a == b == lo == hi) or (lo == hi and a < lo < b)
    return a <= lo and hi <= b


ALL = SlopeSet([(-INF, INF)])


def _leaving_sets(slopes: Sequence[Fraction]) -> list[list[SlopeSet]]:
    """sets[i][k]: slopes with which f can leave x_i, at most k knots on (-inf, x_i]; k <= n.

    At x_0 every slope is possible with no knot.  Through a gap the gap rule applies (two knots
    reach every slope; for q = r = s_i, where two knots are impossible, none is cheaper, so
    "at most" stays right).  At x_{i+1} one knot allows every slope.  Cost O(n^2) set operations.
    """
    kmax = len(slopes) + 1
    sets = [[ALL] * (kmax + 1)]
    for s in slopes:
        leave = sets[-1]
        arrive = []
        for k in range(kmax + 1):
            got = SlopeSet([(s, s)]) if s in leave[k] else SlopeSet()
            if k >= 2 and leave[k - 2]:
                got = ALL
            elif k >= 1:
                if leave[k - 1].within(-INF, s):
                    got |= SlopeSet([(s, INF)])
                if leave[k - 1].within(s, INF):
                    got |= SlopeSet([(-INF, s)])
            arrive.append(got)
        sets.append([ALL if k and arrive[k - 1] else got for k, got in enumerate(arrive)])
    return sets


def fewest_knots(x: Sequence[Fraction], y: Sequence[Fraction]) -> int:
    """min V_0 by reachability, with sets of real slopes; no theorem beyond the gap rule.

    A knot in (-inf, x_0] or [x_{n-1}, inf) can be removed by extending a ray, so none is
    needed there.  The final sets allow a knot at x_{n-1}, which only wastes it.  O(n^2) sets.
    """
    final = _leaving_sets(chord_slopes(x, y))[-1]
    return next(k for k, reached in enumerate(final) if reached)


def fewest_knots_is_unique(x: Sequence[Fraction], y: Sequence[Fraction]) -> bool:
    """Whether exactly one function on R attains min V_0.  Cost O(n^2) set operations.

    A minimiser has no knot on either closed outer ray (extending a ray would remove it), so it
    is determined by its (q, r) in every gap plus, in gaps with two knots, their places.  Every
    pair with forward + gap + backward cost = optimum lies on some minimiser.  Hence f is unique
    iff no gap can have two knots at the optimum and every gap has exactly one optimal pair.
    The gap rule is symmetric in (q, r), so backward sets are forward sets of the reversed
    slopes.  A single point has all lines through it; they are all minimisers.
    """
    slopes = chord_slopes(x, y)
    if not slopes:
        return False
    best = fewest_knots(x, y)
    forward = _leaving_sets(slopes)
    backward = _leaving_sets(slopes[::-1])[::-1]  # [i][k]: arriving slopes, <= k knots from x_i
    for i, s in enumerate(slopes):
        pairs: set[tuple[End, End]] = set()
        for k in range(best + 1):
            left, rest = forward[i][k], best - k
            if s in left and s in backward[i + 1][rest]:
                pairs.add((s, s))
            if rest >= 1:
                right = backward[i + 1][rest - 1]
                for q_side, r_side in (((-INF, s), (s, INF)), ((s, INF), (-INF, s))):
                    qs, rs = left.within(*q_side), right.within(*r_side)
                    if qs and rs:
                        q_list, r_list = qs.elements(), rs.elements()
                        if q_list is None or r_list is None:
                            return False
                        pairs |= {(q, r) for q in q_list for r in r_list}
            # Had (q, r) a cheaper gap cost, best would not be the optimum: so here it is two.
            if rest >= 2 and left and backward[i + 1][rest - 2]:
                return False
        if len(pairs) != 1:
            return False
    return True


# ---------------------------------------------------------------- 2. groups of points on lines


def fewest_knots_by_groups(
    x: Sequence[Fraction], y: Sequence[Fraction], *, extra_pieces: bool = True
) -> int:
    """min V_0 by partitioning the points into consecutive groups, one line per group.

    In gap i, with slopes a and b of the lines of x_i's and x_{i+1}'s groups, one of four holds:
      same   one group, so a = b = s_i: no knot;
      up     two groups crossing in the closed gap with a <= s_i <= b: at most one knot;
      down   likewise with a >= s_i >= b;
      extra  two groups joined by a piece without points: at most two knots, always possible.
    (The lines differ by multiples of b - s_i and a - s_i at the ends, so they cross in the closed
    gap iff (a - s_i)(b - s_i) <= 0.)  A word in these choices bounds each group's one slope, so
    it is feasible iff each group's bounds lo <= hi; all words are tried.  Conversely giving
    every point to a piece holding it (the left one at a knot) turns any f into such a word.

    `extra` is never needed: replace such a join by the chord (knots at x_i and x_{i+1}) and, as
    long as the next line is a group of one point, replace it by the next chord, its knot moved
    to its right end; this keeps the count and ends at a group with another point, or at the last
    point where a knot is saved.  extra_pieces=False relies on that.  Cost O(4^(n-1)) words.
    """
    slopes = chord_slopes(x, y)

    def search(i: int, lo: End, hi: End) -> int | None:
        """Fewest knots from gap i on, when x_i's group has slope in [lo, hi]; None: none."""
        if lo > hi:
            return None
        if i == len(slopes):
            return 0
        s = slopes[i]
        found = [
            (0, search(i + 1, max(lo, s), min(hi, s))),
            (1, search(i + 1, s, INF) if lo <= s else None),
            (1, search(i + 1, -INF, s) if hi >= s else None),
            (2, search(i + 1, -INF, INF) if extra_pieces else None),
        ]
        return min(here + rest for here, rest in found if rest is not None)

    answer = search(0, -INF, INF)
    assert answer is not None
    return answer
