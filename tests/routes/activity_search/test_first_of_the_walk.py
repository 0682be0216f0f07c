"""Of several networks of least cost the first of the walk is returned, whatever threads do."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

import exactsparse as es
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.routes.activity_search import tree_walk
from exactsparse.routes.activity_search.budget import BUDGET
from exactsparse.routes.activity_search.kinds import kinds


def drawn(seed: int) -> tuple[list, list, dict]:
    """Rows that several kinds of networks of the least cost meet."""
    draw = random.Random(seed)
    n, d = draw.choice([8, 12, 20]), draw.choice([2, 3])
    X = [[draw.randint(-9, 9) for _ in range(d)] for _ in range(n)]
    y = [max(0, a + b - 1) - max(0, b - 2) + draw.choice([-1, 0, 1]) / 2 for a, b, *_ in X]
    objective = draw.choice(["parameters", "neurons"])
    return X, y, {"objective": objective, "skip": draw.choice(["none", "affine"])}


@pytest.mark.parametrize("nodes", [BUDGET.nodes_at_once, 2])
@pytest.mark.parametrize("seed", [2, 14, 3, 5])
def test_threads_do_not_choose_the_network(
    seed: int, nodes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before, two or three different networks were returned of the first two seeds."""
    monkeypatch.setattr(tree_walk, "BUDGET", replace(BUDGET, nodes_at_once=nodes))
    X, y, asked = drawn(seed)
    found = [
        es.solve(X, y, tolerance=1.5, method="tree", simplify=False, workers=workers, **asked)
        for workers in (1, 2, 3, 4, 3)
    ]
    assert all(solution.status == "optimal" for solution in found)
    assert len({str(solution.network.to_json()) for solution in found}) == 1


@pytest.mark.parametrize("seed", [3, 6, 15, 20, 29])
def test_threads_do_not_choose_the_nearest_network(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Inputs that say the same: before, two or three different networks were returned."""
    monkeypatch.setattr(tree_walk, "BUDGET", replace(BUDGET, nodes_at_once=2))
    draw = random.Random(seed)
    n = draw.choice([6, 8, 12])
    a = [draw.randint(-9, 9) for _ in range(n)]
    X = [[v, -v] if seed % 2 else [v, v, v] for v in a]
    y = [abs(v) + draw.randint(-3, 3) for v in a]
    found = [es.solve(X, y, parameters=3, workers=workers) for workers in (1, 4, 3, 4)]
    assert all(solution.status == "optimal" for solution in found)
    assert len({str(solution.network.to_json()) for solution in found}) == 1


@pytest.mark.parametrize("workers", [1, 3])
def test_the_first_kind_comes_first(workers: int) -> None:
    """Each of two inputs alone meets the labels; kinds are listed in the order of inputs."""
    X = [[k, k] for k in (1, 2, 3)]
    solution = es.solve(X, [1, 2, 3], tolerance="1/2", method="tree", workers=workers)
    table = IntegerTable.of_problem(solution.problem)
    first = next(kinds(table, solution.problem.objective, False, 1))
    assert first.free == ((0, 1),)
    (neuron,) = solution.network.neurons
    assert neuron.weights[0] and not neuron.weights[1]
