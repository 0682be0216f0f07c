"""exactsparse_check on certificates of a search, written by a slow and obvious oracle."""

import copy
import itertools
import json
import random
import sys
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exactsparse_check import Verdict, check, level, patience
from exactsparse_check.__main__ import main
from exactsparse_check.arrangement import chambers
from exactsparse_check.cones import Cones
from exactsparse_check.inequalities import is_feasible, relations
from exactsparse_check.leaves import Replay, Shard
from exactsparse_check.level import Level
from exactsparse_check.minors import minors, pack, splits, unpack
from exactsparse_check.neuron_types import Supports, Table, types_on
from exactsparse_check.schema import Rejected
from exactsparse_check.tiling import check_tiling
from exactsparse_check.zeros import Zeros
from tests.oracles import search_certificates as oracle
from tests.oracles.multivariate import _cells, feasible, sparsest
from tests.oracles.search_certificates import Json, certificate, rank_level

Row = tuple[str | int, ...]
CONES = object()


@dataclass(frozen=True)
class Instance:
    """Points (*x, y), a network of least cost, and the rows of each level by rank."""

    points: list[Row]
    neurons: list[Row]
    levels: list[Any]
    kind: str = "parameters"
    skip: Row | None = None

    @property
    def data(self) -> tuple[list[Row], list[str | int]]:
        return [row[:-1] for row in self.points], [row[-1] for row in self.points]

    def level(self, cost: int, rows: Any, **options: Any) -> Json:
        if rows is CONES:
            return {"cost": cost, "method": "cones"}
        skip = self.skip is not None
        return rank_level(*self.data, cost, rows, kind=self.kind, skip=skip, **options)

    def tree(self, **options: Any) -> Json:
        levels = [self.level(cost, rows, **options) for cost, rows in enumerate(self.levels, 1)]
        return certificate(*self.data, (self.neurons, self.skip), levels, kind=self.kind)


