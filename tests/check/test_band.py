"""Certificates within a band: what is accepted, and forgeries that must not be."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import exactsparse as es
from exactsparse_check import check, patience
from exactsparse_check.band import windows_of
from exactsparse_check.data import digest
from exactsparse_check.patience import Patience
from tests.check.common import Change, Json, Judge, add, changed, drop, put
from tests.check.univariate import plateau

# A positive knot, then a negative and a positive one.
X, Y = [0, 1, 2, 3, 4, 5, 6], [0, 0, 1, 9, 9, 0, 0]
FEWEST = es.solve(X, Y, tolerance="0.25").certificate.document
DUAL = es.solve(X, Y, knots=2).certificate.document
FLOOR = es.solve([0, 1, 1], [0, 1, 4], knots=1).certificate.document
CONVEX = es.solve([0, 1, 2], [1, 0, 1], shape="convex", tolerance="0.1").certificate.document
NOT_CONCAVE = es.solve([0, 1, 2], [1, 0, 1], shape="concave").certificate.document
EMPTY = es.solve([0, 1, 1], [0, 1, 4], tolerance=1).certificate.document
ONE_SIDED = es.solve(
    [0, 1, 2, 3], lower=[0, None, 3, 0], upper=[None, 1, None, 1]
).certificate.document
TREES = {
    "fewest": FEWEST, "dual": DUAL, "floor": FLOOR, "convex": CONVEX,
    "not concave": NOT_CONCAVE, "empty": EMPTY, "one-sided": ONE_SIDED,
}  # fmt: skip


@pytest.mark.parametrize("name", TREES)
def test_what_is_written_is_accepted(name: str, judge: Judge) -> None:
    verdict = judge(TREES[name])
    assert verdict.outcome == "accepted", verdict.reason
    assert verdict.verified


TRIPLES = ("lower_bound", "triples")
FORGERIES: dict[str, tuple[Json, str, tuple[Change, ...]]] = {}


def forge(name: str, tree: Json, reason: str, *changes: Change) -> None:
    FORGERIES[name] = tree, reason, changes


forge("a sign is turned", FEWEST, "overlaps", put(*TRIPLES, 0, 0, value=-1))
forge("no sign", FEWEST, "no sign", put(*TRIPLES, 0, 0, value=0))
forge("one too few", FEWEST, "lower bound is", drop(*TRIPLES, 0))
forge("places out of order", FEWEST, "from left to right", put(*TRIPLES, 0, value=[1, 2, 1, 3]))
forge("places beyond", FEWEST, "from left to right", put(*TRIPLES, 0, 3, value=7))
forge("places before", FEWEST, "from left to right", put(*TRIPLES, 0, 1, value=-1))
forge("a wider band", FEWEST, "forces no knot", put("objective", "tolerance", value="5"))
forge("a negative band", FEWEST, "negative", put("objective", "tolerance", value="-1"))
forge("a lower claim", FEWEST, "knots", add("claim", "value", by=-1))
forge("another shape", FEWEST, "not convex", put("objective", "shape", value="convex"))
forge("an unknown shape", FEWEST, "unknown shape", put("objective", "shape", value="round"))
forge("other labels", FEWEST, "sha256", put("data", "points", 2, 1, value="2"))
forge("a moved law", FEWEST, "misses the window", put("network", "skip", "bias", value="9"))
forge("as optimal of nothing", FEWEST, "malformed", put("network", value=None))
forge("a lesser tolerance", DUAL, "misses the window", put("claim", "value", value="1/1000"))
forge("fewer knots", DUAL, "more than", add("objective", "knots", by=-1))
forge("more knots", DUAL, "do not force more than", add("objective", "knots", by=1))
forge("negative knots", DUAL, "negative", put("objective", "knots", value=-1))
forge("an abscissa beyond", FLOOR, "no abscissa", put("lower_bound", "abscissa", value=2))
forge("another abscissa", FLOOR, "lesser tolerance", put("lower_bound", "abscissa", value=0))
forge("a concave law", CONVEX, "not concave", put("objective", "shape", value="concave"))
forge("any shape is forbidden", NOT_CONCAVE, "any shape", put("objective", "shape", value=None))
forge("a band that meets", EMPTY, "there is a value", put("objective", "tolerance", value="3/2"))
forge("an empty one beyond", EMPTY, "no abscissa", put("lower_bound", "abscissa", value=2))
forge("an empty one before", EMPTY, "no abscissa", put("lower_bound", "abscissa", value=-1))
forge("infeasible with a value", EMPTY, "malformed", put("claim", "value", value=0))
forge(
    "twice the same", FEWEST, "overlaps",
    put(*TRIPLES, 1, value=[1, 0, 1, 2]), put(*TRIPLES, 0, value=[1, 0, 1, 2]),
)  # fmt: skip
forge("a narrower band", FEWEST, "misses", put("objective", "tolerance", value="1/1000"))
forge("nothing of a neuron", FEWEST, "is zero", put("network", "neurons", 0, "output", value="0"))
forge("intervals of labels", FEWEST, "malf", put("objective", "tolerance", value="intervals"))
forge("a greater tolerance", DUAL, "allows a lesser", put("claim", "value", value="100"))
forge("one label there", DUAL, "lesser tolerance", put("lower_bound", "abscissa", value=3))
forge(
    "a claim of zero", FLOOR, "misses",
    put("claim", "value", value="0"), put("lower_bound", "abscissa", value=None),
)  # fmt: skip
forge("the right shape", NOT_CONCAVE, "not forbid", put("objective", "shape", value="convex"))
forge("the other sign", NOT_CONCAVE, "not forbid", put("lower_bound", "triple", 0, value=-1))
forge("a band of half", NOT_CONCAVE, "not forbid", put("objective", "tolerance", value="1/2"))
forge("a place not empty", EMPTY, "there is a value", put("lower_bound", "abscissa", value=0))
forge("a label and a half", FEWEST, "malformed", put("data", "points", 0, value=["0", None]))


@pytest.mark.parametrize("name", FORGERIES)
def test_forgeries(name: str, judge: Judge) -> None:
    tree, reason, changes = FORGERIES[name]
    verdict = judge(changed(tree, *changes))
    assert verdict.outcome == "rejected"
    assert reason in verdict.reason


def test_a_triple_that_fails_by_one_unit_in_the_last_place(judge: Judge) -> None:
    last = Fraction(1, 10**30)
    for off, word in ((last, "accepted"), (Fraction(0), "rejected"), (-last, "rejected")):
        # The chord of the lower ends at 1/2 meets the upper end in the middle if off is zero.
        middle = 0 - off
        x, y = ["0", "1", "2"], ["1", str(middle), "1"]
        tree = es.solve(x, y, knots=1).certificate.document
        tree = changed(
            tree,
            put("objective", value={
                "kind": "neurons", "p": None, "skip": "affine", "tolerance": "1/2", "shape": None,
            }),
            put("claim", "value", value=1),
            put("lower_bound", value={"kind": "triples", "triples": [[1, 0, 1, 2]]}),
        )  # fmt: skip
        assert judge(tree).outcome == word


def test_triples_of_a_sign_may_touch_but_not_overlap(judge: Judge) -> None:
    x, y = list(range(5)), [2, 0, 2, 0, 2]
    tree = es.solve(x, y, tolerance="0.1").certificate.document
    touching = [[1, 0, 1, 2], [-1, 1, 2, 3], [1, 2, 3, 4]]
    assert judge(changed(tree, put(*TRIPLES, value=touching))).outcome == "accepted"
    overlapping = [[1, 0, 1, 4], [-1, 1, 2, 3], [1, 2, 3, 4]]
    assert "overlaps" in judge(changed(tree, put(*TRIPLES, value=overlapping))).reason
    backwards = [touching[2], touching[1], touching[0]]
    assert "overlaps" in judge(changed(tree, put(*TRIPLES, value=backwards))).reason


def test_data_files(judge: Judge) -> None:
    text = "x,y\n" + "".join(f"{a},{b}\n" for a, b in zip(X, Y, strict=True))
    assert judge(FEWEST, text).outcome == "accepted"
    assert judge(DUAL, text).outcome == "accepted"
    assert judge(FEWEST, text.replace("3,9", "3,8")).outcome == "rejected"
    assert judge(EMPTY, "x,y\n1,4\n0,0\n1,1\n1,1\n").outcome == "accepted"


def test_rows_that_are_not_sorted_or_twice_there(judge: Judge) -> None:
    swapped = changed(FEWEST)
    points = swapped["data"]["points"]
    points[0], points[1] = points[1], points[0]
    assert "sorted" in judge(swapped).reason
    twice = changed(ONE_SIDED)
    twice["data"]["points"].insert(0, twice["data"]["points"][0])
    assert "sorted" in judge(twice).reason


def test_a_triple_of_bounds_that_are_none(judge: Judge) -> None:
    tree = changed(ONE_SIDED, put(*TRIPLES, value=[[1, 0, 2, 3]]))
    assert "a bound that is none" in judge(tree).reason


@pytest.mark.parametrize("name", ["dual", "floor"])
def test_a_number_of_knots_that_no_message_can_hold(name: str, judge: Judge) -> None:
    longest = judge(changed(TREES[name], put("objective", "knots", value=10**499)))
    # Two labels of one point are as far apart with any number of knots.
    assert longest.outcome == ("accepted" if name == "floor" else "rejected")
    longer = judge(changed(TREES[name], put("objective", "knots", value=10**5000)))
    assert longer.reason == "malformed: an integer of at most 500 digits is due"


# The digest of rows "x y" says nothing of what y is.
@pytest.mark.parametrize(
    ("tree", "rows"),
    [
        (CONVEX, [(0, 1, 9), (1, 0, None), (2, 1, 9)]),
        (CONVEX, [(0, None), (1, 0), (2, 1)]),
        (DUAL, [(0, 1, 9), (1, 0, 0), (2, 1, 9)]),
        (ONE_SIDED, [(0, 1), (1, 0), (2, 1)]),
        (NOT_CONCAVE, [(0, 1, 9), (1, 0, 9), (2, 1, 9)]),
        (EMPTY, [(0, None, 9), (1, 0, 9), (2, 1, 9)]),
    ],
)
def test_rows_of_bounds_for_labels(tree: Json, rows: list[Any], tmp_path: Path) -> None:
    points = [tuple(None if v is None else Fraction(v) for v in row) for row in rows]
    about = {"points": None, "n_points": len(rows), "sha256": digest(points, Patience(None))}
    path = tmp_path / "certificate.json"
    path.write_text(json.dumps(changed(tree, put("data", value=tree["data"] | about))))
    verdict = check(path, "d.csv", read=lambda *_: points)
    assert (verdict.outcome, verdict.reason[:15]) == ("rejected", "DATA has bounds")


class Looks:
    """A clock that stands still until it was looked at so often."""

    def __init__(self, patient: int) -> None:
        self.left = patient

    def __call__(self) -> float:
        self.left -= 1
        return 9.0 * (self.left < 0)


@pytest.mark.parametrize(
    "tree", [FEWEST, DUAL, CONVEX, NOT_CONCAVE, ONE_SIDED, plateau(), plateau("1")]
)
def test_where_numbers_are_long_it_may_take_too_long(
    tree: Json, judge: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    for limit in ("SHORT", "MANY"):
        monkeypatch.setattr(patience, limit, 0)
    steps = ["", *judge(tree).replayed]
    ended = set()
    for looks in range(120):
        monkeypatch.setattr(patience, "process_time", Looks(looks))
        verdict = judge(tree, seconds=8)
        if not verdict.accepted:
            assert str(verdict) == "undecided: it takes too long; pass --full"
            ended.add(["", *verdict.replayed][-1])
    # While it reads, evaluates the network, if there is one, and goes through the bound.
    assert ended == {"", steps[1], steps[-2]}


def test_a_long_tolerance_is_not_written_into_every_row() -> None:
    rows = [(Fraction(i), Fraction(i % 3)) for i in range(5)]
    for window, (x, y) in zip(windows_of(rows), rows, strict=True):
        assert window.x is x and window.lower is window.upper is y
