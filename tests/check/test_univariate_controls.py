"""Certificates of one feature that hold, in every form in which they may come."""

import json
import sys

import pytest

from tests.check.common import Judge, any_length
from tests.check.univariate import (
    PLATEAU,
    PLATEAU_CSV,
    PLATEAU_KNOTS,
    F,
    certificate,
    from_bends,
    plateau,
)


@pytest.mark.parametrize("p", [None, "0", "1/3", "1/2", "2/3", "999999/1000000", "1"])
def test_plateau(judge: Judge, p: str | None) -> None:
    verdict = judge(plateau(p))
    assert (verdict.accepted, verdict.reason, str(verdict)) == (True, "", "accepted")
    assert len(verdict.replayed) == 4
    assert verdict.not_replayed == ("that a data file of yours holds these points; pass DATA",)


def test_the_other_witness_of_an_overlap_serves_as_well(judge: Judge) -> None:
    tree = plateau()
    tree["lower_bound"]["indices"] = [1, 3, 4]
    assert judge(tree).accepted


def test_witnesses_of_opposite_sign_may_interleave(judge: Judge) -> None:
    points = from_bends(1, -1, 1, -1, 1)
    knots = [(F(i), F((-1) ** (i + 1))) for i in range(1, 6)]
    assert judge(certificate(points, knots, p=None, value=5, bound=[1, 2, 3, 4, 5])).accepted


def test_no_curvature_needs_no_neuron(judge: Judge) -> None:
    for n in (1, 2, 3):
        points = [(F(3 * i, 7), F(2 * i - 5)) for i in range(n)]
        for p, value in (
            (None, 0), ("0", 0), ("1/2", ["0", "0"]), ("1", "0"),
        ):  # fmt: skip
            assert judge(certificate(points, [], p=p, value=value, bound=[])).accepted


@pytest.mark.parametrize(("size", "p"), [(1, "1/3"), (2, "1/3"), (2, "1/2"), (7, "5/7")])
@pytest.mark.parametrize("shared", [[2], [2, 3]])
@pytest.mark.parametrize("pair_first", [True, False])
def test_ties_of_equal_bends(
    judge: Judge, size: int, p: str, shared: list[int], pair_first: bool
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
    judge: Judge, shared: list[int], pairs: bool, scale: int
) -> None:
    # sqrt(1 + 8) + sqrt(8 + 1) = sqrt(1) + sqrt(8 + 8) + sqrt(1), all times sqrt(scale).
    points = from_bends(*(scale * k for k in (1, 8, 8, 1)))
    if pairs:
        knots = [(F(1) + F(8, 9), F(9 * scale)), (F(3) + F(1, 9), F(9 * scale))]
    else:
        knots = [(F(1), F(scale)), (F(5, 2), F(16 * scale)), (F(4), F(scale))]
    value = [str(F(6 * scale**0.5 - 1e-9)), str(F(6 * scale**0.5 + 1e-9))]
    assert judge(certificate(points, knots, p="1/2", value=value, bound=shared)).accepted


def test_a_claimed_interval_may_be_a_single_exact_number(judge: Judge) -> None:
    points = from_bends(1, 8, 8, 1)
    knots = [(F(1) + F(8, 9), F(9)), (F(3) + F(1, 9), F(9))]
    assert judge(certificate(points, knots, p="1/2", value=["6", "6"], bound=[2, 3])).accepted
    near = ["6", str(6 - F(1, 10**40))]
    for value in (near, [near[1], near[1]], [str(6 + F(1, 10**40))] * 2):
        assert not judge(certificate(points, knots, p="1/2", value=value, bound=[2, 3])).accepted


def test_weights_of_any_sign_and_scale(judge: Judge) -> None:
    tree = plateau("1/2")
    first, second, third = tree["network"]["neurons"]
    # (x + 1)_+ = (x + 1) + (-x - 1)_+ and -2 (x - 1/2)_+ = -2 (x - 1/2) - 2/3 (-3x + 3/2)_+.
    first.update(weights=["-1"], bias="-1", output="1")
    second.update(weights=["-3"], bias="3/2", output="-2/3")
    third.update(weights=["10/7"], bias="-20/7", output="7/10")
    tree["network"]["skip"] = {"weights": ["-1"], "bias": "2"}
    assert judge(tree).accepted


def test_numbers_beyond_the_digit_limit_of_int(judge: Judge) -> None:
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
def test_data_files(judge: Judge, data: str, name: str) -> None:
    for points in (plateau()["data"]["points"], None):
        tree = plateau()
        tree["data"]["points"] = points
        verdict = judge(tree, data, name)
        assert verdict.reason == ""
        assert verdict.accepted and len(verdict.replayed) == 5 and verdict.not_replayed == ()
