"""Draws of sets of types end when there are many times fewer sets, and miss nothing by that."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import combinations

import pytest

import exactsparse as es
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.objective import PARAMETERS
from exactsparse.progress import Deadline
from exactsparse.upper_bounds import square_systems
from exactsparse.upper_bounds.budget import BUDGET


@pytest.mark.parametrize("seed", range(5))
def test_sets_are_counted(seed: int) -> None:
    rng = random.Random(seed)
    sizes, n = [rng.randint(1, 3) for _ in range(9)], rng.randint(1, 8)
    counted = square_systems._sets_of_columns(sizes, n)
    chosen = (c for k in range(10) for c in combinations(sizes, k))
    assert counted == sum(sum(sizes_of_set) == n for sizes_of_set in chosen)


def test_few_draws_find_what_many_do(monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    for seed in range(40):
        rng = random.Random(seed)
        d, reach = rng.randint(1, 3), rng.choice([2, 5, 50])
        X = [[rng.randint(-reach, reach) for _ in range(d)] for _ in range(rng.randint(3, 6))]
        X = [list(point) for point in dict.fromkeys(map(tuple, X))]
        y = [rng.randint(-reach, reach) for _ in X]
        if not any(y):
            continue
        table = IntegerTable.of(es.Dataset.from_arrays(X, y))
        few, many = (draws(table, per_set, monkeypatch) for per_set in (None, 10**6))
        assert (few is None) == (many is None)
        found.append(few is not None)
    assert any(found) and not all(found)


def draws(
    table: IntegerTable, per_set: int | None, monkeypatch: pytest.MonkeyPatch
) -> es.Network | None:
    budget = BUDGET if per_set is None else replace(BUDGET, square_draws_per_set=per_set)
    monkeypatch.setattr(square_systems, "BUDGET", budget)
    return square_systems.square_systems(table, PARAMETERS, False, Deadline())
