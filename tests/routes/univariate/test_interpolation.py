"""Laws are evaluated at every point before they become solutions, whatever made them."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import exactsparse as es
from exactsparse.problem.dataset import Dataset
from exactsparse.routes.univariate import interpolation, route
from exactsparse.routes.univariate.interpolation import (
    meets_all_points,
    network_meets_all_points,
)
from exactsparse.routes.univariate.piecewise_linear import PiecewiseLinear
from exactsparse.routes.univariate.points import Points

PEAK = [-2, -1, 0, 1, 2, 3], [0, 0, 1, 1, 0, 0]


def data(n: int, kind: str) -> tuple[np.ndarray, np.ndarray]:
    draw = np.random.default_rng(n)
    x = np.arange(n, dtype=float)
    if kind == "generic":
        return np.cumsum(draw.random(n) + 0.01), draw.standard_normal(n)
    if kind == "lines":
        # Most points have no knot; some neighbours share one.
        return x, np.cumsum(np.cumsum(draw.integers(-1, 2, n) * (draw.random(n) < 0.3))).astype(
            float
        )
    if kind == "large integers":
        # Products just below and above 2**53.
        return x * 2.0**24, np.cumsum(draw.integers(2, 5, n)) * 2.0**26 * (1 + (x > n / 2))
    if kind in ("overflow", "underflow"):
        # Products beyond float64, or below its normal numbers.
        size = 2.0**900 if kind == "overflow" else 2.0**-1060
        return x * size, draw.integers(-2, 3, n) * size
    # Differences with rounding errors: only rationals decide.
    return x + 2.0**40, (x + 2.0**40) * 3 + np.where(x % 7 == 0, 2.0**-9, 0)


@pytest.mark.parametrize(
    "kind", ["generic", "lines", "large integers", "overflow", "underflow", "cancelled"]
)
@pytest.mark.parametrize("n", [1, 2, 3, 40, 1999, 2000])
def test_every_way_to_spoil_a_law_is_seen(
    n: int, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(interpolation, "_CHUNK", 1500)
    points = Points.from_dataset(Dataset.from_arrays(*data(n, kind)))
    law = es.solve(points.dataset).law
    assert meets_all_points(law)
    change = [0, *(points.slope(i) - points.slope(i - 1) for i in range(1, n - 1)), 0]
    exact = [(c > 0) - (c < 0) for c in change]
    draw = np.random.default_rng(1)
    for i in {0, n - 1, max(n - 2, 0), *draw.integers(0, n, 12).tolist()}:
        for spoilt in _spoilt(law, i):
            assert meets_all_points(spoilt) == _meets_slowly(spoilt, exact)


def _spoilt(law: PiecewiseLinear, i: int) -> list[PiecewiseLinear]:
    shared = law.shared.copy()
    shared[i] = ~shared[i]
    spoilt = [PiecewiseLinear(law.points, shared)]
    for sign in (-1, 0, 1):
        signs = law.points.signs.copy()
        signs[i] = sign
        spoilt.append(PiecewiseLinear(replace(law.points, signs=signs), law.shared))
    return spoilt


def _meets_slowly(law: PiecewiseLinear, exact: list[int]) -> bool:
    """Point by point: on the lines next to it, which meet between points that share a knot."""
    n, signs, shared = len(law.points), law.points.signs.tolist(), law.shared.tolist()
    if signs[0] or signs[-1] or any(shared[i] for i in {0, max(n - 2, 0), n - 1}):
        return False
    for i in range(1, n - 1):
        if shared[i] and (shared[i + 1] or not signs[i] or signs[i] != signs[i + 1]):
            return False
        if (shared[i] or shared[i - 1] or not signs[i]) and signs[i] != exact[i]:
            return False
    return True


def wrong_matching(signs: np.ndarray) -> np.ndarray:
    shared = np.zeros(len(signs), dtype=bool)
    shared[1:-2:2] = True
    return shared


@pytest.mark.parametrize("options", [{}, {"p": 1}, {"p": "1/2"}], ids=str)
@pytest.mark.parametrize("n", [6, 3000])
def test_a_wrong_matching_is_not_optimal(
    options: dict, n: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    x, y = PEAK if n == 6 else data(n, "generic")
    best = es.solve(x, y, **options).value

    def matched(points: Points, *_: Any) -> route._Matched:
        law = PiecewiseLinear(points, wrong_matching(points.signs))
        return route._Matched(law, 2, None, None)

    monkeypatch.setattr(route, "cardinality_matching", wrong_matching)
    monkeypatch.setattr(route, "_match", matched)
    solution = es.solve(x, y, **options)
    assert (solution.status, solution.lower_bound, solution.unique) == ("feasible", 0, None)
    assert solution.value >= best
    assert "is discarded" in caplog.text
    points = solution.problem.dataset.canonical
    assert all(solution.law.evaluate(points.row(i)[0]) == points.row(i)[1] for i in range(6))


@pytest.mark.parametrize("n", [6, 3000])
def test_wrong_signs_are_not_optimal(n: int, monkeypatch: pytest.MonkeyPatch) -> None:
    x, y = PEAK if n == 6 else data(n, "generic")
    right = Points.from_dataset

    def straight(*arguments: Any) -> Points:
        points = right(*arguments)
        return replace(points, signs=np.zeros_like(points.signs))

    monkeypatch.setattr(Points, "from_dataset", straight)
    solution = es.solve(x, y)
    assert (solution.status, solution.lower_bound) == ("feasible", 0)
    assert solution.value > 0


def test_the_network_of_a_law_is_evaluated(monkeypatch: pytest.MonkeyPatch) -> None:
    solution, write = es.solve(*PEAK), PiecewiseLinear.network
    monkeypatch.setattr(
        PiecewiseLinear, "network", lambda law: replace(write(law), neurons=write(law).neurons[1:])
    )
    with pytest.raises(AssertionError, match="misses a point"):
        _ = solution.network


def test_networks_of_one_feature_are_evaluated_in_rationals() -> None:
    solution = es.solve(*PEAK)
    points, network = solution.law.points, solution.network
    assert network_meets_all_points(network, points)
    tiny = Fraction(1, 10**40)
    first, *others = network.neurons
    moved = replace(first, bias=first.bias + tiny)
    scaled = replace(first, weights=(Fraction(2),))
    for neurons in ((moved, *others), (scaled, *others), tuple(reversed(network.neurons))):
        assert not network_meets_all_points(replace(network, neurons=neurons), points)
    assert not network_meets_all_points(replace(network, skip=None), points)
