"""Least tolerances for a cost: against the oracle from both sides, and what holds between them."""

from __future__ import annotations

import random
import re
from fractions import Fraction

import pytest

import exactsparse as es
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.problem import Problem
from exactsparse.progress import Deadline
from exactsparse.routes.activity_search import least_tolerance
from exactsparse.routes.activity_search.exact_path import settle
from exactsparse.routes.activity_search.exact_tolerance import farthest, labels_of, least_within
from exactsparse.routes.activity_search.improvement import nearest_affine
from exactsparse.routes.activity_search.kinds import Kind
from exactsparse.solution import Solution
from tests.oracles.multivariate_bands import sparsest_within
from tests.routes.activity_search.test_optima import cost, value_at

X = [[0, 0], [0, 1], [1, 0], [1, 1]]
Y = ["0.02", "0.98", "1.01", "-0.03"]


def attained(solution: Solution, points: list, labels: list) -> Fraction:
    """Largest residual by the definition."""
    values = [value_at(solution.network, [Fraction(x) for x in point]) for point in points]
    return max(abs(v - Fraction(y)) for v, y in zip(values, labels, strict=True))


def random_table(rng: random.Random, d: int, n: int) -> tuple[list, list]:
    points = [[Fraction(rng.randint(-3, 3)) for _ in range(d)] for _ in range(n)]
    return points, [Fraction(rng.randint(-8, 8), 4) for _ in range(n)]


@pytest.mark.parametrize("seed", range(90))
def test_oracle(seed: int) -> None:
    """At the tolerance the cost suffices, and a little below it does not."""
    rng = random.Random(seed)
    d = rng.choice([1, 2, 2, 2, 3])
    counted = rng.choice(["parameters", "parameters", "neurons"])
    skip = "none" if d == 1 else rng.choice(["none", "none", "affine"])
    points, labels = random_table(rng, d, rng.randint(2, 5 if d < 3 else 4))
    most = rng.randint(0, 3 if (counted, d) == ("parameters", 2) else 2)
    solution = es.solve(points, labels, skip=skip, time_limit=60, **{counted: most})
    assert solution.status == "optimal"
    assert solution.value == solution.lower_bound == solution.tolerance
    assert attained(solution, points, labels) == solution.value
    assert cost(solution.network, counted) <= most
    for factor, enough in ((Fraction(1), True), (1 - Fraction(1, 10**9), False)):
        width = solution.value * factor
        if not enough and not width:
            continue
        lower, upper = [v - width for v in labels], [v + width for v in labels]
        known = sparsest_within(points, lower, upper, counted, skip, most)
        assert (known is not None) == enough


@pytest.mark.parametrize("seed", range(8))
def test_falls_and_is_the_other_side_of_the_least_cost(seed: int) -> None:
    rng = random.Random(500 + seed)
    points, labels = random_table(rng, 2, 7)
    skip = rng.choice(["none", "affine"])
    found = [es.solve(points, labels, parameters=k, skip=skip, time_limit=60) for k in range(5)]
    values = [solution.value for solution in found]
    assert all(solution.status == "optimal" for solution in found)
    assert values == sorted(values, reverse=True)
    for k, value in enumerate(values):
        if not value:
            break
        within = es.solve(points, labels, tolerance=value, objective="parameters", skip=skip)
        assert within.value == values.index(value) <= k
        below = es.solve(
            points, labels, tolerance=value * Fraction(999_999, 10**6), objective="parameters",
            skip=skip,
        )  # fmt: skip
        assert below.status == "infeasible" or below.value > k


@pytest.mark.parametrize("seed", range(6))
def test_scaled_turned_and_doubled_tables(seed: int) -> None:
    rng = random.Random(600 + seed)
    points, labels = random_table(rng, 2, 6)
    value = es.solve(points, labels, parameters=3).value
    factor = Fraction(-7, 10**5)
    scaled = es.solve(
        [[x * 9, y / 7] for x, y in points], [factor * v for v in labels], parameters=3
    )
    assert scaled.value == abs(factor) * value
    order = rng.sample(range(6), 6)
    turned = es.solve([points[i][::-1] for i in order], [labels[i] for i in order], parameters=3)
    assert turned.value == value
    # Both ends of the tolerance as labels of one point need twice as much at their middle.
    apart = Fraction(1, 3)
    doubled = es.solve(
        points * 2, [v - apart for v in labels] + [v + apart for v in labels], parameters=3
    )
    assert doubled.value == value + apart


def test_labels_of_equal_points_need_their_tolerance() -> None:
    solution = es.solve([[0, 1], [0, 1], [1, 0]], [0, 3, 1], parameters=9)
    assert (solution.status, solution.value) == ("optimal", Fraction(3, 2))


def test_more_than_any_network_needs() -> None:
    rng = random.Random(8)
    points = [[rng.randint(-99, 99), rng.randint(-99, 99)] for _ in range(50)]
    labels = [rng.randint(-9, 9) for _ in points]
    for counted in ("parameters", "neurons"):
        solution = es.solve(points, labels, **{counted: 10**20})
        assert (solution.status, solution.value) == ("optimal", 0)
    assert es.tradeoff(points[:4], labels[:4], parameters=10**20)[-1].tolerance == 0


