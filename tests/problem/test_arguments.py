"""Every `predict` against exact evaluation, where float64 does not hold points or values."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import exactsparse as es
from exactsparse.exact.numbers import to_float
from exactsparse.problem.arguments import Arguments
from exactsparse.routes.univariate.band.law import Chain
from exactsparse.routes.univariate.band.stabbing import Line
from tests.export.laws import chains
from tests.models.networks import networks

NOW = 1_700_000_000_000_000_000
LARGE = 10**308


def _functions(x: Any, y: Any, options: Any) -> list[Any]:
    solution = es.solve(x, y, **options)
    return [solution.network, *([solution.law] if hasattr(solution, "law") else [])]


@pytest.mark.parametrize("options", [{}, {"tolerance": "1/1000"}, {"skip": "none"}], ids=str)
@pytest.mark.parametrize("kind", ["array", "list", "objects", "Int64", "Decimal", "Fraction"])
def test_points_beyond_float64_are_evaluated_exactly(kind: str, options: Any) -> None:
    pandas = pytest.importorskip("pandas")
    x, y = [NOW + k for k in range(5)], [0, 1, 2, 3, 10]
    given = {
        "array": np.array(x),
        "list": x,
        "objects": np.array(x, dtype=object),
        "Int64": pandas.DataFrame({"x": pandas.array(x, dtype="Int64")}),
        "Decimal": [Decimal(v) for v in x],
        "Fraction": [Fraction(v) + Fraction(1, 3) for v in x],
    }[kind]
    third = Fraction(1, 3) if kind == "Fraction" else 0
    for function in _functions(x, y, options):
        values = function.predict(given)
        expected = [float(function.evaluate(v + third)) for v in x]
        assert values.tolist() == expected
        if not third:
            assert np.allclose(values, y, atol=1e-3)


@pytest.mark.parametrize(
    ("x", "y", "options"),
    [
        ([-LARGE, LARGE], [0, 10**10], {}),
        ([-LARGE, 0, LARGE], [0, 5, -7], {}),
        ([-LARGE, 0, LARGE], [0, 5, -7], {"tolerance": 1}),
        ([-LARGE, LARGE], [0, Fraction(1, 10**5)], {}),
        ([-LARGE, LARGE], [0, Fraction(1, 10**5)], {"tolerance": "1e-9"}),
        (["1e-400", "2e-400", "4e-400"], [0, 1, 0], {}),
    ],
    ids=str,
)
def test_finite_values_are_finite(x: Any, y: Any, options: Any) -> None:
    points = [-1.7e308, -1e308, -1.0, 0.0, 1e-300, 1.0, 9e307, 1e308, 1.7e308]
    for function in _functions(x, y, options):
        for at, value in zip(points, function.predict(points), strict=True):
            exact = function.evaluate(str(at))
            nearest = to_float(exact)
            assert value == pytest.approx(nearest, rel=1e-12, abs=1e-12 * max(map(abs, y)))


def test_units_that_overflow_are_not_zero() -> None:
    """The sum in the unit is 1e308, and -∞ after its first term in float64."""
    one = es.Neuron((Fraction(-10), Fraction(10)), Fraction(LARGE), Fraction(1))
    network = es.Network((one,), None, 2)
    assert network.predict([[1e308, 1e308], [0.0, 0.0]]).tolist() == [1e308, 1e308]


@given(
    networks(),
    st.lists(
        st.tuples(st.integers(2**54, 2**70), st.integers(-(2**70), 2**70), st.integers(-9, 9)),
        min_size=1,
        max_size=5,
    ),
)
def test_many_integers_are_evaluated_as_one_is(network: Any, rows: Any) -> None:
    points = [row[: network.n_features] for row in rows]
    expected = [to_float(network.evaluate(point)) for point in points]
    assert network.predict(points).tolist() == expected


@given(chains(), st.lists(st.integers(2**54, 2**70) | st.integers(-40, 10**16), min_size=1))
def test_many_abscissae_are_evaluated_as_one_is(chain: Any, xs: Any) -> None:
    large = [x for x in xs if abs(x) > 2**53]
    assert chain.predict(large).tolist() == [to_float(chain.evaluate(x)) for x in large]
    knots = [knot for knot in chain.positions if knot.denominator == 1]
    held = [int(knot) + 2**60 for knot in knots]
    moved = Chain([Line(s.slope, s.intercept - s.slope * 2**60) for s in chain.lines])
    assert moved.predict(held).tolist() == [to_float(moved.evaluate(x)) for x in held]


def test_missing_entries_stay_missing() -> None:
    pandas = pytest.importorskip("pandas")
    law, frame = es.solve([0, 1, 2], [0, 1, 0]).law, pandas.DataFrame
    expected = [0.0, math.nan]
    for points in (
        [0, math.nan], [0, None], frame({"x": [0, math.nan]}),
        frame({"x": pandas.array([0, None], dtype="Int64")}), [0, Decimal("NaN")],
    ):  # fmt: skip
        assert np.array_equal(law.predict(points), expected, equal_nan=True)
    assert law.predict([math.inf]).tolist() == [-math.inf]
    assert np.isnan(es.solve([4], [1]).law.predict([math.nan])).all()


def test_mixed_rows_are_beyond_where_one_entry_is() -> None:
    rows = [[2**53, 0.1], [2**53 + 1, 0.1], [Fraction(1, 3), math.inf], [1, np.float32(0.1)]]
    points = Arguments.of(rows)
    assert points is not None
    assert points.beyond.tolist() == [False, True, False, False]
    assert points.finite.tolist() == [True, True, False, True]
    assert points.point(3) == (1, Fraction(1, 10)) and points.floats[3, 1] == 0.1


@pytest.mark.parametrize(
    ("given", "words"), [(["a"], "row 0"), ([1j], "row 0"), ([[1], [2, 3]], "ragged")]
)
def test_what_is_no_number_is_refused(given: Any, words: str) -> None:
    for function in _functions([0, 1, 2], [0, 1, 0], {}):
        with pytest.raises(es.DataError, match=words):
            function.predict(given)
