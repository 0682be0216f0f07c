"""Certificates of searches that do not hold."""

import copy
import itertools
from typing import Any

import pytest

from tests.check.common import Change, Json, Judge, add, drop, put
from tests.check.searches import CONES, CORNER, GENERIC, INSTANCES, KNOTS, SPARSE, Instance, Row
from tests.oracles.search_certificates import certificate, rank_level

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


# Each is a change of an accepted certificate, and a part of the reason.
FORGERIES: list[tuple[Change, str]] = [
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
    (put(*LEVEL, value={"cost": 4, "method": "faith"}), "malformed: 'cones' is due"),
    (put(*LEVEL, value=[]), "keys"),
    (put(*LEVEL, "remark", value=""), "keys"),
    (drop(*LEVEL, "prime"), "keys"),
    # Rows.
    (put(*LEVELS, 0, "rows", value=[0, 3]), "level 2 lacks rows of level 1"),
    (put(*LEVEL, "rows", value=[0, 4, 2, 1]), "level 4: 4 rows are too few for 4 columns"),
    (put(*LEVEL, "rows", value=[0, 4, 2, 1, 1]), "not positions of different points"),
    (put(*LEVEL, "rows", value=[0, 4, 2, 1, 5]), "not positions"),
    (put(*LEVEL, "rows", value=[0, 4, 2, 1, -2]), "not positions"),
    (put(*LEVEL, "rows", value=[0, 4, 2, 1, 10**400]), "not positions"),
    (put(*LEVEL, "rows", value=[0, 4, 1, 2, 3]), "checksum"),
    # Primes.
    (put(*LEVEL, "prime", value=16_777_215), "no prime"),
    (put(*LEVEL, "prime", value=1), "no prime"),
    (put(*LEVEL, "prime", value=0), "no prime"),
    (put(*LEVEL, "prime", value=-7), "no prime"),
    (put(*LEVEL, "prime", value=10**400), "no prime"),
    (put(*LEVEL, "prime", value=2**61 - 1), "no prime"),
    (put(*LEVEL, "prime", value=16_777_199), "checksum"),
    # Numbers.
    (add(*LEVEL, "types", by=1), "level 4: there are 33 types"),
    (add(*LEVEL, "types", by=-(10**400)), "level 4: there are 33 types"),
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
    (put(*SHARDS, 0, "highest", value=10**400), "shard 0 is not"),
    (put(*SHARDS, 0, "highest", value=-1), "shard 0 is not"),
    (put(*SHARDS, 0, "lowest", value=1), "shard 0 is not"),
    (put(*SHARDS, 0, "prefix", value=[0]), "shard 0 is not"),
    (put(*SHARDS, 0, "prefix", value=[10**400]), "shard 0 is not"),
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
    change: Change,
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


def test_shards_may_be_merged(judge: Judge) -> None:
    tree = GENERIC.tree(most=60)
    merge(tree)
    assert judge(tree).accepted


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
    # The network does not matter: rows of a level are looked at after it.
    tree = certificate([(1, 1), (2, 1)], [13, 39], ([(26, 0, -13, 1)], None), [{}])
    data = [(1, 1), (2, 1)], [13, 39]
    for prime, accepted in ((16_777_213, True), (13, False)):
        tree["lower_bound"]["levels"] = [rank_level(*data, 1, [0, 1], prime=16_777_213)]
        tree["lower_bound"]["levels"][0]["prime"] = prime
        verdict = judge(tree)
        assert verdict.accepted == accepted
    assert "level 1: labels and skip depend on each other modulo the prime 13" in verdict.reason