GENERIC = Instance(
    [(-7, -1, 6), (-6, 6, -9), (-5, 9, -6), (3, -3, 4), (5, 6, 3)],
    [
        ("-256/7", 0, 0, 1), ("324/7", 0, 0, 1), (0, "-403/7", 0, 1), (0, "277/21", 0, 1),
        (0, 0, "2153/7", -1),
    ],
    [[0, 4], [0, 4, 2], [0, 4, 2, 1], [0, 4, 2, 1, 3]],
)  # fmt: skip
# All that is known of three of its points is 0.
CORNER = Instance(
    [(-2, 1, -3), (-1, -1, 0), (0, 2, -3), (1, 0, 0), (1, 3, -3), (2, -1, 0), (3, 2, 0)],
    [("-3/5", 0, 0, 1), ("-6/5", "6/5", "3/5", -1)],
    [[0, 4, 1], [0, 4, 1, 6, 2], CONES],
)
# One parameter less than there are points.
SPARSE = Instance(
    [(-8, -1, -3), (3, 0, -5), (3, 4, 9), (6, 2, 0), (7, 6, 7)],
    [("-13/5", "21/5", 0, 1), ("5/3", "-494/15", 0, -1)],
    [[0, 4], [0, 4, 2], [0, 4, 2, 1]],
)
AFFINE = Instance(
    [(-8, -1, -5), (3, 0, -1), (3, 4, 0), (6, 2, 8), (7, -5, 0), (7, 6, -6), (9, -3, -5)],
    [(0, "275/36", 0, 1), ("-347/12", "2329/36", "-5305/36", -1)],
    [[0, 1, 2, 3, 6], [0, 1, 2, 3, 6, 5], [0, 1, 2, 3, 6, 5, 4]],
    skip=("-23/18", "-11/9", "17/6"),
)
NEURONS = Instance(
    [
        (-9, 3, 4), (-9, 5, -1), (-5, 9, -7), (-3, -6, 6), (-2, 9, -6), (-1, -6, 6), (1, -9, -9),
        (5, 6, 3),
    ],
    [
        ("-1/3", "11/6", "-67/6", -1), ("5/14", -7, "-319/14", -1),
        ("5/14", -2, "185/14", 1),
    ],
    [[0, 4, 2, 6], [0, 4, 2, 6, 1, 5, 3]],
    kind="neurons",
)  # fmt: skip
KNOTS = Instance(
    [
        (-8, -1, -1), (0, -5, 1), (3, 0, -5), (3, 4, -6), (6, 2, 0), (7, -5, -7), (7, 6, 8),
        (9, -3, -6),
    ],
    [
        ("-19005/9724", "159/286", "100599/9724", -1),
        ("-30775/9724", "-5463/2431", "149065/9724", 1),
    ],
    [[0, 1, 2, 3, 6, 5, 7]],
    kind="neurons",
    skip=("16/17", "30/17", "-156/17"),
)  # fmt: skip
# More parameters than points.
ZIGZAG = Instance(
    [(0, 1), (1, -1), (2, 1), (3, -1), (4, 1)],
    [(1, -1, 4), (1, -2, -4), (1, -3, 4)],
    [[0, 1, 2, 4], [0, 1, 2, 4, 3], CONES, CONES, CONES],
    skip=(-2, 1),
)
CRAMPED = Instance(
    [(-8, 3), (-1, 0), (3, 7), (4, 6)],
    [(-10, 0, -1), (1, 0, -1), (0, 10, 1), ("-73/7", "-73/7", 1)],
    [[0, 2], [0, 2, 3], [0, 2, 3, 1], CONES],
)
ALTERNATING = Instance(
    [(0, 1), (1, -1), (2, 1), (3, -1), (4, 1)],
    [("-11/2", 11, -1), (-4, 12, 1), ("35/2", -19, 1), ("31/2", -12, -1)],
    [[0, 4, 2, 1], [0, 4, 2, 1, 3], CONES],
    kind="neurons",
)
# One input is a multiple of another, and one is constant: like the bias.
DEPENDENT = Instance(
    [(-2, -4, 1, 0), (-1, -2, 1, 1), (1, 2, 1, -1), (2, 4, 1, 3), (3, 6, 1, 2)],
    [(-10, 0, 0, 0, 1), (0, 0, 30, 0, 1), (-11, 0, 28, 0, -1), (7, 0, 7, 0, -1)],
    [[4, 2], [4, 2, 1], [4, 2, 1, 3], CONES, CONES],
)
# Two neurons that are active on all points, with opposite signs.
OPPOSITE = Instance([(1, 1), (2, -1)], [(0, 3, 1), (1, 0, -2)], [[0, 1]])
INSTANCES = {
    "generic": GENERIC, "corner": CORNER, "sparse": SPARSE, "affine": AFFINE, "neurons": NEURONS,
    "knots": KNOTS, "zigzag": ZIGZAG, "cramped": CRAMPED, "alternating": ALTERNATING,
    "dependent": DEPENDENT, "opposite": OPPOSITE,
}  # fmt: skip

Judge = Callable[..., Verdict]


@pytest.fixture
def judge(tmp_path: Path) -> Judge:
    def run(tree: Json, data: str | None = None, name: str = "d.csv", **options: Any) -> Verdict:
        path, limit = tmp_path / "certificate.json", sys.get_int_max_str_digits()
        # The test writes long integers; the checker has to do without.
        sys.set_int_max_str_digits(0)
        path.write_text(json.dumps(tree))
        sys.set_int_max_str_digits(limit)
        if data is None:
            return check(path, **options)
        (tmp_path / name).write_text(data)
        return check(path, tmp_path / name, **options)

    return run


# Controls.


def test_shards_may_be_merged(judge: Judge) -> None:
    tree = GENERIC.tree(most=60)
    merge(tree)
    assert judge(tree).accepted


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


TABLE = "x1,x2,y\n" + "".join(f"{a},{b},{c}\n" for a, b, c in GENERIC.points)


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


def add(*path: str | int, by: int) -> Callable[[Json], None]:
    def change(tree: Any) -> None:
        for key in path[:-1]:
            tree = tree[key]
        tree[path[-1]] += by

    return change


LEVELS = ("lower_bound", "levels")
LEVEL = (*LEVELS, 3)
SHARDS = (*LEVEL, "shards")


def reorder(tree: Json) -> None:
    shards = tree["lower_bound"]["levels"][3]["shards"]
    shards[2], shards[3] = shards[3], shards[2]


