"""Certificates that are damaged in any way: rejected, or a question that cannot be put."""

from __future__ import annotations

import copy
import gzip
import json
import random
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import exactsparse as es
from exactsparse_check import UsageError, Verdict, search
from tests.check import test_activities as activities
from tests.check import test_band as band
from tests.check import test_tolerance_trees as tolerances
from tests.check.common import Json, Judge, any_length
from tests.check.searches import AFFINE, CORNER, NEURONS
from tests.check.test_farkas import written
from tests.check.test_rays import by_hand
from tests.check.univariate import plateau

FIXTURES = Path(__file__).parents[1] / "fixtures"
MUTATIONS = 200
SEEDS: dict[str, Json] = {
    "witnesses": plateau(),
    "path_dual": plateau("1/2"),
    "norm": plateau("1"),
    "zero": plateau("0"),
    "affine": AFFINE.tree(most=30),
    "search": CORNER.tree(),
    "neurons": NEURONS.tree(most=30),
    "farkas": written(1, "parameters", "none", n=4),
    "ray_dual": by_hand(),
    "activities": activities.XOR,
    "activities of labels": activities.HAND,
    "tolerance_trees": tolerances.NEURON,
    "labels of one point": tolerances.FLOOR,
    "triples": band.FEWEST,
    "convex": band.CONVEX,
    "intervals": band.ONE_SIDED,
    "least_tolerance": band.DUAL,
    "floor": band.FLOOR,
    "forbidding_triple": band.NOT_CONCAVE,
    "empty_interval": band.EMPTY,
}
HOSTILE: list[Any] = [
    -1, 0, 1, 2, 3, -(10**6), 10**6, 2**31, 2**63 - 1, 2**63, -(2**63) - 1, 10**30, True, False,
    None, "", "0", "1", "-1", "1/2", "1/0", "0/1", "-0", "1e9", "1e-999999999", "nan", "Infinity",
    "9" * 3000, "1/" + "9" * 3000, "٣", " 1", "1_0", [], {}, [[]], [{}], [0] * 50, ["1"] * 50,
    {"kind": "search", "levels": []}, {"kind": "farkas", "cuts": []}, "rank", "cones", "affine",
    "none", "neurons", "parameters", "path_norm", 0.5,
]  # fmt: skip


