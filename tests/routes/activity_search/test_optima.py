"""Optima within bounds: known ones, those of the oracle, and what must hold between problems."""

from __future__ import annotations

import json
import random
from fractions import Fraction
from pathlib import Path

import pytest

import exactsparse as es
from tests.oracles.multivariate_bands import sparsest_within

FIXTURES = Path(__file__).parents[2] / "fixtures"
CASES = list(map(json.loads, (FIXTURES / "bands_multivariate.jsonl").read_text().splitlines()))


def value_at(network: es.Network, point: list[Fraction]) -> Fraction:
    """Value by the definition."""
    total = Fraction(0)
    for neuron in network.neurons:
        height = sum((w * x for w, x in zip(neuron.weights, point, strict=True)), start=neuron.bias)
        total += neuron.output * max(height, Fraction(0))
    if network.skip is not None:
        total += network.skip.bias
        total += sum(w * x for w, x in zip(network.skip.weights, point, strict=True))
    return total


def cost(network: es.Network, objective: str) -> int:
    """Cost by the definition, of v (w, b) entry by entry."""
    counts = [
        sum(bool(n.output * entry) for entry in (*n.weights, n.bias)) for n in network.neurons
    ]
    return sum(counts) if objective == "parameters" else sum(map(bool, counts))


def check(solution: es.Solution, X: list, lower: list, upper: list, objective: str) -> None:
    """The network meets all bounds and costs what is said."""
    for point, low, high in zip(X, lower, upper, strict=True):
        value = value_at(solution.network, [Fraction(x) for x in point])
        assert low is None or Fraction(low) <= value
        assert high is None or value <= Fraction(high)
    assert cost(solution.network, objective) == solution.value


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
@pytest.mark.parametrize("objective", ["parameters", "neurons"])
def test_known_optimum(case: dict, objective: str) -> None:
    X, lower, upper = case["X"], case["lower"], case["upper"]
    known = case[objective]
    solution = es.solve(
        X, lower=lower, upper=upper, objective=objective, skip="none", time_limit=60
    )
    if known is None or known == "infeasible":
        assert solution.status == "infeasible"
        return
    assert solution.status == "optimal"
    assert solution.lower_bound == solution.value
    check(solution, X, lower, upper, objective)
    if isinstance(known, str):
        assert solution.value > int(known.removeprefix(">"))
    else:
        assert solution.value == known


def random_case(rng: random.Random, d: int) -> tuple[list, list, list]:
    """A few points of small integers, with bounds full of ties, some one-sided."""
    n = rng.randint(2, 5 if d < 3 else 4)
    X = [[Fraction(rng.randint(-3, 3)) for _ in range(d)] for _ in range(n)]
    lower: list[Fraction | None] = []
    upper: list[Fraction | None] = []
    for _ in range(n):
        middle, width = Fraction(rng.randint(-6, 6), 2), Fraction(rng.choice([0, 1, 1, 2, 4]), 4)
        lower.append(None if rng.random() < 0.1 else middle - width)
        upper.append(None if rng.random() < 0.1 else middle + width)
    return X, lower, upper


@pytest.mark.parametrize("seed", range(120))
def test_oracle(seed: int) -> None:
    rng = random.Random(seed)
    d = rng.choice([1, 2, 2, 2, 3])
    objective = rng.choice(["parameters", "parameters", "neurons"])
    skip = rng.choice(["none", "none", "affine"])
    X, lower, upper = random_case(rng, d)
    most = {("parameters", 2): 3, ("parameters", 3): 2}.get((objective, d), 2)
    solution = es.solve(
        X, lower=lower, upper=upper, objective=objective, skip=skip, method="tree", time_limit=60
    )
    known = sparsest_within(X, lower, upper, objective, skip, most)
    if solution.status == "infeasible":
        assert known is None
        return
    check(solution, X, lower, upper, objective)
    assert solution.status == "optimal"
    if known is None:
        assert solution.value > most
    else:
        assert solution.value == known


