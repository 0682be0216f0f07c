"""Sparse networks within a band: exact, never below the optimum, as sparse as planted teachers."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

import exactsparse as es
from benchmarks.search import planted
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.problem import Problem
from exactsparse.problem.residuals import missed_row
from exactsparse.progress import Deadline, Stopped
from exactsparse.upper_bounds import portfolio
from exactsparse.upper_bounds.incumbent import Incumbent
from exactsparse.upper_bounds.portfolio import affine_alone, first_incumbent, offer_sparse

FIXTURE = Path(__file__).parents[1] / "fixtures" / "bands_multivariate.jsonl"
DATA = Path(__file__).parents[2] / "data"
CASES = list(map(json.loads, FIXTURE.read_text().splitlines()))


def best(problem: Problem, seconds: float | None = None) -> Incumbent:
    """What the producers find, all of it behind the door."""
    table = IntegerTable.of_problem(problem)
    incumbent = first_incumbent(problem, table)
    offer_sparse(incumbent, problem, table, Deadline(seconds))
    assert missed_row(incumbent.settle(0).network, table) is None
    return incumbent


def noisy(n: int, d: int, cost: int, seed: int, share: str, **options: object) -> Problem:
    """A teacher, and labels off by up to a share of their scale."""
    X, y = planted(n, d, cost, seed)
    width = max(map(abs, y)) * Fraction(share)
    noise = np.random.default_rng(seed).integers(-1000, 1001, n).tolist()
    labels = [value + width * Fraction(by, 1000) for value, by in zip(y, noise, strict=True)]
    return Problem.of(es.Dataset.from_arrays(X, labels), tolerance=width, **options)


@pytest.mark.parametrize("objective", ["parameters", "neurons"])
def test_never_below_the_optimum_and_mostly_there(
    objective: str, caplog: pytest.LogCaptureFixture
) -> None:
    reached = known = 0
    for case in CASES:
        data = es.Dataset.from_arrays(case["X"], lower=case["lower"], upper=case["upper"])
        if not isinstance(case[objective], int):
            continue
        cost = best(Problem.of(data, objective=objective, skip="none")).cost
        assert cost >= case[objective], case["name"]
        known += 1
        reached += cost == case[objective]
    assert known > 50
    assert reached >= known * 0.6
    assert not caplog.records


class UntilAsSparse(Deadline):
    """Ends with a network of some cost, however slow the machine is; far beyond, it gives up."""

    def __init__(self, cost: int, incumbent: Incumbent) -> None:
        super().__init__(300)
        self._cost, self._incumbent = cost, incumbent

    def check(self) -> None:
        super().check()
        if self._incumbent.cost <= self._cost:
            raise Stopped


def sought(problem: Problem, cost: int, monkeypatch: pytest.MonkeyPatch) -> float:
    """What is found on the way to a cost, or when all ideas are over."""
    table = IntegerTable.of_problem(problem)
    incumbent = first_incumbent(problem, table)
    deadline = UntilAsSparse(cost, incumbent)
    monkeypatch.setattr(portfolio, "_share", lambda _: deadline)
    offer_sparse(incumbent, problem, table, deadline)
    return float(incumbent.cost)


@pytest.mark.parametrize("share", ["1/100", "1/1000"])
@pytest.mark.parametrize(("n", "d", "cost"), [(50, 2, 3), (100, 2, 6), (60, 3, 5)])
def test_as_sparse_as_the_teacher(
    n: int, d: int, cost: int, share: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for seed in range(2):
        assert sought(noisy(n, d, cost, seed, share), cost, monkeypatch) <= cost


def test_mostly_as_sparse_as_larger_teachers(monkeypatch: pytest.MonkeyPatch) -> None:
    costs = [sought(noisy(60, 2, 8, seed, "1/100"), 8, monkeypatch) for seed in range(6)]
    assert sum(cost <= 8 for cost in costs) >= 4
    assert max(costs) <= 10


def test_few_digits() -> None:
    network = best(noisy(200, 2, 6, 0, "1/100")).settle(0).network
    weights = [w for n in network.neurons for w in (*n.scaled[0],) if w]
    assert all(len(str(float(weight)).replace("-", "").strip("0.").replace(".", "")) <= 4
               for weight in weights)  # fmt: skip


@pytest.mark.parametrize("skip", ["none", "affine"])
def test_the_law_behind_a_rounded_table_comes_out(skip: str) -> None:
    """Rates and thresholds of a statute, though every label is rounded; the rest is 0."""
    table = es.read(DATA / "us_self_employment_tax_2024.csv")
    network = es.solve(table, tolerance="auto", skip=skip).network
    base, rate, medicare = 168_600, Fraction(124, 1000), Fraction(29, 1000)
    law = {((-rate, Fraction(0)), rate * base, 1), ((-rate, -rate), rate * base, -1)}
    if skip == "none":
        law.add(((Fraction(0), medicare), Fraction(0), 1))
    else:
        assert (network.skip.weights, network.skip.bias) == ((0, medicare), 0)
    assert {(n.weights, n.bias, n.output) for n in network.neurons} == law


@pytest.mark.parametrize("objective", ["parameters", "neurons"])
def test_with_an_affine_part(objective: str) -> None:
    problem = noisy(80, 2, 6, 1, "1/100", objective=objective, skip="affine")
    without = noisy(80, 2, 6, 1, "1/100", objective=objective)
    assert best(problem).cost <= best(without).cost


def test_bounds_on_one_side_only() -> None:
    """Above |x| at some points, below it at others: two neurons of one weight each."""
    X = [[v, (7 * v) % 5] for v in range(-6, 7)]
    lower = [abs(v) if v % 2 else None for v in range(-6, 7)]
    upper = [None if v % 2 else abs(v) for v in range(-6, 7)]
    data = es.Dataset.from_arrays(X, lower=lower, upper=upper)
    assert best(Problem.of(data)).cost <= 2
    only = es.Dataset.from_arrays(X, lower=[1] * 13, upper=None)
    assert best(Problem.of(only)).cost == 1
    none = es.Dataset.from_arrays(X, lower=None, upper=[None] * 12 + [0])
    assert best(Problem.of(none)).cost == 0


def test_no_room_is_the_exact_problem() -> None:
    """Labels as bounds on both sides: what rounding cannot meet, rationals do."""
    X, y = planted(40, 2, 4, 3)
    data = es.Dataset.from_arrays(X, lower=y, upper=y)
    network = best(Problem.of(data)).settle(0).network
    assert network.n_parameters <= 4
    assert [network.evaluate(x) for x in X] == y


def test_an_exact_problem_has_no_bounds() -> None:
    X, y = planted(40, 2, 4, 3)
    data = es.Dataset.from_arrays(X, y)
    assert IntegerTable.of_problem(Problem.of(data, tolerance=0)).bounds is None
    assert best(Problem.of(data, tolerance=0)).cost <= 4


def test_the_same_in_every_run() -> None:
    problem = noisy(40, 2, 4, 5, "1/100")
    first, second = (best(problem).settle(0).network for _ in range(2))
    assert first == second


def test_many_rows_take_part_as_they_are_missed() -> None:
    assert best(noisy(3000, 2, 5, 1, "1/100")).cost <= 5


def test_stops_in_time() -> None:
    incumbent = best(noisy(300, 3, 10, 1, "1/100"), 1e-3)
    assert incumbent.settle(0).status == "feasible"


@pytest.mark.parametrize("skip", ["none", "affine"])
def test_an_affine_part_alone_is_found_or_excluded(skip: str) -> None:
    X = [[0, 0], [1, 0], [0, 1], [1, 1]]
    for upper, due in (("1/2", True), ("1/3", False)):
        # x − y, off by what it takes: 1/2 at least for XOR, none for bounds around 0.
        data = es.Dataset.from_arrays(X, [0, 1, 1, 0])
        table = IntegerTable.of_problem(Problem.of(data, tolerance=upper))
        found = affine_alone(table, True)
        assert (found is not None) == due
    flat = es.Dataset.from_arrays(X, lower=[-1, None, 0, -1], upper=[0, 0, None, 2])
    problem = Problem.of(flat, skip=skip)
    found = affine_alone(IntegerTable.of_problem(problem), skip == "affine")
    assert found is not None
    assert problem.cost(found) == 0
