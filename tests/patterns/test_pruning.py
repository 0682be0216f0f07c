"""Pruned and merged networks: the same function everywhere, or on every row; who went where."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import exactsparse as es
from exactsparse.patterns.merging import merge
from exactsparse.patterns.pruning import prune
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.solve import as_dataset
from tests.models.networks import networks

SMALL = st.integers(-2, 2).map(Fraction)


@st.composite
def wasteful(draw: st.DrawFn) -> es.Network:
    """Up to seven units of two features on few hyperplanes, some of them dead or constant."""
    neurons = st.builds(es.Neuron, st.tuples(SMALL, SMALL), SMALL, SMALL)
    skip = st.none() | st.builds(es.Skip, st.tuples(SMALL, SMALL), SMALL)
    return es.Network(tuple(draw(st.lists(neurons, max_size=7))), draw(skip), 2)


@settings(max_examples=150)
@given(network=wasteful() | networks())
def test_a_pruned_network_is_the_same_function(network: es.Network) -> None:
    pruned = prune(network)
    grid = [Fraction(k, 3) for k in range(-7, 8, 2)]
    points = [[a, b, a - b][: network.n_features] for a in grid for b in grid]
    assert [pruned.evaluate(x) for x in points] == [network.evaluate(x) for x in points]
    assert len(pruned.neurons) <= len(network.neurons)
    assert prune(pruned) == pruned


@settings(max_examples=150)
@given(network=wasteful())
def test_every_hyperplane_has_one_unit_on_each_side(network: es.Network) -> None:
    pruned = prune(network)
    linear = network.skip is not None and any(network.skip.weights)
    sides = Counter(side(neuron, both=linear) for neuron in pruned.neurons)
    assert set(sides.values()) <= {1}
    assert all(neuron.output for neuron in pruned.neurons)
    assert network.skip is None or all(any(neuron.weights) for neuron in pruned.neurons)


def side(neuron: es.Neuron, *, both: bool) -> tuple[Fraction, ...]:
    vector = (*neuron.weights, neuron.bias)
    first = next(filter(None, vector))
    return tuple(entry / (first if both else abs(first)) for entry in vector)


def test_dyadic_parameters_stay_dyadic() -> None:
    """Thirds would appear if one neuron were written as a multiple of the other."""
    neurons = (
        es.Neuron((Fraction(3),), Fraction(6), Fraction(1)),
        es.Neuron((Fraction(1, 2),), Fraction(1), Fraction(5)),
    )
    (merged,) = prune(es.Network(neurons, None, 1)).neurons
    assert merged == es.Neuron((Fraction(11, 2),), Fraction(11), Fraction(1))


TABLES = st.sets(st.tuples(SMALL, SMALL), min_size=1, max_size=5).map(sorted)


@settings(max_examples=100)
@given(network=wasteful(), rows=TABLES)
def test_the_neurons_of_merged_networks(
    network: es.Network, rows: list[tuple[Fraction, Fraction]]
) -> None:
    """Every unit is dead, in a group, in the affine part, or by itself; alone they act as said."""
    table = IntegerTable.of(as_dataset(rows, [0] * len(rows)).canonical)
    merged = merge(table, network)
    grouped = [k for group in merged.groups for k in group]
    listed = [*merged.dead, *grouped, *merged.affine]
    n = len(network.neurons)
    assert len(set(listed)) == len(listed) and set(listed) <= set(range(n))
    assert len(merged.dead) == merged.n_dead
    assert n - len(merged.network.neurons) == merged.n_dead + merged.n_merged
    for x in rows:
        assert merged.network.evaluate(x) == network.evaluate(x)
        for k in merged.dead:
            unit = network.neurons[k]
            assert es.Network((unit,), None, 2).evaluate(x) == 0
    alone = n - len(listed)
    in_groups = len(merged.network.neurons) - alone
    assert 0 <= in_groups <= len(merged.groups)


@pytest.mark.parametrize(
    ("rows", "dead", "groups", "affine"),
    [
        ("1 1 1/2; 2 2 1/4; 1 0 -1; 1 -9 5; 3 1 0", (3, 4), ((0, 1),), ()),
        ("1 -1 1; -1 1 1; 1 5 2", (), ((0, 1),), (2,)),
    ],
)
def test_who_is_dead_mergeable_and_affine(
    rows: str, dead: tuple[int, ...], groups: tuple[tuple[int, ...], ...], affine: tuple[int, ...]
) -> None:
    parts = [[Fraction(entry) for entry in row.split()] for row in rows.split(";")]
    neurons = tuple(es.Neuron((w,), b, v) for w, b, v in parts)
    skip = es.Skip((Fraction(0),), Fraction(0))
    table = IntegerTable.of(as_dataset([-2, -1, 0, 1, 2, 3], [0] * 6).canonical)
    merged = merge(table, es.Network(neurons, skip, 1))
    assert (merged.dead, merged.groups, merged.affine) == (dead, groups, affine)
