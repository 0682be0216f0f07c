"""exactsparse_check on certificates by Farkas cuts: what holds, and what does not."""

from __future__ import annotations

import itertools
import json
import random
from fractions import Fraction
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

import exactsparse as es
from exactsparse_check import farkas
from exactsparse_check.covers import Covers
from exactsparse_check.farkas import FarkasCheck
from tests.check.common import Change, Json, Judge
from tests.oracles.multivariate import feasible
from tests.oracles.search_certificates import certificate

N = 7


def written(seed: int, objective: str, skip: str, n: int = 5) -> Json:
    """A certificate from the solver."""
    draw = random.Random(seed)
    points = draw.sample(list(itertools.product(range(4), repeat=2)), n)
    y = [draw.randint(-3, 3) for _ in points]
    solution = es.solve(points, y, objective=objective, skip=skip, method="cuts")
    return json.loads(json.dumps(solution.certificate.document))


@pytest.mark.parametrize("skip", ["none", "affine"])
@pytest.mark.parametrize("objective", ["parameters", "neurons"])
@pytest.mark.parametrize("seed", range(4))
def test_what_the_solver_proves_is_accepted(
    seed: int, objective: str, skip: str, judge: Judge
) -> None:
    found = judge(written(seed, objective, skip))
    assert str(found) == "accepted"
    assert "that no network through these points costs less" in found.replayed


def test_by_hand(judge: Judge) -> None:
    """|x| at -1, 0, 1: each outer point asks for a neuron, and no neuron serves both."""
    network = ([["-1", "0", "1"], ["1", "0", "1"]], None)
    tree = certificate([["-1"], ["0"], ["1"]], ["1", "0", "1"], network, [], value=2)
    tree["lower_bound"] = {"kind": "farkas", "cuts": [["1", "-1", "0"], ["0", "-1", "1"]]}
    assert str(judge(tree)) == "accepted"
    tree["lower_bound"]["cuts"] = [["1", "0", "0"], ["0", "0", "1"]]
    found = judge(tree)
    assert (
        str(found) == "rejected: the cuts allow for neurons that cost less than the claimed value"
    )


def drop_all(tree: Json) -> None:
    tree["lower_bound"]["cuts"] = []


def drop_most(tree: Json) -> None:
    del tree["lower_bound"]["cuts"][1:]


def turn(tree: Json) -> None:
    cut = tree["lower_bound"]["cuts"][0]
    cut[:] = [str(-Fraction(number)) for number in cut]


def shorten(tree: Json) -> None:
    tree["lower_bound"]["cuts"][0].pop()


def write_a_float(tree: Json) -> None:
    tree["lower_bound"]["cuts"][0][0] = 0.5


def claim_more(tree: Json) -> None:
    tree["claim"]["value"] += 1


def claim_a_worse_network(tree: Json) -> None:
    neuron = {"weights": ["0", "0"], "bias": "1", "output": "1"}
    tree["network"]["neurons"] += [neuron, neuron | {"output": "-1"}]
    tree["claim"]["value"] += 2


def change_a_weight(tree: Json) -> None:
    neuron = tree["network"]["neurons"][0]
    neuron["output"] = str(2 * Fraction(neuron["output"]))


def add_a_key(tree: Json) -> None:
    tree["lower_bound"]["bound"] = 5


@pytest.mark.parametrize(
    ("forge", "reason"),
    [
        (drop_all, "the cuts allow for neurons that cost less"),
        (drop_most, "the cuts allow for neurons that cost less"),
        (turn, "cut 0: its sum over the labels is not positive"),
        (shorten, "cut 0: there are not as many numbers as points"),
        (write_a_float, "malformed"),
        (claim_more, "the network's cost is"),
        (claim_a_worse_network, "the cuts allow for neurons that cost less"),
        (change_a_weight, "the network misses the point"),
        (add_a_key, "malformed"),
    ],
)
def test_forgeries_are_rejected(forge: Change, reason: str, judge: Judge) -> None:
    tree = written(1, "parameters", "none")
    assert tree["claim"]["value"] > 2
    forge(tree)
    found = judge(tree)
    assert found.outcome == "rejected"
    assert reason in found.reason


