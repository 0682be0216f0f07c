"""Exact cuts and claims of float solvers: known optima, options, limits, Ctrl-C."""

from __future__ import annotations

import itertools
import json
import random
import time
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

import exactsparse as es
from exactsparse.problem.dataset import Dataset
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.problem import Problem
from exactsparse.progress import Deadline, silent
from exactsparse.routes.big_m import route as big_m_route
from exactsparse.routes.big_m.backends.highs import Highs
from exactsparse.routes.big_m.backends.scip import Scip
from exactsparse.routes.big_m.route import SOLVERS
from exactsparse.routes.big_m.route import solve as solve_big_m
from exactsparse.routes.farkas_cuts import cut_search
from exactsparse.routes.farkas_cuts import route as cuts_route
from exactsparse.routes.farkas_cuts.cut_search import CutSearch
from exactsparse.routes.farkas_cuts.master import CpSatMaster, MasterAnswer
from exactsparse.upper_bounds.portfolio import first_incumbent
from exactsparse_check import check
from tests.oracles.multivariate import sparsest

EVERY = ({"method": "cuts"}, *({"method": "big-m", "solver": name} for name in SOLVERS))
FIXTURES = Path(__file__).parents[2] / "fixtures"
CASES = {
    case["name"]: case
    for case in map(json.loads, (FIXTURES / "multivariate.jsonl").read_text().splitlines())
}
# One of each family and number of features that all solvers finish within seconds.
SMALL = ("labels-101-4", "labels-101-29", "grid-101-27", "generic-101-25", "grid-101-11")


def checked(case: dict, objective: str, **options: object) -> es.Solution:
    """The solution, checked against the known optimum and the data from scratch."""
    options = {"objective": objective, "skip": "none", "method": "cuts", **options}
    solution = es.solve(case["X"], case["y"], **options)
    network = solution.network
    labels = [Fraction(label) for label in case["y"]]
    assert [network.evaluate(point) for point in case["X"]] == labels
    cost = network.count(objective)
    assert solution.value == cost >= case[objective] >= solution.lower_bound
    return solution


@pytest.mark.parametrize(
    ("name", "objective"),
    [
        (name, objective)
        for name, case in CASES.items()
        for objective in ("parameters", "neurons")
        if len(case["y"]) <= 7 and objective in case
    ],
)
def test_exact_cuts_prove_the_known_optima(name: str, objective: str) -> None:
    case = CASES[name]
    solution = checked(case, objective)
    assert solution.status == "optimal"
    assert solution.value == solution.lower_bound == case[objective]
    assert solution.claimed_lower_bound <= case[objective]


@pytest.mark.parametrize("objective", ["parameters", "neurons"])
@pytest.mark.parametrize("solver", ["highs", "scip", "scip-indicator"])
@pytest.mark.parametrize("name", SMALL)
def test_float_backends_find_the_optimum_and_prove_nothing(
    name: str, solver: str, objective: str
) -> None:
    case = CASES[name]
    solution = checked(case, objective, method="big-m", solver=solver, big_m=100, time_limit=20)
    assert (solution.status, solution.value) == ("feasible", case[objective])
    assert solution.lower_bound == 1
    assert solution.claimed_lower_bound == pytest.approx(case[objective])
    with pytest.raises(es.errors.NoCertificateError):
        _ = solution.certificate


@pytest.mark.parametrize("skip", ["none", "affine"])
@pytest.mark.parametrize("objective", ["parameters", "neurons"])
@pytest.mark.parametrize("seed", range(4))
def test_exact_cuts_agree_with_the_oracle(seed: int, objective: str, skip: str) -> None:
    draw = random.Random(seed)
    points = draw.sample(list(itertools.product(range(3), repeat=2)), 5)
    X = [[Fraction(t) for t in point] for point in points]
    y = [Fraction(draw.randint(-2, 2)) for _ in X]
    solution = es.solve(X, y, objective=objective, skip=skip, method="cuts")
    assert solution.status == "optimal"
    assert solution.value == sparsest(X, y, objective, skip)
    assert [solution.network.evaluate(point) for point in X] == y


@pytest.mark.parametrize("options", EVERY, ids=str)
def test_labels_of_zero_and_an_affine_law_need_no_solver(options: dict) -> None:
    zero = es.solve([[0, 1], [1, 0], [2, 2]], [0, 0, 0], **options)
    assert (zero.status, zero.value, zero.lower_bound) == ("optimal", 0, 0)
    affine = es.solve([[0, 1], [1, 0], [2, 2]], [3, 1, 5], skip="affine", **options)
    assert (affine.status, affine.value) == ("optimal", 0)


@pytest.mark.parametrize(
    "settings",
    [{"seed": 5}, {"presolve": False}, {"threads": 2}, {"seed": 9, "threads": 2}],
    ids=str,
)
def test_settings_of_cp_sat_do_not_change_the_verdict(
    settings: dict, monkeypatch: pytest.MonkeyPatch
) -> None:
    # No node is easy: CP-SAT proposes every set.
    monkeypatch.setattr(cut_search, "BUDGET", replace(cut_search.BUDGET, easy_nodes=0))
    case = CASES["grid-101-1"]
    problem = Problem(Dataset.from_arrays(case["X"], case["y"]), "parameters", None, "none")
    table = IntegerTable.of(problem.dataset)
    incumbent = first_incumbent(problem, table)
    search = CutSearch(problem, table, incumbent, Deadline(), silent, **settings)
    search.run()
    assert search.bound == incumbent.cost == case["parameters"]


