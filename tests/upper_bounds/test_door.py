"""The door: whatever a producer returns, only what interpolates exactly becomes a solution."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

import exactsparse as es
from exactsparse import Dataset, Network, Neuron, Problem, Skip
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.objective import PARAMETERS
from exactsparse.progress import Deadline, Stopped
from exactsparse.routes.column_generation.column_generation import ColumnGeneration
from exactsparse.routes.farkas_cuts.cuts import FarkasCuts
from exactsparse.routes.rank_search import level_search
from exactsparse.routes.rank_search.route import solve_search
from exactsparse.upper_bounds import portfolio, replay, rounding
from exactsparse.upper_bounds.incumbent import Incumbent
from exactsparse.upper_bounds.rounding import Rounded

XOR = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]
ONE = Fraction(1)
EMPTY = Network((), None, 2)
# One parameter, and right on three of the four rows of XOR.
WRONG = Network((Neuron((Fraction(0), ONE), Fraction(0), ONE),), None, 2)


def xor(objective: str = "parameters", skip: str = "none", p: Fraction | None = None) -> Problem:
    return Problem(Dataset.from_arrays(*XOR), objective, p, skip)


def test_xor_without_a_fault() -> None:
    assert (solve_search(xor()).status, solve_search(xor()).value) == ("optimal", 4)


@pytest.mark.parametrize("wrong", [EMPTY, WRONG], ids=["empty", "one parameter"])
@pytest.mark.parametrize(
    ("place", "name"),
    [
        (level_search, "from_affine_pieces"),
        (level_search, "square_systems"),
        (portfolio, "sparse_interpolant"),
        (portfolio, "directional_interpolant"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_producer_that_errs_changes_no_optimum(
    wrong: Network, place: Any, name: str,
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    monkeypatch.setattr(place, name, lambda *_, **__: wrong)
    monkeypatch.setattr(level_search, "BUDGET", replace(level_search.BUDGET, easy_sets=0))
    solution = es.solve(*XOR)
    assert (solution.status, solution.value) == ("optimal", 4)
    assert [solution.network.evaluate(x) for x in XOR[0]] == XOR[1]
    assert "is discarded: it misses the canonical point" in caplog.text


@pytest.mark.parametrize("wrong", [EMPTY, WRONG], ids=["empty", "one parameter"])
def test_a_start_that_misses_a_point_is_discarded(
    wrong: Network, caplog: pytest.LogCaptureFixture
) -> None:
    solution = solve_search(xor(), start=wrong)
    assert (solution.status, solution.value) == ("optimal", 4)
    assert "a network from the start is discarded" in caplog.text


def test_a_rounding_that_errs_is_no_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portfolio, "round_to_exact", lambda *_: Rounded(EMPTY))
    solution = es.solve(*XOR, start=WRONG)
    assert (solution.status, solution.value) == ("optimal", 4)


def test_a_rounding_that_errs_is_no_interpolant(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(rounding._Rounding, "result", lambda _: Rounded(WRONG))
    found = es.verify(WRONG, *XOR)
    assert found.rounding.network is None
    assert found.rounding.reason == "the network that rounding made misses a point"
    assert found.excess is None
    assert found.optimum is not None
    assert (found.optimum.status, found.optimum.value) == ("optimal", 4)
    assert "a network from rounding is discarded" in caplog.text


def far(*_: Any, **__: Any) -> Network:
    """Interpolates XOR, at a cost that no level asks for."""
    return portfolio.directional_interpolant(IntegerTable.of(xor().dataset), PARAMETERS, False)


@pytest.mark.parametrize("wrong", [lambda *_, **__: EMPTY, lambda *_, **__: WRONG, far])
def test_no_level_is_passed_where_a_completion_errs(wrong: Callable[..., Network]) -> None:
    """A network that was made wrong says nothing about whether there is one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(level_search, "interpolant_of_types", wrong)
        patch.setattr(level_search, "square_systems", lambda *_: None)
        patch.setattr(level_search, "from_affine_pieces", lambda *_: None)
        solution = solve_search(xor())
    assert solution.status == "feasible"
    assert solution.lower_bound <= 4 <= solution.value


