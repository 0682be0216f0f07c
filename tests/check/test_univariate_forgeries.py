"""Certificates of one feature that do not hold, or are none at all."""

import itertools
import json
from collections.abc import Iterator

import pytest

from tests.check.common import Change, Judge, drop, put
from tests.check.univariate import (
    PLATEAU,
    PLATEAU_CSV,
    PLATEAU_KNOTS,
    F,
    certificate,
    from_bends,
    plateau,
)

NEURONS = ("network", "neurons")
INDICES = ("lower_bound", "indices")
ZERO = {"weights": ["1"], "bias": "0", "output": "0"}
# Each is a change of an accepted certificate, and a part of the reason.
FORGERIES: list[tuple[str | None, Change, str]] = [
    # The network and its cost.
    (None, put(*NEURONS, 1, "bias", value="-3/5"), "misses the point 3"),
    (None, put(*NEURONS, 0, "output", value="2"), "misses the point 2"),
    (None, put(*NEURONS, 0, "weights", value=["-1"]), "misses the point 0"),
    (None, put("network", "skip", "bias", value="1/1000000"), "misses the point 0"),
    (None, drop(*NEURONS, 2), "misses the point 5"),
    (None, lambda tree: tree["network"]["neurons"].append(ZERO), "is zero"),
    (None, lambda tree: tree["network"]["neurons"].append(ZERO | {"weights": ["0"]}), "is zero"),
    (None, put("claim", "value", value=2), "not the claimed one"),
    (None, put("claim", "value", value=4), "not the claimed one"),
    (None, put("claim", "value", value=-3), "not the claimed one"),
    ("1", put("claim", "value", value="3"), "not the claimed one"),
    ("1/2", put("claim", "value", value=["3", "17/5"]), "not the claimed one"),
    ("1/2", put("claim", "value", value=["18/5", "4"]), "not the claimed one"),
    ("1/2", put("claim", "value", value=["4", "3"]), "not the claimed one"),
    # Witnesses.
    (None, put(*INDICES, value=[1, 2]), "not the lower bound"),
    (None, put(*INDICES, value=[]), "not the lower bound"),
    (None, put(*INDICES, value=[1, 2, 3, 4]), "witness 3 overlaps"),
    (None, put(*INDICES, value=[1, 2, 3]), "witness 3 overlaps"),
    (None, put(*INDICES, value=[1, 1, 4]), "not strictly increasing"),
    (None, put(*INDICES, value=[2, 1, 4]), "not strictly increasing"),
    (None, put(*INDICES, value=[0, 2, 4]), "without curvature"),
    (None, put(*INDICES, value=[1, 2, 5]), "without curvature"),
    (None, put(*INDICES, value=[1, 2, 6]), "without curvature"),
    (None, put(*INDICES, value=[1, 2, 10**400]), "without curvature"),
    (None, put(*INDICES, value=[-5, 2, 4]), "without curvature"),
    (None, put(*INDICES, value=[True, 2, 4]), "int"),
    (None, put(*INDICES, value=["1", 2, 4]), "int"),
    (None, put(*INDICES, value=[None, 2, 4]), "int"),
    # The dual.
    ("1/2", put("lower_bound", "shared", value=[]), "inequality at the index 3"),
    ("1/2", put("lower_bound", "shared", value=[2, 3]), "no neighbour"),
    ("1/2", put("lower_bound", "shared", value=[1, 3]), "no neighbour"),
    ("1/2", put("lower_bound", "shared", value=[3, 3]), "not strictly increasing"),
    ("1/2", put("lower_bound", "shared", value=[-3, 3]), "without curvature"),
    ("1/2", put("lower_bound", "shared", value=[False, 3]), "int"),
    ("1/2", put("lower_bound", value={"kind": "witnesses", "indices": [1, 2, 4]}), "keys"),
    ("1/2", put("lower_bound", "kind", value="witnesses"), "path_dual"),
    (None, put("lower_bound", value={"kind": "path_dual", "shared": [3]}), "keys"),
    (None, put("lower_bound", "kind", value="faith"), "witnesses"),
    # The points.
    (None, put("data", "points", 3, value=["1", "2"]), "data.sha256"),
    (None, drop("data", "points", 5), "data.sha256"),
    (None, put("data", "points", value=[]), "data.sha256"),
    (None, put("data", "points", 1, value=["-2", "0"]), "not strictly sorted"),
    (None, put("data", "points", 1, value=["5", "0"]), "not strictly sorted"),
    (None, put("data", "points", 1, value=["-1"]), "list"),
    (None, put("data", "points", 1, value=[-1, 0]), "rational"),
    (None, put("data", "n_points", value=5), "data.n_points"),
    (None, put("data", "sha256", value="0" * 64), "data.sha256"),
    (None, put("data", "n_points", value=True), "int"),
    (None, put("data", "n_features", value=2), "1 is due"),
    (None, put("data", "n_features", value=True), "1 is due"),
    (None, put("data", "features", value=["x", "z"]), "list"),
    # The rest of the schema.
    ("1/2", put("objective", "p", value="3/2"), "outside [0, 1]"),
    ("1/2", put("objective", "p", value="-1/2"), "outside [0, 1]"),
    ("1/2", put("objective", "p", value="1/0"), "rational"),
    ("1/2", put("objective", "p", value=""), "rational"),
    ("1/2", put("objective", "p", value="0.5"), "rational"),
    ("1/2", put("objective", "p", value=0.5), "rational"),
    ("1/2", put("objective", "p", value=None), "do not go together"),
    (None, put("objective", "p", value="1/2"), "do not go together"),
    (None, put("objective", "p", value="0"), "do not go together"),
    (None, put("objective", "kind", value="weights"), "unknown objective"),
    (None, put("objective", "kind", value="path_norm"), "do not go together"),
    (None, put("objective", "skip", value="none"), "'affine'"),
    (None, put("objective", "tolerance", value="1/10"), "'0'"),
    (None, put("claim", "status", value="feasible"), "'optimal'"),
    (None, put("claim", "value", value="3"), "int"),
    (None, put("claim", "value", value=3.0), "rational"),
    (None, put("claim", "value", value=True), "int"),
    (None, put("claim", "value", value=["3", "3"]), "int"),
    ("1", put("claim", "value", value=4), "rational"),
    ("1/2", put("claim", "value", value="17/5"), "list"),
    ("1/2", put("claim", "value", value=["3", "4", "5"]), "list"),
    (None, put("schema", value="exactsparse/certificate/2"), "certificate/1"),
    (None, put("remark", value="trust me"), "keys"),
    (None, put(*NEURONS, 0, "remark", value="trust me"), "keys"),
    (None, drop("claim"), "keys"),
    (None, drop("network", "skip", "bias"), "keys"),
    (None, put("network", value=[]), "keys"),
    (None, put(*NEURONS, value={}), "list"),
    (None, put(*NEURONS, 0, "bias", value="9" * 200_000), "100000 digits"),
    (None, put(*NEURONS, 0, "bias", value="1/" + "9" * 200_000), "100000 digits"),
    (None, put(*NEURONS, 0, "bias", value=" 1"), "rational"),
    (None, put(*NEURONS, 0, "bias", value="1\n"), "rational"),
    (None, put(*NEURONS, 0, "bias", value="\u0661"), "rational"),
    (None, put(*NEURONS, 0, "bias", value="1e3"), "rational"),
    (None, put(*NEURONS, 0, "bias", value="1_0"), "rational"),
    (None, put(*NEURONS, 0, "bias", value=float("nan")), "rational"),
    (None, put(*NEURONS, 0, "bias", value=float("inf")), "rational"),
]