def move_leaf_count(tree: Json) -> None:
    shards = tree["lower_bound"]["levels"][3]["shards"]
    shards[0]["leaves"] += 1
    shards[1]["leaves"] -= 1


def overlap(tree: Json) -> None:
    """Let the last shard hold the leaves of the one before, too."""
    *_, first, second = tree["lower_bound"]["levels"][3]["shards"]
    assert first["prefix"] == second["prefix"] == []
    second["lowest"] = first["lowest"]
    for key in ("leaves", "checksum"):
        second[key] += first[key]


def merge(tree: Json) -> None:
    overlap(tree)
    del tree["lower_bound"]["levels"][3]["shards"][-2]


def repeat(tree: Json) -> None:
    shards = tree["lower_bound"]["levels"][3]["shards"]
    shards.insert(1, shards[0])


def empty_node(tree: Json) -> None:
    """Insert a node below a type that no leaf goes through."""
    level = tree["lower_bound"]["levels"][3]
    *_, last = level["shards"]
    m = level["types"]
    assert last["prefix"] == [] and last["highest"] == m
    nothing = {"here": False, "leaves": 0, "checksum": 0}
    last["highest"] = m - 1
    level["shards"] += [
        nothing | {"prefix": [m - 1], "lowest": m, "highest": m, "here": True},
        nothing | {"prefix": [], "lowest": m, "highest": m},
    ]