@pytest.mark.parametrize("objective", ["parameters", "neurons"])
def test_an_affine_part_that_errs_leaves_the_bound_at_zero(
    objective: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    zero = (Fraction(0), Fraction(0))
    monkeypatch.setattr(
        level_search, "affine_alone", lambda *_: Network((), Skip(zero, Fraction(1)), 2)
    )
    problem = Problem(Dataset.from_arrays(XOR[0], [0, 1, 1, 2]), objective, None, "affine")
    solution = solve_search(problem)
    assert solution.lower_bound == 0
    assert solution.status == ("optimal" if solution.value == 0 else "feasible")


@pytest.mark.parametrize("wrong", [EMPTY, WRONG], ids=["empty", "one parameter"])
def test_a_network_that_misses_a_point_confirms_no_claim(
    wrong: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("highspy")
    monkeypatch.setattr(replay, "interpolant_of_types", lambda *_: wrong)
    solution = es.solve(*XOR, method="big-m", big_m=100)
    assert solution.status == "feasible"
    assert solution.replayed is None
    assert [solution.network.evaluate(x) for x in XOR[0]] == XOR[1]


@pytest.mark.parametrize("wrong", [lambda *_: EMPTY, lambda *_: WRONG, far])
def test_cuts_end_without_a_proof_where_a_set_is_decided_wrongly(
    wrong: Callable[..., Network], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("ortools")
    decide = FarkasCuts.decide

    def err(self: FarkasCuts, *arguments: Any) -> Any:
        found = decide(self, *arguments)
        return wrong() if isinstance(found, Network) else found

    monkeypatch.setattr(FarkasCuts, "decide", err)
    solution = es.solve(*XOR, method="cuts")
    assert solution.status == "feasible"
    assert solution.lower_bound <= 4 <= solution.value


def test_a_basis_that_errs_gives_no_optimal_path_norm(monkeypatch: pytest.MonkeyPatch) -> None:
    right = es.solve(*XOR, p=1)
    assert right.status == "optimal"
    monkeypatch.setattr(ColumnGeneration, "network", lambda _: EMPTY)
    solution = es.solve(*XOR, p=1)
    assert solution.lower_bound == right.value
    assert (solution.status, solution.value > right.value) == ("feasible", True)
    assert [solution.network.evaluate(x) for x in XOR[0]] == XOR[1]


def test_a_free_affine_part_that_errs_gives_no_path_norm_of_zero(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from exactsparse.routes.column_generation import route

    monkeypatch.setattr(route, "affine_alone", lambda *_: EMPTY)
    assert es.solve(*XOR, p=1).value == es.solve(*XOR, method="rays", p=1).value > 0


def test_without_any_interpolant_there_is_no_solution(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portfolio, "directional_interpolant", lambda *_: EMPTY)
    with pytest.raises(AssertionError, match="no network that was made"):
        solve_search(xor(), Deadline(0))


def test_a_free_part_is_not_smuggled_in() -> None:
    problem = Problem(Dataset.from_arrays([[0, 0], [1, 1]], [0, 1]), "parameters", None, "none")
    incumbent = Incumbent(problem, IntegerTable.of(problem.dataset))
    half = Fraction(1, 2)
    assert not incumbent.offer(Network((), Skip((half, half), Fraction(0)), 2), "a test")
    assert not incumbent.offer(Network((), None, 3), "a test")
    assert incumbent.cost == float("inf")
    neuron = Neuron((half, half), Fraction(0), ONE)
    assert incumbent.offer(Network((neuron,), None, 2), "a test")
    assert (incumbent.cost, incumbent.settle(1).status) == (2, "feasible")
    assert incumbent.settle(2).status == "optimal"
    with pytest.raises(AssertionError, match="contradicts the bound 3"):
        incumbent.settle(3)


def test_what_decides_is_evaluated_even_if_it_costs_more(
    caplog: pytest.LogCaptureFixture,
) -> None:
    problem = xor()
    incumbent = portfolio.first_incumbent(problem, IntegerTable.of(problem.dataset))
    costly = Network(tuple(Neuron((ONE, Fraction(k)), ONE, ONE) for k in range(1, 9)), None, 2)
    assert not incumbent.offer(costly, "a test")
    assert not caplog.records
    with pytest.raises(Stopped):
        incumbent.offer(costly, "a test", decides=True)
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
