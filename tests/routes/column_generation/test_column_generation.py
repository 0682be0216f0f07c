"""The least ℓ¹ path norm: against brute force, against the univariate law, and under changes."""

from __future__ import annotations

import random
from fractions import Fraction

import numpy as np
import pytest

import exactsparse as es
from exactsparse.problem.problem import Problem
from exactsparse.progress import COMPILING, WORK_CLOCK, Deadline, silent
from exactsparse.routes.column_generation.pricing import RayPricing
from exactsparse.routes.column_generation.route import RaysSolution
from exactsparse.routes.column_generation.route import solve as solve_rays
from tests.oracles.path_norm import least_path_norm
from tests.routes.rank_search.families import FAMILIES, Data

CASES = [
    pytest.param(family, 7000 + seed, ("none", "affine")[seed % 2], id=f"{family}-{seed}")
    for family in FAMILIES
    for seed in range(6)
]


def solve(X: list[list[Fraction]], y: list[Fraction], skip: str = "none") -> RaysSolution:
    dataset = es.Dataset.from_arrays(X, y)
    if dataset.n_features == 1 and skip == "affine":
        # A second feature that is always 0: the law of the first one, biases penalised.
        return solve([[*row, Fraction(0)] for row in X], y, skip)
    solution = solve_rays(Problem(dataset, "path_norm", Fraction(1), skip))
    check(solution, X, y)
    return solution


def check(solution: RaysSolution, X: list[list[Fraction]], y: list[Fraction]) -> None:
    """Interpolation and cost from scratch; the bound below it."""
    network = solution.network
    assert [network.evaluate(row) for row in X] == y
    cost = norm(network)
    bound = solution.bound
    assert bound <= cost
    assert solution.cost == cost
    assert (solution.status == "optimal") == (bound == cost)


def norm(network: es.Network) -> Fraction:
    total = Fraction(0)
    for neuron in network.neurons:
        total += sum(abs(neuron.output * w) for w in [*neuron.weights, neuron.bias])
    return total


@pytest.mark.parametrize(("family", "seed", "skip"), CASES)
def test_against_brute_force(family: str, seed: int, skip: str) -> None:
    X, y = FAMILIES[family](seed)
    if len(X[0]) == 1 and skip == "affine":
        X = [[*row, Fraction(0)] for row in X]
    solution = solve(X, y, skip)
    assert solution.status == "optimal"
    assert float(solution.value) == pytest.approx(least_path_norm(X, y, skip), rel=1e-7, abs=1e-9)
    assert len(solution.network.neurons) <= len(X)


@pytest.mark.parametrize(("family", "seed", "skip"), CASES)
def test_what_does_not_change_the_value_or_only_raises_it(
    family: str, seed: int, skip: str
) -> None:
    X, y = FAMILIES[family](seed)
    rng = random.Random(seed)
    value = exact(X, y, skip)
    rows, columns = list(range(len(X))), list(range(len(X[0])))
    rng.shuffle(rows)
    rng.shuffle(columns)
    assert exact([[X[i][c] for c in columns] for i in rows], [y[i] for i in rows], skip) == value
    assert exact([*X, X[0]], [*y, y[0]], skip) == value
    assert exact([[*row, Fraction(0)] for row in X], y, skip) == value
    for factor in (Fraction(2) ** 40, -(Fraction(2) ** -40)):
        assert exact(X, [factor * t for t in y], skip) == abs(factor) * value
    assert exact([[-t for t in row] for row in X], y, skip) == value
    values = [exact(X[:n], y[:n], skip) for n in range(1, len(X) + 1)]
    assert values == sorted(values)
    assert exact(X, y, "affine") <= exact(X, y, "none")


def exact(X: list[list[Fraction]], y: list[Fraction], skip: str) -> Fraction:
    """The value as a point: small instances leave no interval."""
    cost = solve(X, y, skip).cost
    assert isinstance(cost, Fraction)
    return cost


@pytest.mark.parametrize("seed", range(12))
def test_approaches_the_univariate_path_norm_from_above(seed: int) -> None:
    """Stretching the axis by 1/ε makes biases dear, shrinking makes them free: a limit."""
    X, y = FAMILIES["d1"](seed)
    least = es.solve([row[0] for row in X], y, p=1).value
    for shift in (0, 20, 40):
        scale = Fraction(2) ** -shift
        value = scale * exact([[t * scale for t in row] for row in X], y, "affine")
        # Each unit moved to its knot: |w| (1 + |knot| scale).
        reach = max(abs(row[0]) for row in X) * scale
        assert least <= value <= least * (1 + reach)