FORGERIES: list[tuple[Callable[[Json], None], str]] = [
    # The network and its cost.
    (put("network", "neurons", 0, "bias", value="1"), "misses the point"),
    (put("network", "neurons", 0, "weights", value=["-36", "0"]), "misses the point 0"),
    (put("network", "neurons", 0, "weights", value=["-256/7"]), "as many weights"),
    (drop("network", "neurons", 4), "misses the point"),
    (put("network", "skip", value={"weights": ["0", "0"], "bias": "0"}), "has a skip"),
    (put("claim", "value", value=4), "cost is 5"),
    (put("claim", "value", value=6), "cost is 5"),
    (put("claim", "value", value=-1), "cost is 5"),
    (put("claim", "value", value="5"), "int"),
    (put("objective", "kind", value="neurons"), "level 1: 2 rows are too few for 3 columns"),
    # Levels.
    (drop(*LEVEL), "there are 3 levels where 4 are due"),
    (drop(*LEVELS, 0), "there are 3 levels where 4 are due"),
    (put(*LEVELS, value=[]), "there are 0 levels where 4 are due"),
    (put(*LEVEL, "cost", value=3), "level 4 is missing"),
    (put(*LEVELS, 2, value={"cost": 3, "method": "cones"}), "level 4 by rank comes after"),
    (put(*LEVEL, "method", value="faith"), "keys"),
    (put(*LEVEL, value={"cost": 4, "method": "faith"}), "unknown method"),
    (put(*LEVEL, value=[]), "keys"),
    (put(*LEVEL, "remark", value=""), "keys"),
    (drop(*LEVEL, "prime"), "keys"),
    # Rows.
    (put(*LEVELS, 0, "rows", value=[0, 3]), "level 2 lacks rows of level 1"),
    (put(*LEVEL, "rows", value=[0, 4, 2, 1]), "level 4: 4 rows are too few for 4 columns"),
    (put(*LEVEL, "rows", value=[0, 4, 2, 1, 1]), "not positions of different points"),
    (put(*LEVEL, "rows", value=[0, 4, 2, 1, 5]), "not positions"),
    (put(*LEVEL, "rows", value=[0, 4, 2, 1, -2]), "not positions"),
    (put(*LEVEL, "rows", value=[0, 4, 2, 1, 10**5000]), "not positions"),
    (put(*LEVEL, "rows", value=[0, 4, 1, 2, 3]), "checksum"),
    # Primes.
    (put(*LEVEL, "prime", value=16_777_215), "no prime"),
    (put(*LEVEL, "prime", value=1), "no prime"),
    (put(*LEVEL, "prime", value=0), "no prime"),
    (put(*LEVEL, "prime", value=-7), "no prime"),
    (put(*LEVEL, "prime", value=10**5000), "no prime"),
    (put(*LEVEL, "prime", value=2**61 - 1), "no prime"),
    (put(*LEVEL, "prime", value=16_777_199), "checksum"),
    # Numbers.
    (add(*LEVEL, "types", by=1), "level 4: there are 33 types"),
    (add(*LEVEL, "types", by=-(10**5000)), "level 4: there are 33 types"),
    (add(*LEVEL, "leaves", by=1), "level 4: there are 366 leaves"),
    (add(*SHARDS, 2, "leaves", by=1), "level 4: shard 2 holds"),
    (move_leaf_count, "level 4: shard 0 holds"),
    (add(*SHARDS, 2, "checksum", by=1), "level 4: the shard"),
    (add(*SHARDS, 2, "checksum", by=16_777_213), "has the checksum"),
    (add(*SHARDS, 2, "checksum", by=-1), "has the checksum"),
    (put(*LEVELS, 0, "shards", 0, "checksum", value=5), "level 1: the shard (0,)"),
    # Shards.
    (drop(*SHARDS, 0), "level 4: shard 0 is not the one that is due"),
    (drop(*SHARDS, 1), "level 4: shard 1 is not"),
    (drop(*SHARDS, -1), "the last shards are missing"),
    (put(*SHARDS, value=[]), "the last shards are missing, from (0,) on"),
    (reorder, "shard 2 is not"),
    (overlap, "level 4: shard 3 is not"),
    (repeat, "level 4: shard 1 is not"),
    (empty_node, "no leaf is below"),
    (lambda tree: tree["lower_bound"]["levels"][0]["shards"].append(
        tree["lower_bound"]["levels"][0]["shards"][0]), "level 1: there are 1 shards too many"),
    (put(*SHARDS, 0, "here", value=False), "shard 0 is not"),
    (put(*SHARDS, 2, "here", value=True), "shard 2 is not"),
    (put(*SHARDS, 0, "here", value=1), "bool"),
    (add(*SHARDS, 0, "highest", by=1), "shard 0 holds"),
    (put(*SHARDS, 0, "highest", value=10**5000), "shard 0 is not"),
    (put(*SHARDS, 0, "highest", value=-1), "shard 0 is not"),
    (put(*SHARDS, 0, "lowest", value=1), "shard 0 is not"),
    (put(*SHARDS, 0, "prefix", value=[0]), "shard 0 is not"),
    (put(*SHARDS, 0, "prefix", value=[10**5000]), "shard 0 is not"),
    (put(*SHARDS, 0, "prefix", value=[True]), "int"),
    # The points.
    (put("data", "points", 3, value=["3", "-3", "5"]), "data.sha256"),
    (put("data", "points", 0, value=["3", "-3"]), "list"),
    (put("data", "points", 1, value=["-7", "-1", "7"]), "not strictly sorted"),
    (put("data", "points", value=[]), "data.sha256"),
    (put("data", "n_features", value=1), "data.features"),
    (put("data", "n_features", value=True), "int"),
    (put("data", "features", value=["x1"]), "data.features"),
    # The rest of the schema.
    (put("objective", "kind", value="weights"), "unknown objective"),
    (put("objective", "skip", value="linear"), "unknown objective"),
    (put("objective", "skip", value="affine"), "an object is due"),
    (put("objective", "p", value="0"), "None"),
    (put("objective", "tolerance", value="1"), "'0'"),
    (put("lower_bound", "kind", value="witnesses"), "due"),
    (put("lower_bound", "levels", value={}), "list"),
    (put("claim", "status", value="feasible"), "'optimal'"),
]  # fmt: skip


@pytest.fixture(scope="module")
def generic() -> Json:
    tree = GENERIC.tree(most=60)
    assert len(tree["lower_bound"]["levels"][3]["shards"]) == 4
    return tree


@pytest.mark.parametrize(("change", "reason"), FORGERIES, ids=itertools.count())
def test_forgeries(
    judge: Judge,
    generic: Json,
    change: Callable[[Json], None],
    reason: str,
) -> None:
    tree = copy.deepcopy(generic)
    assert judge(tree).accepted
    change(tree)
    verdict = judge(tree)
    assert reason in verdict.reason, verdict
    assert verdict.outcome == "rejected"
    assert str(verdict) == f"rejected: {verdict.reason}"
    assert verdict.not_replayed


