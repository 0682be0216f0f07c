"""Certificates by trees over activities: what is accepted, and forgeries that must not be."""

from __future__ import annotations

import copy
import json
import random
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import exactsparse as es
from exactsparse_check import patience
from exactsparse_check.activities import Row, Tree
from exactsparse_check.network_kinds import NetworkKind
from exactsparse_check.patience import Patience
from exactsparse_check.schema import Rejected
from tests.check.common import Change, Clock, Json, Judge, add, changed, drop, put

FIXTURES = Path(__file__).parents[1] / "fixtures"
CASES = list(map(json.loads, (FIXTURES / "bands_multivariate.jsonl").read_text().splitlines()))
X, Y = [[0, 0], [0, 1], [1, 0], [1, 1]], ["0.02", "0.98", "1.01", "-0.03"]
XOR = es.solve(X, Y, tolerance="0.05", objective="parameters", skip="none").certificate.document
AFFINE = es.solve(
    X, [0, 1, 1, 0], objective="parameters", skip="affine", method="tree"
).certificate.document
LEVELS = ("lower_bound", "levels")


def by_hand() -> Json:
    """|x| at -1, 0, 1: no network of cost 1, as each of its columns misses a point.

    A node 0, its row, no claims, the number of children; a leaf 1, and two windows.
    """
    tree: Json = es.solve(
        [-1, 0, 1], [1, 0, 1], objective="parameters", skip="none", method="tree"
    ).certificate.document
    free = {(0, 1): [0, 0, 0, 0], (0, -1): [0, 2, 0, 0],
            (1, 1): [0, 1, 0, 1, 0, 0, 0, 0, 1, 0, 1, 2, 0, 1]}  # fmt: skip
    one = [{"neurons": [], "free": [[*column]], "steps": steps} for column, steps in free.items()]
    none = [{"neurons": [], "free": [], "steps": [0, 0, 0, 0]}]
    levels = [{"cost": 0, "trees": none}, {"cost": 1, "trees": one}]
    return tree | {"lower_bound": {"kind": "activities", "levels": levels}}


HAND = by_hand()
TREES = {"xor": XOR, "affine": AFFINE, "by hand": HAND}


@pytest.mark.parametrize("name", TREES)
def test_what_is_written_is_accepted(name: str, judge: Judge) -> None:
    verdict = judge(TREES[name])
    assert verdict.outcome == "accepted", verdict.reason
    assert f"optimal: parameters: {TREES[name]['claim']['value']}, " in verdict.verified


def test_what_is_said(judge: Judge) -> None:
    assert judge(XOR).verified == (
        "optimal: parameters: 4, without a free affine part, within 1/20 of the label of each of 4 "
        "rows; the lower bound by activities is the network's cost"
    )
    assert "that no network through these points costs less" in judge(HAND).replayed
    assert "through 3 points" in judge(HAND).verified


@pytest.mark.parametrize("objective", ["parameters", "neurons"])
@pytest.mark.parametrize("skip", ["none", "affine"])
def test_all_of_a_fixture(objective: str, skip: str, judge: Judge) -> None:
    for case in CASES:
        solution = es.solve(
            case["X"], lower=case["lower"], upper=case["upper"], objective=objective, skip=skip,
            method="tree",
        )  # fmt: skip
        verdict = judge(solution.certificate.document)
        assert verdict.outcome == "accepted", (case["name"], verdict.reason)


FORGERIES: dict[str, tuple[Json, str, tuple[Change, ...]]] = {}
HAND_1 = (*LEVELS, 1, "trees", 2, "steps")


def forge(name: str, tree: Json, reason: str, *changes: Change) -> None:
    FORGERIES[name] = tree, reason, changes


def steps(*numbers: int) -> Change:
    """Another tree for the constants of |x|."""
    return put(*HAND_1, value=[*numbers])


