"""exactsparse_check on certificates made by hand: controls, forgeries, and random ones."""

import copy
import hashlib
import itertools
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal, localcontext
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exactsparse_check import Verdict, check
from exactsparse_check.__main__ import main
from exactsparse_check.powers import PowerSum, power

F = Fraction
Json = dict[str, Any]
Points = list[tuple[Fraction, Fraction]]


def certificate(
    points: Points,
    knots: list[tuple[Fraction, Fraction]],
    *,
    p: str | None,
    value: object,
    bound: list[int],
) -> Json:
    """Certificate whose network has the given knots and bends, affine on the left of them."""
    text = "".join(f"{x} {y}\n" for x, y in points)
    slope = F(0)
    if len(points) > 1:
        (x0, y0), (x1, y1) = points[:2]
        slope = (y1 - y0) / (x1 - x0)
    dual = p is not None and F(p) > 0
    return {
        "schema": "exactsparse/certificate/1",
        "data": {
            "sha256": hashlib.sha256(text.encode()).hexdigest(),
            "n_points": len(points),
            "n_features": 1,
            "features": ["x"],
            "label": "y",
            "points": [[str(x), str(y)] for x, y in points],
        },
        "objective": {
            "kind": "neurons" if p is None else "path_norm",
            "p": p,
            "skip": "affine",
            "tolerance": "0",
        },
        "claim": {"status": "optimal", "value": value},
        "network": {
            "neurons": [
                {"weights": ["1"], "bias": str(-knot), "output": str(bend)} for knot, bend in knots
            ],
            "skip": {
                "weights": [str(slope)],
                "bias": str(points[0][1] - slope * points[0][0]),
            },
        },
        "lower_bound": {"kind": "path_dual", "shared": bound}
        if dual
        else {"kind": "witnesses", "indices": bound},
    }


def from_bends(*bends: int) -> Points:
    """Points at x = 0, 1, 2, ... whose slope changes at 1, 2, ... are the given ones."""
    points, slope = [(F(0), F(0)), (F(1), F(0))], 0
    for bend in bends:
        slope += bend
        points.append((points[-1][0] + 1, points[-1][1] + slope))
    return points


PLATEAU = [(F(x), F(y)) for x, y in zip(range(-2, 4), (0, 0, 1, 1, 0, 0), strict=True)]
PLATEAU_KNOTS = [(F(-1), F(1)), (F(1, 2), F(-2)), (F(2), F(1))]


def plateau(p: str | None = None) -> Json:
    if p is None or p == "0":
        return certificate(PLATEAU, PLATEAU_KNOTS, p=p, value=3, bound=[1, 2, 4])
    if p == "1":
        return certificate(PLATEAU, PLATEAU_KNOTS, p=p, value="4", bound=[])
    cost = 2 + 2 ** float(F(p))
    value = [str(F(cost - 1e-9)), str(F(cost + 1e-9))]
    return certificate(PLATEAU, PLATEAU_KNOTS, p=p, value=value, bound=[3])


@pytest.fixture
def judge(tmp_path: Path) -> Callable[..., Verdict]:
    def run(tree: Json | str | bytes, data: str | None = None, name: str = "d.csv") -> Verdict:
        raw = json.dumps(tree) if isinstance(tree, dict) else tree
        path = tmp_path / "certificate.json"
        path.write_bytes(raw if isinstance(raw, bytes) else raw.encode())
        if data is None:
            return check(path)
        (tmp_path / name).write_bytes(data.encode())
        return check(str(path), str(tmp_path / name))

    return run


PLATEAU_CSV = "x,y\n" + "".join(f"{x},{y}\n" for x, y in PLATEAU)


# Controls.


@pytest.mark.parametrize("p", [None, "0", "1/3", "1/2", "2/3", "999999/1000000", "1"])
def test_plateau(judge: Callable[..., Verdict], p: str | None) -> None:
    verdict = judge(plateau(p))
    assert (verdict.accepted, verdict.reason, str(verdict)) == (True, "", "accepted")
    assert len(verdict.replayed) == 4
    assert verdict.not_replayed == ("that a data file of yours holds these points; pass DATA",)


