"""What floats close is closed: every leaf and every claim of recorded trees, in rationals."""

from __future__ import annotations

import math
import random
from fractions import Fraction

import numpy as np
import pytest

import exactsparse as es
from exactsparse.compiling import QuickStart
from exactsparse.exact.cones import nonnegative_parameters
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.objective import NEURONS, PARAMETERS
from exactsparse.problem.problem import Problem
from exactsparse.routes.activity_search import tree_walk
from exactsparse.routes.activity_search.exact_path import is_contradiction, settle
from exactsparse.routes.activity_search.float_rows import data_of, shape_of, with_free_columns
from exactsparse.routes.activity_search.kernels.arguments import DEPTH, Found, Scratch
from exactsparse.routes.activity_search.kernels.arguments import Path as Rows
from exactsparse.routes.activity_search.kernels.tree import LEAF, LEFT, N_LEFT, NODES, explore
from exactsparse.routes.activity_search.kinds import Kind, kinds
from exactsparse.routes.activity_search.lower_bound import _claims, _Recorder
from tests.oracles.multivariate_bands import sparsest_within


class Walk:
    """Goes through a record and decides everything in it again."""

    def __init__(self, table: IntegerTable, kind: Kind) -> None:
        self.table, self.kind = table, kind
        self.leaves = self.left = self.claims = self.singular = 0
        self.record = _Recorder(table)._record(kind, ())
        assert self.entry((), 0) == len(self.record)

    def entry(self, path: tuple, at: int) -> int:
        record = self.record
        if record[at] == LEFT:
            self.left += 1
            return at + 1
        if record[at] == LEAF:
            end = at + 2 + record[at + 1]
            assert settle(self.table, self.kind, path, lambda: None).network is None
            self.leaves += 1
            self.singular += not is_contradiction(self.table, self.kind, path, record[at + 2 : end])
            return end
        row = record[at + 1]
        assert row not in [decided for decided, _ in path]
        claims, at = _claims(record, at + 2)
        self.check(path, row, claims)
        while record[at] >= 0:
            at = self.entry((*path, (row, record[at])), at + 1)
        return at + 1

    def check(self, path: tuple, row: int, claims: list[int]) -> None:
        at = 1
        for _ in range(claims[0]):
            j, side, many = claims[at : at + 3]
            at += 3 + many
            support = list(self.kind.neurons[j][0])
            slopes = []
            for decided, pattern in path:
                point = self.table.points[decided, support].tolist()
                slopes.append([x if pattern >> j & 1 else -x for x in point])
            point = self.table.points[row, support].tolist()
            slopes.append([-x if side else x for x in point])
            values = [0] * len(path) + [-1]
            assert nonnegative_parameters(slopes, values, len(support)) is None
            self.claims += 1


def tables(seed: int) -> tuple[IntegerTable, str]:
    """Points of some family with bounds around labels of some family."""
    rng = random.Random(seed)
    d = rng.choice([1, 2, 2, 3])
    n = rng.randint(4, 9)
    grid = seed % 2 == 0

    def number(size: int) -> Fraction:
        return Fraction(rng.randint(-size, size), 1 if grid else 100)

    size = 3 if grid else 300
    X = [[number(size) for _ in range(d)] for _ in range(n)]
    scale = Fraction(10) ** rng.choice([-40, -3, 0, 0, 0, 20])
    y = [scale * number(size) for _ in range(n)]
    width = scale * rng.choice([Fraction(0), Fraction(1, 10**9), Fraction(1, 4), Fraction(1)])
    dataset = es.Dataset.from_arrays(
        X,
        None,
        lower=[v - width if rng.random() < 0.9 else None for v in y],
        upper=[v + width if rng.random() < 0.9 else None for v in y],
    )
    return dataset, rng.choice(["none", "none", "affine"])


@pytest.mark.parametrize("seed", range(60))
def test_leaves_and_claims_hold(seed: int) -> None:
    dataset, skip = tables(seed)
    problem = Problem.of(dataset, skip=skip, objective="parameters")
    try:
        table = IntegerTable.of_problem(problem)
    except ValueError:
        return
    for objective, most in ((PARAMETERS, 4), (NEURONS, 2)):
        for cost in range(most + 1):
            listed = list(kinds(table, objective, skip == "affine", cost))
            for kind in random.Random(seed).sample(listed, min(len(listed), 8)):
                Walk(table, kind)


@pytest.mark.parametrize("grid", [False, True])
def test_leaves_are_many_and_hardly_any_is_left(grid: bool) -> None:
    """In general position and on grids, floats decide; so the filter is one that works."""
    rng = random.Random(5)
    X = [[Fraction(rng.randint(-1000, 1000), 1000) for _ in range(2)] for _ in range(40)]
    if grid:
        X = [[Fraction(a, 3), Fraction(b, 7)] for a in range(-3, 4) for b in range(-3, 4)]
    y = [abs(a) + max(b - a, Fraction(0)) + Fraction(rng.randint(-9, 9), 1000) for a, b in X]
    table = IntegerTable.of_problem(Problem.of(es.Dataset.from_arrays(X, y), tolerance="0.01"))
    leaves = left = claims = singular = 0
    for kind in random.Random(6).sample(list(kinds(table, PARAMETERS, False, 5)), 40):
        walk = Walk(table, kind)
        leaves, left = leaves + walk.leaves, left + walk.left
        claims, singular = claims + walk.claims, singular + walk.singular
    assert leaves > 200
    assert claims > 200
    assert left + singular < leaves / 50