def places(tree: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths of everything in a document but its root."""
    entries = tree.items() if isinstance(tree, dict) else enumerate(tree)
    for key, value in entries:
        yield (*path, key)
        if isinstance(value, dict | list):
            yield from places(value, (*path, key))


def mutated(tree: Json, draw: random.Random) -> Json:
    """A copy with one to three changes anywhere."""
    tree = copy.deepcopy(tree)
    for _ in range(draw.choice((1, 1, 1, 2, 3))):
        path = draw.choice(list(places(tree)))
        parent: Any = tree
        for key in path[:-1]:
            parent = parent[key]
        key, value = path[-1], parent[path[-1]]
        way = draw.randrange(7)
        if way == 0:
            del parent[key]
        elif way == 1 and isinstance(parent, list):
            parent.insert(draw.randrange(len(parent) + 1), copy.deepcopy(value))
        elif way == 2 and isinstance(parent, dict):
            parent[str(key) + draw.choice(("", "s", "\0"))] = draw.choice(HOSTILE)
        elif way == 3 and type(value) is int:
            parent[key] = value + draw.choice((-1, 1, 2**64, 10**9))
        elif way == 4 and isinstance(parent, list) and len(parent) > 1:
            other = draw.randrange(len(parent))
            parent[key], parent[other] = parent[other], parent[key]
        else:
            parent[key] = copy.deepcopy(draw.choice(HOSTILE))
    return tree


def is_true(tree: Json) -> bool:
    """Whether what a certificate says of its points is so, by the solver."""
    about = tree["objective"]
    if about["kind"] == "tolerance" or "shape" in about:
        return is_true_of_a_band(tree)
    points = [[Fraction(v) for v in row] for row in tree["data"]["points"]]
    choice: Any = (
        {"p": about["p"]} if about["kind"] == "path_norm" else {"objective": about["kind"]}
    )
    x, y = [point[:-1] for point in points], [point[-1] for point in points]
    proof = es.solve(x, y, skip=about["skip"], **choice).certificate.document
    (low, high), (least, most) = (
        map(Fraction, value if isinstance(value, list) else (value, value))
        for value in (tree["claim"]["value"], proof["claim"]["value"])
    )
    return low <= most and least <= high


def is_true_of_a_band(tree: Json) -> bool:
    """The same within a band."""
    about, width = tree["objective"], tree["data"]["n_features"]
    x = [point[:width] for point in tree["data"]["points"]]
    ends = [*zip(*(point[width:] for point in tree["data"]["points"]), strict=True)]
    if about["kind"] == "tolerance":
        limit = next(what for what in ("knots", "parameters", "neurons") if what in about)
        # More than any network of so few rows needs is as much as any number.
        least = es.solve(x, *ends, skip=about["skip"], **{limit: min(about[limit], 99)})
        return bool(least.value == Fraction(tree["claim"]["value"]))
    if tree["lower_bound"]["kind"] == "activities":
        choice: Any = {"objective": about["kind"], "skip": about["skip"], "method": "tree"}
        found = es.solve(x, *ends, tolerance=about["tolerance"], **choice)
        return bool(found.value == tree["claim"]["value"])
    if about["tolerance"] == "intervals":
        found = es.solve(x, lower=ends[0], upper=ends[1], shape=about["shape"])
    else:
        half = about["tolerance"]
        found = es.solve(x, *ends, tolerance=half, shape=about["shape"])
    if tree["claim"]["status"] == "infeasible":
        return bool(found.status == "infeasible")
    return bool(found.value == tree["claim"]["value"])


def judged(judge: Judge, tree: Json | str | bytes) -> Verdict | None:
    try:
        return judge(tree, seconds=5)
    except UsageError:
        return None


@pytest.mark.parametrize("kind", SEEDS)
def test_whatever_is_changed_there_is_a_verdict(kind: str, judge: Judge) -> None:
    assert judge(SEEDS[kind]).accepted
    draw = random.Random(kind)
    rejected = 0
    for _ in range(MUTATIONS):
        tree = mutated(SEEDS[kind], draw)
        verdict = judged(judge, tree)
        if verdict is not None and verdict.outcome in ("accepted", "sampled"):
            assert is_true(tree)
        rejected += verdict is None or verdict.outcome == "rejected"
    assert rejected > MUTATIONS // 2


def test_text_that_is_damaged(judge: Judge) -> None:
    text = json.dumps(SEEDS["search"])
    draw = random.Random(0)
    whole = text.encode()
    for _ in range(150):
        at = draw.randrange(len(whole))
        damaged = whole[:at] + bytes([draw.randrange(256)]) + whole[at + 1 :]
        verdict = judged(judge, draw.choice((damaged, whole[:at])))
        if verdict is not None and verdict.accepted:
            # Names of columns are all that may change; or nothing did.
            assert is_true(json.loads(damaged))
    for word in ("NaN", "Infinity", "1e5", "1.5", "-", "9" * 100_001):
        assert judged(judge, text.replace('"cost": 1', f'"cost": {word}')).outcome == "rejected"
    twice = text.replace('"claim": {', '"claim": {"status": "optimal", ')
    for broken in (twice, "", "[]", "0", "null", '"x"', "{}", "[" * 100_000, b"\xff\xfe{}"):
        assert judged(judge, broken).outcome == "rejected"


@pytest.mark.parametrize("number", [-1, 0, 2**31, 2**63, 10**20])
@pytest.mark.parametrize("field", ["prime", "types", "leaves", "cost"])
def test_counts_of_a_level(field: str, number: int, judge: Judge) -> None:
    tree = copy.deepcopy(SEEDS["search"])
    tree["lower_bound"]["levels"][0][field] = number
    assert judge(tree).outcome == "rejected"


@pytest.mark.parametrize("number", [-1, -(2**63), 2**31, 10**20])
@pytest.mark.parametrize("field", ["lowest", "highest", "leaves", "checksum"])
def test_counts_of_a_shard(field: str, number: int, judge: Judge) -> None:
    tree = copy.deepcopy(SEEDS["search"])
    tree["lower_bound"]["levels"][0]["shards"][0][field] = number
    assert judge(tree).outcome == "rejected"


def test_rows_of_a_level(judge: Judge) -> None:
    for rows in ([], [-1, 0], [0, 0], [0, 10**20], [0, 1, 2, 3, 4, 5, 6, 7]):
        tree = copy.deepcopy(SEEDS["search"])
        tree["lower_bound"]["levels"][0]["rows"] = rows
        assert judge(tree).outcome == "rejected"


def test_a_level_has_no_more_rows_than_a_level_may_have(judge: Judge) -> None:
    """|x| of two neurons, with a level on one row more or less than is looked at."""
    for n, word in ((search.MOST_ROWS, "types"), (search.MOST_ROWS + 1, "1 to 128 rows")):
        points = [[str(i)] for i in range(-1, n)]
        data = [[x, str(abs(int(x)))] for (x,) in points]
        tree = _search(data, n)
        assert word in judge(tree).reason


def _search(points: list[list[str]], rows: int) -> Json:
    from tests.oracles.search_certificates import certificate

    level = {
        "cost": 1, "method": "rank", "rows": list(range(rows)), "prime": 67_108_859, "types": 0,
        "leaves": 0, "shards": [],
    }  # fmt: skip
    network = [["1", "0", "1"], ["-1", "0", "1"]], None
    return certificate([p[:1] for p in points], [p[1] for p in points], network, [level])


def test_sums_that_spilled_into_the_next_digit(judge: Judge) -> None:
    """2 parameters for (x)₊, on 8,600 rows whose packed sums once overflowed."""
    with gzip.open(FIXTURES / "forged_overflow.json.gz") as file:
        assert judge(file.read()).outcome == "rejected"


def test_large_numbers_do_not_take_long(judge: Judge) -> None:
    with any_length():
        tree = copy.deepcopy(SEEDS["path_dual"])
        tree["network"]["neurons"][0]["output"] = "1/" + "7" * 900
        assert judge(tree).outcome == "rejected"
        tree = copy.deepcopy(SEEDS["path_dual"])
        tree["objective"]["p"] = "1/" + "7" * 900
        assert judge(tree).outcome == "rejected"