def dearer(instance: Instance, rows: Any, dead: Row, **options: Any) -> Json:
    """A certificate for the network with one more neuron, which does nothing on the points."""
    worse = Instance(
        instance.points, [*instance.neurons, dead], [*instance.levels, rows], instance.kind,
        instance.skip,
    )  # fmt: skip
    return worse.tree(**options)


@pytest.mark.parametrize("prime", [16_777_213, 5])
@pytest.mark.parametrize("most", [10**9, 20])
def test_a_value_too_high_by_one(judge: Judge, most: int, prime: int) -> None:
    tree = dearer(SPARSE, [0, 4, 2, 1, 3], (0, 0, -1, 1), most=most, prime=prime)
    verdict = judge(tree)
    assert verdict.outcome == "rejected"
    assert verdict.reason.startswith("level 4: the labels are in the span of the types [")
    tree = dearer(KNOTS, CONES, (1, 0, -20, 1), most=most)
    assert "level 2 by cones: neurons of inputs and mask " in judge(tree).reason


@pytest.mark.parametrize(
    "name", ["generic", "corner", "sparse", "zigzag", "cramped", "affine", "opposite"]
)
def test_values_too_high_by_one_among_cones(judge: Judge, name: str) -> None:
    instance = INSTANCES[name]
    dead = (*(0 for _ in instance.points[0][:-1]), -1, 1)
    verdict = judge(dearer(instance, CONES, dead))
    assert f"level {len(instance.levels) + 1} by cones: neurons of inputs" in verdict.reason


def test_rows_on_which_a_cheaper_set_fits_prove_nothing(judge: Judge) -> None:
    # On the first three rows of CORNER, two parameters will do.
    tree = CORNER.tree()
    tree["lower_bound"]["levels"][1] = CORNER.level(2, [0, 4, 1])
    assert "level 2: the labels are in the span" in judge(tree).reason
    tree["lower_bound"]["levels"][1] = CORNER.level(2, [0, 4, 1, 3, 5])
    assert "level 2: the labels are in the span" in judge(tree).reason


def test_labels_that_vanish_modulo_the_prime(judge: Judge) -> None:
    points = [(1, 1), (2, -1), (-1, 3)]
    tree = certificate(points, [13, 26, -13], ([(13, 0, 0, 1), (13, 0, 0, -1)], None), [])
    # The network does not matter: rows of a level are looked at after it.
    tree = certificate([(1, 1), (2, 1)], [13, 39], ([(26, 0, -13, 1)], None), [{}])
    data = [(1, 1), (2, 1)], [13, 39]
    for prime, accepted in ((16_777_213, True), (13, False)):
        tree["lower_bound"]["levels"] = [rank_level(*data, 1, [0, 1], prime=16_777_213)]
        tree["lower_bound"]["levels"][0]["prime"] = prime
        verdict = judge(tree)
        assert verdict.accepted == accepted
    assert "level 1: labels and skip depend on each other modulo the prime 13" in verdict.reason


# What cannot be decided, or not in time.


class Clock:
    """A clock that is one second on whenever it is looked at."""

    def __init__(self) -> None:
        self.time = 0

    def __call__(self) -> float:
        self.time += 1
        return self.time


