"""Rounded networks of reweighted solutions: exact, repeatable, and often sparsest."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

import exactsparse as es
from benchmarks.search import planted
from exactsparse.patterns.rays import extreme_rays
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.objective import PARAMETERS, objective_named
from exactsparse.progress import Deadline
from exactsparse.upper_bounds.reweighted_interpolant import sparse_interpolant
from exactsparse.upper_bounds.reweighted_l1 import RayPool
from tests.routes.rank_search.families import FAMILIES

FIXTURE = Path(__file__).parents[1] / "fixtures" / "multivariate.jsonl"


def known() -> list[dict]:
    return [json.loads(line) for line in FIXTURE.read_text().splitlines()][:24]


@pytest.mark.parametrize("objective", ["parameters", "neurons"])
def test_exact_and_never_below_the_optimum_and_often_there(objective: str) -> None:
    optimal = 0
    cases = [case for case in known() if objective in case]
    for case in cases:
        X = [[Fraction(t) for t in row] for row in case["X"]]
        y = [Fraction(t) for t in case["y"]]
        table = IntegerTable.of(es.Dataset.from_arrays(X, y))
        network = sparse_interpolant(table, objective_named(objective), False, Deadline())
        assert network is not None
        assert [network.evaluate(row) for row in X] == y
        cost = network.count(objective)
        assert cost >= case[objective]
        optimal += cost == case[objective]
    assert optimal >= len(cases) // 3


@pytest.mark.parametrize("skip", [False, True])
@pytest.mark.parametrize("family", FAMILIES)
def test_degenerate_data(family: str, skip: bool) -> None:
    for seed in range(4):
        X, y = FAMILIES[family](8000 + seed)
        table = IntegerTable.of(es.Dataset.from_arrays(X, y))
        network = sparse_interpolant(table, PARAMETERS, skip, Deadline(), p=0.3)
        if not any(y):
            assert network is None
        elif network is None:
            assert skip
        else:
            assert [network.evaluate(row) for row in X] == y
            assert skip or network.skip is None


def test_the_same_in_every_run() -> None:
    X, y = FAMILIES["generic"](8001)
    table = IntegerTable.of(es.Dataset.from_arrays(X, y))
    first, second = (sparse_interpolant(table, PARAMETERS, False, Deadline()) for _ in range(2))
    assert first == second


def test_finds_a_planted_network_among_many_rows() -> None:
    X, y = planted(1000, 3, 10, 0)
    table = IntegerTable.of(es.Dataset.from_arrays(X, y))
    network = sparse_interpolant(table, PARAMETERS, False, Deadline())
    assert network is not None
    assert network.n_parameters <= 10
    assert all(network.evaluate(row) == value for row, value in zip(X, y, strict=True))


def test_stops_in_time() -> None:
    X, y = planted(1000, 3, 10, 1)
    table = IntegerTable.of(es.Dataset.from_arrays(X, y))
    assert sparse_interpolant(table, PARAMETERS, False, Deadline(1e-3)) is None


def test_pool_holds_all_rays_when_they_are_few() -> None:
    X, y = FAMILIES["generic"](8002)
    table = IntegerTable.of(es.Dataset.from_arrays(X, y))
    scale = np.abs(table.points).max(axis=1)
    pool = RayPool.of((table.points / scale[:, None]).astype(np.float64))
    rays = extreme_rays(table.points)
    wanted = [s * r.astype(np.float64) / np.abs(r).sum() for r in rays for s in (1, -1)]
    for ray in wanted:
        if (table.points.dot(ray) > 1e-9).any():
            assert np.abs(pool.rays - ray).sum(axis=1).min() < 1e-9
    for ray in pool.rays:
        assert min(np.abs(ray - other).sum() for other in wanted) < 1e-9
