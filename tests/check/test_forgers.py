"""False certificates of every kind of proof, made by hand by someone who knows the checker."""

from __future__ import annotations

import copy
import hashlib
import itertools
from fractions import Fraction
from typing import Any

import pytest

from exactsparse_check import UsageError
from exactsparse_check.kinds import KINDS
from tests.check.common import Change, Json, Judge, add, put
from tests.check.searches import CORNER, NEURONS
from tests.check.test_rays import by_hand
from tests.check.univariate import plateau
from tests.oracles.search_certificates import certificate


def by_cuts() -> Json:
    """|x| at -1, 0, 1: each outer point asks for a neuron, and no neuron serves both."""
    network = ([["-1", "0", "1"], ["1", "0", "1"]], None)
    tree = certificate([["-1"], ["0"], ["1"]], ["1", "0", "1"], network, [], value=2)
    tree["lower_bound"] = {"kind": "farkas", "cuts": [["1", "-1", "0"], ["0", "-1", "1"]]}
    return tree


SEEDS = {
    "witnesses": plateau(),
    "path_dual": plateau("1/2"),
    "search": CORNER.tree(),
    "neurons": NEURONS.tree(),
    "farkas": by_cuts(),
    "ray_dual": by_hand(),
}
DEAD = {"weights": ["0"], "bias": "1", "output": "1"}
CUTS, PRICES = ("lower_bound", "cuts"), ("lower_bound", "duals")
LEVEL = ("lower_bound", "levels", 0)


def identified(tree: Json) -> None:
    """Let the digest be that of the points, as a forger would."""
    points = tree["data"]["points"]
    text = "".join(" ".join(str(Fraction(q)) for q in point) + "\n" for point in points)
    tree["data"]["sha256"] = hashlib.sha256(text.encode()).hexdigest()
    tree["data"]["n_points"] = len(points)


def dearer(by: Any) -> Change:
    """Two neurons that cancel, and the claim that they are needed."""

    def change(tree: Json) -> None:
        tree["network"]["neurons"] += [DEAD, DEAD | {"output": "-1"}]
        tree["claim"]["value"] = by

    return change


def both(*changes: Change) -> Change:
    def change(tree: Json) -> None:
        for each in changes:
            each(tree)

    return change


def free(tree: Json) -> None:
    """Add a free affine part, of which the proof knows nothing."""
    tree["objective"]["skip"] = "affine"
    tree["network"]["skip"] = {"weights": ["0"], "bias": "0"}


def without_the_middle(tree: Json) -> None:
    del tree["data"]["points"][1]
    identified(tree)


def another_label(tree: Json) -> None:
    tree["data"]["points"][0][-1] = "2"
    identified(tree)


