"""Least tolerances of networks: certificates that are accepted, and forgeries that must not be."""

from __future__ import annotations

import copy
import json
import random
from fractions import Fraction
from typing import Any

import pytest

import exactsparse as es
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.problem import Problem
from exactsparse.routes.activity_search import lower_bound
from exactsparse.routes.activity_search.exact_path import Path, Settled
from exactsparse.routes.activity_search.exact_tolerance import labels_of, settle_below
from exactsparse.routes.activity_search.kinds import Kind
from exactsparse_check.activities import Row, Tree
from exactsparse_check.network_kinds import NetworkKind
from exactsparse_check.patience import Patience
from exactsparse_check.schema import Rejected
from tests.check.common import Change, Json, Judge, add, changed, drop, put
from tests.routes.activity_search.test_least_tolerance import random_table

X, Y = [[0, 0], [0, 1], [1, 0], [1, 1]], ["0.02", "0.98", "1.01", "-0.03"]
LEVELS = ("lower_bound", "levels")
ABSCISSA = ("lower_bound", "abscissa")
VALUE, NETWORK = ("claim", "value"), ("network", "neurons")


def written(points: list[Any], labels: list[Any], **options: Any) -> Json:
    tree: Json = es.solve(points, labels, **options).certificate.document
    return tree


THREE = written(X, Y, parameters=3)
NEURON = written(X, Y, neurons=1)
AFFINE = written(X, [0, 1, 2, 8], neurons=0, skip="affine")
ZERO = written(X, [0, 1, 1, 2], parameters=3)
FLOOR = written([[0, 1], [0, 1], [1, 0]], [0, 3, 1], parameters=5)
TREES = {"three": THREE, "neuron": NEURON, "affine": AFFINE, "zero": ZERO, "floor": FLOOR}


@pytest.mark.parametrize("name", TREES)
def test_what_is_written_is_accepted(name: str, judge: Judge) -> None:
    verdict = judge(TREES[name])
    assert verdict.outcome == "accepted", verdict.reason


def test_what_is_said(judge: Judge) -> None:
    verdict = judge(THREE)
    assert verdict.verified == (
        "optimal: tolerance: 1/2 is the least with which 3 parameters suffice for 4 rows, without "
        "a free affine part"
    )
    assert verdict.replayed[-1] == (
        "that no tolerance is less: below 1/2 no network of at most 3 parameters meets all labels"
    )
    assert "1 neurons suffice" in judge(NEURON).verified
    assert judge(THREE, "a,b,y\n0,0,0.02\n0,1,0.98\n1,0,1.01\n1,1,-0.03\n").accepted


@pytest.mark.parametrize("seed", range(12))
def test_random_tables(seed: int, judge: Judge) -> None:
    rng = random.Random(seed)
    d, counted = rng.choice([1, 2, 3]), rng.choice(["parameters", "neurons"])
    points, labels = random_table(rng, d, rng.randint(3, 6))
    skip = rng.choice(["none", "affine"]) if d > 1 else "none"
    verdict = judge(written(points, labels, skip=skip, **{counted: rng.randint(0, 2)}))
    assert verdict.outcome == "accepted", verdict.reason


FORGERIES: dict[str, tuple[Json, str, tuple[Change, ...]]] = {}


def forge(name: str, tree: Json, reason: str, *changes: Change) -> None:
    FORGERIES[name] = tree, reason, changes


LITTLE = "500000001/1000000000"
forge("a little more", THREE, "not contradict each other", put(*VALUE, value=LITTLE))
forge("a little less", THREE, "misses the window", put(*VALUE, value="499999999/1000000000"))
forge("more of an affine part", AFFINE, "not contradict", put(*VALUE, value="100"))
forge("less than nothing", ZERO, "negative", put(*VALUE, value="-1"))
forge("more than nothing", ZERO, "levels are due", put(*VALUE, value="1"))
forge("nothing", THREE, "misses the window", put(*VALUE, value="0"))
forge("a value of parameters", THREE, "malformed", put(*VALUE, value=3))
forge("fewer parameters", THREE, "more than 2", add("objective", "parameters", by=-1))
forge("more parameters", THREE, "levels are due", add("objective", "parameters", by=1))
forge("very many", THREE, "levels are due", put("objective", "parameters", value=10**499))
forge("negative parameters", ZERO, "is negative", put("objective", "parameters", value=-1))
forge("fewer than there are", ZERO, "costs", put("objective", "parameters", value=1))
forge(
    "neurons for parameters", THREE, "",
    put("objective", value={
        "kind": "tolerance", "p": None, "skip": "none", "tolerance": None, "neurons": 3,
    }),
)  # fmt: skip
forge("both", THREE, "malformed", put("objective", "neurons", value=3))
forge("knots", THREE, "malformed", put("objective", "knots", value=3))
forge("a band, too", THREE, "malformed", put("objective", "tolerance", value="1/2"))
forge("an affine part", THREE, "", put("objective", "skip", value="affine"))
forge("no affine part", AFFINE, "a skip", put("objective", "skip", value="none"))
forge("a level is missing", THREE, "levels are due", drop(*LEVELS, 0))
forge("the last level is missing", THREE, "levels are due", drop(*LEVELS, 3))
forge("another cost", THREE, "levels are due", put(*LEVELS, 3, "cost", value=2))
forge("a tree is missing", THREE, "a tree is due", drop(*LEVELS, 2, "trees", 0))
forge("no steps", THREE, "ends too early", put(*LEVELS, 1, "trees", 0, "steps", value=[]))
forge("a dead network", THREE, "misses the window", put(*NETWORK, value=[]))
forge("other labels", THREE, "sha256", put("data", "points", 2, 2, value="2"))
forge("an abscissa", THREE, "lesser tolerance", put(*ABSCISSA, value=0))
forge(
    "an abscissa of nothing",
    ZERO,
    "where none are due",
    put(*LEVELS, value=THREE[LEVELS[0]][LEVELS[1]]),
)
forge("no abscissa", FLOOR, "levels are due", put(*ABSCISSA, value=None))
forge("another abscissa", FLOOR, "lesser tolerance", put(*ABSCISSA, value=1))
forge("an abscissa beyond", FLOOR, "names no point", put(*ABSCISSA, value=2))
forge("an abscissa before", FLOOR, "names no point", put(*ABSCISSA, value=-2))
forge("more than the labels need", FLOOR, "lesser tolerance", put(*VALUE, value="2"))


