"""Slow, obvious oracles for min V_p on the line; notation and the gap rule: univariate.py."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import cache
from itertools import pairwise

import networkx as nx

from tests.oracles.univariate import chord_slopes

# ------------------------------------------------------------- 3, 4. matchings on runs of jumps


def runs_of(x: Sequence[Fraction], y: Sequence[Fraction]) -> list[list[Fraction]]:
    """|c_i| over each maximal block of consecutive nonzero c_i of one sign.  Cost O(n)."""
    slopes = chord_slopes(x, y)
    runs: list[list[Fraction]] = []
    previous = 0
    for a, b in pairwise(slopes):
        sign = (b > a) - (b < a)
        if sign and sign == previous:
            runs[-1].append(abs(b - a))
        elif sign:
            runs.append([abs(b - a)])
        previous = sign
    return runs


def power(a: Fraction, p: Fraction, digits: int = 60) -> Decimal:
    """|a|^p with 0^p = 0 for every p (so p = 0 counts), to about `digits` digits."""
    if a == 0 or p == 0:
        return Decimal(int(a != 0))
    with localcontext() as ctx:
        ctx.prec = digits
        base = abs(Decimal(a.numerator) / Decimal(a.denominator))
        return base ** (Decimal(p.numerator) / Decimal(p.denominator))


def path_matching_value(jumps_by_run: Sequence[Sequence[Fraction]], p: Fraction) -> Decimal:
    """sum |c|^p - (max-weight matching on the runs as paths), 0 <= p <= 1.

    Edge weights a^p + b^p - (a + b)^p >= 0 are computed to 60 digits and rounded to integer
    multiples of 10^-40, on which networkx's blossom algorithm is exact; so the value errs by
    about (number of jumps) * 10^-40 at most for moderate jumps.  Cost O(n^3).
    """
    with localcontext() as ctx:
        ctx.prec = 60
        value = Decimal(0)
        for jumps in jumps_by_run:
            value += sum((power(a, p) for a in jumps), Decimal(0))
            graph = nx.Graph()
            for j, (a, b) in enumerate(pairwise(jumps)):
                saved = power(a, p) + power(b, p) - power(a + b, p)
                graph.add_edge(j, j + 1, weight=int((saved * 10**40).to_integral_value()))
            matching = nx.max_weight_matching(graph)
            weight: int = sum(graph.edges[e]["weight"] for e in matching)
            value -= Decimal(weight).scaleb(-40)
        return value


def matchings(m: int) -> Iterator[frozenset[int]]:
    """All matchings of the path on m vertices as sets of left ends; Fibonacci(m + 1) of them."""
    if m <= 1:
        yield frozenset()
        return
    yield from matchings(m - 1)
    yield from (rest | {m - 2} for rest in matchings(m - 2))


def max_cardinality(m: int) -> int:
    """The largest number of edges in a matching of the path on m vertices, by enumeration."""
    return max(len(matching) for matching in matchings(m))


def all_matchings_minimum(
    jumps: Sequence[Fraction], p: Fraction, digits: int = 50
) -> tuple[Decimal, list[frozenset[int]]]:
    """Least sum |merged jump|^p over all matchings of one run, and all matchings attaining it.

    A matching M (set of left indices) merges jumps j and j + 1 for j in M into their sum and
    leaves the others; its value is summed directly.  Values within 10^-(digits - 15) of the
    least are ties.  Cost O(m * Fibonacci(m + 1)); m <= 12 is meant.
    """
    m = len(jumps)
    cost = cache(lambda a: power(a, p, digits))
    with localcontext() as ctx:
        ctx.prec = digits
        values: dict[frozenset[int], Decimal] = {}
        for matching in matchings(m):
            used = matching | {j + 1 for j in matching}
            parts = [jumps[j] + jumps[j + 1] for j in matching]
            parts += [jumps[j] for j in range(m) if j not in used]
            values[matching] = sum((cost(a) for a in parts), Decimal(0))
        least = min(values.values())
        tie = Decimal(10) ** (15 - digits)
        return least, [matching for matching, v in values.items() if v - least <= tie]


# ------------------------------------------------------------ 5. slopes on a finite exact grid


def brute_force_vertices_value(
    x: Sequence[Fraction], y: Sequence[Fraction], p: Fraction, extra_slopes: Sequence[Fraction] = ()
) -> Decimal:
    """min V_p over f whose slopes at the points lie in {chord slopes} + extra_slopes, 0 <= p <= 1.

    Every gap has at most one knot (gap rule) and knots at interior points are free, so the value
    is an upper bound for min V_p that assumes no theorem; the claim under test is that it is
    equal, also after adding slopes.  Two knots in a gap cannot do better: with q, r >= s_i
    they pass through a slope t < s_i and cost (q - t)^p + (r - t)^p >= (q - s_i)^p + (r - s_i)^p,
    the cost of knots at x_i and x_{i+1} with the chord between (mirrored for q, r <= s_i), and
    more knots cost more still as |.|^p is subadditive.  V_p adds up along the data, so the
    minimum over all choices is a plain shortest path.  Cost O(n g^2) for g slopes.
    """
    slopes = chord_slopes(x, y)
    grid = sorted({*slopes, *extra_slopes})
    cost = cache(lambda a: power(a, p))
    with localcontext() as ctx:
        ctx.prec = 60
        leave = {q: Decimal(0) for q in grid}  # cheapest way to leave x_i with slope q
        arrive: dict[Fraction, Decimal] = dict(leave)
        for s in slopes:
            arrive = {}
            for r in grid:
                ways = [
                    leave[q] + cost(abs(r - q))
                    for q in grid
                    if q == r == s or q < s < r or q > s > r
                ]
                if ways:
                    arrive[r] = min(ways)
            leave = {q: min(v + cost(abs(q - r)) for r, v in arrive.items()) for q in grid}
        return min(arrive.values(), default=Decimal(0))