def test_front_door() -> None:
    X = [[0, 0], [0, 1], [1, 0], [1, 1]]
    for method in ("auto", "rays"):
        solution = es.solve(X, [0, 1, 1, 0], p=1, method=method)
        assert isinstance(solution, es.RaysSolution)
        assert solution.status == "optimal"
        assert solution.value == solution.lower_bound
    data = solution.to_json()
    assert data["method"] == "rays"
    assert data["objective"]["kind"] == "path_norm"
    assert es.solve([0, 1, 3], [0, 1, 1], p=1, skip="none").method == "rays"
    for options, message in (
        (
            {"p": 0.5, "skip": "affine"},
            "no method solves the path norm with p = 1/2 with skip 'affine' of 2 features",
        ),
        ({"p": 1, "method": "search"}, "counts parameters or neurons, .* use method 'rays'"),
        ({"method": "rays"}, "of two features or more"),
        ({"p": 1, "method": "cuts"}, "counts parameters or neurons, .* use method 'rays'"),
    ):
        with pytest.raises(es.UnsupportedProblemError, match=message):
            es.solve(X, [0, 1, 1, 0], **options)
    with pytest.raises(es.ProblemError, match="but it is 'milp\\?'"):
        es.solve(X, [0, 1, 1, 0], p=1, method="milp?")
    with pytest.raises(es.UnsupportedProblemError, match="of two features or more"):
        es.solve([0, 1, 3], [0, 1, 1], p=1, method="rays")


def random_data(n: int, d: int) -> Data:
    rng = np.random.default_rng(n + d)
    X = [[Fraction(v) for v in row] for row in rng.uniform(-1, 1, (n, d)).tolist()]
    return X, [Fraction(v) for v in rng.normal(size=n).tolist()]


def test_float_data_with_many_rows_end_as_a_point() -> None:
    X, y = random_data(40, 3)
    assert solve(X, y).status == "optimal"
    assert isinstance(solve(X, y, "affine").cost, Fraction)


@pytest.mark.parametrize("seconds", [1e-9, 0.3, 1.0])
def test_a_stop_keeps_an_interpolant_and_a_bound(seconds: float) -> None:
    X, y = random_data(120, 4)
    problem = Problem(es.Dataset.from_arrays(X, y), "path_norm", Fraction(1), "none")
    solution = solve_rays(problem, Deadline(seconds), silent)
    check(solution, X, y)
    assert solution.status == "feasible"
    assert 0 < solution.bound < solution.cost
    assert solution.seconds < seconds + 2


def test_an_interrupt_keeps_an_interpolant_and_a_bound() -> None:
    X, y = random_data(30, 3)

    def interrupt(task: str, done: int, total: int) -> None:
        raise KeyboardInterrupt

    problem = Problem(es.Dataset.from_arrays(X, y), "path_norm", Fraction(1), "none")
    solution = solve_rays(problem, Deadline(interrupts_count=True), interrupt)
    check(solution, X, y)
    assert solution.status == "feasible"


def test_what_is_not_quite_optimal_is_not_called_so() -> None:
    """Floats stop beside the best basis, by one part in 10⁹."""
    X = [["-1/1000000000"], ["1999999999/1000000000"], ["-100000003/100000000"]]
    solution = es.solve(X, ["-3", "-3", "0"], p=1, skip="none")
    least = Fraction(285714290, 47619049)
    assert solution.lower_bound <= least <= solution.value
    assert solution.status == ("optimal" if solution.value == least else "feasible")
    assert float(solution.value) == pytest.approx(float(least))


def test_compiling_is_no_reason_to_end_early(monkeypatch: pytest.MonkeyPatch) -> None:
    """Slow compiling was taken for slow pricing: many times that was set aside for a proof."""
    improving, moment = RayPricing.improving, [100.0]

    def compiled_first(*args: object) -> object:
        WORK_CLOCK.pause(COMPILING)
        moment[0] += 90
        WORK_CLOCK.resume()
        return improving(*args)

    monkeypatch.setattr("time.monotonic", lambda: moment[0])
    monkeypatch.setattr(RayPricing, "improving", compiled_first)
    X, y = [[0, 0], [1, 0], [0, 1], [1, 1], [2, 1]], [0, 1, 1, 0, 2]
    assert es.solve(X, y, p=1, time_limit=10).status == "optimal"