def test_the_other_witness_of_an_overlap_serves_as_well(judge: Callable[..., Verdict]) -> None:
    tree = plateau()
    tree["lower_bound"]["indices"] = [1, 3, 4]
    assert judge(tree).accepted


def test_witnesses_of_opposite_sign_may_interleave(judge: Callable[..., Verdict]) -> None:
    points = from_bends(1, -1, 1, -1, 1)
    knots = [(F(i), F((-1) ** (i + 1))) for i in range(1, 6)]
    assert judge(certificate(points, knots, p=None, value=5, bound=[1, 2, 3, 4, 5])).accepted


def test_no_curvature_needs_no_neuron(judge: Callable[..., Verdict]) -> None:
    for n in (1, 2, 3):
        points = [(F(3 * i, 7), F(2 * i - 5)) for i in range(n)]
        for p, value in (
            (None, 0), ("0", 0), ("1/2", ["0", "0"]), ("1/2", ["-1", "1/9"]), ("1", "0"),
        ):  # fmt: skip
            assert judge(certificate(points, [], p=p, value=value, bound=[])).accepted


@pytest.mark.parametrize(("size", "p"), [(1, "1/3"), (2, "1/3"), (2, "1/2"), (7, "5/7")])
@pytest.mark.parametrize("shared", [[2], [2, 3]])
@pytest.mark.parametrize("pair_first", [True, False])
def test_ties_of_equal_bends(
    judge: Callable[..., Verdict], size: int, p: str, shared: list[int], pair_first: bool
) -> None:
    points = from_bends(size, size, size)
    if pair_first:
        knots = [(F(3, 2), F(2 * size)), (F(3), F(size))]
    else:
        knots = [(F(1), F(size)), (F(5, 2), F(2 * size))]
    cost = float(2 * size) ** float(F(p)) + float(size) ** float(F(p))
    value = [str(F(cost - 1e-9)), str(F(cost + 1e-9))]
    assert judge(certificate(points, knots, p=p, value=value, bound=shared)).accepted


@pytest.mark.parametrize("shared", [[2, 3], [2, 3, 4]])
@pytest.mark.parametrize("pairs", [True, False])
@pytest.mark.parametrize("scale", [1, 2, 3])
def test_a_coincidence_of_square_roots(
    judge: Callable[..., Verdict], shared: list[int], pairs: bool, scale: int
) -> None:
    # sqrt(1 + 8) + sqrt(8 + 1) = sqrt(1) + sqrt(8 + 8) + sqrt(1), all times sqrt(scale).
    points = from_bends(*(scale * k for k in (1, 8, 8, 1)))
    if pairs:
        knots = [(F(1) + F(8, 9), F(9 * scale)), (F(3) + F(1, 9), F(9 * scale))]
    else:
        knots = [(F(1), F(scale)), (F(5, 2), F(16 * scale)), (F(4), F(scale))]
    value = [str(F(6 * scale**0.5 - 1e-9)), str(F(6 * scale**0.5 + 1e-9))]
    assert judge(certificate(points, knots, p="1/2", value=value, bound=shared)).accepted


def test_a_claimed_interval_may_be_a_single_exact_number(judge: Callable[..., Verdict]) -> None:
    points = from_bends(1, 8, 8, 1)
    knots = [(F(1) + F(8, 9), F(9)), (F(3) + F(1, 9), F(9))]
    assert judge(certificate(points, knots, p="1/2", value=["6", "6"], bound=[2, 3])).accepted
    near = ["6", str(6 - F(1, 10**40))]
    for value in (near, [near[1], near[1]], [str(6 + F(1, 10**40))] * 2):
        assert not judge(certificate(points, knots, p="1/2", value=value, bound=[2, 3])).accepted


