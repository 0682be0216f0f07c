"""exactsparse_check on certificates of path norms by prices: what holds, and what does not."""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import exactsparse as es
from exactsparse_check import Verdict, check
from tests.oracles.search_certificates import certificate
from tests.search.families import FAMILIES

Json = dict[str, Any]
# The hinge |x| at −1, 0, 1 costs 2.
X, Y, HINGE = [["-1"], ["0"], ["1"]], ["1", "0", "1"], [["-1", "0", "1"], ["1", "0", "1"]]


def by_hand() -> Json:
    tree = certificate(X, Y, (HINGE, None), [], value=0)
    tree["objective"] |= {"kind": "path_norm", "p": "1"}
    tree["claim"]["value"] = "2"
    tree["lower_bound"] = {"kind": "ray_dual", "duals": ["1", "-1", "1"]}
    return tree


def verdict(tree: Json, folder: Path, **options: Any) -> Verdict:
    path = folder / "proof.json"
    path.write_text(json.dumps(tree))
    return check(path, **options)


@pytest.mark.parametrize("skip", ["none", "affine"])
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("family", FAMILIES)
def test_what_the_solver_proves_is_accepted(
    family: str, seed: int, skip: str, tmp_path: Path
) -> None:
    X, y = FAMILIES[family](8000 + seed)
    if len(X[0]) == 1 and skip == "affine":
        X = [[*row, Fraction(0)] for row in X]
    solution = es.solve(X, y, p=1, skip=skip)
    assert solution.status == "optimal"
    found = verdict(solution.certificate.document, tmp_path)
    assert str(found) == "accepted"
    assert "that no network through these points costs less" in found.replayed


def test_by_hand(tmp_path: Path) -> None:
    assert str(verdict(by_hand(), tmp_path)) == "accepted"


def test_an_interval_holds_the_cost(tmp_path: Path) -> None:
    tree = by_hand()
    for value in (["2", "2"], ["1999999999/1000000000", "2"]):
        tree["claim"]["value"] = value
        assert verdict(tree, tmp_path).accepted


def price_a_constant(tree: Json) -> None:
    tree["lower_bound"]["duals"] = ["1", "0", "1"]


def price_too_high(tree: Json) -> None:
    tree["lower_bound"]["duals"] = ["1", "-4", "1"]


def price_too_low(tree: Json) -> None:
    tree["lower_bound"]["duals"] = ["1/2", "-1/2", "1/2"]


def shorten(tree: Json) -> None:
    tree["lower_bound"]["duals"].pop()


def write_a_float(tree: Json) -> None:
    tree["lower_bound"]["duals"][0] = 1.0


def claim_less(tree: Json) -> None:
    tree["claim"]["value"] = "1"


def claim_more(tree: Json) -> None:
    tree["claim"]["value"] = "3"


def claim_a_wide_interval(tree: Json) -> None:
    tree["claim"]["value"] = ["1", "2"]


def claim_an_interval_above(tree: Json) -> None:
    tree["claim"]["value"] = ["2", "2000000001/1000000000"]
    tree["network"]["neurons"][0]["output"] = "3"


def claim_an_interval_below(tree: Json) -> None:
    tree["claim"]["value"] = ["1", "1000000001/1000000000"]


def turn_the_interval(tree: Json) -> None:
    tree["claim"]["value"] = ["3", "2"]


def free_an_affine_part(tree: Json) -> None:
    tree["objective"]["skip"] = "affine"
    tree["network"]["skip"] = {"weights": ["0"], "bias": "0"}


def ask_for_another_p(tree: Json) -> None:
    tree["objective"]["p"] = "1/2"


def ask_for_another_skip(tree: Json) -> None:
    tree["objective"]["skip"] = "linear"


@pytest.mark.parametrize(
    ("forge", "reason"),
    [
        (price_a_constant, "the prices are too high for some neuron"),
        (price_too_high, "the prices are too high for some neuron"),
        (price_too_low, "the prices prove less than what is claimed"),
        (shorten, "there are not as many prices as points"),
        (write_a_float, "malformed: a rational like -3/2, of at most 100000 digits, is due"),
        (claim_less, "the network's cost is not as claimed"),
        (claim_more, "the network's cost is not as claimed"),
        (claim_a_wide_interval, "the claimed interval is too wide"),
        (claim_an_interval_above, "the network misses the point 0, counted from 0 in sorted order"),
        (claim_an_interval_below, "the network's cost is not as claimed"),
        (turn_the_interval, "the prices prove less than what is claimed"),
        (free_an_affine_part, "an affine function has a price that is not 0"),
        (ask_for_another_p, "malformed: '1' is due where something else stands"),
        (ask_for_another_skip, "malformed: unknown objective"),
    ],
)
def test_what_does_not_hold_is_rejected(
    forge: Callable[[Json], None], reason: str, tmp_path: Path
) -> None:
    tree = by_hand()
    forge(tree)
    assert str(verdict(tree, tmp_path)) == f"rejected: {reason}"


def test_no_price_of_an_optimum_can_be_raised(tmp_path: Path) -> None:
    """With a higher sum over the labels, prices would prove more than the optimum."""
    X, y = FAMILIES["generic"](8000)
    tree = es.solve(X, y, p=1).certificate.document
    prices, points = tree["lower_bound"]["duals"], tree["data"]["points"]
    for i, (price, (*_, label)) in enumerate(zip(prices, points, strict=True)):
        forged = json.loads(json.dumps(tree))
        step = Fraction(1, 100) if Fraction(label) > 0 else Fraction(-1, 100)
        forged["lower_bound"]["duals"][i] = str(Fraction(price) + step)
        assert str(verdict(forged, tmp_path)) == "rejected: the prices are too high for some neuron"


def test_what_takes_too_long_is_undecided(tmp_path: Path) -> None:
    found = verdict(by_hand(), tmp_path, seconds=0)
    assert found.outcome == "undecided"
    assert "0 of up to 4 rays" in found.reason
    assert verdict(by_hand(), tmp_path, seconds=None).accepted
