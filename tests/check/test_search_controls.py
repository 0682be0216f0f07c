"""Certificates of searches that hold, in every form in which they may come."""

from fractions import Fraction

import pytest

from tests.check.common import Json, Judge
from tests.check.searches import GENERIC, INSTANCES, TABLE, Instance, Row
from tests.oracles.search_certificates import certificate


@pytest.mark.parametrize("most", [10**9, 60, 5, 0])
@pytest.mark.parametrize("instance", INSTANCES.values(), ids=INSTANCES)
def test_instances(judge: Judge, instance: Instance, most: int) -> None:
    verdict = judge(instance.tree(most=most))
    assert (verdict.accepted, verdict.reason, str(verdict)) == (True, "", "accepted")
    assert verdict.replayed[-1] == "that no network through these points costs less"
    assert verdict.not_replayed == ("that a data file of yours holds these points; pass DATA",)


@pytest.mark.parametrize("prime", [2, 3, 7, 13, 101, 67_108_859])
@pytest.mark.parametrize("instance", INSTANCES.values(), ids=INSTANCES)
def test_a_small_prime_makes_many_zeros_and_no_errors(
    judge: Judge, instance: Instance, prime: int
) -> None:
    verdict = judge(instance.tree(prime=prime, most=50))
    assert verdict.accepted or "depend on each other modulo the prime" in verdict.reason
    assert verdict.accepted or prime < 14


def test_rows_may_come_in_any_order_and_number(judge: Judge) -> None:
    rows: list[list[int]] = [[1, 4], [3, 1, 0, 4], [4, 0, 1, 3], [4, 0, 1, 3, 2]]
    tree = GENERIC.tree()
    tree["lower_bound"]["levels"] = [GENERIC.level(c, r) for c, r in enumerate(rows, 1)]
    assert judge(tree).accepted


@pytest.mark.parametrize("name", ["generic", "sparse", "affine", "corner", "knots", "neurons"])
def test_cones_do_where_ranks_do(judge: Judge, name: str) -> None:
    tree = INSTANCES[name].tree()
    levels = tree["lower_bound"]["levels"]
    for cost in range(len(levels), 0, -1):
        levels[cost - 1] = {"cost": cost, "method": "cones"}
        assert judge(tree).accepted


@pytest.mark.parametrize("kind", ["parameters", "neurons"])
@pytest.mark.parametrize("skip", [None, (0, 0, 0), (-1, "1/4", 6)])
def test_cost_zero(judge: Judge, skip: Row | None, kind: str) -> None:
    points = [(-1, 0), (0, 1), (0, 2), (5, 0)]
    y = [Fraction(0)] * 4
    if skip:
        a, b, c = map(Fraction, skip)
        y = [a * s + b * t + c for s, t in points]
    assert judge(certificate(points, y, ([], skip), [], kind=kind, value=0)).accepted
    # A neuron that does nothing on the points makes it dearer than need be.
    levels: list[Json] = [{"cost": 1, "method": "cones"}] if kind == "parameters" else []
    forged = certificate(points, y, ([(1, 0, -9, 1)], skip), levels, kind=kind)
    assert "cost 0 passes through" in judge(forged).reason


def test_cost_one(judge: Judge) -> None:
    points = [(-1, 2), (0, 1), (2, 2)]
    assert judge(certificate(points, [0, 0, 6], ([(3, 0, 0, 1)], None), [])).accepted
    constant = ([(0, 0, 7, 1)], None)
    assert judge(certificate(points, [7, 7, 7], constant, [])).accepted
    assert judge(certificate(points, [7, 7, 7], constant, [], kind="neurons")).accepted
    for kind in ("parameters", "neurons"):
        verdict = judge(certificate(points, [7, 7, 7], ([], (0, 0, 7)), [], kind=kind, value=1))
        assert "the network's cost is 0" in verdict.reason
    points.append((3, 0))
    bent = certificate(points, [2, 1, 5, 7], ([(1, 0, 0, 3)], (-1, 0, 1)), [], kind="neurons")
    assert judge(bent).accepted
    # With a skip, a constant neuron is none; without, it is.
    bent["network"]["neurons"].append({"weights": ["0", "0"], "bias": "1", "output": "1"})
    bent["network"]["skip"]["bias"] = "0"
    assert judge(bent).accepted
    bent["objective"]["kind"] = "parameters"
    assert "cost is 2" in judge(bent).reason


def test_neurons_that_do_nothing_at_all_are_free(judge: Judge) -> None:
    tree = GENERIC.tree()
    for w, v in (("1", "0"), ("0", "1")):
        tree["network"]["neurons"].append({"weights": [w, w], "bias": w, "output": v})
    assert judge(tree).accepted


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (TABLE, "d.csv"),
        (TABLE.removeprefix("x1,x2,y\n"), "d.csv"),
        (TABLE.replace(",", "\t"), "d.tsv"),
        (TABLE.replace(",", " ; "), "d.txt"),
        ("# reversed, with repetitions\n" + "\n".join(TABLE.split("\n")[:0:-1] * 2), "d.csv"),
        ("x1,y,x2\n" + "".join(f"{a}.0,{c},{b}\n" for a, b, c in GENERIC.points), "d.csv"),
        ("y,x1,x2\n" + "".join(f"{c}/1,{a},{b}e0\n" for a, b, c in GENERIC.points), "d.csv"),
    ],
)
def test_data_files(judge: Judge, data: str, name: str) -> None:
    tree = GENERIC.tree()
    for points in (tree["data"]["points"], None):
        tree["data"]["points"] = points
        verdict = judge(tree, data, name)
        assert verdict.reason == ""
        assert verdict.accepted and verdict.not_replayed == ()
    for other in (data.replace("9", "8"), data.replace("-", ""), "x1,x2\n1,2\n", "1,2,3,4\n"):
        assert not judge(tree, other, name).accepted
