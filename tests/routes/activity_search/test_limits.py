"""Sizes just below and above what words hold, and what the budget allows."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

import exactsparse as es
from exactsparse.routes.activity_search import activity_search, tree_walk
from exactsparse.routes.activity_search.kernels.equations import _LARGE, _eliminate


def test_integers_that_grow_too_large_are_not_believed() -> None:
    """Entries up to the limit are eliminated exactly, products of two of them in int64."""
    for size, fits in ((_LARGE - 1, True), (_LARGE, True), (_LARGE + 1, False)):
        signs = np.array([[1, 0, 0], [1, size, 1]], dtype=np.int64)
        assert _eliminate(signs, 0, 1, 0, 3) == fits
        assert signs[1].tolist() == [0, size, 1]
    a, b = _LARGE, _LARGE - 1
    signs = np.array([[a, b, 0], [b, -a, 1]], dtype=np.int64)
    assert not _eliminate(signs, 0, 1, 0, 3)
    assert signs[1].tolist() == [0, -a * a - b * b, a]
    assert a * a + b * b < 2**63


@pytest.mark.parametrize(("features", "proved"), [(61, True), (62, False)])
def test_inputs_are_bits_of_a_word(features: int, proved: bool) -> None:
    X = [[0] * (features - 1) + [1], [0] * (features - 1) + [2], [1] * features]
    solution = es.solve(X, [1, 2, 1], tolerance="0.1", objective="parameters", skip="none")
    assert solution.status == ("optimal" if proved else "feasible")
    assert solution.lower_bound == (1 if proved else 0)


@pytest.mark.parametrize(("most", "status"), [(2, "optimal"), (1, "feasible")])
def test_more_neurons_than_the_budget_has_are_left_open(
    most: int, status: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    X, y = [[-2, 1], [-1, 0], [1, 0], [2, 3], [3, 1]], [2, 1, 1, 2, 3]
    options = {"objective": "neurons", "skip": "none", "tolerance": "0.01"}
    assert es.solve(X, y, **options).value == 2
    monkeypatch.setattr(tree_walk, "BUDGET", replace(tree_walk.BUDGET, most_neurons=most))
    solution = es.solve(X, y, **options)
    assert solution.lower_bound == 2
    assert solution.status == status


def test_few_nodes_at_once_where_rows_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock is asked between compiled calls, and the answer does not hang on it."""
    X = [[k, k * k % 7] for k in range(30)]
    y = [abs(a - 15) + max(b - 3, 0) for a, b in X]
    whole = es.solve(X, y, tolerance="0.1", objective="parameters", method="tree")
    monkeypatch.setattr(tree_walk, "BUDGET", replace(tree_walk.BUDGET, rows_at_once=30))
    again = es.solve(X, y, tolerance="0.1", objective="parameters", method="tree")
    assert (again.value, again.lower_bound) == (whole.value, whole.lower_bound)


def test_a_network_of_as_many_neurons_as_rows_is_not_moved_in_floats() -> None:
    """Its heights on all rows would fill the memory: what was found first is the result."""
    rng = np.random.default_rng(0)
    X, y = rng.integers(-9999, 9999, (20_000, 2)) / 100, rng.integers(-9999, 9999, 20_000) / 100
    solution = es.solve(X, y, tolerance="0.1", objective="parameters", time_limit=0.01)
    assert solution.status == "feasible"
    assert solution.network.n_neurons > 10_000


def test_few_neurons_of_many_inputs_are_sought_before_the_trees(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The trees of one neuron of six inputs took so long that 54 neurons were left for 2."""
    offered_at: list[int] = []
    offer = activity_search.offer_sparse

    def noted(incumbent, *others) -> None:
        offer(incumbent, *others)
        offered_at.append(incumbent._bound)

    monkeypatch.setattr(activity_search, "offer_sparse", noted)
    rng = random.Random(0)
    X = [[Fraction(rng.randint(-99, 99), 100) for _ in range(6)] for _ in range(10)]
    y = [max(0, x[0] - x[1]) + Fraction(1, 2) * max(0, x[5] + Fraction(1, 5)) for x in X]
    solution = es.solve(X, y, tolerance="0.01", objective="neurons", skip="none")
    assert offered_at == [1]
    assert (solution.status, solution.value) == ("optimal", 2)