@pytest.mark.parametrize("seed", range(40))
def test_a_network_is_never_excluded(seed: int) -> None:
    """Bounds that a known network touches, at any size of numbers: no proof goes past it."""
    rng = random.Random(seed)
    d = rng.choice([2, 2, 3])
    unit = rng.choice([1, 2**53, 2**53 + 1, 2**63, Fraction(1, 3), Fraction(1, 10**150)])
    X = [[rng.randint(-5, 5) * unit for _ in range(d)] for _ in range(12)]
    neurons = []
    for _ in range(2):
        weights = [Fraction(0)] * d
        for c in rng.sample(range(d), rng.randint(1, 2)):
            weights[c] = Fraction(rng.choice([-3, -2, -1, 1, 2, 3]), rng.choice([1, 3, 7]))
        bias = Fraction(rng.randint(-3, 3)) * unit
        neurons.append(es.Neuron(tuple(weights), bias, Fraction(rng.choice([-1, 1]))))
    planted = es.Network(tuple(neurons), None, d)
    y = [planted.evaluate(point) for point in X]
    width = rng.choice([Fraction(0), Fraction(1, 10**20), Fraction(1, 2)]) * unit
    one_sided = rng.choice([(0, 0), (0, 1), (1, 0)])
    solution = es.solve(
        X,
        lower=[v - one_sided[0] * width for v in y],
        upper=[v + one_sided[1] * width for v in y],
        objective="parameters",
        method="tree",
        time_limit=3,
    )
    assert solution.lower_bound <= planted.n_parameters


def test_numbers_of_too_many_sizes_are_left_to_rationals() -> None:
    X = [[1, "1e-300"], ["1e300", 1], [-1, 2]]
    dataset = es.Dataset.from_arrays(X, [1, 2, 0])
    assert data_of(IntegerTable.of_problem(Problem.of(dataset, tolerance="1/3"))) is None
    solution = es.solve(dataset, tolerance="1/3", objective="parameters")
    assert solution.status == "optimal"
    low, high = ([Fraction(3 * v + side, 3) for v in (1, 2, 0)] for side in (-1, 1))
    exact = [[Fraction(x) for x in point] for point in X]
    assert solution.value == sparsest_within(exact, low, high, most=3)


@pytest.mark.parametrize("seed", range(20))
def test_what_is_left_lies_below_the_path(seed: int) -> None:
    """Also where floats fail on the way there; else the same path would come back for ever."""
    rng = random.Random(seed)
    X = [[rng.randint(-2, 2), rng.randint(-2, 2)] for _ in range(8)]
    X = [list(point) for point in dict.fromkeys(map(tuple, X))]
    dataset = es.Dataset.from_arrays(X, [rng.randint(-2, 2) for _ in X])
    table = IntegerTable.of_problem(Problem.of(dataset, objective="parameters"))
    data, listed = data_of(table), list(kinds(table, PARAMETERS, False, 5))
    assert data is not None
    # Without integers floats fail more often.
    data = data._replace(units=np.zeros_like(data.units))
    left = 0
    for kind in rng.sample(listed, min(len(listed), 40)):
        patterns = 1 << len(kind.neurons)
        length = rng.randint(1, len(table))
        path = [(row, rng.randrange(patterns)) for row in rng.sample(range(len(table)), length)]
        rows = np.zeros((2, DEPTH), dtype=np.int64)
        rows[:, :length] = np.array(path).T
        shape, found = shape_of(kind), Found.of(64)
        explore(
            with_free_columns(data, kind), shape, Rows(*rows), length, 20,
            Scratch.of(shape), found,
        )  # fmt: skip
        for at in range(int(found.counts[N_LEFT])):
            steps = np.stack([found.rows[at], found.patterns[at]]).T[: found.depths[at]]
            assert list(map(tuple, steps.tolist()))[:length] == path
            left += 1
    assert left > 0


def test_compiled_and_plain_trees_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Node by node: nothing hangs on how the compiler rounds or orders."""
    monkeypatch.setattr("exactsparse.compiling._is_compiled", lambda kernel: False)
    plain, nodes = QuickStart(explore, math.inf), []

    def twice(data, shape, path, depth, most_nodes, scratch, found):
        other = Found(*(part.copy() for part in found))
        is_through = plain.form()(data, shape, path, depth, most_nodes, Scratch.of(shape), other)
        assert explore(data, shape, path, depth, most_nodes, scratch, found) == is_through
        nodes.append(int(found.counts[NODES]))
        many = int(found.counts[N_LEFT])
        assert np.array_equal(found.counts, other.counts)
        for name in ("rows", "patterns", "depths", "kinds"):
            assert np.array_equal(getattr(found, name)[:many], getattr(other, name)[:many])
        return is_through

    monkeypatch.setattr(tree_walk.EXPLORE, "form", lambda: twice)
    rng = random.Random(3)
    for objective in ("parameters", "neurons"):
        for _ in range(4):
            X = [[f"{rng.uniform(-1, 1):.3f}" for _ in range(2)] for _ in range(5)]
            y = [rng.uniform(-1, 1) for _ in X]
            lower, upper = ([f"{v + s:.3f}" for v in y] for s in (-0.2, 0.2))
            es.solve(X, lower=lower, upper=upper, objective=objective, method="tree")
    assert sum(nodes) > 300
