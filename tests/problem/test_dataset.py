"""Exact datasets from arrays: types, canonical form, digest, refusals."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import exactsparse as es
from exactsparse.exact.numbers import format_rational, parse_number, rational_text
from exactsparse.problem.column import Column

TENTH = Fraction(1, 10)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0.1, 0.5], [TENTH, Fraction(1, 2)]),
        (["0.1", "1/2"], [TENTH, Fraction(1, 2)]),
        ([TENTH, Decimal("0.1"), 3, "1e-1"], [TENTH, TENTH, Fraction(3), TENTH]),
        (np.array([0.1], dtype=np.float32), [TENTH]),
        (np.array([2**63 + 1], dtype=np.uint64), [Fraction(2**63 + 1)]),
        (np.array([-(2**63), 2**63 - 1]), [Fraction(-(2**63)), Fraction(2**63 - 1)]),
        ([2**200, -1], [Fraction(2**200), Fraction(-1)]),
        (np.array([1.5, 2.5], dtype=">f8"), [Fraction(3, 2), Fraction(5, 2)]),
        (np.array(["0.1", "7"]), [TENTH, Fraction(7)]),
        (np.arange(6.0)[::2], [Fraction(0), Fraction(2), Fraction(4)]),
        (np.array([np.longdouble(1) / 4]), [Fraction(1, 4)]),
    ],
)
def test_numbers_are_exact(values: object, expected: list[Fraction]) -> None:
    dataset = es.Dataset.from_arrays(values, [0] * len(expected))
    assert [dataset.row(i)[0] for i in range(len(expected))] == expected
    objects = dataset.features[0].to_objects()
    assert [objects[i] for i in range(len(expected))] == expected


@pytest.mark.parametrize(
    ("X", "y", "message"),
    [
        ([1, 2], [1], "2 rows, but y has 1"),
        ([[1], [1, 2]], [1, 2], "ragged"),
        ([], [], "no data row"),
        ([1, float("nan")], [1, 2], "row 1"),
        ([1, float("inf")], [1, 2], "finite"),
        ([1, "x"], [1, 2], "'x'"),
        ([True, False], [1, 2], "real number"),
        ([1j, 2], [1, 2], "real number"),
        (np.array(["2020-01-01"], dtype="M8[D]"), [1], "real numbers"),
        (np.zeros((2, 2, 2)), [1, 2], "one or two dimensions"),
        ([1, 2], np.zeros((2, 2)), "one-dimensional"),
        (["1/0"], [1], "zero"),
        (np.ma.array([1.0, 2.0], mask=[0, 1]), [1, 2], "masked"),
        (["1e99999"], [1], "exponent"),
    ],
)
def test_bad_arrays(X: object, y: object, message: str) -> None:
    with pytest.raises(es.DataError, match=message):
        es.Dataset.from_arrays(X, y)


@given(st.lists(st.tuples(st.integers(-3, 3), st.integers(-3, 3)), min_size=1, max_size=12))
def test_canonical_form_in_two_features(points: list[tuple[int, int]]) -> None:
    labels = [3 * a - b for a, b in points]
    dataset = es.Dataset.from_arrays(points, labels)
    canonical = dataset.canonical
    rows = [canonical.row(i) for i in range(len(canonical))]
    assert rows == sorted({(a, b, 3 * a - b) for a, b in points})
    assert canonical.merged_rows == len(points) - len(rows)
    backwards = es.Dataset.from_arrays(points[::-1], labels[::-1])
    assert backwards.digest == dataset.digest


def test_digest_reads_numbers_not_spellings() -> None:
    a = es.Dataset.from_arrays(["0.50", "1"], ["1e1", "2"])
    b = es.Dataset.from_arrays([0.5, 1.0], [10, 2])
    assert a.digest == b.digest
    assert a.digest != es.Dataset.from_arrays([0.5, 1.0], [10, 3]).digest


def test_columns_round_once() -> None:
    column = Column.from_fractions([Fraction(1, 3), Fraction(2, 3)])
    assert column.to_float64().tolist() == [1 / 3, 2 / 3]
    assert Column.from_fractions([Fraction(10) ** 400]).to_float64().tolist() == [float("inf")]


@given(st.fractions())
def test_text_of_a_rational_reads_back(value: Fraction) -> None:
    assert parse_number(rational_text(value)) == value
    assert rational_text(value) == str(value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(0), "0"),
        (Fraction(-1, 8), "-0.125"),
        (Fraction(1, 3), "1/3"),
        (Fraction(12, 1), "12"),
        (Fraction(10**30), "≈1e+30"),
        (Fraction(-(10**20), 7), "≈-1.428571429e+19"),
        (Fraction(-(2**63)), "-9223372036854775808"),
        (Fraction(17 * 10**17), "1700000000000000000"),
    ],
)
def test_short_text(value: Fraction, text: str) -> None:
    assert format_rational(value) == text
