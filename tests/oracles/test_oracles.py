"""The oracles agree with one another, with the fixture, and with cases worked by hand."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import product
from pathlib import Path

import pytest

from tests.oracles.univariate import (
    ALL,
    INF,
    SlopeSet,
    chord_slopes,
    fewest_knots,
    fewest_knots_by_groups,
    fewest_knots_is_unique,
)
from tests.oracles.univariate_p import (
    all_matchings_minimum,
    brute_force_vertices_value,
    matchings,
    max_cardinality,
    path_matching_value,
    runs_of,
)
from tests.routes.univariate.changes import from_changes
from tests.strategies import Data

FIXTURE = Path(__file__).parent.parent / "fixtures" / "univariate.jsonl"
EXPONENTS = [Fraction(0), Fraction(1, 10), Fraction(1, 2), Fraction(2, 3), Fraction(1)]
CLOSE = Decimal(10) ** -33


@pytest.fixture(autouse=True)
def _sixty_digits() -> Iterator[None]:
    """Sums and differences of oracle values in the tests keep their digits (28 by default)."""
    with localcontext() as ctx:
        ctx.prec = 60
        yield


def random_data(seed: int, most: int) -> Data:
    """2..most points; few distinct slope changes, so ties, zeros and long runs are common."""
    rng = random.Random(seed)
    pool = rng.choice([[-1, 0, 1], [-2, -1, 0, 1, 2], [0, 1], [-3, -1, 1, 1, 2], [1, 2, 5, 9]])
    scale = Fraction(1, rng.randint(1, 7))
    return from_changes([rng.choice(pool) * scale for _ in range(rng.randint(0, most - 2))], rng)


def crosses(q: Fraction | int, s: Fraction | int, r: Fraction | int) -> bool:
    """Whether lines of slopes q and r through the ends of a gap of slope s meet inside of it."""
    return q < s < r or q > s > r


def count_minimisers(x: list[Fraction], y: list[Fraction]) -> tuple[int, int]:
    """(min V_0, number of optimal slope paths on a grid, a two-knot gap counting as many).

    The grid has every chord slope and two points of every cell between and beyond them, so a
    minimiser is unique iff exactly one path is found.  The gap rule only compares slopes, so
    places in the sorted grid stand for slopes.  Plain counting dynamic programme, O(n^3).
    """
    exact = chord_slopes(x, y)
    place = {s: 3 * j + 2 for j, s in enumerate(sorted(set(exact)))}
    slopes = [place[s] for s in exact]
    grid = range(3 * len(place) + 2)

    def tally(ways: list[tuple[int, int]]) -> tuple[int, int]:
        least = min(cost for cost, _ in ways)
        return least, sum(count for cost, count in ways if cost == least)

    leave = dict.fromkeys(grid, (0, 1))
    arrive: dict[int, tuple[int, int]] = {}
    for s in slopes:
        arrive = {}
        for r in grid:
            ways = []
            for q in grid:
                knots = 0 if q == r == s else 1 if crosses(q, s, r) else 2
                ways.append((leave[q][0] + knots, leave[q][1] * (10**6 if knots == 2 else 1)))
            arrive[r] = tally(ways)
        leave = {q: tally([(c + (q != r), m) for r, (c, m) in arrive.items()]) for q in grid}
    return tally(list(arrive.values()))


# ------------------------------------------------------------------------- agreement, at random


def test_gap_rule() -> None:
    """The end lines meet strictly inside the gap iff q < s < r or q > s > r, by intersection."""
    h = Fraction(3, 2)
    for q, s, r in product([Fraction(t, 2) for t in range(-3, 4)], repeat=3):
        if q == r:  # parallel: never at a single place
            assert not crosses(q, s, r)
        else:
            t = h * (s - r) / (q - r)  # q t = s h + r (t - h)
            assert (0 < t < h) == crosses(q, s, r)


def test_slope_sets() -> None:
    half = SlopeSet([(Fraction(1), INF)])
    assert Fraction(1) not in half and Fraction(2) in half and not SlopeSet()
    assert (half | SlopeSet([(Fraction(1), Fraction(1))])).within(-INF, Fraction(2)).elements() is (
        None
    )
    two = SlopeSet([(Fraction(3), Fraction(3)), (Fraction(1), Fraction(1))])
    assert two.elements() == [1, 3] and two.within(1, 3).elements() == []
    assert ALL.elements() is None and Fraction(-7) in ALL
    hole = SlopeSet([(-INF, Fraction(0)), (Fraction(0), INF)])
    assert Fraction(0) not in hole and Fraction(1) in hole


@pytest.mark.parametrize("seed", range(300))
def test_knot_counts_agree(seed: int) -> None:
    x, y = random_data(seed, 8)
    knots = fewest_knots(x, y)
    assert knots == fewest_knots_by_groups(x, y)
    assert knots == fewest_knots_by_groups(x, y, extra_pieces=False)
    runs = runs_of(x, y)
    assert knots == path_matching_value(runs, Fraction(0))
    assert knots == sum(len(run) - max_cardinality(len(run)) for run in runs)
    assert fewest_knots_is_unique(x, y) == fewest_knots_is_unique([-t for t in x[::-1]], y[::-1])


@pytest.mark.parametrize("seed", range(300))
def test_uniqueness_agrees_with_counting_on_a_grid(seed: int) -> None:
    x, y = random_data(1000 + seed, 8)
    knots, count = count_minimisers(x, y)
    assert knots == fewest_knots(x, y)
    assert (count == 1) == fewest_knots_is_unique(x, y)


def test_uniqueness_on_all_small_sign_patterns() -> None:
    """Every sign pattern of up to five changes, with a random draw of sizes each."""
    rng = random.Random(0)
    for m in range(6):
        for signs in product((-1, 0, 1), repeat=m):
            x, y = from_changes([s * rng.randint(1, 4) for s in signs], rng)
            knots, count = count_minimisers(x, y)
            assert fewest_knots(x, y) == knots
            assert fewest_knots_is_unique(x, y) == (count == 1), signs


@pytest.mark.parametrize("p", EXPONENTS, ids=str)
def test_values_agree(p: Fraction) -> None:
    for seed in range(60):
        x, y = random_data(2000 + seed, 7)
        runs = runs_of(x, y)
        value = path_matching_value(runs, p)
        rng = random.Random(seed)
        extra = [Fraction(rng.randint(-40, 40), rng.randint(1, 9)) for _ in range(5)]
        assert abs(value - brute_force_vertices_value(x, y, p)) < CLOSE
        assert abs(value - brute_force_vertices_value(x, y, p, extra)) < CLOSE
        assert abs(value - sum(all_matchings_minimum(run, p)[0] for run in runs)) < CLOSE


def test_long_runs_agree() -> None:
    rng = random.Random(5)
    for m in range(1, 13):
        jumps = [Fraction(rng.randint(1, 9), rng.randint(1, 4)) for _ in range(m)]
        for p in EXPONENTS:
            assert abs(path_matching_value([jumps], p) - all_matchings_minimum(jumps, p)[0]) < CLOSE


# --------------------------------------------------------------------------------- the fixture


@pytest.mark.parametrize("line", FIXTURE.read_text().splitlines())
def test_fixture(line: str) -> None:
    case = json.loads(line)
    x, y = [Fraction(t) for t in case["x"]], [Fraction(t) for t in case["y"]]
    assert fewest_knots(x, y) == case["knots"]
    if len(x) <= 8:
        assert fewest_knots_by_groups(x, y) == case["knots"]
    for p, value in case.get("p", {}).items():
        exact = path_matching_value(runs_of(x, y), Fraction(p))
        assert abs(exact - Decimal(value)) <= Decimal("1e-12") * max(Decimal(1), exact)
        if len(x) <= 7:
            assert abs(exact - brute_force_vertices_value(x, y, Fraction(p))) < CLOSE


# ------------------------------------------------------------------------------ worked by hand


def test_collinear_and_tiny_data() -> None:
    one: Data = ([Fraction(0)], [Fraction(0)])
    assert fewest_knots(*one) == fewest_knots_by_groups(*one) == 0
    assert not fewest_knots_is_unique(*one)
    assert brute_force_vertices_value(*one, Fraction(1, 2)) == path_matching_value([], Fraction(1))
    for m in range(4):  # 2..5 collinear points: the line through them
        assert fewest_knots(*from_changes([0] * m)) == 0
        assert fewest_knots_is_unique(*from_changes([0] * m))
    with pytest.raises(ValueError, match="increasing"):
        chord_slopes([Fraction(1), Fraction(1)], [Fraction(0), Fraction(0)])


HAND = [
    # slope changes, fewest knots, unique?  Chord slopes start at 0 unless the comment says so.
    ([0, 1, 0], 1, True),  # both lines are forced and meet at the middle point
    ([1], 1, False),  # any line through an end point, then the right crossing
    ([0, 1], 1, False),  # the last segment may be steeper and turn later
    ([1, 0], 1, False),  # its mirror image
    ([1, 1], 1, True),  # chords of gaps 0 and 2 cross in gap 1
    ([0, 1, 1, 0], 1, True),
    ([0, 1, 2, 3, 1, 0], 2, True),  # an even run, forced pairing
    ([1, 1, 1], 2, False),  # slopes 0123: turn at points 1 and (2, 3) or (1, 2) and 3
    ([0, 1, 1, 1, 0], 2, False),
    ([1, 1, 0, 1, 1], 2, True),  # two even runs: the zero separates, it is not skipped
    ([1, 1, -1, -1], 2, True),  # two even runs of opposite sign
    # slopes 2,1,1,2: collinear middle; pass the middle point with any slope t < 1
    ([-1, 0, 1], 2, False),
    # slopes 2,2,1,1,2,2: the outer lines are forced, the middle point's slope t < 1 is not
    ([0, -1, 0, 1, 0], 2, False),
    # slopes 0,0,1,1,2,2: slope 0 to gap 2 forces t > 1 at the middle point, and then gap 3 turns
    # back below 1 < 2, a third knot; so both knots sit at the points
    ([0, 1, 0, 1, 0], 2, True),
    ([1, 0, 1], 2, False),  # unflanked, the outer segments move
    # slopes 0,0,1,0,0: slope 0 past point 2, a turn in gap 2 to any r > 1, back to 0 at point 3
    ([0, 1, -1, 0], 2, False),
]


@pytest.mark.parametrize(("changes", "knots", "unique"), HAND, ids=lambda v: str(v))
def test_worked_by_hand(changes: list[int], knots: int, unique: bool) -> None:
    rng = random.Random(1)
    for x, y in (from_changes(changes), from_changes(changes, rng), from_changes(changes, rng)):
        assert fewest_knots(x, y) == fewest_knots_by_groups(x, y) == knots
        assert fewest_knots_is_unique(x, y) is unique


def test_matching_oracles_by_hand() -> None:
    assert [sum(1 for _ in matchings(m)) for m in range(7)] == [1, 1, 2, 3, 5, 8, 13]
    assert [max_cardinality(m) for m in range(6)] == [0, 0, 1, 1, 2, 2]
    ones = [Fraction(1)] * 3
    value, optimal = all_matchings_minimum(ones, Fraction(1, 2))
    assert abs(value - 1 - Decimal(2).sqrt()) < Decimal("1e-25")
    assert sorted(map(sorted, optimal)) == [[0], [1]]  # a tie by symmetry
    assert len(all_matchings_minimum(ones, Fraction(1))[1]) == 3  # p = 1: every matching
    # p = 0: maximum matchings; with 1, 1, 5 and p = 1/2: 2^(1/2) + 5^(1/2) < 1 + 6^(1/2)? no:
    # 3.650 > 3.449, so the small jump next to the large one is the pair to merge
    assert all_matchings_minimum([Fraction(1), Fraction(1), Fraction(5)], Fraction(1, 2))[1] == [
        frozenset({1})
    ]
    x, y = from_changes([1, 1, 0, 1, 1])
    assert runs_of(x, y) == [[1, 1], [1, 1]]
    assert runs_of(*from_changes([2, -1, -3, 4])) == [[2], [1, 3], [4]]
