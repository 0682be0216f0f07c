"""The least path norm within a band: against floats, against rationals, and under changes."""

from __future__ import annotations

import random
from fractions import Fraction

import numpy as np
import pytest

import exactsparse as es
from exactsparse.exact.cones import nonnegative_parameters
from exactsparse.patterns.rays import extreme_rays
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.multipliers import least_sum
from exactsparse.problem.problem import Problem
from exactsparse.progress import Deadline
from exactsparse.routes.column_generation.lower_bound import DualBound
from exactsparse.routes.column_generation.route import RaysSolution
from exactsparse.routes.column_generation.route import solve as solve_rays
from tests.oracles.path_norm import Bounds, least_path_norm_within
from tests.routes.rank_search.families import FAMILIES

Points = list[list[Fraction]]
Instance = tuple[Points, Bounds, Bounds]
CASES = [
    pytest.param(family, 7100 + seed, ("none", "affine")[seed % 2], id=f"{family}-{seed}")
    for family in FAMILIES
    for seed in range(6)
]


def banded(family: str, seed: int, skip: str) -> Instance:
    """Bounds on both sides, on one, on none, or without room, around labels of a family."""
    X, y = FAMILIES[family](seed)
    if len(X[0]) == 1 and skip == "affine":
        X = [[*row, Fraction(0)] for row in X]
    rng = random.Random(seed)
    lower, upper = Bounds(), Bounds()
    for label in y:
        below, above = (rng.choice([None, 0, 0, "1/10", "1/4", 1]) for _ in range(2))
        lower.append(None if below is None else label - Fraction(below))
        upper.append(None if above is None else label + Fraction(above))
    return X, lower, upper


def problem_of(X: Points, lower: Bounds, upper: Bounds, skip: str) -> Problem:
    return Problem.of(es.Dataset.from_arrays(X, lower=lower, upper=upper), p=1, skip=skip)


def value(X: Points, lower: Bounds, upper: Bounds, skip: str) -> Fraction:
    """The optimum, with the network and the prices looked at from scratch."""
    solution = solve_rays(problem_of(X, lower, upper, skip))
    assert isinstance(solution, RaysSolution)
    assert solution.status == "optimal"
    for row, low, high in zip(X, lower, upper, strict=True):
        given = solution.network.evaluate(row)
        assert low is None or given >= low
        assert high is None or given <= high
    cost = Fraction(0)
    for neuron in solution.network.neurons:
        cost += sum(abs(neuron.output * w) for w in (*neuron.weights, neuron.bias))
    assert cost == solution.cost == solution.bound
    return cost


@pytest.mark.parametrize(("family", "seed", "skip"), CASES)
def test_against_a_program_over_all_cells_in_floats(family: str, seed: int, skip: str) -> None:
    instance = banded(family, seed, skip)
    due = least_path_norm_within(*instance, skip)
    assert float(value(*instance, skip)) == pytest.approx(due, rel=1e-7, abs=1e-9)


def reachable(table: IntegerTable, skip: bool, most: Fraction) -> bool:
    """Whether nonnegative weights of all rays keep within the bounds and cost no more; exact."""
    rays = [side * ray for ray in extreme_rays(table.points) for side in (1, -1)]
    columns = [np.maximum(table.points.dot(ray), 0) for ray in rays]
    costs = [int(np.abs(ray).sum()) for ray in rays]
    every = [sign * column for column in columns for sign in (1, -1)]
    # Free columns are the difference of two nonnegative ones, which cost nothing.
    free = [side * column for column in table.points.T for side in (1, -1)] if skip else []
    count = 2 * len(costs) + len(free)
    slopes, values = [], []
    for i, (low, high) in enumerate(zip(table.lower, table.upper, strict=True)):
        row = [int(column[i]) for column in (*every, *free)]
        if low is not None:
            slopes.append(row)
            values.append(-int(low))
        if high is not None:
            slopes.append([-v for v in row])
            values.append(int(high))
    unit = most.denominator
    slopes.append([-unit * cost for cost in costs for _ in (1, -1)] + [0] * len(free))
    values.append(most.numerator)
    slopes += np.eye(count, dtype=int).tolist()
    values += [0] * count
    return nonnegative_parameters(slopes, values, count) is not None


@pytest.mark.parametrize("skip", ["none", "affine"])
@pytest.mark.parametrize("seed", range(4))
def test_against_all_rays_in_rationals(seed: int, skip: str) -> None:
    rng = random.Random(seed)
    X = [[Fraction(rng.randint(-2, 2)), Fraction(rng.randint(-2, 2))] for _ in range(3)]
    labels = [Fraction(rng.randint(-3, 3)) for _ in X]
    lower: Bounds = [y - Fraction(rng.randint(0, 3), 4) for y in labels]
    upper: Bounds = [y + Fraction(rng.randint(0, 3), 4) for y in labels]
    upper[seed % 3] = None
    problem = problem_of(X, lower, upper, skip)
    solution = solve_rays(problem)
    if not isinstance(solution, RaysSolution):
        return
    table = IntegerTable.of_problem(problem)
    least = solution.cost
    assert solution.status == "optimal"
    assert isinstance(least, Fraction)
    assert reachable(table, skip == "affine", least)
    assert not least or not reachable(table, skip == "affine", least - Fraction(1, 10**9))


