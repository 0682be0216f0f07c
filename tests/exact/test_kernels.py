"""The compiled filters against exact arithmetic on data that is hard for floats."""

from __future__ import annotations

from fractions import Fraction

import flint
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import exactsparse as es
from exactsparse.exact.kernels import POWER_ERROR, powers
from exactsparse.exact.orientation import curvature_signs, float_curvature_signs
from exactsparse.exact.powers import ball_power
from exactsparse.problem.column import Column
from exactsparse.routes.univariate.points import Points
from tests.strategies import Data, any_data, near_collinear, wild_floats

Arrays = tuple[np.ndarray, np.ndarray]


def collinear_grid(rng: np.random.Generator, n: int) -> Arrays:
    x = np.cumsum(rng.integers(1, 5, n)).astype(float)
    return x, np.floor(x / 64) * 3.0 + x


def rounded_line(rng: np.random.Generator, n: int) -> Arrays:
    x = np.sort(rng.uniform(-1, 1, n))
    return x, 0.1 * x + 0.3


def dyadic_line(rng: np.random.Generator, n: int) -> Arrays:
    x = np.sort(rng.uniform(-1, 1, n))
    return x, 0.25 * x


def wild(rng: np.random.Generator, n: int) -> Arrays:
    x = np.unique(rng.uniform(-1, 1, n) * 10.0 ** rng.uniform(-308, 308, n))
    return x, rng.uniform(-1, 1, len(x)) * 10.0 ** rng.uniform(-320, 308, len(x))


def subnormal(rng: np.random.Generator, n: int) -> Arrays:
    return np.arange(n) * 5e-324, rng.integers(-3, 4, n) * 5e-324


def parabola(rng: np.random.Generator, n: int) -> Arrays:
    x = np.linspace(0, 1, n)
    return x, x * x


def noise(rng: np.random.Generator, n: int) -> Arrays:
    return np.unique(rng.uniform(0, 1, n)), rng.normal(size=len(np.unique(rng.uniform(0, 1, n))))


FAMILIES = [collinear_grid, rounded_line, dyadic_line, wild, subnormal, parabola]


def objects(values: np.ndarray) -> np.ndarray:
    return Column(values).to_objects().values


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("seed", range(3))
def test_signs_of_long_arrays_are_exact(family: object, seed: int) -> None:
    x, y = family(np.random.default_rng(seed), 1500)
    signs, _ = float_curvature_signs(x, y)
    assert (signs == curvature_signs(objects(x), objects(y))).all()


@settings(max_examples=200)
@given(st.one_of(wild_floats(), near_collinear(), any_data()))
def test_signs_of_short_arrays_are_exact(data: Data) -> None:
    x, y = (np.array([float(v) for v in column]) for column in data)
    keep = np.concatenate(([True], x[1:] > x[:-1]))
    x, y = x[keep], y[keep]
    signs, _ = float_curvature_signs(x, y)
    assert (signs == curvature_signs(objects(x), objects(y))).all()


@pytest.mark.parametrize("p", [1e-9, 0.1, 0.5, 0.999])
def test_powers_are_within_their_bound(p: float) -> None:
    rng = np.random.default_rng(0)
    values = np.concatenate((2.0 ** rng.uniform(-900, 900, 2000), 1 + rng.normal(size=500) * 1e-9))
    values = np.concatenate((values, [1.0, 0.5, 2.0, np.sqrt(0.5), np.nextafter(np.sqrt(0.5), 0)]))
    result = np.empty(len(values))
    powers(values, p, result)
    with flint.ctx.workprec(128):
        for value, approximate in zip(values.tolist(), result.tolist(), strict=True):
            exact = ball_power(Fraction(value), Fraction(p))
            assert abs(flint.arb(approximate) / exact - 1) < POWER_ERROR


def both_paths(x: np.ndarray, y: np.ndarray, p: str, monkeypatch: pytest.MonkeyPatch) -> tuple:
    compiled = es.solve(x, y, p=p)
    for module in ("points", "route", "matching", "piecewise_linear"):
        monkeypatch.setattr(f"exactsparse.routes.univariate.{module}.COMPILED_FROM", 10**9)
    exact = es.solve(x, y, p=p)
    monkeypatch.undo()
    return compiled, exact


@pytest.mark.parametrize("p", ["0", "1/10", "1/2", "0.97"])
@pytest.mark.parametrize("family", [*FAMILIES, noise])
def test_compiled_and_exact_route_agree(
    family: object, p: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    x, y = family(np.random.default_rng(7), 2500)
    y = y[: len(x)]
    x = x[: len(y)]
    assert len(x) > 2000
    compiled, exact = both_paths(x, y, p, monkeypatch)
    assert Points.from_dataset(compiled.problem.dataset).is_float64
    assert compiled.status == exact.status == "optimal"
    assert (compiled.law.shared == exact.law.shared).all()
    assert compiled.unique == exact.unique
    if compiled.value_enclosure:
        assert compiled.cost.overlaps(exact.cost)
        width = compiled.value_enclosure.upper - compiled.value_enclosure.lower
        assert width <= Fraction(1, 10**9) * exact.value_enclosure.upper
    else:
        assert compiled.value == exact.value


def test_scaled_integers_take_the_compiled_route() -> None:
    rng = np.random.default_rng(1)
    cells = [f"{k / 100:.2f}" for k in np.cumsum(rng.integers(1, 50, 2500)).tolist()]
    labels = [f"{k / 1000:.3f}" for k in rng.integers(-5000, 5000, 2500).tolist()]
    solution = es.solve(cells, labels, p="1/2")
    assert solution.law.points.is_float64
    exact = solution.law.power_sum(Fraction(1, 2))
    assert solution.value_enclosure.lower <= exact.lower
    assert exact.upper <= solution.value_enclosure.upper
    positions, jumps = solution.law.knot_arrays()
    for k, (position, jump) in enumerate(solution.law.knots()):
        assert positions[k] == pytest.approx(float(position), rel=1e-9)
        assert jumps[k] == pytest.approx(float(jump), rel=1e-6)


def test_underflow_inside_a_quotient_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A slope change whose first division underflows although the second brings it back."""
    flat = 2.1701135991318467e-233
    x = [-4.3556142965880123e40, 0.0, 4.909093465297727e-91, *map(float, range(1, 2098))]
    y = [1.4169024649975573e-178, 0.0, *[-1.596951924171174e-309] * 2, *[flat] * 2096]
    compiled, exact = both_paths(np.array(x), np.array(y), "1/2", monkeypatch)
    assert (compiled.law.shared == exact.law.shared).all()
    assert compiled.cost.overlaps(exact.cost)


@pytest.mark.parametrize("power", [-320, -40, -1, 0])
def test_knot_arrays_of_scaled_decimals(power: int) -> None:
    rng = np.random.default_rng(0)
    x = [f"{k}e-1" for k in range(2100)]
    y = [f"{k}e{power}" for k in rng.integers(0, 10**15, 2100).tolist()]
    law = es.solve(x, y).law
    assert law.points.is_float64
    positions, jumps = law.knot_arrays()
    for k, (position, jump) in enumerate(law.knots()):
        assert jumps[k] == pytest.approx(float(jump), rel=1e-8)
        if not law.shared[law.knot_points[k]]:
            assert positions[k] == float(position)
