"""Every instance with a known optimum: value, proof, and the network checked from scratch."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest

import exactsparse as es

FIXTURES = Path(__file__).parents[2] / "fixtures"
Instance = tuple[list[list[Fraction]], list[Fraction], str, str, int]


def instances() -> list[object]:
    """The instances of both files, one per objective."""
    found = []
    for line in (FIXTURES / "multivariate.jsonl").read_text().splitlines():
        case = json.loads(line)
        for objective in ("parameters", "neurons"):
            if objective in case:
                name = f"{case['name']}-{objective}"
                found.append(_instance(case, objective, "none", case[objective], name))
    for number, line in enumerate((FIXTURES / "search_oracle.jsonl").read_text().splitlines()):
        case = json.loads(line)
        name = f"{case['family']}-{number}-{case['objective']}-{case['skip']}"
        found.append(_instance(case, case["objective"], case["skip"], case["value"], name))
    return found


def _instance(case: dict, objective: str, skip: str, value: int, name: str) -> object:
    X = [[Fraction(t) for t in row] for row in case["X"]]
    return pytest.param((X, [Fraction(t) for t in case["y"]], objective, skip, value), id=name)


def cost(network: es.Network, objective: str, skip: str) -> int:
    """Cost by the definition, of v (w, b) entry by entry."""
    total = 0
    for neuron in network.neurons:
        weights = [neuron.output * w for w in neuron.weights]
        bias = neuron.output * neuron.bias
        if objective == "parameters":
            total += sum(entry != 0 for entry in [*weights, bias])
        elif skip == "affine" and network.n_features == 1:
            total += weights[0] != 0
        else:
            total += any(weights) or bias != 0
    return total


@pytest.mark.parametrize("instance", instances())
def test_known_optimum(instance: Instance) -> None:
    X, y, objective, skip, value = instance
    solution = es.solve(X, y, objective=objective, skip=skip, method="search")
    assert solution.status == "optimal"
    assert solution.value == value
    assert solution.lower_bound == value
    network = solution.network
    assert network.n_features == len(X[0])
    assert skip == "affine" or network.skip is None
    assert [network.evaluate(row) for row in X] == y
    assert cost(network, objective, skip) == value
