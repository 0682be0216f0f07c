"""Small certificates that ask for much time or memory: sizes on both sides of every limit."""

from __future__ import annotations

import copy
from collections.abc import Callable
from fractions import Fraction
from math import comb

import pytest

from exactsparse_check import UsageError, data, kinds, patience, search
from exactsparse_check.level import Level
from exactsparse_check.neuron_types import Supports, Table, types_on
from tests.check.common import Clock, Json, Judge, put
from tests.check.searches import CORNER, GENERIC
from tests.check.test_forgers import by_cuts, identified
from tests.check.test_malformed import is_true
from tests.check.test_rays import by_hand
from tests.check.univariate import certificate, from_bends, plateau
from tests.oracles import search_certificates as oracle

Measure = Callable[[Json], int]


def coordinates(tree: Json) -> int:
    """Bound of what the last level by rank asks for; the ones below ask for less."""
    points = [tuple(map(Fraction, point)) for point in tree["data"]["points"]]
    level = tree["lower_bound"]["levels"][3]
    table = Table.of(points)
    return Supports(table, "parameters").most_numbers(level["cost"], len(level["rows"]))


def kept_minors(tree: Json) -> int:
    points = [tuple(map(Fraction, point)) for point in tree["data"]["points"]]
    most = 0
    for level in tree["lower_bound"]["levels"]:
        table = Table.of(points)
        supports = Supports(table, "parameters")
        rows, cost = table.take(level["rows"]), level["cost"]
        types = types_on(rows, supports.of_cost(cost), False)
        most = max(most, Level(rows, types, cost, False, level["prime"]).n_minors)
    return most


@pytest.mark.parametrize(
    ("limit", "measure", "reason"),
    [
        ("MOST_COORDINATES", coordinates, "too many types of neurons to enumerate"),
        ("MOST_MINORS", kept_minors, "too many minors to keep"),
    ],
)
def test_what_is_too_much_to_keep_is_undecided(
    limit: str, measure: Measure, reason: str, judge: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = GENERIC.tree()
    most = measure(tree)
    monkeypatch.setattr(search, limit, most)
    assert judge(tree).accepted
    monkeypatch.setattr(search, limit, most - 1)
    verdict = judge(tree)
    assert verdict.outcome == "undecided"
    assert reason in verdict.reason


def test_minors_of_two_types_of_three_columns_are_counted() -> None:
    tree = CORNER.tree()
    points = [tuple(map(Fraction, point)) for point in tree["data"]["points"]]
    table = Table.of(points)
    types = types_on(table, Supports(table, "neurons").of_cost(2), False)
    level = Level(table, types, 6, False, oracle.PRIME)
    assert level.n_minors == 2 * len(types) * comb(6, 3)


def test_a_small_file_that_asks_for_gigabytes_is_left_undecided(judge: Judge) -> None:
    """15 points of 12 features have 32,000 types of 13 columns, each with minors by thousands."""
    n, d = 15, 12
    x = [tuple((i + 2) ** c % 97 for c in range(1, d + 1)) for i in range(n)]
    x = sorted(x)
    y = [a[0] + a[1] for a in x]
    neuron = [(*(int(c == k) for c in range(d)), 0, 1) for k in range(2)]
    entry = {
        "cost": 1, "method": "rank", "rows": [*range(n)], "prime": oracle.PRIME, "types": 1,
        "leaves": 1, "shards": [],
    }  # fmt: skip
    for level in (entry, {"cost": 1, "method": "cones"}):
        tree = oracle.certificate(x, y, (neuron, None), [level], kind="neurons")
        verdict = judge(tree)
        assert verdict.outcome == "undecided"
        assert "too many types" in verdict.reason


def test_sums_that_nearly_vanish_many_times(judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    """With p this close to 1 every comparison of the dual is one of hundreds of digits."""
    p = 1 - Fraction(1, 10**150)
    points = from_bends(1, 2, 3, 4, 5, 6)
    knots = [(Fraction(k), Fraction(k)) for k in range(1, 7)]
    value = [str(21 - Fraction(1, 10**10)), "21"]
    tree = certificate(points, knots, p=str(p), value=value, bound=[])
    assert "inequality at the index" in judge(tree, seconds=None).reason
    monkeypatch.setattr(patience, "process_time", Clock())
    verdict = judge(tree, seconds=3)
    assert str(verdict) == "undecided: it takes too long; pass --full"


def test_networks_of_very_many_neurons(judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    tree = GENERIC.tree()
    dead = {"weights": ["0", "0"], "bias": "-1", "output": "1"}
    tree["network"]["neurons"] += [dead] * 1000
    assert "cost is 1005" in judge(tree).reason
    monkeypatch.setattr(patience, "process_time", Clock())
    verdict = judge(tree, seconds=0)
    assert (verdict.outcome, verdict.accepted) == ("undecided", False)
    assert "takes too long" in verdict.reason


def test_what_nests_too_deep_is_undecided(judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    def deeper(*_: object) -> kinds.Result:
        return deeper()

    tree = GENERIC.tree()
    monkeypatch.setitem(kinds.KINDS, "search", kinds.KINDS["search"]._replace(check=deeper))
    assert judge(tree).outcome == "undecided"


def test_exponents_that_ask_for_gigabytes(judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    table = "x,y\n0,1e309\n1,1e-400\n2,1E+0500\n3,1e-308\n"
    monkeypatch.setattr(data, "MOST_DIGITS", 309 + 400 + 500)
    assert judge(plateau(), table).outcome == "rejected"
    monkeypatch.setattr(data, "MOST_DIGITS", 309 + 400 + 500 - 1)
    with pytest.raises(UsageError, match="exponents in DATA stand for more than 1,208 digits"):
        judge(plateau(), table)


def test_columns_of_one_name_are_not_all_tried_without_an_end(
    judge: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree, d = GENERIC.tree(), 50
    tree["data"] |= {"n_features": d, "features": ["y"] * d, "label": "y", "points": None}
    table = ",".join("y" * (d + 1)) + "\n" + ",".join(map(str, range(d + 1)))
    assert "those of data.sha256" in judge(tree, table).reason
    monkeypatch.setattr(patience, "process_time", Clock())
    assert str(judge(tree, table, seconds=40)) == "undecided: it takes too long; pass --full"


@pytest.mark.parametrize("tree", [CORNER.tree(), by_cuts(), by_hand()])
def test_long_numbers_of_a_network_or_of_a_proof(
    tree: Json, judge: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every sum of them looks at the clock, and so ends soon after the time is up."""
    long = "1/" + "7" * 400
    width = tree["data"]["n_features"]
    neuron = {"weights": [long] * width, "bias": long, "output": long}
    changes = [put("network", "neurons", 0, value=neuron)]
    for name in ("cuts", "duals"):
        if name in tree["lower_bound"]:
            first = tree["lower_bound"][name][0]
            value = [long, *first[1:]] if isinstance(first, list) else long
            changes.append(put("lower_bound", name, 0, value=value))
    for change in (*changes, put("data", "points", 0, -1, value=long)):
        forged = copy.deepcopy(tree)
        change(forged)
        identified(forged)
        monkeypatch.setattr(patience, "process_time", Clock())
        verdict = judge(forged, seconds=1000)
        # A cut may be one with a long number in it.
        assert verdict.outcome == "rejected" or (verdict.accepted and is_true(forged))
        monkeypatch.setattr(patience, "process_time", Clock())
        assert judge(forged, seconds=0).reason == "it takes too long; pass --full"