def test_weights_of_any_sign_and_scale(judge: Callable[..., Verdict]) -> None:
    tree = plateau("1/2")
    first, second, third = tree["network"]["neurons"]
    # (x + 1)_+ = (x + 1) + (-x - 1)_+ and -2 (x - 1/2)_+ = -2 (x - 1/2) - 2/3 (-3x + 3/2)_+.
    first.update(weights=["-1"], bias="-1", output="1")
    second.update(weights=["-3"], bias="3/2", output="-2/3")
    third.update(weights=["10/7"], bias="-20/7", output="7/10")
    tree["network"]["skip"] = {"weights": ["-1"], "bias": "2"}
    assert judge(tree).accepted


@contextmanager
def any_length() -> Iterator[None]:
    """Let this test, though not the checker, write integers of more than 4300 digits."""
    limit = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(0)
    try:
        yield
    finally:
        sys.set_int_max_str_digits(limit)


def test_numbers_beyond_the_digit_limit_of_int(judge: Callable[..., Verdict]) -> None:
    limit = sys.get_int_max_str_digits()
    factor, shift = 10**6000, F(1, 3**9000)
    points = [(x, y * factor + shift) for x, y in PLATEAU]
    knots = [(knot, bend * factor) for knot, bend in PLATEAU_KNOTS]
    with any_length():
        raw = json.dumps(certificate(points, knots, p=None, value=3, bound=[1, 2, 4]))
    assert judge(raw).accepted
    assert "misses" in judge(raw.replace('"bias": "1"', '"bias": "2"')).reason
    assert sys.get_int_max_str_digits() == limit


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (PLATEAU_CSV, "d.csv"),
        (PLATEAU_CSV.replace("x,y\n", ""), "d.csv"),
        ("\ufeff" + PLATEAU_CSV.replace("\n", "\r\n"), "d.csv"),
        ("\ufeff" + PLATEAU_CSV.removeprefix("x,y\n"), "d.csv"),
        (PLATEAU_CSV.replace(",", "\t"), "d.tsv"),
        (PLATEAU_CSV.replace(",", ";"), "d.CSV"),
        (PLATEAU_CSV.replace(",", " | "), "d.txt"),
        ("# made by hand\n\n" + PLATEAU_CSV.replace("\n", "\n\n  # again\n"), "d.csv"),
        (PLATEAU_CSV + "0,1\n-2,0\n", "d.csv"),
        ("y,x\n" + "".join(f"{y},{x}\n" for x, y in reversed(PLATEAU)), "d.csv"),
        ('"x", "y"\n' + "".join(f'"{x}", "{y}.00"\n' for x, y in PLATEAU), "d.csv"),
        ('"x;1",other\n' + "".join(f"{x},{y}\n" for x, y in PLATEAU), "d.csv"),
        ("x,y\n-20e-1,0\n-.1E1,-0\n+0,1.\n1,10e-1\n2e0,.0\n300e-00002,0e10000\n", "d.csv"),
    ],
)
def test_data_files(judge: Callable[..., Verdict], data: str, name: str) -> None:
    # A cell may begin with #, but a line that does so is a comment.
    data = data.replace("\n#0,", "\nq0,").replace("\n#1,", "\nq1,")
    for points in (plateau()["data"]["points"], None):
        tree = plateau()
        tree["data"]["points"] = points
        verdict = judge(tree, data, name)
        assert verdict.reason == ""
        assert verdict.accepted and len(verdict.replayed) == 5 and verdict.not_replayed == ()


# Forgeries: each a change of an accepted certificate, and a part of the reason.


def put(*path: str | int, value: object) -> Callable[[Json], None]:
    def change(tree: Any) -> None:
        for key in path[:-1]:
            tree = tree[key]
        tree[path[-1]] = value

    return change


def drop(*path: str | int) -> Callable[[Json], None]:
    def change(tree: Any) -> None:
        for key in path[:-1]:
            tree = tree[key]
        del tree[path[-1]]

    return change


