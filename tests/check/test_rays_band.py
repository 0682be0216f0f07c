"""Certificates of path norms within a band: what is accepted, and forgeries that must not be."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

import exactsparse as es
from tests.check.common import Change, Json, Judge, changed, put
from tests.routes.rank_search.families import FAMILIES

X = [[-1, 0], [0, 0], [1, 0], [1, 1], [1, 1]]
# |x1|, and twice the point (1, 1).
TOLERANCE = es.solve(X, [1, 0, 1, "1.1", "1.2"], p=1, tolerance="1/4").certificate.document
AFFINE = es.solve(X, [1, 0, 1, 3, 3], p=1, tolerance="1/4", skip="affine").certificate.document
BOUNDS = es.solve(
    X[:4], lower=["3/4", None, 1, None], upper=[None, "1/4", None, None], p=1
).certificate.document
EMPTY = es.solve(X, [1, 0, 1, 1, 3], p=1, tolerance="1/2").certificate.document
COUNTED = {**EMPTY, "objective": {**EMPTY["objective"], "kind": "parameters", "p": None}}
TREES = {
    "tolerance": TOLERANCE, "affine": AFFINE, "bounds": BOUNDS, "empty": EMPTY,
    "empty of a count": COUNTED,
}  # fmt: skip
PRICES, VALUE, BAND = ("lower_bound", "duals"), ("claim", "value"), ("objective", "tolerance")
LAST = Fraction(1, 10**30)


@pytest.mark.parametrize("name", TREES)
def test_what_is_written_is_accepted(name: str, judge: Judge) -> None:
    verdict = judge(TREES[name])
    assert verdict.outcome == "accepted", verdict.reason
    assert verdict.verified


def test_what_is_said(judge: Judge) -> None:
    assert judge(TOLERANCE).verified == (
        "optimal: path norm with p = 1: 29/20, without a free affine part, within 1/4 of the label "
        "of each of 5 rows; the lower bound by ray_dual is the network's cost"
    )
    assert "that no network through these windows costs less" in judge(BOUNDS).replayed
    assert "within the interval of each of 4 rows" in judge(BOUNDS).verified
    assert "that no value meets the windows at x = 1, 1" in judge(EMPTY).replayed
    assert judge(COUNTED).verified == (
        "infeasible: no function is within 1/2 of the label of each of 5 rows"
    )


@pytest.mark.parametrize("skip", ["none", "affine"])
@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("family", FAMILIES)
def test_what_the_solver_proves_is_accepted(
    family: str, seed: int, skip: str, judge: Judge
) -> None:
    X, y = FAMILIES[family](8100 + seed)
    if len(X[0]) == 1 and skip == "affine":
        X = [[*row, Fraction(0)] for row in X]
    rng = random.Random(seed)
    ends = [[rng.choice([None, 0, Fraction(1, 4), 1]) for _ in y] for _ in range(2)]
    lower = [None if w is None else v - w for v, w in zip(y, ends[0], strict=True)]
    upper = [None if w is None else v + w for v, w in zip(y, ends[1], strict=True)]
    for solution in (
        es.solve(X, lower=lower, upper=upper, p=1, skip=skip),
        es.solve(X, y, tolerance="0.3", p=1, skip=skip),
    ):
        assert solution.status == "optimal"
        found = judge(solution.certificate.document)
        assert str(found) == "accepted"


FORGERIES: dict[str, tuple[Json, str, tuple[Change, ...]]] = {}


def forge(name: str, tree: Json, reason: str, *changes: Change) -> None:
    FORGERIES[name] = tree, reason, changes


def turned(row: int) -> Change:
    """One price with the other sign."""

    def change(tree: Json) -> None:
        prices = tree["lower_bound"]["duals"]
        prices[row] = str(-Fraction(prices[row]))

    return change


def times(factor: Fraction) -> Change:
    """All prices times a factor."""

    def change(tree: Json) -> None:
        prices = tree["lower_bound"]["duals"]
        tree["lower_bound"]["duals"] = [str(factor * Fraction(price)) for price in prices]

    return change


def given_as(tolerance: Fraction) -> Change:
    return put(*BAND, value=str(tolerance))


forge("wider by one unit", TOLERANCE, "prove less", given_as(Fraction(1, 4) + LAST))
forge("narrower by one unit", TOLERANCE, "misses the window", given_as(Fraction(1, 4) - LAST))
forge("a foreign band", TOLERANCE, "prove less", given_as(Fraction(1)))
forge("a negative band", TOLERANCE, "negative", put(*BAND, value="-1/4"))
forge("intervals of labels", TOLERANCE, "malformed", put(*BAND, value="intervals"))
forge("labels of intervals", BOUNDS, "malformed", put(*BAND, value="1/4"))
forge("a tolerance of none", TOLERANCE, "malformed", put(*BAND, value=None))
forge("a shape", TOLERANCE, "malformed", put("objective", "shape", value="convex"))
forge("another p", TOLERANCE, "malformed", put("objective", "p", value="1/2"))
forge("a sign is turned", TOLERANCE, "prove less", turned(0))
forge("a sign without a bound", BOUNDS, "a bound that is none", turned(0))
forge("a price without a bound", BOUNDS, "a bound that is none", put(*PRICES, 3, value="1"))
forge("prices beyond a ray", TOLERANCE, "too high", times(1 + LAST))
forge("prices of less", TOLERANCE, "prove less", times(1 - LAST))
forge("a price too few", TOLERANCE, "not as many prices", put(*PRICES, value=["1", "-1", "1"]))
forge("a price per row", TOLERANCE, "not as many", put(*PRICES, value=["1", "-1", "1", "0", "0"]))
forge("an affine price", AFFINE, "affine function", put(*PRICES, 0, value="9"))
forge("a lower claim", TOLERANCE, "cost is not as claimed", put(*VALUE, value="1"))
forge("a higher claim", TOLERANCE, "cost is not as claimed", put(*VALUE, value="2"))
forge("other labels", TOLERANCE, "sha256", put("data", "points", 0, 2, value="2"))
forge("infeasible", TOLERANCE, "malformed", put("claim", "status", value="infeasible"))
forge("a point with room", EMPTY, "there is a value", put("lower_bound", "abscissa", value=0))
forge("a point beyond", EMPTY, "no abscissa", put("lower_bound", "abscissa", value=4))
forge("a band with room", EMPTY, "there is a value", given_as(Fraction(1)))
forge("feasible", EMPTY, "malformed", put("claim", "value", value="1"))
forge("of nothing known", EMPTY, "unknown objective", put("objective", "kind", value="nothing"))


@pytest.mark.parametrize("name", FORGERIES)
def test_forgeries(name: str, judge: Judge) -> None:
    tree, reason, changes = FORGERIES[name]
    verdict = judge(changed(tree, *changes))
    assert verdict.outcome == "rejected"
    assert reason in verdict.reason


@pytest.mark.parametrize("name", ["tolerance", "affine", "bounds"])
def test_a_network_outside_a_window_by_one_unit(name: str, judge: Judge) -> None:
    """Each weight, a little smaller in size, leaves a window that a price stands on."""
    tree = TREES[name]
    for k, neuron in enumerate(tree["network"]["neurons"]):
        output = str(Fraction(neuron["output"]) * (1 - LAST))
        verdict = judge(changed(tree, put("network", "neurons", k, "output", value=output)))
        assert verdict.outcome == "rejected"
        assert "misses the window" in verdict.reason


def test_no_price_of_an_optimum_can_be_changed(judge: Judge) -> None:
    for tree in (TOLERANCE, AFFINE, BOUNDS):
        for k, price in enumerate(tree["lower_bound"]["duals"]):
            for step in (LAST, -LAST):
                forged = changed(tree, put(*PRICES, k, value=str(Fraction(price) + step)))
                assert judge(forged).outcome == "rejected"


def test_data_files(judge: Judge) -> None:
    text = "x1,x2,y\n-1,0,1\n0,0,0\n1,0,1\n1,1,1.2\n1,1,1.1\n1,1,1.1\n"
    assert judge(TOLERANCE, text).outcome == "accepted"
    assert judge(TOLERANCE, text.replace("1.2", "1.3")).outcome == "rejected"
    assert judge(EMPTY, text).outcome == "rejected"


def test_bounds_that_are_not_sorted_or_twice_there(judge: Judge) -> None:
    for change in ([1, 0, 2, 3], [0, 0, 1, 2, 3]):
        forged = changed(BOUNDS)
        forged["data"]["points"] = [BOUNDS["data"]["points"][k] for k in change]
        assert "sorted" in judge(forged).reason