forge("a level is missing", XOR, "levels are due", drop(*LEVELS, 0))
forge("the last level is missing", XOR, "levels are due", drop(*LEVELS, 3))
forge("no levels", XOR, "levels are due", put(*LEVELS, value=[]))
forge("a level of another cost", XOR, "levels are due", add(*LEVELS, 1, "cost", by=1))
forge("a tree is missing", XOR, "a tree is due for", drop(*LEVELS, 2, "trees", 3))
forge(
    "a kind twice", HAND, "the kind of another", put(*LEVELS, 1, "trees", 0, "free", value=[[1, 1]])
)
forge(
    "a kind of no column",
    HAND,
    "a tree is due",
    put(*LEVELS, 1, "trees", 0, "free", value=[[0, 0]]),
)
forge(
    "a kind that is not asked for", HAND, "not asked for",
    put(*LEVELS, 0, "trees", value=[
        *HAND["lower_bound"]["levels"][0]["trees"], {"neurons": [], "free": [[0, 1]], "steps": []},
    ]),
)  # fmt: skip
forge("no steps", HAND, "ends too early", steps())
forge(
    "numbers after the end",
    HAND,
    "after the end",
    steps(0, 1, 0, 1, 0, 0, 0, 0, 1, 0, 1, 2, 0, 1, 0),
)
forge("an empty leaf", HAND, "no inequality", steps(1, 0))
forge("neither node nor leaf", HAND, "out of range", steps(2, 0))
forge("a child is missing", HAND, "lacks the child 0", steps(0, 1, 0, 0))
forge("more children than sets", HAND, "children is out of range", steps(0, 1, 0, 2))
forge("a negative number of children", HAND, "out of range", steps(0, 1, 0, -1))
forge("active neurons that are none", HAND, "active neurons", steps(0, 1, 0, 1, 1, 1, 1, 0))
forge("a row that is none", HAND, "a row is out of range", steps(0, 3, 0, 0))
forge("a negative row", HAND, "a row is out of range", steps(0, -1, 0, 0))
forge("a huge row", HAND, "a row is out of range", steps(0, 10**499, 0, 0))
forge("a row again", HAND, "decided already", steps(0, 1, 0, 1, 0, 0, 1, 0, 0))
forge("a claim about no neuron", HAND, "claims is out of range", steps(0, 1, 1, 0, 0, 0, 0))
forge("one inequality", HAND, "0 relations", steps(0, 1, 0, 1, 0, 1, 1, 0))
forge("one twice", HAND, "or one twice", steps(0, 1, 0, 1, 0, 0, 0, 0, 1, 0, 1, 2, 0, 0))
forge("too many", HAND, "out of range", steps(0, 1, 0, 1, 0, 0, 0, 0, 1, 0, 1, 3, 0, 1, 0))
forge(
    "a place beyond",
    HAND,
    "inequality is out of range",
    steps(0, 1, 0, 1, 0, 0, 0, 0, 1, 0, 1, 2, 0, 2),
)
forge(
    "a negative place", HAND, "inequality is out", steps(0, 1, 0, 1, 0, 0, 0, 0, 1, 0, 1, 2, 0, -1)
)
forge("equal windows", HAND, "not contradict", steps(0, 0, 0, 1, 0, 0, 2, 0, 1, 0, 1, 2, 0, 1))
forge("a wider band", XOR, "", put("objective", "tolerance", value="1/2"))
forge("a negative band", XOR, "negative", put("objective", "tolerance", value="-1/20"))
forge("a narrower band", XOR, "misses the window", put("objective", "tolerance", value="1/100"))
forge("a lower claim", XOR, "cost is 4", add("claim", "value", by=-1))
forge("another objective", XOR, "", put("objective", "kind", value="neurons"))
forge("a free affine part", XOR, "as skip", put("objective", "skip", value="affine"))
forge("a shape", XOR, "malformed", put("objective", "shape", value="convex"))
forge("intervals of labels", XOR, "malformed", put("objective", "tolerance", value="intervals"))
forge("other labels", XOR, "sha256", put("data", "points", 2, 2, value="2"))
forge("a dead network", XOR, "misses", put("network", "neurons", value=[]))
forge("an infeasible claim", XOR, "malformed", put("claim", "status", value="infeasible"))


@pytest.mark.parametrize("name", FORGERIES)
def test_forgeries(name: str, judge: Judge) -> None:
    tree, reason, changes = FORGERIES[name]
    verdict = judge(changed(tree, *changes))
    assert verdict.outcome == "rejected"
    assert reason in verdict.reason


def test_every_beginning_of_a_tree_is_rejected(judge: Judge) -> None:
    for level, trees in enumerate(entry["trees"] for entry in XOR["lower_bound"]["levels"]):
        for number, entry in enumerate(trees):
            if number % 5 == 0:
                place = (*LEVELS, level, "trees", number, "steps")
                for end in range(len(entry["steps"])):
                    assert not judge(changed(XOR, put(*place, value=entry["steps"][:end]))).accepted


def dearer(tree: Json) -> Json:
    """The claim of one more than is needed: the network with a dead weight."""
    cost = tree["claim"]["value"]
    useless = {"weights": ["0", "0"], "bias": "-1", "output": "1"}
    levels = tree["lower_bound"]["levels"]
    return changed(
        tree, add("claim", "value", by=1),
        put("network", "neurons", value=[*tree["network"]["neurons"], useless]),
        put(*LEVELS, value=[*levels, levels[-1] | {"cost": cost}]),
    )  # fmt: skip


@pytest.mark.parametrize("part", range(3))
def test_no_false_claim_is_accepted_whatever_its_trees_are(part: int, judge: Judge) -> None:
    """A band in which less is enough, one more than is needed, and trees changed at random."""
    draw = random.Random(part)
    false = [changed(XOR, put("objective", "tolerance", value="3/5")), dearer(XOR), dearer(AFFINE)][
        part
    ]
    for _ in range(150):
        tree = copy.deepcopy(false)
        for _ in range(draw.choice((0, 1, 3))):
            level = draw.choice([own for own in tree["lower_bound"]["levels"] if own["trees"]])
            own = draw.choice(level["trees"])["steps"]
            if own:
                own[draw.randrange(len(own))] += draw.choice((-1, 1, 2, -2))
        assert judge(tree).outcome == "rejected"