def test_with_a_skip_cuts_must_not_see_affine_functions(judge: Judge) -> None:
    tree = written(0, "parameters", "affine")
    cut = tree["lower_bound"]["cuts"][0]
    label = next(i for i, point in enumerate(tree["data"]["points"]) if Fraction(point[-1]))
    side = 1 if Fraction(tree["data"]["points"][label][-1]) > 0 else -1
    cut[label] = str(Fraction(cut[label]) + side)
    found = judge(tree)
    assert found.reason == "cut 0: an affine function has a sum that is not 0"


def test_too_many_kinds_are_undecided(judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(farkas, "MOST_TYPES", 3)
    found = judge(written(1, "parameters", "none"))
    assert found.outcome == "undecided"
    assert "too many kinds" in found.reason


def test_without_time_it_is_undecided(judge: Judge) -> None:
    found = judge(written(1, "parameters", "none"), seconds=-1.0)
    assert found.outcome == "undecided"
    assert "--full" in found.reason


@pytest.mark.parametrize("skip", ["none", "affine"])
@pytest.mark.parametrize("seed", range(3))
def test_cuts_hold_the_kinds_that_an_lp_finds(seed: int, skip: str) -> None:
    """For every chamber: has some u in its closure a positive sum?  An exact LP decides."""
    tree = written(seed, "parameters", skip)
    points = sorted(tuple(map(Fraction, point)) for point in tree["data"]["points"])
    checker = FarkasCheck(tree, points, None, [])
    cut = checker._multipliers(0, list(map(Fraction, tree["lower_bound"]["cuts"][0])), int)
    table, kinds = checker._table, []
    for support in checker._supports.of_cost(3):
        for mask in farkas.masks_on(table, support, skip == "affine"):
            kinds += [(support, mask, 1), (support, mask, -1)]
    costs, (found,) = checker._cuts(3, [cut], lambda: None)
    assert [len(support) for support, _, _ in kinds] == costs
    for k, (support, mask, sign) in enumerate(kinds):
        rows = [[Fraction(row[c]) for c in support] for row in table.rows]
        closed = [
            ([x if mask >> i & 1 else -x for x in row], Fraction(0)) for i, row in enumerate(rows)
        ]
        slope = [
            sign * sum(cut[i] * row[c] for i, row in enumerate(rows) if mask >> i & 1)
            for c in range(len(support))
        ]
        positive = (slope, Fraction(-1))
        assert feasible([*closed, positive]) == bool(found >> k & 1)


sets_of = st.lists(st.integers(0, 2**N - 1), max_size=7)
costs_of = st.lists(st.integers(1, 4), min_size=N, max_size=N)


@given(sets_of, costs_of, st.integers(-1, 12))
def test_covers_are_found_if_and_only_if_there_are_any(
    sets: list[int], costs: list[int], budget: int
) -> None:
    chosen = (c for size in range(N + 1) for c in itertools.combinations(range(N), size))
    exists = any(
        sum(costs[k] for k in c) <= budget and all(any(s >> k & 1 for k in c) for s in sets)
        for c in chosen
    )
    found = Covers(lambda: None).within(budget, costs, sets)
    assert (found is not None) == exists
    if found is not None:
        assert sum(costs[k] for k in found) <= budget
        assert all(any(s >> k & 1 for k in found) for s in sets)


def test_generic_points_have_the_expected_number_of_rays() -> None:
    tree = written(2, "parameters", "none", n=6)
    points = [tuple(map(Fraction, (k, k * k, 1))) for k in range(6)]
    checker = FarkasCheck(tree, points, None, [])
    assert len(checker._rays((0, 1, 2), lambda: None)) == 2 * comb(6, 2)
    assert len(checker._rays((2,), lambda: None)) == 2
