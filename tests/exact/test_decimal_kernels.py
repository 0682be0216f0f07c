"""Shortest decimals and decisions on them in integers, against repr and against rationals."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exactsparse.exact.decimal_kernels import (
    UNDECIDED,
    decimal_knots,
    decimal_signs,
    decimal_slope_change,
    shortest_decimals,
)
from exactsparse.exact.orientation import HALF_UNIT
from exactsparse.exact.reading_kernels import read_determinants

FLOATS = st.floats(allow_nan=False, allow_infinity=False)
POWERS = 2.0 ** np.arange(-1074, 1024)
FAMILIES = {
    "powers of two": POWERS,
    "below powers of two": np.nextafter(POWERS, 0),
    "above powers of two": np.nextafter(POWERS[:-1], np.inf),
    "powers of ten": np.array([float(f"1e{k}") for k in range(-323, 309)]),
    "subnormal": np.arange(1, 2000) * 5e-324,
    "whole": np.concatenate(
        [2.0**53 + np.arange(-20, 21) * 2, 2.0**63 + np.arange(-9, 10) * 2048.0]
    ),
    "bits": np.random.default_rng(0).integers(0, 0x7FF << 52, 20_000).view(np.float64),
    "short": np.random.default_rng(1).integers(1, 10**6, 5_000) / 1e3,
    "zero": np.array([0.0, -0.0]),
}


def by_repr(value: float) -> Fraction:
    return Fraction(Decimal(repr(value)))


@pytest.mark.parametrize("family", FAMILIES)
def test_decimals_are_those_that_repr_prints(family: str) -> None:
    values = np.concatenate([FAMILIES[family], -FAMILIES[family]])
    digits, exponents = np.empty((2, len(values)), dtype=np.int64)
    shortest_decimals(values, digits, exponents)
    for value, m, k in zip(values.tolist(), digits.tolist(), exponents.tolist(), strict=True):
        assert Decimal(repr(value)) == Decimal(m).scaleb(k)
        assert abs(m) < 10**17 and (m % 10 or not m)


@given(st.lists(FLOATS, min_size=1, max_size=50))
def test_decimals_of_any_floats(values: list[float]) -> None:
    digits, exponents = np.empty((2, len(values)), dtype=np.int64)
    shortest_decimals(np.array(values), digits, exponents)
    for value, m, k in zip(values, digits.tolist(), exponents.tolist(), strict=True):
        assert Decimal(repr(value)) == Decimal(m).scaleb(k)


def readings(x: np.ndarray, y: np.ndarray, read_x: bool, read_y: bool) -> list[list[Fraction]]:
    """The numbers that coordinates stand for."""
    return [
        [by_repr(v) if read else Fraction(v) for v in values.tolist()]
        for values, read in ((x, read_x), (y, read_y))
    ]


def exact_change(points: list[list[Fraction]], i: int) -> Fraction:
    x, y = points
    return (y[i + 1] - y[i]) / (x[i + 1] - x[i]) - (y[i] - y[i - 1]) / (x[i] - x[i - 1])


def sign(value: Fraction) -> int:
    return (value > 0) - (value < 0)


def straight(draw: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Decimals on lines, among them numbers of 16 and 17 digits: ties that only digits show."""
    x = np.cumsum(draw.integers(1, 9, n))
    y = 3 * x + draw.integers(0, 2, n) * (draw.random(n) < 0.3)
    return np.array([float(f"{v}e-2") for v in x]), np.array([float(f"{v}e-17") for v in y])


def near(draw: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Lines in floats, off by their rounding."""
    x = np.sort(draw.random(n))
    return x, 0.3 * x + 0.1


def around(centre: float, unit: float) -> Callable[..., tuple[np.ndarray, np.ndarray]]:
    def made(draw: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
        x = centre + unit * np.cumsum(draw.integers(1, 4, n))
        return x, centre + unit * draw.integers(-4, 5, n)

    return made


def scattered(draw: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    x = np.sort(draw.normal(size=n) * 10.0 ** draw.integers(-300, 300, n))
    return x, draw.normal(size=n) * 10.0 ** draw.integers(-300, 300, n)


def tiny(draw: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    return np.cumsum(draw.integers(1, 4, n)) * 5e-324, draw.integers(-5, 6, n) * 5e-324


def whole_labels(draw: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    x, y = straight(draw, n)
    return x, np.rint(100 * x) * 7 + draw.integers(0, 2, n)


TABLES = {
    "straight": straight, "near": near, "scattered": scattered, "subnormal": tiny,
    "whole labels": whole_labels, "at 1": around(1.0, 2.0**-52), "at 2^53": around(2.0**53, 2.0),
    "at 2^63": around(2.0**63, 2048.0), "huge": around(1e300, 2.0**944),
    "small": around(1e-300, 2.0**-1049),
}  # fmt: skip


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(("read_x", "read_y"), [(True, True), (True, False), (False, True)])
def test_only_true_signs_are_decided(table: str, read_x: bool, read_y: bool) -> None:
    draw, tested = np.random.default_rng(7), 0
    for _ in range(20):
        x, y = TABLES[table](draw, 40)
        keep = np.concatenate(([True], np.diff(x) > 0))
        x, y = x[keep], y[keep]
        points = readings(x, y, read_x, read_y)
        exact = [sign(exact_change(points, i)) for i in range(1, len(x) - 1)]
        integers, filtered = np.zeros((2, len(exact)), dtype=np.int8)
        left = decimal_signs(x, y, read_x, read_y, integers)
        assert left == (integers == UNDECIDED).sum()
        off = [HALF_UNIT if read else 0.0 for read in (read_x, read_y)]
        with np.errstate(all="ignore"):
            read_determinants(x, y, *off, filtered, 1)
        for found, none in ((integers, UNDECIDED), (filtered, 0)):
            decided = np.flatnonzero(found != none)
            assert found[decided].tolist() == [exact[i] for i in decided]
        if table not in ("scattered", "near") and read_x and read_y:
            assert left == 0
        tested += len(exact) - left
    # A test of answers that are never given would not fail.
    assert tested or not read_x or not (read_y or table == "whole labels")


def test_signs_that_are_decided_already_stay() -> None:
    x, y = np.arange(5.0), np.array([0.0, 1.0, 0.0, 1.0, 2.0])
    signs = np.array([1, 0, -1], dtype=np.int8)
    assert decimal_signs(x, y, True, True, signs) == 0
    assert signs.tolist() == [1, 1, -1]


@pytest.mark.parametrize("table", TABLES)
def test_slope_changes_have_their_digits(table: str) -> None:
    draw, known = np.random.default_rng(3), 0
    for _ in range(10):
        x, y = TABLES[table](draw, 40)
        keep = np.concatenate(([True], np.diff(x) > 0))
        x, y = x[keep], y[keep]
        points = readings(x, y, True, True)
        knots = np.arange(1, len(x) - 1)
        positions, jumps = np.full((2, len(knots)), np.nan)
        shared = np.zeros(len(x), dtype=bool)
        decimal_knots(x, y, True, True, knots, shared, knots - 1, positions, jumps)
        assert positions.tolist() == x[1:-1].tolist()
        for i in knots.tolist():
            found = decimal_slope_change(x, y, True, True, i)
            assert found == jumps[i - 1] or math.isnan(found)
            if not math.isnan(found):
                change = exact_change(points, i)
                assert abs(Fraction(found) - change) <= abs(change) / 2**48
                known += 1
    assert known or table == "scattered"