ONE, TWO = ((0, 1), 1), ((0, 1), 1)


def excludes(kind: NetworkKind, rows: list[Row], numbers: list[int], skip: bool = False) -> bool:
    try:
        Tree(kind, rows, Fraction(0), skip, Patience(None)).check(numbers)
    except Rejected:
        return False
    return True


@pytest.mark.parametrize("skip", [False, True])
def test_claims_about_heights_that_are_always_zero_leave_a_child(skip: bool) -> None:
    """At a point that neurons do not see, they are neither on nor off: not both are excused."""
    twins = NetworkKind((ONE, TWO), ())
    rows = [Row([0, 0, 1], 0, 0), Row([1, 2, 1], 3, 3)]
    for claims in ([0, 0, 0, 1, 1, 0], [0, 1, 0, 1, 0, 0], [0, 1, 0, 1, 1, 0], [0, 0, 0, 0, 1, 0]):
        assert not excludes(twins, rows, [0, 0, 2, *claims, 0], skip)


@pytest.mark.parametrize(
    ("claim", "right"),
    [
        ([0, 0, 2, 0, 1], False), ([0, 1, 2, 0, 1], True), ([0, 1, 1, 0], False),
        ([0, 1, 0], False), ([0, 1, 2, 0, 0], False), ([0, 1, 2, 0, 2], False),
        ([0, 2, 2, 0, 1], False), ([1, 1, 2, 0, 1], False), ([0, 1, 3, 0, 1, 0], False),
        ([0, 1, -1], False), ([0, 1, 2, 0, -1], False),
    ],
)  # fmt: skip
def test_a_claim_follows_from_the_cell(claim: list[int], right: bool) -> None:
    """Where a neuron is active at (1, 0) and (0, 1), it is at (1, 1)."""
    rows = [Row([1, 0, 1], 0, 9), Row([0, 1, 1], 0, 9), Row([1, 1, 1], None, -1)]
    # There, both heights are at least 0, and their sum is at most -1.
    inner = [0, 2, 1, *claim, 1, 1, 1, 3, 4, 1, 3]
    replay = Tree(NetworkKind((ONE,), ()), rows, Fraction(0), False, Patience(None))
    with pytest.raises(Rejected, match="lacks the child 0" if right else None):
        replay.check([0, 0, 0, 1, 1, 0, 1, 0, 1, 1, *inner])
    # The leaf is reached just if the claim is right, and closed.
    assert (replay.cases == 4) == right


def test_children_that_are_due() -> None:
    rows = [Row([1, 1, 1], 1, 2), Row([2, 2, 1], 3, 3)]
    # Active at both points, a neuron has at the second twice what it has at the first.
    active = [1, 0, 1, 0, 1, 1, 1, 2, 0, 2]
    kind = NetworkKind((ONE,), ())
    rows[1] = Row([2, 2, 1], 5, 5)
    assert excludes(kind, rows, [0, 0, 0, 1, *active])
    assert excludes(kind, rows, [0, 0, 0, 2, *active, 0, 1, 1, 0])
    assert not excludes(kind, rows, [0, 0, 0, 2, *active, *active])
    assert not excludes(kind, rows, [0, 0, 0, 0])
    # A neuron of the other sign reaches nothing positive, and a free column may.
    assert excludes(NetworkKind((((0, 1), -1),), ()), rows, [0, 0, 0, 0])
    assert not excludes(NetworkKind((((0, 1), -1),), ((2, 1),)), rows, [0, 0, 0, 0])
    assert not excludes(NetworkKind((((0, 1), -1),), ()), rows, [0, 0, 0, 0], skip=True)


def test_it_may_take_too_long(judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    for seconds in (0, 5):
        monkeypatch.setattr(patience, "process_time", Clock())
        verdict = judge(XOR, seconds=seconds)
        assert str(verdict) == "undecided: it takes too long; pass --full"


def test_a_path_of_very_many_rows(judge: Judge) -> None:
    """Nothing is recursive: a chain over all rows of a table, to a leaf that is none."""
    n = 3000
    rows: list[Any] = [[str(i), "0"] for i in range(n)] + [[str(n), "1"]]
    tree = es.solve(
        [int(x) for x, _ in rows], [int(y) for _, y in rows], objective="parameters", skip="none",
        method="tree",
    ).certificate.document  # fmt: skip
    chain = [number for row in range(n) for number in (0, row, 0, 1, 0)]
    for leaf, outcome in (([0, n, 0, 0], "accepted"), ([1, 1, 0], "rejected")):
        place = (*LEVELS, 0, "trees", 0, "steps")
        assert judge(changed(tree, put(*place, value=[*chain, *leaf]))).outcome == outcome