FORGERIES: list[tuple[str, Change]] = [
    # Cuts.
    ("farkas", put(*CUTS, 0, value=["0", "0", "0"])),
    ("farkas", put(*CUTS, 1, value=["1", "-1", "0"])),
    ("farkas", put(*CUTS, 1, value=["1000", "-1000", "0"])),
    ("farkas", put(*CUTS, value=[["1", "-2", "1"]])),
    ("farkas", put(*CUTS, value=[["1", "-2", "1"]] * 50)),
    ("farkas", put(*CUTS, 0, value=["-1", "1", "0"])),
    ("farkas", put(*CUTS, 0, value=["1", "-1", "0", "0"])),
    ("farkas", put(*CUTS, 0, value=["1", "-1"])),
    ("farkas", put(*CUTS, 0, value=[1, -1, 0])),
    ("farkas", put(*CUTS, 0, value=[True, "-1", "0"])),
    ("farkas", put(*CUTS, value=[])),
    ("farkas", put(*CUTS, value=[[]])),
    ("farkas", dearer(4)),
    ("farkas", dearer(2)),
    ("farkas", both(dearer(4), put(*CUTS, value=[["1", "-1", "0"], ["0", "-1", "1"]] * 4))),
    ("farkas", free),
    ("farkas", both(free, put(*CUTS, value=[["1", "-2", "1"], ["2", "-4", "2"]]))),
    ("farkas", put("network", "neurons", 0, "weights", value=["-2"])),
    ("farkas", without_the_middle),
    ("farkas", another_label),
    ("farkas", put("objective", "p", value="1")),
    # Prices.
    ("ray_dual", put(*PRICES, value=["0", "0", "0"])),
    ("ray_dual", put(*PRICES, value=["2", "-2", "2"])),
    ("ray_dual", put(*PRICES, value=["1", "1", "1"])),
    ("ray_dual", put(*PRICES, value=["2", "-1", "0"])),
    ("ray_dual", put(*PRICES, value=["1", "-1000000", "1"])),
    ("ray_dual", put(*PRICES, value=["1", "-1", "1", "0"])),
    ("ray_dual", put(*PRICES, value=["-1", "1", "-1"])),
    ("ray_dual", put(*PRICES, value=[["1", "-1", "1"]])),
    ("ray_dual", put(*PRICES, value=["1" + "0" * 30 + "1/1" + "0" * 31, "-1", "1"])),
    ("ray_dual", dearer("4")),
    ("ray_dual", both(dearer("4"), put(*PRICES, value=["2", "-2", "2"]))),
    ("ray_dual", dearer("2")),
    ("ray_dual", put("claim", "value", value="199999999999999999/100000000000000000")),
    ("ray_dual", free),
    ("ray_dual", without_the_middle),
    ("ray_dual", another_label),
    ("ray_dual", put("objective", "p", value="0")),
    ("ray_dual", put("objective", "kind", value="neurons")),
    ("ray_dual", put("network", "neurons", value=[])),
    # Witnesses and duals: the network costs more than need be, or the proof is of other points.
    ("witnesses", dearer(5)),
    ("witnesses", both(dearer(5), put("lower_bound", "indices", value=[1, 2, 3, 4]))),
    ("witnesses", both(dearer(4), put("lower_bound", "indices", value=[1, 2, 4, 4]))),
    ("witnesses", without_the_middle),
    ("witnesses", another_label),
    ("path_dual", dearer(["17/5", "18/5"])),
    ("path_dual", put("objective", "p", value="1")),
    ("path_dual", put("objective", "p", value="1/1000000000000")),
    ("path_dual", put("claim", "value", value=["0", "100"])),
    ("path_dual", put("claim", "value", value=["100", "0"])),
    ("path_dual", without_the_middle),
    ("path_dual", another_label),
    # Levels.
    *(
        ("search", put(*LEVEL, "prime", value=n))
        for n in (67_108_861, 2**26 - 1, 2**26, 2**26 + 15, 561, 8191 * 8191, 4, -67_108_859)
    ),
    *(("search", put(*LEVEL, "rows", value=rows)) for rows in ([0, 0, 1], [0], [7, 1, 2], [])),
    ("search", add(*LEVEL, "shards", 0, "checksum", by=1)),
    ("search", add(*LEVEL, "shards", 0, "checksum", by=16_777_213)),
    ("search", put(*LEVEL, "shards", value=[])),
    ("search", put("objective", "kind", value="neurons")),
    ("search", without_the_middle),
    ("search", another_label),
    ("neurons", put("objective", "kind", value="parameters")),
    ("neurons", another_label),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "forge"), FORGERIES, ids=itertools.count())
def test_forgeries(kind: str, forge: Change, judge: Judge) -> None:
    tree = copy.deepcopy(SEEDS[kind])
    assert judge(tree).accepted
    forge(tree)
    assert tree != SEEDS[kind]
    verdict = judge(tree)
    assert verdict.outcome == "rejected"
    assert verdict.reason and not verdict.verified


@pytest.mark.parametrize("kind", SEEDS)
def test_a_proof_of_another_kind_or_of_none(kind: str, judge: Judge) -> None:
    bounds = [tree["lower_bound"] for name, tree in SEEDS.items() if name != kind]
    for bound in (*bounds, None, {}, [], {"kind": kind}, {"kind": "faith"}, {"kind": ["search"]}):
        tree = SEEDS[kind] | {"lower_bound": bound}
        assert judge(tree).outcome == "rejected"
    names = {*KINDS} - {SEEDS[kind]["lower_bound"]["kind"]}
    for name in names:
        tree = SEEDS[kind] | {"lower_bound": SEEDS[kind]["lower_bound"] | {"kind": name}}
        assert judge(tree).outcome == "rejected"


@pytest.mark.parametrize("kind", SEEDS)
def test_a_proof_about_other_data(kind: str, judge: Judge) -> None:
    tree = copy.deepcopy(SEEDS[kind])
    names = [*tree["data"]["features"], "y"]
    rows = [",".join(names), *(",".join(point) for point in tree["data"]["points"])]
    assert judge(tree, "\n".join(rows)).verified
    for changed in (
        rows[:-1],
        [*rows, ",".join("99" for _ in names)],
        [*rows[:-1], rows[-1] + "1"],
    ):
        assert judge(tree, "\n".join(changed)).outcome == "rejected"
    tree["data"]["points"] = None
    assert judge(tree, "\n".join(rows)).accepted
    assert judge(tree, "\n".join(rows[:-1])).outcome == "rejected"
    with pytest.raises(UsageError, match="pass DATA"):
        judge(tree)
    tree["data"]["points"] = [["1"] * len(names)]
    identified(tree)
    tree["data"]["points"] = None
    assert judge(tree, "\n".join(rows)).outcome == "rejected"


@pytest.mark.parametrize("kind", SEEDS)
def test_what_is_verified_is_said(kind: str, judge: Judge) -> None:
    tree = SEEDS[kind]
    verdict = judge(tree)
    assert f"through {tree['data']['n_points']} points" in verdict.verified
    assert verdict.verified.endswith(
        f"the lower bound by {tree['lower_bound']['kind']} is the network's cost"
    )
