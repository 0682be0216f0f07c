"""The plain form in cvxpy claims the value that the program over rays proves."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest

import exactsparse as es
from exactsparse.finite_program.plain_convex import claimed_path_norm
from exactsparse.finite_program.program import FiniteProgram
from tests.routes.rank_search.families import FAMILIES

pytest.importorskip("cvxpy")

CASES = [
    (family, 7100 + seed, skip)
    for family, seed, skip in product(FAMILIES, range(2), ("none", "affine"))
    if (family, skip) != ("d1", "affine")
]


@pytest.mark.parametrize(("family", "seed", "skip"), CASES)
def test_same_value(family: str, seed: int, skip: str) -> None:
    X, y = FAMILIES[family](seed)
    if len(X[0]) == 1:
        X = [[*row, Fraction(0)] for row in X]
    claim = claimed_path_norm(FiniteProgram(es.Dataset.from_arrays(X, y), skip))
    value = es.solve(X, y, p=1, skip=skip, method="rays").value
    assert claim == pytest.approx(float(value), rel=1e-6, abs=1e-7)


def test_lemma_4_1_costs_what_the_merged_network_costs() -> None:
    """Neurons of one cell and sign add up: same values, and no larger norm."""
    X, y = FAMILIES["generic"](3)
    built = FiniteProgram(es.Dataset.from_arrays(X, y))
    network = es.solve(X, y, p=1).network
    assert len(network.neurons) <= len(X)
    total = [Fraction(0)] * len(X)
    cost = Fraction(0)
    for neuron in network.neurons:
        weights = [neuron.output * w for w in (*neuron.weights, neuron.bias)]
        size = [abs(neuron.output) * w for w in (*neuron.weights, neuron.bias)]
        inside = [b for b in built.plain.blocks if (b.cone.dot(size) >= 0).all()]
        assert inside
        total = [t + v for t, v in zip(total, inside[0].columns.dot(weights), strict=True)]
        cost += sum(map(abs, weights))
    assert total == [Fraction(v) for v in built.plain.labels]
    assert cost == es.solve(X, y, p=1).value
