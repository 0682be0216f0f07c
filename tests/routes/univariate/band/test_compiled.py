"""The compiled pass against the exact one, and its checks against forgeries."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exactsparse.problem.column import Column
from exactsparse.routes.univariate.band.compiled import (
    prove_function,
    prove_triples,
    stab_compiled,
    stab_proved,
)
from exactsparse.routes.univariate.band.float_windows import FloatWindows
from exactsparse.routes.univariate.band.law import Chain
from exactsparse.routes.univariate.band.orientations import UNDECIDED
from exactsparse.routes.univariate.band.orientations import orientation as certified
from exactsparse.routes.univariate.band.stabbing import Triple, first_fault, stab
from exactsparse.routes.univariate.band.windows import Windows, around, intersect, orientation
from tests.routes.univariate.band.tables import FAMILIES, tie_tables
from tests.strategies import Data, any_data


def same(windows: Windows, floats: FloatWindows) -> int:
    """Assert that both passes agree and all is proved; how many decisions were left open."""
    found, exact = stab_compiled(floats), stab(windows)
    assert list(found.exact(windows).triples) == list(exact.triples)
    assert found.last == exact.last
    assert prove_triples(found.triples, floats)
    assert prove_function(found, floats)
    return found.asked


@pytest.mark.parametrize("family", FAMILIES)
def test_ties_in_rounded_windows(family: str) -> None:
    asked = 0
    for table in tie_tables(family, 400, seed=4):
        windows = intersect(*table)
        if isinstance(windows, Windows):
            floats = FloatWindows.of(windows)
            assert floats is not None
            asked += same(windows, floats)
            # The same numbers are exact doubles, so that nothing needs rational arithmetic.
            assert same(windows, replace(floats, radii=np.zeros(4))) == 0
    assert asked > 100


@given(any_data(), st.sampled_from(["0", "1/2", "1/3", "0.005", "1e-300", "7e300", "5e-324"]))
def test_any_magnitude(data: Data, width: str) -> None:
    x, y = data
    half = Fraction(width)
    windows = around(x, y, [half] * len(x))
    assert isinstance(windows, Windows)
    if (floats := FloatWindows.of(windows)) is not None:
        same(windows, floats)
    columns = [Column.from_fractions(v) for v in (x, y)]
    if (floats := FloatWindows.around(*columns, half)) is not None:
        same(windows, floats)


@settings(max_examples=60)
@given(any_data(), st.integers(-1070, 960), st.integers(-1070, 960), st.integers(0, 8))
def test_scaled_to_the_ends_of_the_range(data: Data, x: int, y: int, width: int) -> None:
    factors = Fraction(2) ** x, Fraction(2) ** y
    xs = [Fraction(round(v * 100)) * factors[0] for v in data[0]]
    ys = [Fraction(round(v * 100)) * factors[1] for v in data[1]]
    halves = [width * factors[1]] * len(xs)
    windows = around(xs, ys, halves)
    if isinstance(windows, Windows) and (floats := FloatWindows.of(windows)) is not None:
        same(windows, floats)


@pytest.mark.parametrize("family", ["noisy", "walk", "parabola", "line", "one-sided"])
@pytest.mark.parametrize("unit", ["1", "0.01", "1/3"])
def test_long_tables(family: str, unit: str) -> None:
    rng = np.random.default_rng(5)
    n, scale = 3000, Fraction(unit)
    i = np.arange(n)
    pieces = np.cumsum(rng.integers(-9, 9, n // 100).repeat(100))
    y, width = {
        "noisy": (pieces + rng.integers(-50, 51, n), 50),
        "walk": (np.cumsum(rng.integers(-9, 10, n)), 40),
        "parabola": (i * i, 25),
        "line": (3 * i, 0),
        "one-sided": (rng.integers(0, 1000, n), 100),
    }[family]
    y_column, half = Column(y.astype(float), scale), width * scale
    x = [Fraction(int(v)) for v in i]
    exact_y = [int(v) * scale for v in y]
    windows = around(x, exact_y, [half] * n)
    assert isinstance(windows, Windows)
    if family == "one-sided":
        keep = rng.random((2, n)) < 0.6
        windows = replace(
            windows,
            lower=[v if k else None for v, k in zip(windows.lower, keep[0], strict=True)],
            upper=[v if k else None for v, k in zip(windows.upper, keep[1], strict=True)],
        )
        floats = FloatWindows.of(windows)
    else:
        floats = FloatWindows.around(Column(i.astype(float)), y_column, half)
    assert floats is not None
    asked = same(windows, floats)
    if family != "one-sided":
        # Whole numbers over a common scale: even ties are decided in doubles.
        assert asked == 0 and not floats.radii.any()


@pytest.mark.parametrize("largest", [2**53 - 1, 2**53, 2**53 + 2])
def test_whole_numbers_just_below_and_above_the_largest(largest: int) -> None:
    y = [0, largest - 1, 5, 2 - largest, 0, 1, 1]
    columns = Column(np.arange(7.0)), Column(np.array(y, dtype=float))
    floats = FloatWindows.around(*columns, Fraction(1))
    assert floats is not None
    assert floats.radii.any() == (largest > 2**53)
    windows = around([Fraction(v) for v in range(7)], [Fraction(v) for v in y], [Fraction(1)] * 7)
    assert isinstance(windows, Windows)
    same(windows, floats)


def test_out_of_range_is_left_to_the_exact_pass() -> None:
    x = [Fraction(0), Fraction(1)]
    huge = [Fraction(10) ** 400, Fraction(0)]
    windows = around(x, huge, [Fraction(1)] * 2)
    assert isinstance(windows, Windows) and FloatWindows.of(windows) is None
    far = around(huge, x, [Fraction(1)] * 2)
    assert isinstance(far, Windows) and FloatWindows.of(far) is None
    columns = Column.from_fractions(x), Column.from_fractions(huge)
    assert FloatWindows.around(*columns, Fraction(1)) is None
    assert FloatWindows.around(columns[0], columns[0], huge[0]) is None
    top = Column(np.array([1.7e308, 0.0]))
    assert FloatWindows.around(columns[0], top, Fraction(10) ** 308) is None


@given(
    st.lists(st.fractions(-100, 100, max_denominator=50), min_size=6, max_size=6),
    st.integers(-60, -2),
    st.integers(-1000, 1000),
    st.lists(st.integers(-4, 4), min_size=6, max_size=6),
)
def test_a_certified_side_is_the_exact_one(
    values: list[Fraction], radius: int, exponent: int, moves: list[int]
) -> None:
    """Whatever exact numbers stand behind the doubles within their radii."""
    ax, bx, cx = sorted(values[:3])
    if not ax < bx < cx:
        return
    share = (bx - ax) / (cx - ax)
    ay, by = values[3], values[4]
    cy = ay + (by - ay) / share + (values[5] if moves[5] > 0 else 0)
    factor = Fraction(2) ** exponent
    exact = [v * f for v, f in zip((ax, ay, bx, by, cx, cy), [1, factor] * 3, strict=True)]
    wide = Fraction(2) ** radius
    floats = [float(v + v * wide * m / 4) for v, m in zip(exact, moves, strict=True)]
    share_of = 2.0 * float(wide) + 2.0**-52
    radii = np.array([share_of, 1e-320, share_of, 1e-320])
    found = certified(*floats, radii)
    if found != UNDECIDED:
        assert found == orientation(*exact)
    plain = certified(*floats, np.zeros(4))
    if plain != UNDECIDED:
        assert plain == orientation(*map(Fraction, floats))


@pytest.mark.parametrize("values", [[np.inf, 0.0], [1e308, -1e308], [1e-200, 0.0], [5e-324, 0.0]])
def test_overflow_and_underflow_decide_nothing(values: list[float]) -> None:
    """Not below what is exact: collinear but for one unit of a tiny number."""
    high, low = values
    found = certified(0.0, low, 1e200, low, 2e200, high, np.zeros(4))
    assert found in (1, UNDECIDED)
    assert certified(0.0, high, 1e-200, low, 2e-200, high, np.zeros(4)) != -1


@pytest.mark.parametrize("family", FAMILIES)
def test_forged_triples_and_functions_are_refused(family: str) -> None:
    random, refused = Random(family), 0
    for table in tie_tables(family, 150, seed=5):
        windows = intersect(*table)
        if not isinstance(windows, Windows):
            continue
        floats = FloatWindows.of(windows)
        assert floats is not None
        found = stab_proved(floats)
        assert found is not None
        for _ in range(3):
            forged = found.triples.copy()
            if len(forged):
                forged[random.randrange(len(forged)), random.randrange(4)] += random.choice([-1, 1])
            exact = [
                Triple({0: 1, 1: -1}.get(side, 0), p, q, r) for side, p, q, r in forged.tolist()
            ]
            fault = first_fault(exact, windows)
            assert prove_triples(forged, floats) == (fault is None)
            refused += fault is not None
        # Another table, in which one window has no place for the function.
        ends = {row for triple in found.triples.tolist() for row in triple[1:3]}
        ends |= {row for line in found.last if line is not None for row in (line.p, line.q)}
        free = [row for row in range(len(windows)) if row not in ends]
        if found.last == (None, None) or not free:
            continue
        row = random.choice(free)
        chain_value = Chain(found.exact(windows).lines()).evaluate(windows.x[row])
        moved = chain_value + random.choice([1, Fraction(1, 10**30)])
        narrow = replace(
            windows,
            lower=[moved if i == row else v for i, v in enumerate(windows.lower)],
            upper=[None if i == row else v for i, v in enumerate(windows.upper)],
        )
        other = FloatWindows.of(narrow)
        assert other is not None
        assert not prove_function(found, other)
    assert refused > 0 or family == "one-sided"


def _wavy(random: Random) -> tuple[list[Fraction], list[Fraction], list[Fraction]]:
    """Some hundred rows of small integers: noise, walks, curves, and jumps between them."""
    n, kind = random.randint(15, 160), random.randrange(4)
    x = sorted(random.sample(range(2 * n), n))
    y, level, slope = [], 0, 0
    for i in range(n):
        if random.random() < 0.04:
            slope = random.randint(-3, 3)
        level += slope if kind != 1 else random.randint(-2, 2)
        bend = i * i // 20 if kind == 2 else 0
        y.append(level + bend + (random.randint(-4, 4) if kind != 3 else 0))
    width = random.choice([0, 1, 3, 4, 8])
    halves = [Fraction(random.randint(0, 2 * width), 2) if kind == 3 else width for _ in range(n)]
    return [Fraction(v) for v in x], [Fraction(v) for v in y], [Fraction(h) for h in halves]


@pytest.mark.parametrize("seed", range(120))
def test_wavy_tables_full_of_ties(seed: int) -> None:
    random = Random(seed)
    x, y, halves = _wavy(random)
    windows = around(x, y, halves)
    assert isinstance(windows, Windows)
    if random.random() < 0.4:
        lower = [None if random.random() < 0.2 else v for v in windows.lower]
        upper = [None if random.random() < 0.2 else v for v in windows.upper]
        windows = replace(windows, lower=lower, upper=upper)
    floats = FloatWindows.of(windows)
    assert floats is not None
    same(windows, floats)
    assert same(windows, replace(floats, radii=np.zeros(4))) == 0
    factor = Fraction(1, random.choice([3, 7, 10]))
    scaled = replace(
        windows,
        x=[v * factor for v in windows.x],
        lower=[None if v is None else v * factor for v in windows.lower],
        upper=[None if v is None else v * factor for v in windows.upper],
    )
    floats = FloatWindows.of(scaled)
    assert floats is not None
    same(scaled, floats)