@pytest.mark.parametrize(("p", "change", "reason"), FORGERIES, ids=itertools.count())
def test_forgeries(judge: Judge, p: str | None, change: Change, reason: str) -> None:
    tree = plateau(p)
    assert judge(tree).accepted
    change(tree)
    verdict = judge(tree)
    assert not verdict.accepted
    assert reason in verdict.reason
    assert str(verdict) == f"rejected: {verdict.reason}"
    assert verdict.not_replayed


def texts() -> Iterator[tuple[str | bytes, str]]:
    good = json.dumps(plateau())
    yield "", "not JSON"
    yield "null", "keys"
    yield "[" * 100_000, "malformed"
    yield '{"a":' * 100_000, "malformed"
    yield good[:-1], "not JSON"
    yield good[: len(good) // 2], "not JSON"
    yield good + good, "not JSON"
    yield "\ufeff" + good, "not JSON"
    yield good.encode("utf-16"), "not JSON"
    yield good.encode().replace(b'"label": "y"', b'"label": "\xff"'), "not JSON in UTF-8"
    yield good.replace('"value": 3', '"value": 3, "value": 3'), "twice"
    yield good.replace('"value": 3', '"value": {"a": 1, "a": 1}'), "twice"
    yield good.replace('"p": null', '"p": {"a": 1, "a": 1}'), "twice"
    yield good.replace('"value": 3', '"value": ' + "9" * 501), "500 digits"
    yield good.replace('"value": 3', '"value": -Infinity'), "rational"
    yield good.replace('"value": 3', '"value": 3e0'), "rational"
    yield good.replace('"value": 3', '"value": 1e999999999'), "rational"


# Without ids these long texts would be the names of the tests.
@pytest.mark.parametrize(("text", "reason"), list(texts()), ids=itertools.count())
def test_texts_that_are_no_certificate(judge: Judge, text: str | bytes, reason: str) -> None:
    verdict = judge(text)
    assert not verdict.accepted and reason in verdict.reason


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (PLATEAU_CSV.replace("0,1", "0,1.00000000000000000000000001"), "not those of data.sha256"),
        (PLATEAU_CSV.replace("3,0\n", ""), "not those of data.sha256"),
        (PLATEAU_CSV + "0,2\n", "not strictly sorted"),
        (PLATEAU_CSV + "4,\n", "no table of numbers"),
        (PLATEAU_CSV + "4,one\n", "no table of numbers"),
        (PLATEAU_CSV + "4,nan\n", "no table of numbers"),
        (PLATEAU_CSV + "4,1/2\n", "not those of data.sha256"),
        (PLATEAU_CSV + "4,1/0\n", "no table of numbers"),
        (PLATEAU_CSV + "4,1e999999999\n", "no table of numbers"),
        (PLATEAU_CSV + "4,1e10001\n", "no table of numbers"),
        (PLATEAU_CSV + "4," + "9" * 120_000 + "\n", "no table of numbers"),
        (PLATEAU_CSV + "4," + "9" * 200_000 + "\n", "no table of numbers"),
        (PLATEAU_CSV + "4\n", "no table of numbers"),
        (PLATEAU_CSV + "4,5,6\n", "no table of numbers"),
        (PLATEAU_CSV + '4,"5\n', "no table of numbers"),
        ("", "no table of numbers"),
        ("# nothing\n", "no table of numbers"),
        ("x,y\n", "no table of numbers"),
        ("1e999999999,0\n" + PLATEAU_CSV.removeprefix("x,y\n-2,0\n"), "no table of numbers"),
        ("9,inf\n" + PLATEAU_CSV.removeprefix("x,y\n"), "no table of numbers"),
        ("7,7\n" + PLATEAU_CSV.removeprefix("x,y\n"), "not those of data.sha256"),
        ("a,q,y\n" + PLATEAU_CSV.removeprefix("x,y\n").replace(",", ",9,"), "no table of numbers"),
    ],
    ids=itertools.count(),
)
def test_foreign_data(judge: Judge, data: str, reason: str) -> None:
    verdict = judge(plateau(), data)
    assert not verdict.accepted and reason in verdict.reason