NEURONS = ("network", "neurons")
INDICES = ("lower_bound", "indices")
ZERO = {"weights": ["1"], "bias": "0", "output": "0"}
FORGERIES: list[tuple[str | None, Callable[[Json], None], str]] = [
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
    (None, put(*INDICES, value=[1, 2, 10**5000]), "without curvature"),
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
def test_forgeries(
    judge: Callable[..., Verdict], p: str | None, change: Callable[[Json], None], reason: str
) -> None:
    tree = plateau(p)
    assert judge(tree).accepted
    change(tree)
    with any_length():
        raw = json.dumps(tree)
    verdict = judge(raw)
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
    yield good.replace('"value": 3', '"value": ' + "9" * 200_000), "100000 digits"
    yield good.replace('"value": 3', '"value": -Infinity'), "rational"
    yield good.replace('"value": 3', '"value": 3e0'), "rational"
    yield good.replace('"value": 3', '"value": 1e999999999'), "rational"


# Without ids these long texts would be the names of the tests.
@pytest.mark.parametrize(("text", "reason"), list(texts()), ids=itertools.count())
def test_texts_that_are_no_certificate(
    judge: Callable[..., Verdict], text: str | bytes, reason: str
) -> None:
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
        ("x,q,y\n" + PLATEAU_CSV.removeprefix("x,y\n").replace(",", ",9,"), "no table of numbers"),
    ],
    ids=itertools.count(),
)
def test_foreign_data(judge: Callable[..., Verdict], data: str, reason: str) -> None:
    verdict = judge(plateau(), data)
    assert not verdict.accepted and reason in verdict.reason


def test_a_valid_dual_does_not_excuse_a_costlier_network(judge: Callable[..., Verdict]) -> None:
    knots = [(x, F(b)) for (x, _), b in zip(PLATEAU[1:-1], (1, -1, -1, 1), strict=True)]
    for p, value, bound in (("1/2", ["4", "4"], [3]), (None, 4, [1, 2, 4])):
        verdict = judge(certificate(PLATEAU, knots, p=p, value=value, bound=bound))
        assert verdict.reason == "the network's cost is not the lower bound"
    # With p = 1 that network is optimal too.
    for shared in ([], [3]):
        assert judge(certificate(PLATEAU, knots, p="1", value="4", bound=shared)).accepted


def test_a_dual_that_names_the_greater_bound_is_rejected(judge: Callable[..., Verdict]) -> None:
    # Bends 1, 2, 1: sharing at 2 leaves z_2 = sqrt 3 - 1, and z_3 = min(1, sqrt 3 - z_2) = 1.
    knots = [(F(1) + F(2, 3), F(3)), (F(3), F(1))]
    points = from_bends(1, 2, 1)
    value = ["27/10", "28/10"]
    assert judge(certificate(points, knots, p="1/2", value=value, bound=[2])).accepted
    verdict = judge(certificate(points, knots, p="1/2", value=value, bound=[3]))
    assert "inequality at the index 2" in verdict.reason
    # Bends 1, 100, 100, 1: the pair at 4 leaves more than z_4 may be.
    points = from_bends(1, 100, 100, 1)
    knots = [(F(1), F(1)), (F(5, 2), F(200)), (F(4), F(1))]
    value = ["16", "17"]
    assert judge(certificate(points, knots, p="1/2", value=value, bound=[2, 3])).accepted
    verdict = judge(certificate(points, knots, p="1/2", value=value, bound=[2, 3, 4]))
    assert "inequality at the index 4" in verdict.reason


def test_a_near_tie_of_seven_hundred_digits_is_decided(judge: Callable[..., Verdict]) -> None:
    huge = 10**700
    points = [(x, y / huge) for x, y in from_bends(huge, huge, huge + 1)]
    knots = [(F(3, 2), F(2)), (F(3), 1 + F(1, huge))]
    verdict = judge(certificate(points, knots, p="1/2", value=["0", "3"], bound=[2]))
    assert "inequality at the index 3" in verdict.reason


# The command line, and questions that cannot be put.


