"""Every filter of the walk discards only what it may."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations
from types import SimpleNamespace

import numpy as np
import pytest

import exactsparse as es
from exactsparse.exact.rank import rank
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.routes.concave_vertices.kernels.fresh import fresh_tableau
from exactsparse.routes.concave_vertices.kernels.leaf_costs import (
    Limit,
    Scratch,
    is_dominated,
    is_too_dear,
)
from exactsparse.routes.concave_vertices.kernels.walk import RayTable, are_dependent, walk
from exactsparse.routes.concave_vertices.networks import _weights, candidates_of
from exactsparse.routes.concave_vertices.rays import RaySystem
from tests.oracles.path_norm_vertices import cost, networks
from tests.routes.concave_vertices.test_vertices import instance


def system_of(d: int, n: int, seed: int, most: int = 4) -> RaySystem:
    points, labels = instance(d, n, seed, most)
    return RaySystem.of(IntegerTable.of(es.Dataset.from_arrays(points, labels)))


def scratch_of(system: RaySystem) -> Scratch:
    n = len(system.labels)
    return Scratch(np.empty(n * system.width), np.empty(n, np.int64))


def scaled_weights(
    system: RaySystem, table: RayTable, chosen: Sequence[int]
) -> list[Fraction] | None:
    """Weights of the columns of the table, which are powers of two of the integer ones."""
    weights = _weights(system, chosen)
    if weights is None:
        return None
    for k, ray in enumerate(chosen):
        c = next(c for c, entry in enumerate(system.rays[ray]) if entry)
        ratio = math.log2(table.coordinates[ray, c]) - math.log2(abs(system.rays[ray][c]))
        weights[k] /= Fraction(2) ** round(ratio)
    return weights


@pytest.mark.parametrize(("d", "n"), [(1, 2), (1, 3), (2, 2), (2, 3)])
def test_without_a_limit_the_walk_finds_every_vertex_once(d: int, n: int) -> None:
    for seed in range(3):
        points, labels = instance(d, n, seed, 3)
        system = system_of(d, n, seed, 3)
        table = system.float_table()
        limit = Limit.of(table.coordinates, 0.5, 1e300)
        found = [(ray,) for ray in range(len(system)) if _weights(system, (ray,))]
        undecided, stop = np.zeros(1, np.int64), np.zeros(1, np.int64)
        for pair in combinations(range(len(system)), 2):
            sets, sizes = np.zeros((5000, n), np.int64), np.zeros(5000, np.int64)
            count = walk(table, limit, *pair, sets, sizes, undecided, stop)
            found += [tuple(sets[k, : sizes[k]]) for k in range(count)]
        many = [chosen for chosen in found if len(chosen) > 1]
        assert len(set(many)) == len(many)
        assert undecided[0] == 0
        known = {chosen for chosen, _ in networks(points, labels)}
        assert len({chosen for chosen in found if all(_weights(system, chosen) or [0])}) == len(
            known
        )


def test_a_network_that_costs_as_much_as_allowed_is_not_too_dear() -> None:
    draw = np.random.default_rng(0)
    for seed in range(20):
        system = system_of(2, 4, seed)
        table, scratch = system.float_table(), scratch_of(system)
        for _ in range(20):
            chosen = sorted(draw.choice(len(system), 4, replace=False).tolist())
            exact = scaled_weights(system, table, chosen)
            if exact is None:
                continue
            weights = np.array([float(w) for w in exact])
            doubts = np.abs(weights) * 1e-15
            for p in (0.05, 0.5, 0.95):
                costs = [
                    cost([(n.side, n.weights) for n in c.neurons], p)
                    for c in candidates_of(system, chosen)
                ]
                least, args = min(costs), (np.array(chosen), weights, doubts, 4, scratch)
                assert not is_too_dear(table, Limit.of(table.coordinates, p, least), *args)
                # Joined rays make a bound of less than the cost, but not of nothing.
                low = least / (1 + len(chosen))
                assert is_too_dear(table, Limit.of(table.coordinates, p, low), *args)


def test_what_is_dominated_is_dearer_for_every_p() -> None:
    draw = np.random.default_rng(1)
    ends, dominated = np.arange(17) / 16, 0
    for _ in range(300):
        count = int(draw.integers(2, 7))
        laws = [np.exp(draw.normal(0, 1, int(draw.integers(2, 7)))) for _ in range(2)]
        sizes = np.exp(draw.normal(0.5, 1, count))
        table = np.array([[(law**p).sum() for p in ends] for law in laws])
        if is_dominated(table, sizes.copy(), count):
            dominated += 1
            for p in np.linspace(0.0005, 0.9995, 200):
                assert min((law**p).sum() for law in laws) < (sizes**p).sum()
        # No law dominates itself.
        assert not is_dominated(table[:1], laws[0].copy(), len(laws[0]))
    assert dominated > 50


@pytest.mark.parametrize("most", [4, 10**6, 10**30])
def test_fresh_weights_are_within_their_bounds(most: int) -> None:
    draw, close = np.random.default_rng(2), 0
    for seed in range(10):
        points, labels = instance(2, 4, seed)
        points = [[x * most + k for x in row] for k, row in enumerate(points)]
        system = RaySystem.of(IntegerTable.of(es.Dataset.from_arrays(points, labels)))
        table = system.float_table()
        n, m = table.columns.shape
        rows, used = np.zeros(n, np.int64), np.zeros(n, np.bool_)
        tableau, errors = np.zeros((n, m)), np.zeros(m)
        for _ in range(20):
            chosen = np.array(draw.choice(m - 1, n, replace=False))
            exact = scaled_weights(system, table, chosen.tolist())
            if not fresh_tableau(table, chosen, n, rows, used, tableau, errors, 0):
                continue
            assert exact is not None
            for s, weight in enumerate(exact):
                computed = Fraction(float(tableau[rows[s], m - 1]))
                assert abs(computed - weight) <= Fraction(float(errors[m - 1]))
            close += errors[m - 1] < 1e-6 * max(abs(tableau[:, m - 1]).max(), 1e-300)
    assert close > 50


def test_dependence_is_decided_exactly() -> None:
    draw, dependent = np.random.default_rng(3), 0
    for seed in range(10):
        system = system_of(2, 4, seed)
        table, work = system.float_table(), np.zeros((4, 4), np.int64)
        for _ in range(40):
            chosen = draw.choice(len(system), 4, replace=False)
            columns = [system.columns[k] for k in chosen]
            assert are_dependent(table, chosen, 3, chosen[3], work) == (rank(columns) < 4)
            dependent += rank(columns) < 4
    assert 50 < dependent < 350


def test_the_limit_takes_any_p() -> None:
    coordinates = np.ones((1, 2))
    table = SimpleNamespace(coordinates=coordinates)
    for p in (1e-6, 0.001, 0.999):
        limit = Limit.of(table.coordinates, p, 7.0)
        assert np.isfinite(limit.exponents).all()
        assert not np.isnan(limit.norms).any()
