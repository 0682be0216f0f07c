"""Floats are the shortest decimals that round to them, in columns as one by one."""

from __future__ import annotations

import math
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import exactsparse as es
from exactsparse.exact.orientation import (
    HALF_UNIT,
    curvature_signs,
    read_curvature_signs,
    reading_offs,
)
from exactsparse.exact.reading_kernels import reading_errors
from exactsparse.problem import decimals
from exactsparse.problem.column import Column
from exactsparse.problem.decimals import as_doubles, common_places, shortest_decimal
from exactsparse.routes.univariate import points as points_module

DATA = Path(__file__).parents[2] / "data"
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
SMALL = st.builds(
    lambda m, k: float(f"{m}e{-k}"), st.integers(-(10**16), 10**16), st.integers(0, 24)
)
EDGES = [
    0.0, -0.0, 5e-324, -5e-324, sys.float_info.min, sys.float_info.max, 2.0**53 - 1, 2.0**53,
    2.0**53 + 2, 1e15 - 1, 1e15, 1e15 + 2, 999999999999999.0, 0.1, 0.3, 0.1 + 0.2, 1e22, 1e23,
    1e-22, 1e-23, 123456789012345.6, 0.000123456789012345, 9007199254740993.0, 1 / 3,
]  # fmt: skip


def by_text(value: float) -> Fraction:
    return Fraction(repr(value))


@given(st.lists(st.one_of(FLOATS, SMALL, st.sampled_from(EDGES)), min_size=1, max_size=30))
def test_columns_hold_what_repr_prints(values: list[float]) -> None:
    column = Column.from_array(np.array(values))
    assert [column[i] for i in range(len(values))] == list(map(by_text, values))
    objects = column.to_objects()
    assert [objects[i] for i in range(len(values))] == list(map(by_text, values))
    assert column.to_float64().tolist() == values
    taken = column.take(np.arange(len(values))[::-1])
    assert [taken[i] for i in range(len(values))] == list(map(by_text, values))[::-1]


@pytest.mark.parametrize("value", EDGES)
def test_edges(value: float) -> None:
    for sign in (1, -1):
        assert Column.from_array(np.array([sign * value]))[0] == by_text(sign * value)
        assert shortest_decimal(sign * value) == by_text(sign * value)


@given(st.lists(SMALL, min_size=1, max_size=20))
def test_common_places_are_those_of_the_decimals(values: list[float]) -> None:
    read = common_places(np.array(values))
    exact = list(map(by_text, values))
    places = max(next(k for k in range(400) if (v * 10**k).denominator == 1) for v in exact)
    if read is None:
        largest = max(abs(v) * 10**places for v in exact)
        assert places > 22 or largest >= 10**15
        return
    whole, found = read
    assert found == places
    assert [Fraction(m) / 10**found for m in whole] == exact


def test_more_places_are_needed_far_down(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decimals, "_CHUNK", 4)
    values = np.repeat(0.5, 5000)
    values[4321] = 0.125
    whole, places = common_places(values) or (None, None)
    assert places == 3
    assert whole[4321] == 125 and whole[0] == 500
    values[4322] = 0.1 + 0.2
    assert common_places(values) is None


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_floats_of_fewer_bits_are_read_in_their_own_precision(dtype: type) -> None:
    values = np.array([0.1, 0.2, 1 / 3, 65504, 6e-8, 1000.1], dtype=dtype)
    column = Column.from_array(values)
    assert [column[i] for i in range(len(values))] == [Fraction(str(v)) for v in values]
    assert as_doubles(values).astype(dtype).tolist() == values.tolist()
    binary = Column.from_array(values, floats="binary")
    assert [binary[i] for i in range(len(values))] == [Fraction(float(v)) for v in values]


def test_lists_of_mixed_numbers() -> None:
    data = es.Dataset.from_arrays([0.1, Fraction(1, 3), "0.5", 7], [0.3, 1, 2, np.float32(0.1)])
    assert data.row(0) == (Fraction(1, 10), Fraction(3, 10))
    assert data.row(3) == (7, Fraction(1, 10))
    data = es.Dataset.from_arrays([0.1, Fraction(1, 3)], [0.3, 1], floats="binary")
    assert data.row(0) == (Fraction(0.1), Fraction(0.3))