@pytest.mark.parametrize("seed", range(80))
def test_oracle_at_points_that_neurons_do_not_see(seed: int) -> None:
    """Points of many zeros and repeated coordinates, where heights are 0 whatever the weights."""
    rng = random.Random(seed)
    d, objective = rng.choice([2, 2, 3]), rng.choice(["parameters", "parameters", "neurons"])
    skip = rng.choice(["affine", "affine", "none"])
    n = rng.randint(4, 6 if d == 2 else 5)
    X = [[Fraction(rng.choice([0, 0, 1, 2, -1])) for _ in range(d)] for _ in range(n)]
    X = [list(point) for point in dict.fromkeys(map(tuple, X))]
    width = rng.choice([Fraction(0), Fraction(1, 4)])
    y = [Fraction(rng.randint(-1, 1)) for _ in X]
    lower, upper = [v - width for v in y], [v + width for v in y]
    solution = es.solve(
        X, lower=lower, upper=upper, objective=objective, skip=skip, method="tree", time_limit=60
    )
    most = 3 if objective == "parameters" and d == 2 else 2
    known = sparsest_within(X, lower, upper, objective, skip, most)
    assert solution.status == "optimal"
    assert solution.value == known or (known is None and solution.value > most)


@pytest.mark.parametrize("part", range(4))
def test_known_optima_of_labels(part: int) -> None:
    """What is known of exact problems, by another search."""
    lines = (FIXTURES / "search_oracle.jsonl").read_text().splitlines()
    assert len(lines) > 300
    for case in map(json.loads, lines[part::4]):
        X = [[Fraction(x) for x in row] for row in case["X"]]
        solution = es.solve(
            X,
            [Fraction(v) for v in case["y"]],
            objective=case["objective"],
            skip=case["skip"],
            method="tree",
            time_limit=60,
        )
        assert (solution.status, solution.value) == ("optimal", case["value"])


def test_a_first_row_of_zeros_excludes_no_turned_neuron() -> None:
    X, y = [[1, 2], [2, 0], [2, 1], [0, 0], [0, 2]], [1, -1, 1, -1, -1]
    for bounds in ({"y": y}, {"lower": y, "upper": y}):
        solution = es.solve(X, **bounds, objective="parameters", skip="affine", method="tree")
        assert solution.value == 2


@pytest.mark.parametrize("seed", range(15))
def test_a_wider_band_never_costs_more(seed: int) -> None:
    rng = random.Random(1000 + seed)
    X = [[rng.randint(-4, 4), rng.randint(-4, 4)] for _ in range(6)]
    y = [Fraction(rng.randint(-20, 20), 5) for _ in X]
    values = []
    for tolerance in ("2", "1", "1/2", "1/5"):
        solution = es.solve(X, y, tolerance=tolerance, time_limit=60)
        values.append(solution.value if solution.status == "optimal" else float("inf"))
    assert values == sorted(values)


@pytest.mark.parametrize("seed", range(12))
def test_bounds_that_are_labels_are_the_exact_problem(seed: int) -> None:
    rng = random.Random(2000 + seed)
    X = [[rng.randint(-4, 4), rng.randint(-4, 4)] for _ in range(4)]
    X = [list(point) for point in dict.fromkeys(map(tuple, X))]
    y = [rng.randint(-3, 3) for _ in X]
    for skip in ("none", "affine"):
        exact = es.solve(X, y, skip=skip, objective="parameters", method="search")
        within = es.solve(X, lower=y, upper=y, skip=skip, objective="parameters", method="tree")
        labels = es.solve(X, y, skip=skip, objective="parameters", method="tree")
        assert exact.value == within.value == labels.value


@pytest.mark.parametrize("seed", range(12))
def test_permuted_scaled_and_doubled_rows_cost_the_same(seed: int) -> None:
    rng = random.Random(3000 + seed)
    X = [[Fraction(rng.randint(-9, 9), 2), Fraction(rng.randint(-9, 9), 3)] for _ in range(5)]
    y = [Fraction(rng.randint(-9, 9), 2) for _ in X]
    first = es.solve(X, y, tolerance="1/3", objective="parameters")
    order = rng.sample(range(len(X)), len(X))
    permuted = es.solve([X[i][::-1] for i in order], [y[i] for i in order], tolerance="1/3")
    assert permuted.status == first.status
    if first.status == "infeasible":
        return
    assert permuted.value == first.value
    factor, stretch = Fraction(7, 10**6), [Fraction(10**9), Fraction(3, 10**7)]
    scaled = es.solve(
        [[x * s for x, s in zip(row, stretch, strict=True)] for row in X],
        [factor * label for label in y],
        tolerance=factor / 3,
    )
    assert scaled.value == first.value
    # Of equal rows the bounds are intersected.
    low, high = [v - Fraction(1, 3) for v in y], [v + Fraction(1, 3) for v in y]
    doubled = es.solve(
        [*X, *X],
        lower=[*low, *[None] * len(X)],
        upper=[*[None] * len(X), *high],
        objective="parameters",
    )
    assert doubled.value == first.value