@pytest.mark.parametrize("name", FORGERIES)
def test_forgeries(name: str, judge: Judge) -> None:
    tree, reason, changes = FORGERIES[name]
    verdict = judge(changed(tree, *changes))
    assert verdict.outcome == "rejected"
    assert reason in verdict.reason


def test_a_leaf_of_equality_excludes_what_is_less_but_not_the_tolerance() -> None:
    """Two rows of equal inputs, whose labels are 2 apart: 1 is the least tolerance there."""
    rows = [Row([1, 1], 0, 0), Row([1, 1], 2, 2)]
    steps = [0, 0, 0, 1, 0, 0, 1, 0, 1, 0, 1, 2, 0, 1]
    kind = NetworkKind((), ((1, 1),))

    def excludes(tolerance: Fraction, below: bool) -> bool:
        try:
            Tree(kind, rows, tolerance, False, Patience(None), below).check(steps)
        except Rejected:
            return False
        return True

    little = Fraction(1, 10**30)
    for off, (itself, less) in ((-little, (1, 1)), (0 * little, (0, 1)), (little, (0, 0))):
        assert (excludes(1 + off, False), excludes(1 + off, True)) == (itself, less)


def test_relations_of_heights_alone_exclude_nothing() -> None:
    """Where signs of heights are 0 together, bounds add nothing: there is no contradiction."""
    kind = NetworkKind((((0, 1), 1),), ())
    rows = [Row([1, 0, 1], None, None), Row([-1, 0, 1], None, None)]
    # Inactive at both: w >= 0 and -w >= 0.
    steps = [0, 0, 0, 2, 0, 0, 1, 0, 1, 0, 1, 2, 1, 3, 1, 1, 2, 1, 0]
    with pytest.raises(Rejected, match="not contradict"):
        Tree(kind, rows, Fraction(1), False, Patience(None), True).check(steps)


def lying(tree: Json, value: Fraction, draw: random.Random) -> Json:
    """Trees for a tolerance that is not the least: where there is a network, anything is said."""
    points = tree["data"]["points"]
    dataset = es.Dataset.from_arrays([p[:-1] for p in points], [p[-1] for p in points])
    about = tree["objective"]
    counted = "neurons" if "neurons" in about else "parameters"
    problem = Problem.of(dataset, skip=about["skip"], tolerance=value, objective=counted)
    labels = labels_of(dataset)

    def settle(kind: Kind, path: Path) -> Settled:
        true = settle_below(labels, kind, path, Fraction(0), value)
        if true.network is None or true.missed is not None:
            return true
        left = sorted(set(range(len(labels))) - {row for row, _ in path})
        if left and draw.random() < 0.3:
            return Settled(true.network, draw.choice(left), [])
        codes = range((len(kind.neurons) + 1) * len(path))
        many = draw.randint(0, min(len(codes), kind.columns + 1))
        return Settled(None, None, sorted(draw.sample(codes, many)))

    recorder = lower_bound._Recorder(IntegerTable.of_problem(problem), settle)
    levels = recorder.levels(problem.objective, about["skip"] == "affine", about[counted] + 1)
    return changed(tree, put(*VALUE, value=str(value)), put(*LEVELS, value=levels))


@pytest.mark.parametrize("name", ["three", "neuron", "affine"])
def test_no_false_claim_is_accepted_whatever_its_trees_are(name: str, judge: Judge) -> None:
    draw = random.Random(name)
    least = Fraction(TREES[name]["claim"]["value"])
    for _ in range(40):
        false = least * (1 + Fraction(1, draw.choice((10**9, 100, 3))))
        tree = copy.deepcopy(lying(TREES[name], false, draw))
        for _ in range(draw.choice((0, 0, 1, 3))):
            level = draw.choice([own for own in tree["lower_bound"]["levels"] if own["trees"]])
            own = draw.choice(level["trees"])["steps"]
            if own:
                own[draw.randrange(len(own))] += draw.choice((-1, 1, 2, -2))
        assert judge(json.loads(json.dumps(tree))).outcome == "rejected"


def test_a_network_of_the_labels_only_is_no_proof_for_fewer(judge: Judge) -> None:
    """What four parameters attain, with the trees of three: neither 3 nor 4 may be claimed."""
    four = written(X, Y, parameters=4)
    for most, reason in ((3, "more than 3"), (4, "levels are due")):
        tree = four | {"lower_bound": THREE["lower_bound"]}
        assert reason in judge(changed(tree, put("objective", "parameters", value=most))).reason
