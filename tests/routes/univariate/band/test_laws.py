"""All functions of fewest knots, and the one of simplest numbers."""

from __future__ import annotations

import csv
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import exactsparse as es
from exactsparse.exact.simplest import nearest_multiple, simplest_number
from exactsparse.routes.univariate.band.knot_intervals import knot_intervals
from exactsparse.routes.univariate.band.law import Chain, first_miss
from exactsparse.routes.univariate.band.laws import LineSet, OptimalLaws
from exactsparse.routes.univariate.band.windows import Windows, around, intersect
from tests.oracles.bands import knot_can_lie, slopes_of_pieces
from tests.routes.univariate.band.tables import FAMILIES, tie_tables
from tests.strategies import Data, any_data

DATA = Path(__file__).parents[4] / "data"


def read(name: str) -> tuple[list[Fraction], list[Fraction]]:
    """Columns of a sample table."""
    with (DATA / name).open() as file:
        rows = list(csv.reader(file))[1:]
    return [Fraction(row[0]) for row in rows], [Fraction(row[1]) for row in rows]


def test_rounded_tax_gives_back_the_statute() -> None:
    x, y = read("us_income_tax_2024_rounded.csv")
    _, exact = read("us_income_tax_2024.csv")
    half = Fraction(1, 2)
    assert all(abs(a - b) <= half for a, b in zip(y, exact, strict=True))
    assert es.solve(x, y).value == 26
    windows = around(x, y, [half] * len(x))
    assert isinstance(windows, Windows)
    laws = OptimalLaws(windows)
    law = laws.simplest()
    assert first_miss(law, windows) is None
    rates = ["0.10", "0.12", "0.22", "0.24", "0.32", "0.35", "0.37"]
    assert [line.slope for line in law.lines] == [Fraction(rate) for rate in rates]
    assert law.positions == [11_600, 47_150, 100_525, 191_950, 243_725, 609_350]
    assert law.lines[0].intercept == 0
    assert law.network().evaluate(Fraction(50_000)) == Fraction(6053)


@pytest.mark.parametrize("family", FAMILIES)
def test_simplest_laws_are_optimal(family: str) -> None:
    for table in tie_tables(family, 200, seed=2):
        windows = intersect(*table)
        if isinstance(windows, Windows):
            laws = OptimalLaws(windows)
            law = laws.simplest()
            assert law.n_knots == laws.n_knots
            assert first_miss(law, windows) is None
            for line, lines in zip(law.lines, laws.line_sets, strict=True):
                if lines is not None:
                    assert first_miss(Chain([line]), lines.windows) is None


@pytest.mark.parametrize("family", FAMILIES)
def test_slopes_of_pieces_match_the_oracle(family: str) -> None:
    pieces = 0
    for table in tie_tables(family, 150, seed=3):
        windows = intersect(*table)
        if not isinstance(windows, Windows) or len(windows) > 5:
            continue
        laws = OptimalLaws(windows)
        expected = slopes_of_pieces(windows.x, windows.lower, windows.upper, laws.n_knots)
        for piece, lines in enumerate(laws.line_sets):
            if lines is not None:
                assert lines.slopes == expected[piece], table
                pieces += 1
    assert pieces > 50


@pytest.mark.parametrize("family", FAMILIES)
def test_knot_intervals_match_the_oracle(family: str) -> None:
    tiny, seen = Fraction(1, 10**12), 0
    for table in tie_tables(family, 200, seed=9):
        windows = intersect(*table)
        if not isinstance(windows, Windows) or len(windows) > 5:
            continue
        laws = OptimalLaws(windows)
        given_ = (windows.x, windows.lower, windows.upper, laws.n_knots)
        law = laws.simplest()
        for knot, (low, high) in enumerate(knot_intervals(laws)):
            assert low <= law.positions[knot] <= high
            seen += 1
            inside = min(tiny, (high - low) / 2)
            if low < high:
                assert knot_can_lie(*given_, knot, low + inside), table
                assert knot_can_lie(*given_, knot, high - inside), table
            assert not knot_can_lie(*given_, knot, low - tiny), table
            assert not knot_can_lie(*given_, knot, high + tiny), table
    assert seen > 10 or family == "one-sided"


@given(any_data())
def test_uniqueness_without_width_is_that_of_the_exact_route(data: Data) -> None:
    windows = around(*data, [Fraction(0)] * len(data[0]))
    assert isinstance(windows, Windows)
    assert OptimalLaws(windows).unique == es.solve(*data).unique


def test_no_line_through_contradicting_windows() -> None:
    zero, one = Fraction(0), Fraction(1)
    assert LineSet.through([(zero, one, None), (zero, None, zero)]) is None
    rows = [(Fraction(v), Fraction(v * v), Fraction(v * v)) for v in range(3)]
    assert LineSet.through(rows) is None
    single = LineSet.through(rows[:2])
    assert single is not None and single.is_single and single.slopes == (1, 1)
    assert single.intercepts(one) == (0, 0)


ends = st.one_of(st.none(), st.fractions(max_denominator=10**4))


@given(ends, ends)
def test_simplest_numbers_lie_in_their_interval(
    low: Fraction | None, high: Fraction | None
) -> None:
    if low is not None and high is not None and low > high:
        with pytest.raises(ValueError, match="no number between"):
            simplest_number(low, high)
        return
    value = simplest_number(low, high)
    assert low is None or low <= value
    assert high is None or value <= high
    mirrored = simplest_number(None if high is None else -high, None if low is None else -low)
    assert mirrored == -value


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        ("0.0999", "0.1001", "0.1"),
        ("0.36995", "0.37005", "0.37"),
        ("0.333", "0.334", "1/3"),
        ("100501", "100549", "100525"),
        ("99.7", "100.4", "100"),
        ("1/7", "1/7", "1/7"),
        ("0.1234567", "0.1234567", "0.1234567"),
        ("1e-30", "1.1e-30", "1e-30"),
        ("9.99e40", "1.1e41", "1e41"),
        ("-7.01", "-6.99", "-7"),
        ("-1", "5", "0"),
    ],
)
def test_simplest_numbers(low: str, high: str, expected: str) -> None:
    assert simplest_number(Fraction(low), Fraction(high)) == Fraction(expected)


def test_simplest_number_among_very_long_ones() -> None:
    third = Fraction(1, 3)
    tiny = Fraction(1, 10**5000)
    assert simplest_number(third - tiny, third + tiny) == third
    assert simplest_number(1 / tiny, 2 / tiny) in (1 / tiny, 2 / tiny)


@given(ends, ends, st.fractions(min_value=Fraction(1, 50), max_value=50))
def test_nearest_multiples(low: Fraction | None, high: Fraction | None, step: Fraction) -> None:
    if low is not None and high is not None and low > high:
        return
    value = nearest_multiple(low, high, step)
    if value is None:
        assert low is not None and high is not None and high // step < -(-low // step)
    else:
        assert (value / step).denominator == 1
        assert (low is None or low <= value) and (high is None or value <= high)
