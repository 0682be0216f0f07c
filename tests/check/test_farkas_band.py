"""Certificates of counts within a band by Farkas cuts, and forgeries that must not be accepted."""

from __future__ import annotations

import hashlib
import random
from fractions import Fraction

import pytest

import exactsparse as es
from tests.check.common import Change, Json, Judge, changed, put
from tests.routes.activity_search.test_optima import random_case

X = [[-1, 0], [0, 0], [1, 0], [1, 1], [1, 1]]
TOLERANCE = es.solve(X, [1, 0, 1, "1.1", "1.2"], tolerance="1/4", method="cuts")
AFFINE = es.solve(X, [1, 0, 1, 3, 3], tolerance="1/4", skip="affine", method="cuts")
BOUNDS = es.solve(
    X[:4], lower=["3/4", None, 1, None], upper=[None, "1/4", None, None], method="cuts"
)
NEURONS = es.solve(X[:4], [1, 0, 1, -1], tolerance="1/4", objective="neurons", method="cuts")
TREES: dict[str, Json] = {
    name: solution.certificate.document
    for name, solution in (
        ("tolerance", TOLERANCE), ("affine", AFFINE), ("bounds", BOUNDS), ("neurons", NEURONS)
    )
}  # fmt: skip
CUTS, BAND = ("lower_bound", "cuts"), ("objective", "tolerance")
LAST = Fraction(1, 10**30)


@pytest.mark.parametrize("name", TREES)
def test_what_is_written_is_accepted(name: str, judge: Judge) -> None:
    verdict = judge(TREES[name])
    assert str(verdict) == "accepted"
    assert "that no network through these windows costs less" in verdict.replayed
    assert "the lower bound by farkas is the network's cost" in verdict.verified


def test_what_is_said(judge: Judge) -> None:
    assert judge(TREES["tolerance"]).verified == (
        "optimal: parameters: 2, without a free affine part, within 1/4 of the label of each of 5 "
        "rows; the lower bound by farkas is the network's cost"
    )
    assert "within the interval of each of 4 rows" in judge(TREES["bounds"]).verified


@pytest.mark.parametrize("skip", ["none", "affine"])
@pytest.mark.parametrize("objective", ["parameters", "neurons"])
@pytest.mark.parametrize("seed", range(4))
def test_what_the_solver_proves_is_accepted(
    seed: int, objective: str, skip: str, judge: Judge
) -> None:
    points, lower, upper = random_case(random.Random(900 + seed), 2)
    solution = es.solve(
        points, lower=lower, upper=upper, objective=objective, skip=skip, method="cuts"
    )
    assert str(judge(solution.certificate.document)) == "accepted"


def by_hand(cuts: list[list[str]], value: int, tolerance: str = "1/4") -> Json:
    """|x| at -1, 0, 1."""
    rows = [["-1", "1"], ["0", "0"], ["1", "1"]]
    text = "".join(" ".join(row) + "\n" for row in rows)
    neurons = [{"weights": [w], "bias": "0", "output": "1"} for w in ("-1", "1")]
    return {
        "schema": "exactsparse/certificate/1",
        "data": {
            "sha256": hashlib.sha256(text.encode()).hexdigest(), "n_points": 3, "n_features": 1,
            "features": ["x"], "label": "y", "points": rows,
        },
        "objective": {
            "kind": "parameters", "p": None, "skip": "none", "tolerance": tolerance, "shape": None,
        },
        "claim": {"status": "optimal", "value": value},
        "network": {"neurons": neurons, "skip": None},
        "lower_bound": {"kind": "farkas", "cuts": cuts},
    }  # fmt: skip


SIDES = [["1", "-1", "0"], ["0", "-1", "1"]]
SMALL = "its sum over the windows is not positive"
UNBOUNDED = "a number needs a bound that is none"


def test_by_hand(judge: Judge) -> None:
    """Each outer point is above the middle one: 3/4 and 1/4; at 1/2 the windows touch."""
    assert str(judge(by_hand(SIDES, 2))) == "accepted"
    for tolerance in (str(Fraction(1, 2) - LAST), "0"):
        assert str(judge(by_hand(SIDES, 2, tolerance))) == "accepted"
    for tolerance in ("1/2", str(Fraction(1, 2) + LAST)):
        assert judge(by_hand(SIDES, 2, tolerance)).reason == f"cut 0: {SMALL}"
    # A constant within the windows is a neuron that meets both cuts of single points.
    single = by_hand([["1", "0", "0"], ["0", "0", "1"]], 2)
    assert "allow for neurons that cost less" in judge(single).reason


def times(cut: int, factor: Fraction) -> Change:
    def change(tree: Json) -> None:
        tree["lower_bound"]["cuts"][cut] = [
            str(factor * Fraction(x)) for x in tree["lower_bound"]["cuts"][cut]
        ]

    return change