def test_samples(judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    tree = GENERIC.tree(most=20)
    n = sum(len(level["shards"]) for level in tree["lower_bound"]["levels"])
    monkeypatch.setattr(patience, "monotonic", Clock())
    assert judge(tree, seconds=None).accepted
    assert judge(tree, seconds=1000).accepted
    numbers = set()
    for seed in range(5):
        verdict = judge(tree, seconds=10, seed=seed)
        assert verdict == judge(tree, seconds=10, seed=seed)
        done = int(verdict.reason.split()[1])
        numbers.add(verdict.replayed)
        assert 0 < done < n
        assert verdict.outcome == "sampled" and not verdict.accepted
        assert str(verdict).startswith(
            f"accepted (sampled {done} of {n} shards; a full replay takes about "
        )
        assert any(step.startswith(f"{done} of {n} shards, ") for step in verdict.replayed)
        assert "the other shards; pass --full" in verdict.not_replayed
        assert "that no network through these points costs less" not in verdict.replayed
    assert len(numbers) > 1
    none = judge(tree, seconds=0)
    assert none.outcome == "undecided"
    assert str(none).startswith("undecided: no shard is done in time; a full replay takes about ")


def test_a_sample_finds_many_wrong_sums(judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    tree = GENERIC.tree(most=20)
    shards = tree["lower_bound"]["levels"][3]["shards"]
    for shard in shards[::2]:
        shard["checksum"] ^= 1
    monkeypatch.setattr(patience, "monotonic", Clock())
    verdicts = [judge(tree, seconds=10) for _ in range(20)]
    assert sum(verdict.outcome == "rejected" for verdict in verdicts) > 10


def test_what_is_no_shard_is_checked_however_little_time_there_is(
    judge: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "monotonic", Clock())
    tree = GENERIC.tree(most=20)
    tree["lower_bound"]["levels"][3]["shards"][-1]["leaves"] -= 1
    assert judge(tree, seconds=0).outcome == "rejected"


def test_completion(judge: Judge) -> None:
    tree = SPARSE.tree()
    tree["lower_bound"]["levels"][2] = {"cost": 3, "method": "completion"}
    verdict = judge(tree)
    assert verdict.outcome == "undecided" and not verdict.accepted
    assert str(verdict) == "undecided: level 3 by completion cannot be replayed"
    assert "level 3 by completion cannot be replayed" in verdict.not_replayed
    tree["lower_bound"]["levels"][1]["shards"][0]["checksum"] += 1
    assert judge(tree).outcome == "rejected"


def test_cones_that_take_too_long(judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "monotonic", Clock())
    verdict = judge(ZIGZAG.tree(), seconds=20)
    assert verdict.outcome == "undecided"
    assert "level 4 by cones takes too long: 3 of at most 10 sets" in verdict.reason
    assert judge(ZIGZAG.tree(), seconds=None).accepted


def test_too_many_types(judge: Judge) -> None:
    points = [tuple(int(i == j) for j in range(20)) for i in range(20, -1, -1)]
    network = [(*[1] + [0] * 19, 0, 1), (*[0] * 20, -1, 1)], None
    rank = {"cost": 1, "method": "rank", "rows": [*range(21)], "prime": 3, "types": 0,
            "leaves": 0, "shards": []}  # fmt: skip
    for entry in (rank, {"cost": 1, "method": "cones"}):
        tree = certificate(points, [0] * 20 + [1], network, [entry], kind="neurons")
        verdict = judge(tree)
        assert verdict.outcome == "undecided"
        assert "too many types" in verdict.reason


# The command line.


def test_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path, data = tmp_path / "c.json", tmp_path / "d.csv"
    data.write_text(TABLE)

    def run(tree: Json, *options: str) -> tuple[int, list[str]]:
        path.write_text(json.dumps(tree))
        code = main([str(path), str(data), *options])
        return code, capsys.readouterr().out.splitlines()

    tree = GENERIC.tree(most=20)
    assert run(tree) == run(tree, "--full") == run(tree, "--seconds", "30", "--seed", "7")
    code, lines = run(tree)
    assert (code, lines[0], lines[-1]) == (0, "accepted", "not replayed: nothing")
    monkeypatch.setattr(patience, "monotonic", Clock())
    code, lines = run(tree, "--seconds", "10")
    assert code == 3 and lines[0].startswith("accepted (sampled ")
    assert lines[-1] == "not replayed: the other shards; pass --full"
    assert run(tree, "--full")[0] == 0
    tree["lower_bound"]["levels"][0] = {"cost": 1, "method": "completion"}
    assert run(tree)[0] == 3
    del tree["lower_bound"]["levels"][0]
    code, lines = run(tree)
    assert (code, lines[0]) == (4, "rejected: there are 3 levels where 4 are due")
    for options in (["--seconds", "-1"], ["--seconds", "nan"], ["--seed", "x"], ["--fast"]):
        assert main([str(path), *options]) == 2
        out, err = capsys.readouterr()
        assert out == "" and err.startswith("usage: ") and err.count("\n") == 1


def test_help(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["--help"])
    assert "--seconds" in capsys.readouterr().out


def test_durations() -> None:
    words = {0: "1 seconds", 60: "60 seconds", 200: "3 minutes", 8000: "2 hours", 9**9: "4484 days"}
    assert {seconds: patience.duration(seconds) for seconds in words} == words


# Parts, against slower ones.


Problem = tuple[list[tuple[int, ...]], str, bool]


@st.composite
def problems(draw: st.DrawFn, least: int, most: int) -> Problem:
    """Points (*x, y) with many coincidences, what is counted, and whether there is a skip."""
    d, size = draw(st.integers(1, 3)), draw(st.integers(1, 2))
    places = st.tuples(*[st.integers(-size, size)] * d)
    most = min(most, (2 * size + 1) ** d)
    points = sorted(draw(st.sets(places, min_size=min(least, most), max_size=most)))
    labels = st.one_of(st.integers(-2, 2), st.integers(-99, 99))
    rows = [(*x, draw(labels)) for x in points]
    return rows, draw(st.sampled_from(["parameters", "neurons"])), draw(st.booleans())


@settings(max_examples=200, deadline=None)
@given(
    problems(least=6, most=7),
    st.integers(1, 4),
    st.sampled_from([2, 3, 5, 11, 101, 67_108_859]),
    st.sampled_from([14, 3, 0]),
)
def test_a_shard_passes_iff_no_leaf_reaches_the_labels(
    problem: Problem, cost: int, prime: int, widest_pair: int
) -> None:
    rows, kind, skip = problem
    data = [row[:-1] for row in rows], [row[-1] for row in rows]
    table = Table.of([tuple(map(Fraction, row)) for row in rows])
    supports = Supports(table, kind)
    spare = len(rows) - 1 - len(table.skip_columns(skip))
    cost = max((c for c in range(1, cost + 1) if supports.columns(c) <= spare), default=0)
    own = oracle.Level(*data, cost, range(len(rows)), kind, skip)
    if not cost or len(own.leaves) > 3000:
        return
    with pytest.MonkeyPatch.context() as monkeypatch:
        # Wide types, of which two are no pair, have more leaves than a test can list.
        monkeypatch.setattr(level, "is_pair", lambda a, b: a + b <= widest_pair)
        monkeypatch.setattr(oracle, "pairs", lambda a, b: a + b <= widest_pair)
        compare_shards(own, table, supports, cost, skip, prime)


def compare_shards(
    own: oracle.Level, table: Table, supports: Supports, cost: int, skip: bool, prime: int
) -> None:
    types = types_on(table, supports.of_cost(cost), skip)
    assert [(t.support, t.mask) for t in types] == own.types
    assert [t.columns for t in types] == own.columns
    try:
        ours = Level(table, types, supports.columns(cost), skip, prime)
    except Rejected:
        return
    shards = [
        Shard(**(shard | {"prefix": (*shard["prefix"],)})) for shard in own.shards(prime, most=3)
    ]
    check_tiling(ours, shards)
    replay, reaching = Replay(ours, lambda: None), own.reaching()
    for shard in shards:
        if any(oracle.contains(shard._asdict(), leaf, own.sizes) for leaf in reaching):
            with pytest.raises(Rejected, match="in the span"):
                replay.check(shard)
        else:
            replay.check(shard)


@pytest.mark.parametrize("seed", range(8))
def test_prefixes_of_dependent_types(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    # But for the last point, the first input is the bias.
    rng = random.Random(seed)
    monkeypatch.setattr(level, "is_pair", lambda a, b: False)
    monkeypatch.setattr(oracle, "pairs", lambda a, b: False)
    rows = [(1, x, rng.randint(-99, 99)) for x in (-3, -2, -1, 1, 2, 4)] + [(2, 0, 0)]
    chosen, cost = range(6), 5 - seed % 2
    own = oracle.Level(
        [row[:-1] for row in rows], [row[-1] for row in rows], cost, chosen, "parameters", False
    )
    table = Table.of([tuple(map(Fraction, row)) for row in rows])
    supports = Supports(table, "parameters")
    compare_shards(own, table.take(chosen), supports, cost, False, (67_108_859, 11)[seed // 4])


def test_a_leaf_of_which_nothing_is_known_modulo_p_is_decided_over_q() -> None:
    # (x + 2 y)_+ is active where x > 0, and where y > 0: a third type in the span of two others.
    points = [(-2, -1), (-1, -1), (1, 2), (2, 1), (3, 5)]
    rows = [tuple(map(Fraction, (x, y, max(0, x + 2 * y)))) for x, y in points]
    table = Table.of(rows)
    supports = Supports(table, "parameters")
    types = types_on(table, supports.of_cost(4), False)
    zeros = Zeros(Level(table, types, 4, False, 101))
    names = [(t.support, t.mask) for t in types]
    *prefix, last = [names.index((support, 0b11100)) for support in ((0,), (1,), (0, 1))]
    with pytest.raises(Rejected, match="in the span of the types"):
        zeros.refute(zeros.groups((*prefix,)), [last], lambda: ((*prefix,), []))


@settings(max_examples=60, deadline=None)
@given(problems(least=3, most=4))
def test_cones_are_passed_below_the_optimum(problem: Problem) -> None:
    rows, kind, skip = problem
    points = [tuple(map(Fraction, row)) for row in rows]
    data = [row[:-1] for row in points], [row[-1] for row in points]
    optimum = sparsest(*data, kind, "affine" if skip else "none")
    table = Table.of(points)
    for cost in range(1, optimum):
        Cones(table, Supports(table, kind), cost, skip).check(lambda: None)
    if optimum:
        with pytest.raises(Rejected, match="fit the labels"):
            Cones(table, Supports(table, kind), optimum, skip).check(lambda: None)


small = st.integers(-2, 2)


@settings(max_examples=200)
@given(st.integers(1, 4).flatmap(lambda k: st.lists(st.lists(small, min_size=k, max_size=k),
                                                    min_size=1, max_size=6)))  # fmt: skip
def test_chambers(vectors: list[list[int]]) -> None:
    found = chambers(vectors, len(vectors[0]))
    expected = {sum((s > 0) << i for i, s in enumerate(cell)) for cell in _cells(vectors)}
    assert set(found) == expected
    for mask, w in found.items():
        for i, v in enumerate(vectors):
            value = sum(a * b for a, b in zip(v, w, strict=True))
            assert (value > 0) == bool(mask >> i & 1) and (value != 0) == any(v)


@settings(max_examples=300)
@given(st.integers(0, 4).flatmap(lambda k: st.lists(st.lists(small, min_size=k + 1, max_size=k + 1),
                                                    max_size=9)))  # fmt: skip
def test_inequalities(rows: list[list[int]]) -> None:
    exact = [([Fraction(a) for a in row[1:]], Fraction(row[0])) for row in rows]
    assert is_feasible(rows) == feasible(exact)


@given(st.integers(1, 4).flatmap(lambda n: st.lists(st.lists(small, min_size=n, max_size=n),
                                                    min_size=1, max_size=6)))  # fmt: skip
def test_relations(columns: list[list[int]]) -> None:
    found = relations(columns)
    for u in found:
        assert not any(
            sum(a * c for a, c in zip(u, row, strict=True)) for row in zip(*columns, strict=True)
        )
    # One for each column that depends on the ones before, and with 0 for the ones after it.
    ends = [max(j for j, a in enumerate(u) if a) for u in found]
    assert ends == sorted(set(ends))
    rank = len(columns) - len(found)
    assert all(
        len(relations([columns[j] for j in kept])) > 0
        for kept in itertools.combinations(range(len(columns)), rank + 1)
    )


def test_pairs() -> None:
    sizes = list(itertools.product(range(1, 18), repeat=2))
    assert [level.is_pair(a, b) for a, b in sizes] == [oracle.pairs(a, b) for a, b in sizes]
    assert level.is_pair(6, 6) and not level.is_pair(7, 7) and not level.is_pair(1, 14)


def test_minors_and_their_products() -> None:
    rng, p = random.Random(3), 67_108_859
    for a, b in ((1, 1), (1, 3), (2, 2), (3, 4)):
        q = a + b
        left = [[[rng.randrange(p)] for _ in range(q)] for _ in range(a)]
        right = [[[rng.randrange(p)] for _ in range(q)] for _ in range(b)]
        (whole,) = minors(left + right, p).values()
        of_a, of_b = minors(left, p), minors(right, p)
        assert whole == [
            sum(sign * of_a[s][0] * of_b[rest][0] for s, rest, sign in splits(q, a)) % p
        ]
    digits = [0, 2**64 - 1, 5]
    assert list(unpack(pack(digits), 3)) == digits
    assert list(unpack(pack(digits) >> 64, 2)) == digits[1:]
