"""exactsparse_check on certificates of path norms by prices: what holds, and what does not."""

from __future__ import annotations

import copy
from fractions import Fraction

import pytest

import exactsparse as es
from tests.check.common import Change, Json, Judge, drop, put
from tests.oracles.search_certificates import certificate
from tests.routes.rank_search.families import FAMILIES

X, Y, HINGE = [["-1"], ["0"], ["1"]], ["1", "0", "1"], [["-1", "0", "1"], ["1", "0", "1"]]
VALUE, PRICES = ("claim", "value"), ("lower_bound", "duals")


def by_hand() -> Json:
    """|x| at −1, 0, 1 costs 2: no neuron of norm 1 is worth more than 1 at these prices."""
    tree = certificate(X, Y, (HINGE, None), [], value=0)
    tree["objective"] |= {"kind": "path_norm", "p": "1"}
    tree["claim"]["value"] = "2"
    tree["lower_bound"] = {"kind": "ray_dual", "duals": ["1", "-1", "1"]}
    return tree


@pytest.mark.parametrize("skip", ["none", "affine"])
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("family", FAMILIES)
def test_what_the_solver_proves_is_accepted(
    family: str, seed: int, skip: str, judge: Judge
) -> None:
    X, y = FAMILIES[family](8000 + seed)
    if len(X[0]) == 1 and skip == "affine":
        X = [[*row, Fraction(0)] for row in X]
    solution = es.solve(X, y, p=1, skip=skip)
    assert solution.status == "optimal"
    found = judge(solution.certificate.document)
    assert str(found) == "accepted"
    assert "that no network through these points costs less" in found.replayed


def test_by_hand(judge: Judge) -> None:
    assert str(judge(by_hand())) == "accepted"


def free_an_affine_part(tree: Json) -> None:
    tree["objective"]["skip"] = "affine"
    tree["network"]["skip"] = {"weights": ["0"], "bias": "0"}


@pytest.mark.parametrize(
    ("forge", "reason"),
    [
        (put(*PRICES, value=["1", "0", "1"]), "the prices are too high for some neuron"),
        (put(*PRICES, value=["1", "-4", "1"]), "the prices are too high for some neuron"),
        (put(*PRICES, value=["1/2", "-1/2", "1/2"]), "the prices prove less than what is claimed"),
        (drop(*PRICES, 2), "there are not as many prices as points"),
        (put(*PRICES, 0, value=1.0), "a rational like -3/2, of at most 100000 digits, is due"),
        (put(*VALUE, value="1"), "the network's cost is not as claimed"),
        (put(*VALUE, value="3"), "the network's cost is not as claimed"),
        (
            put(*VALUE, value=["2", "2"]),
            "a rational like -3/2, of at most 100000 digits, is due",
        ),
        (
            put("network", "neurons", 0, "output", value="3"),
            "the network misses the point 0, counted from 0 in sorted order",
        ),
        (free_an_affine_part, "unknown objective"),
        (put("objective", "p", value="1/2"), "'1' is due where something else stands"),
        (put("objective", "skip", value="linear"), "unknown objective"),
    ],
)
def test_what_does_not_hold_is_rejected(forge: Change, reason: str, judge: Judge) -> None:
    tree = by_hand()
    forge(tree)
    found = judge(tree)
    assert found.outcome == "rejected"
    assert found.reason.removeprefix("malformed: ") == reason


def test_no_price_of_an_optimum_can_be_raised(judge: Judge) -> None:
    """With a higher sum over the labels, prices would prove more than the optimum."""
    tree = es.solve(*FAMILIES["generic"](8000), p=1).certificate.document
    for i, (*_, label) in enumerate(tree["data"]["points"]):
        forged = copy.deepcopy(tree)
        prices = forged["lower_bound"]["duals"]
        step = Fraction(1, 100) if Fraction(label) > 0 else Fraction(-1, 100)
        prices[i] = str(Fraction(prices[i]) + step)
        assert str(judge(forged)) == "rejected: the prices are too high for some neuron"


def test_what_takes_too_long_is_undecided(judge: Judge) -> None:
    found = judge(by_hand(), seconds=0)
    assert found.outcome == "undecided"
    assert "0 of up to 4 rays" in found.reason
    assert judge(by_hand(), seconds=None).accepted


def test_the_affine_part_has_no_price(judge: Judge) -> None:
    X = [[*row, "0"] for row in [["-1"], ["0"], ["1"]]]
    tree = es.solve(X, Y, p=1, skip="affine").certificate.document
    assert judge(tree).accepted
    tree["lower_bound"]["duals"] = ["1", "-1", "1"]
    assert judge(tree).reason == "an affine function has a price that is not 0"


def test_biases_of_one_feature_beside_an_affine_part_cost_nothing(judge: Judge) -> None:
    """The least path norm of these points is 2; with biases it would be 22."""
    tree = es.solve([9, 10, 11], [1, 0, 1], p=1).certificate.document
    assert judge(tree).accepted
    tree["claim"]["value"] = "22"
    tree["network"] = {
        "neurons": [{"weights": ["1"], "bias": "-10", "output": "2"}],
        "skip": {"weights": ["-1"], "bias": "10"},
    }
    tree["lower_bound"] = {"kind": "ray_dual", "duals": ["11", "-22", "11"]}
    assert str(judge(tree)) == "rejected: malformed: unknown objective"