def with_points(points: list[list[str | None]]) -> Change:
    """Other rows, and the digest that a forger would write."""

    def change(tree: Json) -> None:
        lines = (" ".join("-" if v is None else v for v in point) + "\n" for point in points)
        tree["data"] |= {
            "points": points, "n_points": len(points),
            "sha256": hashlib.sha256("".join(lines).encode()).hexdigest(),
        }  # fmt: skip

    return change


def rows(name: str) -> list[list[str | None]]:
    return [list(point) for point in TREES[name]["data"]["points"]]


FORGERIES: dict[str, tuple[str, str, tuple[Change, ...]]] = {
    "wider": ("tolerance", SMALL, (put(*BAND, value="3/5"),)),
    "much wider": ("tolerance", SMALL, (put(*BAND, value="9"),)),
    "narrower": ("tolerance", "misses the window", (put(*BAND, value="1/100"),)),
    "labels": ("tolerance", "misses the window", (put(*BAND, value="0"),)),
    "negative": ("tolerance", "negative", (put(*BAND, value="-1/4"),)),
    "no tolerance": ("tolerance", "malformed", (put(*BAND, value=None),)),
    "intervals of labels": ("tolerance", "malformed", (put(*BAND, value="intervals"),)),
    "labels of intervals": ("bounds", "malformed", (put(*BAND, value="1/4"),)),
    "auto": ("tolerance", "malformed", (put(*BAND, value="auto"),)),
    "shape": ("tolerance", "malformed", (put("objective", "shape", value="convex"),)),
    "the wrong side": ("tolerance", SMALL, (times(0, Fraction(-1)),)),
    "the wrong side of a bound": ("bounds", UNBOUNDED, (times(0, Fraction(-1)),)),
    "nothing": ("tolerance", SMALL, (times(0, Fraction(0)),)),
    "an infinite side below": (
        "bounds", UNBOUNDED, (put(*CUTS, 0, 1, value="1"),)
    ),
    "an infinite side above": (
        "bounds", UNBOUNDED, (put(*CUTS, 0, 0, value="-1"),)
    ),
    "a point without bounds": (
        "bounds", UNBOUNDED, (put(*CUTS, 0, 3, value="1"),)
    ),
    "a tiny number without a bound": (
        "bounds", UNBOUNDED, (put(*CUTS, 0, 3, value=str(-LAST)),)
    ),
    "a number per row": ("tolerance", "as many numbers", (put(*CUTS, 0, value=["1"] * 5),)),
    "foreign rows": ("tolerance", "sha256", (put("data", "points", 0, 2, value="2"),)),
    "foreign bounds": (
        "bounds", UNBOUNDED,
        (with_points([[*p[:2], None, None] for p in rows("bounds")]),),
    ),
    "bounds further apart": (
        "bounds", SMALL, (with_points([[*p[:2], "-9", "9"] for p in rows("bounds")]),)
    ),
    "a lower label beside": (
        "tolerance", "misses the window",
        (with_points([["-1", "0", "0"], *rows("tolerance")]),),
    ),
    "an affine function": (
        "affine", "an affine function has a sum that is not 0", (put(*CUTS, 0, 0, value="99"),)
    ),
    "no cuts": ("tolerance", "the cuts allow for neurons that cost less", (put(*CUTS, value=[]),)),
    "one cut": (
        "tolerance", "the cuts allow for neurons that cost less",
        (put(*CUTS, value=TREES["tolerance"]["lower_bound"]["cuts"][:1]),),
    ),
    "a higher claim": ("tolerance", "cost is", (put("claim", "value", value=3),)),
    "a lower claim": ("tolerance", "cost is", (put("claim", "value", value=1),)),
}  # fmt: skip


@pytest.mark.parametrize("name", FORGERIES)
def test_forgeries(name: str, judge: Judge) -> None:
    base, reason, changes = FORGERIES[name]
    verdict = judge(changed(TREES[base], *changes))
    assert verdict.outcome == "rejected"
    assert reason in verdict.reason


@pytest.mark.parametrize("name", TREES)
def test_a_worse_network_is_not_optimal(name: str, judge: Judge) -> None:
    """Two neurons that undo each other: any windows are met as before."""
    tree = changed(TREES[name])
    width = tree["data"]["n_features"]
    neuron = {"weights": ["0"] * (width - 1) + ["1"], "bias": "7", "output": "1"}
    tree["network"]["neurons"] += [neuron, neuron | {"output": "-1"}]
    tree["claim"]["value"] += 2 if tree["objective"]["kind"] == "neurons" else 4
    assert "the cuts allow for neurons that cost less" in judge(tree).reason


def test_data_files(judge: Judge) -> None:
    text = "x1,x2,y\n-1,0,1\n0,0,0\n1,0,1\n1,1,1.2\n1,1,1.1\n1,1,1.1\n"
    tree = TREES["tolerance"]
    assert judge(tree, text).outcome == "accepted"
    assert judge(tree, text.replace("1.2", "1.3")).outcome == "rejected"
