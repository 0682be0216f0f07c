"""The network within a band that always is at hand."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exactsparse import Dataset, Network, Problem
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.objective import NEURONS, PARAMETERS
from exactsparse.problem.residuals import missed_row
from exactsparse.upper_bounds.chain_in_band import chain_within_band
from exactsparse.upper_bounds.directional_interpolant import directional_interpolant

QUARTER = st.integers(-12, 12).map(lambda v: Fraction(v, 4))


def table_of(X: object, lower: object, upper: object) -> IntegerTable:
    return IntegerTable.of_problem(Problem.of(Dataset.from_arrays(X, lower=lower, upper=upper)))


@st.composite
def tables(draw: st.DrawFn) -> IntegerTable:
    """Bounds on either side, on both or on none, points that share coordinates, no room at some."""
    d, n = draw(st.integers(1, 3)), draw(st.integers(1, 8))
    point = st.tuples(*[st.integers(-2, 2)] * d)
    X = draw(st.lists(point, min_size=n, max_size=n, unique=True))
    lower = draw(st.lists(st.none() | QUARTER, min_size=n, max_size=n))
    widths = draw(st.lists(st.none() | st.sampled_from([0, 0, 1, 2]), min_size=n, max_size=n))
    upper = [
        None if w is None else (low if low is not None else Fraction(1, 3)) + w
        for low, w in zip(lower, widths, strict=True)
    ]
    return table_of([list(x) for x in X], lower, upper)


@given(tables(), st.booleans(), st.sampled_from([NEURONS, PARAMETERS]))
def test_meets_all_windows(table: IntegerTable, skip: bool, objective: object) -> None:
    network = chain_within_band(table, objective, skip)
    assert missed_row(network, table) is None
    assert (network.skip is not None) == skip


@pytest.mark.parametrize("skip", [False, True])
def test_windows_without_room_are_labels(skip: bool) -> None:
    rng = np.random.default_rng(0)
    for n in (1, 2, 5, 12):
        X, y = rng.integers(-50, 50, (n, 2)).tolist(), rng.integers(-9, 9, n).tolist()
        try:
            table = IntegerTable.of(Dataset.from_arrays(X, y))
        except ValueError:
            continue
        exact = directional_interpolant(table, PARAMETERS, skip)
        within = chain_within_band(table_of(X, y, y), PARAMETERS, skip)
        assert missed_row(within, table) is None
        assert within.n_parameters <= exact.n_parameters


@pytest.mark.parametrize(
    ("lower", "upper", "skip", "cost"),
    [
        ([None] * 4, [None] * 4, False, 0),
        ([-1, None, -1, -1], [1, 0, None, 1], False, 0),
        # 1 everywhere is a single bias.
        ([0, 1, None, 1], [None, 2, 2, 1], False, 1),
        # 2x from 0 on.
        ([0, 2, 4, 6], [0, 2, 4, 6], False, 1),
        ([5, 3, 1, -1], [5, 3, 1, -1], True, 0),
        ([0, 0, 0, 9], [1, 1, 1, None], True, 1),
    ],
)
def test_cost_by_hand(lower: list, upper: list, skip: bool, cost: int) -> None:
    table = table_of([0, 1, 2, 3], lower, upper)
    network = chain_within_band(table, NEURONS if skip else PARAMETERS, skip)
    assert missed_row(network, table) is None
    assert network.count("neurons" if skip else "parameters") == cost


def test_numbers_do_not_grow_along_a_long_chain() -> None:
    rng = np.random.default_rng(1)
    x = np.sort(rng.permutation(100_000)[:3000])
    y = np.cumsum(rng.integers(-3, 4, 3000))
    table = table_of(x.tolist(), (y - 1).tolist(), (y + 1).tolist())
    network = chain_within_band(table, PARAMETERS, False)
    assert missed_row(network, table) is None
    assert 300 < len(network.neurons) < 3000
    assert max(neuron.bias.denominator for neuron in network.neurons) < 10**9
    assert max(neuron.output.denominator for neuron in network.neurons) < 10**40


def test_points_that_share_every_coordinate_of_another() -> None:
    """No coordinate separates the corners of a square, whose windows have nothing in common."""
    X = [[0, 0], [0, 1], [1, 0], [1, 1]]
    table = table_of(X, [0, 1, 1, 0], [Fraction(1, 4), 2, None, Fraction(1, 4)])
    network: Network = chain_within_band(table, PARAMETERS, False)
    assert missed_row(network, table) is None
    assert all(len([w for w in neuron.weights if w]) != 1 for neuron in network.neurons)
