"""Cuts within a band: known optima, those of the tree, and what floats must not decide."""

from __future__ import annotations

import random
from fractions import Fraction

import numpy as np
import pytest

import exactsparse as es
from exactsparse.lp.farkas import RayProgram
from exactsparse.patterns.type_cones import TypeCones, all_types
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.multipliers import first_cuts, least_sum
from exactsparse.problem.network import Network
from exactsparse.problem.problem import Problem
from exactsparse.problem.residuals import missed_row
from exactsparse.progress import Deadline
from exactsparse.routes.farkas_cuts.cuts import FarkasCuts
from exactsparse.routes.farkas_cuts.route import solve as solve_by_cuts
from tests.routes.activity_search.test_optima import CASES, check, random_case

# Bounds on one side only and on none, equal ones, and a point twice.
X = [[0, 0], [0, 1], [1, 0], [1, 1], [2, 1], [2, 3], [2, 3]]
LOWER = [None, "0.9", "0.9", "-0.1", None, 1, None]
UPPER = ["0.1", "1.1", None, "0.1", None, None, 1]


@pytest.mark.parametrize("case", CASES[::4], ids=lambda case: case["name"])
@pytest.mark.parametrize("objective", ["parameters", "neurons"])
def test_known_optimum(case: dict, objective: str) -> None:
    bounds, known = (case["X"], case["lower"], case["upper"]), case[objective]
    solution = es.solve(
        bounds[0], lower=bounds[1], upper=bounds[2], objective=objective, skip="none", method="cuts"
    )
    assert solution.method == "cuts"
    if known is None or known == "infeasible":
        assert solution.status == "infeasible"
        return
    assert solution.status == "optimal"
    check(solution, *bounds, objective)
    if isinstance(known, str):
        assert solution.value > int(known.removeprefix(">"))
    else:
        assert solution.value == known


@pytest.mark.parametrize("skip", ["none", "affine"])
@pytest.mark.parametrize("objective", ["parameters", "neurons"])
@pytest.mark.parametrize("seed", range(8))
def test_as_the_tree_finds(seed: int, objective: str, skip: str) -> None:
    rng = random.Random(700 + seed)
    points, lower, upper = random_case(rng, 1 + seed % 3)
    points.append(points[0])
    lower.append(None)
    upper.append(upper[0])
    if len(points[0]) == 1 and skip == "affine":
        points = [[*point, Fraction(0)] for point in points]
    options = {"lower": lower, "upper": upper, "objective": objective, "skip": skip}
    by_cuts = es.solve(points, method="cuts", **options)
    by_tree = es.solve(points, method="tree", workers=1, **options)
    assert (by_cuts.status, by_cuts.value) == (by_tree.status, by_tree.value)
    assert by_cuts.lower_bound == by_tree.lower_bound


def problem_of(objective: str = "parameters", skip: str = "none") -> Problem:
    data = es.Dataset.from_arrays(X, lower=LOWER, upper=UPPER)
    return Problem.of(data, objective=objective, skip=skip)


@pytest.mark.parametrize("skip", ["none", "affine"])
@pytest.mark.parametrize("by_floats", [True, False])
def test_a_set_of_types_has_a_network_or_a_cut(
    by_floats: bool, skip: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem, affine = problem_of(skip=skip), skip == "affine"
    table = IntegerTable.of_problem(problem)
    cones = TypeCones.of(
        table, all_types(table, problem.objective, affine, lambda: None), lambda: None
    )
    costs = [len(t.support) for t in cones.types for _ in (0, 1)]
    farkas = FarkasCuts(table, cones, affine, lambda: None)
    if not by_floats:
        monkeypatch.setattr(RayProgram, "basis", lambda self, free: None)
        monkeypatch.setattr("exactsparse.routes.farkas_cuts.cuts.vertex", lambda *program: None)
    rng, found = random.Random(1), {True: 0, False: 0}
    for size in (0, 1, 2, 4, 16, 64, len(costs)):
        chosen = rng.sample(range(len(costs)), min(size, len(costs)))
        answer = farkas.decide(chosen, costs)
        found[isinstance(answer, Network)] += 1
        if isinstance(answer, Network):
            assert missed_row(answer, table) is None
            continue
        least = least_sum(table, answer)
        assert least is not None and least > 0
        assert not affine or not np.any(np.dot(answer, table.points))
        assert not farkas.outside(answer)[chosen].any()
        assert not any(
            x for x, low, high in zip(answer, table.lower, table.upper, strict=True)
            if (low is None and x > 0) or (high is None and x < 0)
        )  # fmt: skip
    assert found[True] and found[False]


@pytest.mark.parametrize("skip", ["none", "affine"])
def test_first_cuts_separate(skip: str) -> None:
    table = IntegerTable.of_problem(problem_of(skip=skip))
    found = first_cuts(table, skip == "affine")
    assert skip == "affine" or len(found) == 3
    for cut in found:
        least = least_sum(table, cut)
        assert least is not None and least > 0


@pytest.mark.parametrize("objective", ["parameters", "neurons"])
def test_without_room_it_is_the_count_through_labels(objective: str) -> None:
    y = [0, 1, 1, 0, 1, 1, 1]
    options = {"objective": objective, "method": "cuts", "skip": "none"}
    exact = es.solve(X, y, **options)
    assert es.solve(X, y, tolerance=0, **options).value == exact.value
    assert es.solve(X, lower=y, upper=y, **options).value == exact.value
    # Floats do not see this width.
    narrow = es.solve(X, y, tolerance="1e-20", **options)
    assert (narrow.status, narrow.value) == ("optimal", exact.value)
    wide = es.solve(X, y, tolerance=1, **options)
    assert (wide.status, wide.value) == ("optimal", 0)


def test_an_empty_window_is_infeasible() -> None:
    solution = es.solve([[0, 1], [2, 3], [0, 1]], [0, 1, 3], tolerance=1, method="cuts")
    assert isinstance(solution, es.InfeasibleSolution)
    assert solution.method == "cuts"


@pytest.mark.parametrize("seconds", [1e-9, 0.3])
def test_a_stop_keeps_a_network_and_a_bound(seconds: float) -> None:
    rng = np.random.default_rng(1)
    points, y = rng.uniform(-1, 1, (14, 2)).round(3).tolist(), rng.normal(size=14).round(2).tolist()
    problem = Problem.of(es.Dataset.from_arrays(points, y), tolerance="0.01")
    solution = solve_by_cuts(problem, Deadline(seconds))
    assert solution.status == "feasible"
    assert 1 <= solution.bound < solution.cost
    assert missed_row(solution.network, IntegerTable.of_problem(problem)) is None


def test_what_is_refused() -> None:
    with pytest.raises(es.UnsupportedProblemError, match="method 'cuts'"):
        es.solve([0, 1, 2], [0, 1, 0], tolerance="0.1", shape="convex", method="cuts")
    rng = np.random.default_rng(2)
    with pytest.raises(es.UnsupportedProblemError, match="types with two signs"):
        es.solve(rng.normal(size=(60, 4)), rng.normal(size=60), tolerance=0.1, method="cuts")