@pytest.mark.parametrize("bound", [0.0, 100.0])
def test_a_wrong_bound_of_cp_sat_is_only_claimed(
    bound: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = CpSatMaster.solve

    def lie(self: CpSatMaster, deadline: Deadline) -> MasterAnswer:
        return MasterAnswer(ask(self, deadline).chosen, bound, "OPTIMAL")

    monkeypatch.setattr(CpSatMaster, "solve", lie)
    monkeypatch.setattr(cut_search, "BUDGET", replace(cut_search.BUDGET, easy_nodes=0))
    case = CASES["labels-101-4"]
    if bound:
        solution = checked(case, "parameters")
        assert (solution.status, solution.value) == ("optimal", case["parameters"])
    else:
        solution = checked(case, "parameters", time_limit=1)
        assert solution.status == "feasible"
    assert solution.claimed_lower_bound == bound


@pytest.mark.parametrize("backend", [Highs(seed=3), Highs(presolve=False), Scip(seed=3)], ids=str)
def test_settings_of_float_backends_do_not_change_the_verdict(backend: Highs | Scip) -> None:
    case = CASES["labels-101-4"]
    problem = Problem(Dataset.from_arrays(case["X"], case["y"]), "parameters", None, "none")
    solution = solve_big_m(problem, Deadline(20), solver=backend, big_m=100.0)
    assert (solution.status, solution.value) == ("feasible", case["parameters"])
    assert solution.lower_bound == 1


def hard(rows: int) -> tuple[list[list[float]], list[float]]:
    draw = random.Random(7).uniform
    cells = [[draw(-1, 1) for _ in range(3)] for _ in range(rows)]
    return [row[:2] for row in cells], [row[2] for row in cells]


@pytest.mark.parametrize("options", EVERY[:3], ids=str)
def test_a_time_limit_is_kept(options: dict) -> None:
    X, y = hard(14)
    began = time.monotonic()
    solution = es.solve(X, y, time_limit=2, **options)
    assert time.monotonic() - began < 2 * 1.05 + 2
    assert solution.status == "feasible"
    assert 1 <= solution.lower_bound < solution.value <= 28


def test_a_small_m_shuts_out_the_optimum_and_a_large_one_lets_too_much_in() -> None:
    X, y = [[Fraction(k, 100)] for k in range(4)], [0, 40, -90, 10]
    options = {"skip": "none", "objective": "parameters"}
    optimum = es.solve(X, y, method="search", **options).value
    claims = {}
    for big_m in (1e2, 1e4, 1e9, 1e12):
        solution = es.solve(X, y, method="big-m", big_m=big_m, time_limit=10, **options)
        assert solution.status == "feasible"
        assert solution.value >= optimum
        assert solution.lower_bound == 1
        claims[big_m] = solution.claim.status, solution.claimed_lower_bound
    assert claims[1e2] == ("infeasible", None)
    assert claims[1e4][1] > optimum
    assert claims[1e9][1] == pytest.approx(optimum)
    # Within the tolerance of a float solver, binaries of 0 leave weights free.
    assert claims[1e12][1] < optimum


@pytest.mark.parametrize("options", EVERY, ids=str)
def test_a_value_of_one_is_optimal_whoever_claims_it(options: dict, tmp_path: Path) -> None:
    solution = es.solve([[1, 5], [2, 3], [4, 4]], [3, 6, 12], **options)
    assert (solution.status, solution.value, solution.lower_bound) == ("optimal", 1, 1)
    solution.certificate.save(tmp_path / "proof.json")
    assert check(tmp_path / "proof.json").accepted


def test_options_out_of_range_are_refused() -> None:
    X, y = [[0, 0], [1, 1]], [0, 1]
    with pytest.raises(es.errors.ProblemError, match="solver must be one of"):
        es.solve(X, y, method="big-m", solver="cplex")
    with pytest.raises(es.errors.ProblemError, match="big_m must be"):
        es.solve(X, y, method="big-m", solver="highs", big_m=-1)
    with pytest.raises(es.errors.ProblemError, match=r"does not use solver: .* method 'big-m'"):
        es.solve(X, y, solver="highs")
    with pytest.raises(es.errors.UnsupportedProblemError, match="path norm"):
        es.solve([0, 1], [0, 1], p=1, method="cuts")


def test_a_program_that_is_too_large_is_refused_with_its_size() -> None:
    X, y = [[k, k * k, k**3, k**4] for k in range(60)], [k % 7 for k in range(60)]
    with pytest.raises(es.errors.UnsupportedProblemError, match="types with two signs"):
        es.solve(X, y, method="cuts")


def test_a_program_too_large_is_refused_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before any network is made: of 1000 points that took a minute."""
    for room in (big_m_route, cuts_route):
        monkeypatch.delattr(room, "first_incumbent")
    draw = random.Random(0)
    X = [[draw.random() for _ in range(5)] for _ in range(1000)]
    for method in ("cuts", "big-m"):
        with pytest.raises(es.UnsupportedProblemError, match="17,002,931,377,464 types"):
            es.solve(X, range(1000), method=method)