def test_a_valid_dual_does_not_excuse_a_costlier_network(judge: Judge) -> None:
    knots = [(x, F(b)) for (x, _), b in zip(PLATEAU[1:-1], (1, -1, -1, 1), strict=True)]
    for p, value, bound in (("1/2", ["4", "4"], [3]), (None, 4, [1, 2, 4])):
        verdict = judge(certificate(PLATEAU, knots, p=p, value=value, bound=bound))
        assert verdict.reason == "the network's cost is not the lower bound"
    # With p = 1 that network is optimal too.
    for shared in ([], [3]):
        assert judge(certificate(PLATEAU, knots, p="1", value="4", bound=shared)).accepted


def test_an_enclosure_that_says_nothing_is_no_claim(judge: Judge) -> None:
    """2 + sqrt 2 is 3.41421356237309504880…"""
    digits = 34142135623730950
    for p, low, high in (
        ("1/2", "0", "100"),
        ("1/2", "-1", "5"),
        ("1/2", f"{digits}/{10**16}", f"{digits + 34142137}/{10**16}"),
    ):
        tree = certificate(PLATEAU, PLATEAU_KNOTS, p=p, value=[low, high], bound=[3])
        assert "wider than 10^-9" in judge(tree).reason
    high = f"{digits + 34142134}/{10**16}"
    tree = certificate(
        PLATEAU, PLATEAU_KNOTS, p="1/2", value=[f"{digits}/{10**16}", high], bound=[3]
    )
    verdict = judge(tree)
    assert verdict.accepted
    assert any("a path norm of 3.4142135" in step for step in verdict.replayed)


def test_a_dual_that_names_the_greater_bound_is_rejected(judge: Judge) -> None:
    # Bends 1, 2, 1: sharing at 2 leaves z_2 = sqrt 3 - 1, and z_3 = min(1, sqrt 3 - z_2) = 1.
    knots = [(F(1) + F(2, 3), F(3)), (F(3), F(1))]
    points = from_bends(1, 2, 1)
    value = ["27320508075/10000000000", "27320508076/10000000000"]
    assert judge(certificate(points, knots, p="1/2", value=value, bound=[2])).accepted
    verdict = judge(certificate(points, knots, p="1/2", value=value, bound=[3]))
    assert "inequality at the index 2" in verdict.reason
    # Bends 1, 100, 100, 1: the pair at 4 leaves more than z_4 may be.
    points = from_bends(1, 100, 100, 1)
    knots = [(F(1), F(1)), (F(5, 2), F(200)), (F(4), F(1))]
    value = ["16142135623/1000000000", "16142135624/1000000000"]
    assert judge(certificate(points, knots, p="1/2", value=value, bound=[2, 3])).accepted
    verdict = judge(certificate(points, knots, p="1/2", value=value, bound=[2, 3, 4]))
    assert "inequality at the index 4" in verdict.reason


def test_a_near_tie_of_seven_hundred_digits_is_decided(judge: Judge) -> None:
    huge = 10**700
    points = [(x, y / huge) for x, y in from_bends(huge, huge, huge + 1)]
    knots = [(F(3, 2), F(2)), (F(3), 1 + F(1, huge))]
    verdict = judge(certificate(points, knots, p="1/2", value=["0", "3"], bound=[2]))
    assert "inequality at the index 3" in verdict.reason