@pytest.mark.parametrize(
    ("name", "knots"),
    [
        ("us_income_tax_2024", 6),
        ("uk_income_tax_2024", 4),
        ("standard_atmosphere_1976", 6),
        ("us_net_investment_income_tax", 5),
    ],
)
def test_frames_agree_with_their_files(name: str, knots: int) -> None:
    from_file = es.solve(es.read(DATA / f"{name}.csv"))
    frame = pd.read_csv(DATA / f"{name}.csv", comment="#")
    from_frame = es.solve(frame.iloc[:, :-1], frame.iloc[:, -1])
    assert from_frame.value == from_file.value == knots
    assert from_frame.problem.dataset.digest == from_file.problem.dataset.digest
    assert from_frame.network == from_file.network
    x, y = frame.iloc[:, :-1], frame.iloc[:, -1]
    same = all(Fraction(v) == by_text(v) for v in map(float, frame.to_numpy().ravel()))
    dyadic = es.Dataset.from_arrays(x, y, floats="binary")
    assert (dyadic.digest == from_file.problem.dataset.digest) == same


def test_a_parquet_file_its_frame_and_its_text_agree(tmp_path: Path) -> None:
    source = Path(__file__).parents[1] / "fixtures" / "tables" / "tax_floats.parquet"
    from_file = es.solve(es.read(source))
    frame = pd.read_parquet(source)
    frame.to_csv(tmp_path / "tax.csv", index=False)
    from_text = es.solve(es.read(tmp_path / "tax.csv"))
    from_frame = es.solve(frame, str(frame.columns[-1]))
    assert from_file.value == from_text.value == from_frame.value == 6
    assert from_file.network == from_text.network == from_frame.network
    digests = {s.problem.dataset.digest for s in (from_file, from_text, from_frame)}
    assert len(digests) == 1
    dyadic = es.solve(frame.iloc[:, 0], frame.iloc[:, 1], floats="binary")
    assert dyadic.value == es.solve(es.read(source, floats="binary")).value == 11


def test_an_unknown_way_to_read_floats_is_refused() -> None:
    with pytest.raises(es.ProblemError, match="floats must be one of 'decimal', 'binary'"):
        es.solve([0, 1], [0, 1], floats="dyadic")
    with pytest.raises(es.ProblemError, match=r"exactsparse\.read"):
        es.solve(es.Dataset.from_arrays([0, 1], [0, 1]), floats="decimal")


def wild(draw: np.random.Generator, kind: int, n: int) -> np.ndarray:
    """Numbers near which differences, quotients or readings lose their digits."""
    if kind == 0:
        return draw.normal(size=n)
    if kind == 1:
        return draw.integers(-5, 6, n) * 0.1 + draw.integers(0, 2, n) * 1e-17
    if kind == 2:
        return 1 + draw.integers(0, 9, n) * 2.0**-52
    if kind == 3:
        return draw.normal(size=n) * 10.0 ** draw.integers(-320, 308, n)
    return draw.integers(-3, 4, n) * 5e-324