def test_one_feature_without_an_affine_part() -> None:
    x, y = [0, 1, 2, 3], [0, 1, 0, 1]
    solution = es.solve(x, y, neurons=2, skip="none")
    assert solution.method == "tree"
    assert solution.status == "optimal"
    knots = es.solve(x, y, neurons=1)
    assert knots.value == es.solve(x, y, knots=1).value
    assert knots.method == "univariate"


def test_words() -> None:
    about = es.solve(X, Y, parameters=4).to_json()
    assert about["objective"] == {
        "kind": "tolerance", "p": None, "skip": "none", "tolerance": None, "parameters": 4,
    }  # fmt: skip
    assert about["value"] == about["lower_bound"] == "1/50"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"parameters": 3, "neurons": 2}, "parameters and neurons exclude each other"),
        ({"parameters": 3, "tolerance": 1}, "leave objective, p, tolerance and shape out"),
        ({"parameters": 3, "objective": "neurons"}, "leave objective"),
        ({"neurons": 3, "p": 1}, "leave objective"),
        ({"parameters": -1}, "parameters must not be negative"),
        ({"parameters": 1.5}, "parameters must be a whole number"),
        ({"parameters": 2, "method": "search"}, "use method 'tree'"),
        ({"parameters": 2, "checkpoint": "work"}, "does not use checkpoint"),
        ({"knots": 2}, "parameters=K) or neurons"),
    ],
)
def test_refusals(options: dict, message: str) -> None:
    with pytest.raises(es.ExactSparseError, match=re.escape(message)):
        es.solve(X, Y, **options)


def test_intervals_are_refused() -> None:
    with pytest.raises(es.ProblemError, match="its own interval"):
        es.solve(X, lower=[0] * 4, upper=[1] * 4, parameters=2)


def test_a_stopped_search_encloses_the_least_tolerance() -> None:
    rng = random.Random(7)
    points = [[Fraction(rng.randint(-99, 99), 10) for _ in range(3)] for _ in range(60)]
    labels = [Fraction(rng.randint(-99, 99), 10) for _ in points]
    told: list[str] = []
    solution = es.solve(
        points, labels, parameters=9, time_limit=2, progress=lambda task, *_: told.append(task)
    )
    assert solution.status == "feasible"
    assert 0 <= solution.lower_bound < solution.value < max(map(abs, labels))
    assert attained(solution, points, labels) == solution.value
    assert any(
        re.match(r"least tolerance between \S+ and \S+: no nearer network of \d", task)
        for task in told
    )


def test_an_interrupted_search_returns_what_it_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(least_tolerance.LeastTolerances, "_try", interrupt)
    with pytest.raises(KeyboardInterrupt):
        es.solve(X, Y, parameters=3)
    stopped = es.solve(X, Y, parameters=3, on_interrupt="return")
    assert stopped.status == "feasible"
    assert stopped.lower_bound == 0 < stopped.value


@pytest.mark.parametrize("seed", range(20))
def test_least_tolerance_of_a_path(seed: int) -> None:
    """The network attains it; a path of bounds just below it is a contradiction."""
    rng = random.Random(700 + seed)
    points, labels = random_table(rng, 2, 6)
    table = labels_of(es.Dataset.from_arrays(points, labels))
    kind = Kind((((0, 1, 2), 1), ((0, 2), -1)), (), False)
    path = tuple((row, rng.randrange(4)) for row in range(min(5, len(table))))
    found = least_within(table, kind, path, Fraction(0), None, lambda: None)
    assert found is not None
    on_path = table.take([row for row, _ in path])
    assert farthest(on_path, found.network).residual == found.tolerance
    if found.tolerance:
        assert least_within(table, kind, path, Fraction(0), found.tolerance, lambda: None) is None
        below = found.tolerance * Fraction(999, 1000)
        scale = 1000 * found.tolerance.denominator
        factors = table.points[:, -1]
        lower = table.lower * scale - factors * int(below * scale)
        upper = table.upper * scale + factors * int(below * scale)
        if all(lower <= upper):
            closer = IntegerTable(table.points * scale, lower, (lower, upper))
            assert settle(closer, kind, path, lambda: None).network is None


@pytest.mark.parametrize("seed", range(8))
def test_an_affine_function_to_begin_with_is_hardly_farther_than_any(seed: int) -> None:
    """A search that was stopped early gave a constant, where a linear program gives this."""
    rng = random.Random(seed)
    d = rng.randint(1, 6)
    X = [[Fraction(rng.randint(-900, 900), 100) for _ in range(d)] for _ in range(d + 6)]
    y = [sum(row, start=Fraction(rng.randint(-99, 99), 50)) for row in X]
    problem = Problem.of(es.Dataset.from_arrays(X, y), skip="affine", tolerance=10)
    affine = nearest_affine(IntegerTable.of_problem(problem), Deadline())
    far = max(abs(affine.evaluate(row) - label) for row, label in zip(X, y, strict=True))
    least = es.solve(X, y, neurons=0, skip="affine").tolerance
    assert least <= far <= least * Fraction(11, 10)