def test_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, data = tmp_path / "c.json", tmp_path / "d.csv"
    path.write_text(json.dumps(plateau()))
    data.write_text(PLATEAU_CSV)
    assert main([str(path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "accepted"
    assert [line.split(":")[0] for line in lines[1:]] == ["replayed"] * 4 + ["not replayed"]
    assert lines[-1].endswith("pass DATA")
    assert main([str(path), str(data)]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "not replayed: nothing"
    data.write_text(PLATEAU_CSV + "7,7\n")
    assert main([str(path), str(data)]) == 4
    assert capsys.readouterr().out.startswith("rejected: the points in DATA")


def test_questions_that_cannot_be_put(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, data, array = (tmp_path / name for name in ("c.json", "d.csv", "d.npy"))
    tree = plateau()
    tree["data"]["points"] = None
    path.write_text(json.dumps(tree))
    array.write_bytes(b"\x93NUMPY")
    for text in ("a,b,c\n1,2,3\n", "1,2,3\n", "1\n"):
        data.write_text(text)
        assert not check(path, data).accepted
    for arguments, word in (
        ([], "usage"),
        (["a", "b", "c"], "usage"),
        ([str(tmp_path / "absent.json")], "cannot read"),
        ([str(tmp_path)], "cannot read"),
        ([str(path)], "pass DATA"),
        ([str(path), str(tmp_path / "absent.csv")], "cannot read"),
        ([str(path), str(array)], "reads CSV and TSV"),
    ):
        assert main(arguments) == 2
        out, err = capsys.readouterr()
        assert out == "" and word in err and err.count("\n") == 1


def test_it_runs_alone(tmp_path: Path) -> None:
    (tmp_path / "c.json").write_text(json.dumps(plateau("1/2")))
    code = (
        "import sys; from exactsparse_check.__main__ import main; status = main(['c.json']);"
        "foreign = {name.split('.')[0] for name in sys.modules} - sys.stdlib_module_names;"
        "print(sorted(foreign - {'__main__', 'exactsparse_check'})); sys.exit(status)"
    )
    package = Path(__file__).resolve().parents[2] / "exactsparse_check"
    (tmp_path / "exactsparse_check").symlink_to(package)
    run = subprocess.run(
        [sys.executable, "-S", "-E", "-c", code],
        cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert run.stdout.splitlines()[0] == "accepted"
    assert run.stdout.splitlines()[-1] == "[]"


# Powers.

positive = st.builds(
    lambda n, d, k: F(n, d) * F(2) ** k,
    st.integers(1, 10**30), st.integers(1, 10**30), st.integers(-2000, 2000),
)  # fmt: skip
exponents = st.integers(2, 40).flatmap(lambda s: st.builds(F, st.integers(1, s - 1), st.just(s)))


@given(positive, exponents, st.sampled_from([8, 64, 128, 300]))
def test_enclosures_contain_the_root_and_are_tight(a: Fraction, p: Fraction, bits: int) -> None:
    low, high = power(a, p, bits)
    assert low**p.denominator <= a**p.numerator <= high**p.denominator
    assert 0 <= high - low <= low / 2**bits


@settings(max_examples=50)
@given(positive, st.fractions(0, 1, max_denominator=10**30), st.sampled_from([64, 256, 1024]))
def test_enclosures_agree_with_decimal(a: Fraction, p: Fraction, bits: int) -> None:
    low, high = power(a, p, bits)
    assert 0 <= high - low <= low / 2**bits
    with localcontext(prec=400, Emax=10**6, Emin=-(10**6)):
        log = (Decimal(a.numerator) / a.denominator).ln()
        value = F((log * p.numerator / p.denominator).exp())
    slack = value / 10**390
    assert low - slack <= value <= high + slack


def test_enclosures_of_extreme_numbers() -> None:
    p = F(10**5000 + 1, 10**5001 + 7)
    for a in (F(10**90_000), F(1, 10**90_000), 1 + F(1, 10**90_000), 1 - F(1, 10**90_000)):
        low, high = power(a, p, 64)
        assert 0 < low <= high <= low * (1 + F(1, 2**64))
        assert (low > 1) == (a > 2) and (high < 1) == (a < F(1, 2))
    assert power(F(7, 3), F(1), 64) == (F(7, 3), F(7, 3))
    assert power(F(7, 3), F(0), 64) == (F(1), F(1))


def total(p: Fraction, *terms: tuple[int | Fraction, int | Fraction]) -> PowerSum:
    result = PowerSum(p)
    for k, a in terms:
        result.add(F(k), F(a))
    return result


def test_exact_zeros() -> None:
    half, third = F(1, 2), F(1, 3)
    assert total(half, (1, 2), (1, 8), (-1, 18)).sign() == 0
    assert total(half, (1, 2), (1, 8), (-1, 18), (1, 3), (F(-1, 5), 75)).sign() == 0
    assert total(half, (1, F(4, 9)), (F(-2, 3), 1)).sign() == 0
    assert total(third, (1, 2), (1, 16), (-1, 54)).sign() == 0
    assert total(2 * third, (1, 2), (1, 16), (F(-5, 9), 54)).sign() == 0
    assert total(F(4, 7), (F(16, 81), 5), (-1, 5 * F(2, 3) ** 7)).sign() == 0
    assert total(F(1), (1, F(1, 3)), (1, F(1, 6)), (-1, F(1, 2))).sign() == 0
    assert total(half).sign() == 0
    assert total(third, (1, 2), (1, 16), (-1, 55)).sign() == -1


def test_near_zeros() -> None:
    for digits in (5, 20, 40, 90, 300):
        n = 10**digits
        assert total(F(1, 2), (1, n), (1, n + 2), (-2, n + 1)).sign() == -1
        assert total(F(1, 3), (-1, n), (-1, n + 2), (2, n + 1)).sign() == 1


@given(st.lists(st.tuples(st.integers(-9, 9), st.integers(1, 200)), max_size=6), exponents)
def test_signs_agree_with_decimal(terms: list[tuple[int, int]], p: Fraction) -> None:
    with localcontext(prec=120):
        q = Decimal(p.numerator) / p.denominator
        value = sum((k * (Decimal(a).ln() * q).exp() for k, a in terms), Decimal(0))
        expected = 0 if abs(value) < Decimal("1e-80") else int(Decimal(1).copy_sign(value))
    assert total(p, *((k, a) for k, a in terms if k)).sign() == expected


# Random data, solved by brute force.


def choices(bends: list[int]) -> Iterator[list[int]]:
    """All ways to give each bend a knot or share one with the next, as starts of the pairs."""

    def extend(i: int, pairs: list[int]) -> Iterator[list[int]]:
        if i >= len(bends):
            yield pairs
            return
        yield from extend(i + 1, pairs)
        if i + 1 < len(bends) and bends[i] * bends[i + 1] > 0:
            yield from extend(i + 2, [*pairs, i])

    return extend(0, [])


def knots_of(bends: list[int], pairs: list[int]) -> list[tuple[Fraction, Fraction]]:
    knots = []
    i = 0
    while i < len(bends):
        if i in pairs:
            a, b = bends[i], bends[i + 1]
            knots.append((i + 1 + F(b, a + b), F(a + b)))
            i += 1
        elif bends[i]:
            knots.append((F(i + 1), F(bends[i])))
        i += 1
    return knots


def decimal_cost(knots: list[tuple[Fraction, Fraction]], p: Fraction) -> Decimal:
    q = Decimal(p.numerator) / p.denominator
    return sum(((Decimal(abs(int(bend))).ln() * q).exp() for _, bend in knots), Decimal(0))


def greedy(bends: list[int], p: Fraction, on_tie: bool) -> list[int]:
    q, z, shared = Decimal(p.numerator) / p.denominator, Decimal(0), []
    for i, bend in enumerate(bends):
        own = (Decimal(abs(bend)).ln() * q).exp() if bend else Decimal(0)
        if i and bends[i - 1] * bend > 0:
            rest = (Decimal(abs(bends[i - 1] + bend)).ln() * q).exp() - z
            tie = abs(rest - own) < Decimal("1e-40")
            if (tie and on_tie) or (not tie and rest < own):
                shared.append(i + 1)
                own = rest
        z = own
    return shared


@settings(max_examples=150)
@given(
    st.lists(st.integers(-4, 9), min_size=1, max_size=7),
    st.sampled_from(["1/3", "1/2", "3/4", "1"]),
    st.booleans(),
    st.randoms(use_true_random=False),
)
def test_random_certificates(
    tmp_path_factory: pytest.TempPathFactory, bends: list[int], p: str, on_tie: bool, random: Any
) -> None:
    path = tmp_path_factory.mktemp("random") / "c.json"
    points = from_bends(*bends)
    with localcontext(prec=60):
        networks = [knots_of(bends, pairs) for pairs in choices(bends)]
        costs = [decimal_cost(knots, F(p)) for knots in networks]
        shared = greedy(bends, F(p), on_tie)
        optimal = [cost - min(costs) < Decimal("1e-40") for cost in costs]

    def accepted(knots: list[tuple[Fraction, Fraction]], cost: Decimal, bound: list[int]) -> bool:
        margin = 0 if p == "1" else F(1, 10**50)
        low, high = F(cost) - margin, F(cost) + margin
        exact = str(sum(abs(bend) for _, bend in knots))
        value = exact if p == "1" else [str(low), str(high)]
        path.write_text(json.dumps(certificate(points, knots, p=p, value=value, bound=bound)))
        return check(path).accepted

    for knots, cost, best in zip(networks, costs, optimal, strict=True):
        assert accepted(knots, cost, shared) == best
    forged = sorted(random.sample(range(1, len(bends) + 1), random.randint(0, len(bends))))
    for knots, cost, best in zip(networks, costs, optimal, strict=True):
        assert best or not accepted(knots, cost, forged)


@settings(max_examples=150)
@given(st.lists(st.integers(-2, 2), min_size=1, max_size=7), st.randoms(use_true_random=False))
def test_random_witnesses(
    tmp_path_factory: pytest.TempPathFactory, bends: list[int], random: Any
) -> None:
    path = tmp_path_factory.mktemp("random") / "c.json"
    points = from_bends(*bends)
    networks = [knots_of(bends, pairs) for pairs in choices(bends)]
    fewest = min(map(len, networks))
    witnesses: list[int] = []
    last = {True: -2, False: -2}
    for i, bend in enumerate(bends, 1):
        if bend and i - last[bend > 0] >= 2:
            last[bend > 0] = i
            witnesses.append(i)
    forged = sorted(random.sample(range(1, len(bends) + 1), random.randint(0, len(bends))))
    for knots in networks:
        tree = certificate(points, knots, p=None, value=len(knots), bound=witnesses)
        path.write_text(json.dumps(tree))
        assert check(path).accepted == (len(knots) == fewest)
        tree = copy.deepcopy(tree)
        tree["lower_bound"]["indices"] = forged
        path.write_text(json.dumps(tree))
        assert len(knots) == fewest or not check(path).accepted


def test_a_long_chain(tmp_path: Path) -> None:
    # All bends equal: each index is a tie, and each dual is one chain from end to end.
    n = 4000
    points = from_bends(*[2] * n)
    knots = [(i + F(1, 2), F(4)) for i in range(1, n, 2)]
    cost = n / 2 * 4 ** (1 / 3)
    value = [str(F(cost - 1e-6)), str(F(cost + 1e-6))]
    for shared in (list(range(2, n + 1)), list(range(2, n + 1, 2))):
        tree = certificate(points, knots, p="1/3", value=value, bound=shared)
        (tmp_path / "c.json").write_text(json.dumps(tree))
        assert check(tmp_path / "c.json").accepted
