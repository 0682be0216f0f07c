"""Ends of pieces and intervals as texts: rounded outwards, and told apart at any abscissa."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

import exactsparse as es
from exactsparse.exact.numbers import decimal_text, digits_apart, format_rational
from exactsparse.report.law_table import format_interval, law_table

NOW = 17 * 10**17


def read(text: str) -> Fraction:
    return Fraction(text.replace("≈", ""))


@given(
    st.fractions(max_denominator=97),
    st.fractions(0, 10**6, max_denominator=89),
    st.sampled_from([0, NOW, -NOW, 10**40]),
    st.integers(-60, 60),
)
def test_intervals_are_rounded_outwards(
    low: Fraction, width: Fraction, offset: int, exponent: int
) -> None:
    scale = Fraction(10) ** exponent
    low, width = low * scale + offset, width * scale
    ends = [read(end) for end in format_interval(low, low + width).split(" … ")]
    if width:
        assert ends[0] <= low and low + width <= ends[1]
        assert ends[1] - ends[0] <= width * Fraction(103, 100)
    else:
        assert len(ends) == 1


@given(st.integers(), st.integers(-30, 30))
def test_decimals_are_exact(mantissa: int, exponent: int) -> None:
    assert Fraction(decimal_text(mantissa, exponent)) == mantissa * Fraction(10) ** exponent


@given(
    st.lists(st.fractions(max_denominator=7), min_size=2, max_size=9, unique=True),
    st.integers(0, 18),
)
def test_so_many_digits_tell_neighbours_apart(values: list[Fraction], exponent: int) -> None:
    moved = sorted(value / 1000 + 10**exponent for value in values)
    digits = digits_apart(moved)
    gap = min(b - a for a, b in pairwise(moved))
    for value in moved:
        assert abs(read(format_rational(value, digits)) - value) <= gap / 100


@pytest.mark.parametrize("options", [{}, {"tolerance": "1/3"}], ids=str)
def test_knots_between_nanoseconds_are_told_apart(options: dict[str, str]) -> None:
    heights = [0, 0, 1, 2, 3, 3, 2, 1, 0, 0, Fraction(1, 3), Fraction(2, 3)]
    solution = es.solve([NOW + 100 * k for k in range(12)], heights, **options)
    pieces = list(solution.law.pieces())
    for row, piece in zip(law_table(solution)[1], pieces, strict=True):
        for text, end in zip(row[:2], (piece.start, piece.end), strict=True):
            assert end is None or abs(read(text) - end) < 1
    assert "e+" not in str(law_table(solution)) and r"10^{" not in solution.to_latex()
    beside = es.solve([NOW, NOW, NOW + 1], [0, 1, 0], tolerance=0.5)
    assert beside.value == 0
    with pytest.raises(es.ConflictingLabelsError, match=f"{NOW + 7}"):
        es.solve([NOW, NOW + 7, NOW + 7], [0, 1, 2])
