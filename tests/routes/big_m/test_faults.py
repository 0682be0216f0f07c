"""Backends that lie, fail, crash or hang: the status is clear and the exact incumbent is kept."""

from __future__ import annotations

import json
import time

import pytest

from exactsparse.problem.dataset import Dataset
from exactsparse.problem.problem import Problem
from exactsparse.progress import Deadline
from exactsparse.routes.big_m.route import solve
from exactsparse.upper_bounds.claims import ClaimedSolution, ClaimStatus
from tests.routes.big_m.stubs import Stub

POINTS = [["0", "0"], ["0", "1"], ["1", "0"], ["1", "1"]]
LABELS = ["0", "1", "1", "0"]
OPTIMUM = 4


def solved(fault: str, seconds: float = 20.0) -> ClaimedSolution:
    problem = Problem(Dataset.from_arrays(POINTS, LABELS), "parameters", None, "none")
    solution = solve(problem, Deadline(seconds), solver=Stub(fault))
    assert solution.status == "feasible"
    assert solution.lower_bound == 1
    network = solution.network
    assert [network.evaluate(point) for point in POINTS] == list(map(int, LABELS))
    assert solution.value == network.n_parameters
    json.dumps(solution.to_json(), allow_nan=False)
    return solution


@pytest.mark.parametrize(
    ("fault", "status", "outcome"),
    [
        ("violating", "optimal", "no exact network comes of its solution of value 1"),
        ("zeros", "stopped", "refuted, its value 0 is below the proved bound"),
        ("key_error", "failed", "KeyError: 'solution'"),
        ("wrong_bound", "optimal", "refuted, its bound 1000 exceeds the cost"),
        ("nan", "optimal", "no solution was claimed"),
        ("too_short", "optimal", "no exact network comes of its solution"),
        ("crash", "failed", "ended without an answer (exit code 7)"),
        ("chatter", "stopped", "refuted, its value 0 is below the proved bound"),
        ("not_a_claim", "failed", "AttributeError"),
    ],
)
def test_a_fault_ends_in_a_clear_status(fault: str, status: str, outcome: str) -> None:
    solution = solved(fault)
    assert solution.claim.status == status
    assert outcome in solution.claim_outcome


def test_a_wrong_bound_is_claimed_and_never_proved() -> None:
    solution = solved("wrong_bound")
    assert solution.to_json()["claimed_lower_bound"] == 1000
    assert solution.to_json()["lower_bound"] == 1


def test_a_hang_past_the_limit_is_ended() -> None:
    began = time.monotonic()
    solution = solved("hang", seconds=1.0)
    assert time.monotonic() - began < 1 + 2 + 0.05
    assert solution.claim.status is ClaimStatus.FAILED
    assert "did not stop at its time limit" in solution.claim_outcome


def test_what_was_reported_before_a_hang_is_kept() -> None:
    solution = solved("hang_after_an_incumbent", seconds=2.5)
    assert solution.claim.status is ClaimStatus.FAILED
    assert solution.value == OPTIMUM
    assert solution.replayed == OPTIMUM