@pytest.mark.parametrize("x_kind", range(5))
@pytest.mark.parametrize("y_kind", range(5))
def test_signs_are_those_of_the_decimals(x_kind: int, y_kind: int) -> None:
    draw = np.random.default_rng(10 * x_kind + y_kind)
    x = np.unique(wild(draw, x_kind, 300))
    y = wild(draw, y_kind, len(x))
    if len(x) < 3:
        return
    for rounded in ((True, True), (True, False), (False, True)):
        columns = [Column(values, rounded=off) for values, off in zip((x, y), rounded, strict=True)]
        with np.errstate(all="ignore"):
            signs, slopes, poor = read_curvature_signs(*columns, 1e-4)
            errors = np.empty(len(slopes))
            reading_errors(x, y, *reading_offs(*columns), slopes, errors)
        exact = [[c.unscaled(i) for i in range(len(x))] for c in columns]
        objects = [np.array(values, dtype=object) for values in exact]
        assert signs.tolist() == curvature_signs(*objects).tolist()
        for gap in range(len(x) - 1):
            rise, run = (objects[k][gap + 1] - objects[k][gap] for k in (1, 0))
            if math.isfinite(errors[gap]):
                allowed = Fraction(errors[gap]) + 5 * abs(Fraction(slopes[gap])) / 2**53
                assert abs(rise / run - Fraction(slopes[gap])) <= allowed + Fraction(1, 2**1000)
        for i in np.flatnonzero(~poor[1:-1]) + 1:
            changes = [
                (y[i + 1] - y[i]) / (x[i + 1] - x[i]) - (y[i] - y[i - 1]) / (x[i] - x[i - 1])
                for x, y in (exact, [[Fraction(v) for v in c.values] for c in columns])
            ]
            assert abs(changes[0] - changes[1]) <= abs(changes[1]) * Fraction(1001, 10**7)


def test_half_a_unit_is_enough_and_less_is_not() -> None:
    """The decimal of a float just above a power of two may be half a unit away."""
    worst = Fraction(0)
    for k in range(2000):
        value = math.nextafter(1.0, 2) + k * 2.0**-52
        worst = max(worst, abs(by_text(value) - Fraction(value)) / Fraction(value))
    assert Fraction(HALF_UNIT) / 4 < worst <= Fraction(HALF_UNIT)


@pytest.mark.parametrize("p", [None, "1/2", "1"])
@pytest.mark.parametrize("seed", range(4))
def test_compiled_and_exact_ways_agree(
    p: str | None, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw = np.random.default_rng(seed)
    x = np.unique(wild(draw, (0, 1, 0, 2)[seed], 60))
    y = wild(draw, (0, 0, 1, 0)[seed], len(x))
    exact = es.solve(x, y, p=p)
    for module in ("points", "route", "matching", "piecewise_linear", "interpolation"):
        monkeypatch.setattr(f"exactsparse.routes.univariate.{module}.COMPILED_FROM", 3)
    compiled = es.solve(x, y, p=p)
    assert points_module.COMPILED_FROM == 3
    assert compiled.law.points.is_rounded
    assert compiled.law.shared.tolist() == exact.law.shared.tolist()
    assert compiled.network == exact.network
    assert compiled.value == pytest.approx(exact.value, rel=1e-9)
    positions, jumps = compiled.law.knot_arrays()
    for k, (position, jump) in enumerate(exact.law.knots()):
        assert float(jump) == pytest.approx(jumps[k], rel=1e-7)
        assert float(position) == pytest.approx(positions[k], rel=1e-7, abs=1e-12)
    for at in [*map(Fraction, x[:5]), *(by_text(float(v)) for v in x[:5]), Fraction(1, 7)]:
        assert compiled.law.evaluate(at) == exact.law.evaluate(at)


@pytest.mark.parametrize("seed", range(6))
def test_no_knot_has_fewer_digits_than_are_stated(seed: int) -> None:
    """Of lines in floats, whose slope changes are roundings; own knots and shared ones."""
    draw = np.random.default_rng(seed)
    x = np.sort(draw.random(2_500))
    y = np.round(np.abs(x - 0.5) * draw.normal(), 15 + seed % 3) + 0.3 * draw.normal() * x
    law = es.solve(x, y).law
    assert law.points.is_rounded and law.points.poor.any() and law.shared.any()
    positions, jumps = law.knot_arrays()
    for k, (position, jump) in enumerate(law.knots()):
        assert float(jump) == pytest.approx(jumps[k], rel=2e-4)
        point = int(law.knot_points[k])
        allowed = 2e-4 * float(law.points.x[point + 1] - law.points.x[point])
        assert float(position) == pytest.approx(positions[k], abs=allowed + 1e-15)