@pytest.mark.parametrize(("family", "seed", "skip"), CASES)
def test_what_does_not_change_the_value_or_only_moves_it_one_way(
    family: str, seed: int, skip: str
) -> None:
    X, lower, upper = banded(family, seed, skip)
    rng = random.Random(seed)
    least = value(X, lower, upper, skip)
    rows, columns = list(range(len(X))), list(range(len(X[0])))
    rng.shuffle(rows)
    rng.shuffle(columns)
    moved = [[X[i][c] for c in columns] for i in rows]
    assert value(moved, [lower[i] for i in rows], [upper[i] for i in rows], skip) == least
    factor = Fraction(3, 2**30)
    scaled = [[None if v is None else factor * v for v in side] for side in (lower, upper)]
    assert value(X, *scaled, skip) == factor * least
    turned = [[None if v is None else -v for v in side] for side in (upper, lower)]
    assert value(X, *turned, skip) == least
    assert value([[-t for t in row] for row in X], lower, upper, skip) == least
    # A point twice, once with each of its bounds, is the point.
    nothing: Bounds = [None] * len(X)
    assert value([*X, *X], [*lower, *nothing], [*nothing, *upper], skip) == least
    wider = [None if v is None else v - Fraction(1, 7) for v in lower]
    assert value(X, wider, upper, skip) <= least
    assert value(X, nothing, upper, skip) <= least
    if len(X[0]) > 1:
        assert value(X, lower, upper, "affine") <= value(X, lower, upper, "none")
    if len(X) > 1:
        assert value(X[1:], lower[1:], upper[1:], skip) <= least


@pytest.mark.parametrize(("family", "seed", "skip"), CASES[::3])
def test_without_room_it_is_the_path_norm_through_labels(family: str, seed: int, skip: str) -> None:
    X, y = FAMILIES[family](seed)
    if len(X[0]) == 1 and skip == "affine":
        X = [[*row, Fraction(0)] for row in X]
    exact = es.solve(X, y, p=1, skip=skip)
    assert value(X, [*y], [*y], skip) == exact.value
    assert es.solve(X, y, p=1, skip=skip, tolerance=0).value == exact.value
    widths = [Fraction(1, 10**6), Fraction(1, 100), Fraction(1, 10), Fraction(1)]
    values = [es.solve(X, y, p=1, skip=skip, tolerance=width).value for width in widths]
    assert [exact.value, *values] == sorted([exact.value, *values], reverse=True)
    # Floats do not see this width; what they suggest is no proof then.
    narrow = es.solve(X, y, p=1, skip=skip, tolerance="1e-20")
    assert narrow.lower_bound <= exact.value
    assert float(narrow.value) == pytest.approx(float(exact.value))


def test_by_hand() -> None:
    """|x| at −1, 0, 1 within 1/4: prices 1, −1, 1 stand on ¾, ¼ and ¾."""
    solution = es.solve([-1, 0, 1], [1, 0, 1], p=1, skip="none", tolerance="1/4")
    assert isinstance(solution, es.RaysSolution)
    assert (solution.status, solution.value) == ("optimal", Fraction(5, 4))
    assert solution.duals == (1, -1, 1)
    assert (
        es.solve([-1, 0, 1], lower=[-1, None, 0], upper=[0, 0, None], p=1, skip="none").value == 0
    )
    none = es.solve([[0, 1], [1, 1]], lower=[None, None], upper=[None, 5], p=1)
    assert (none.status, none.value) == ("optimal", 0)


@pytest.mark.parametrize("skip", ["none", "affine"])
def test_an_empty_interval_is_infeasible(skip: str) -> None:
    solution = es.solve([[0, 1], [2, 3], [0, 1]], [0, 1, 3], p=1, tolerance=1, skip=skip)
    assert isinstance(solution, es.InfeasibleSolution)
    assert "rows 0 and 2 have the same point and no value in common" in solution.reason
    assert solution.method == "rays"


def test_a_price_without_a_bound_proves_nothing() -> None:
    table = IntegerTable.of_problem(
        problem_of([[Fraction(0)], [Fraction(1)]], [1, None], [None, 2], "none")
    )
    one = Fraction(1)
    assert least_sum(table, [one, Fraction(0)]) == 1
    assert least_sum(table, [one, -one]) == 1 - 2
    assert least_sum(table, [-one, Fraction(0)]) is None
    assert least_sum(table, [Fraction(0), one]) is None
    assert DualBound.scaled(table, [one, one], one) == DualBound.nothing(table)
    # One row: a function that is 1 at 0 costs 1, whatever it is at 1.
    assert DualBound.of_one_row(table).value == 1


def test_many_rows() -> None:
    rng = np.random.default_rng(0)
    X = rng.uniform(-1, 1, (60, 2)).round(2).tolist()
    y = [round(abs(a) - max(b, 0), 2) for a, b in X]
    widths = rng.choice([0.0, 0.01, 0.1], 60).tolist()
    for skip in ("none", "affine"):
        solution = es.solve(X, y, p=1, skip=skip, tolerance=widths)
        assert solution.status == "optimal"
        # |x| − y₊ costs 3.
        assert solution.value <= 3


@pytest.mark.parametrize("seconds", [1e-9, 0.2])
def test_a_stop_keeps_a_network_and_a_bound(seconds: float) -> None:
    rng = np.random.default_rng(1)
    X, y = rng.uniform(-1, 1, (120, 4)).round(3).tolist(), rng.normal(size=120).round(2).tolist()
    problem = Problem.of(es.Dataset.from_arrays(X, y), p=1, tolerance="0.05")
    solution = solve_rays(problem, Deadline(seconds))
    assert solution.status == "feasible"
    assert 0 < solution.bound < solution.cost
