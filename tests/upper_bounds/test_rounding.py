"""Merging is exact on the rows; rounding gives exact interpolants that are no larger."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import exactsparse as es
from exactsparse.patterns.merging import merge
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.objective import NEURONS, PARAMETERS, objective_named
from exactsparse.problem.residuals import interpolates, largest_residual, residuals
from exactsparse.progress import Deadline
from exactsparse.upper_bounds.rounding import round_to_exact
from tests.models.networks import networks

PEAK = ([-2, -1, 0, 1, 2, 3], [0, 0, 1, 1, 0, 0])
XOR = ([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0])


@st.composite
def networks_and_points(draw: st.DrawFn) -> tuple[es.Network, es.Dataset]:
    """A network and points that it interpolates, some on its hinges."""
    network = draw(networks())
    d = network.n_features
    coordinate = st.integers(-3, 3) | st.fractions(-3, 3, max_denominator=4)
    point = st.lists(coordinate, min_size=d, max_size=d).map(tuple)
    points = draw(st.lists(point, min_size=1, max_size=6, unique=True))
    labels = [network.evaluate(list(x)) for x in points]
    return network, es.Dataset.from_arrays([list(x) for x in points], labels)


@settings(max_examples=40)
@given(networks_and_points())
def test_residuals_are_those_of_evaluate(case: tuple[es.Network, es.Dataset]) -> None:
    network, dataset = case
    assert interpolates(network, dataset)
    other = replace(network, skip=None)
    expected = [other.evaluate(row[:-1]) - row[-1] for row in map(dataset.row, range(len(dataset)))]
    assert list(residuals(other, dataset)) == expected
    largest = largest_residual(other, dataset)
    sizes = [abs(residual) for residual in expected]
    assert (largest.value, largest.row) == (max(sizes), sizes.index(max(sizes)))


@settings(max_examples=40)
@given(networks_and_points(), st.randoms(use_true_random=False))
def test_merging_changes_no_row_and_no_count_upwards(
    case: tuple[es.Network, es.Dataset], chance: random.Random
) -> None:
    network, dataset = case
    table = IntegerTable.of(dataset.canonical)
    merged = merge(table, network)
    assert interpolates(merged.network, dataset)
    assert merged.network.n_parameters <= network.n_parameters
    left = len(merged.network.neurons)
    assert left + merged.n_dead + merged.n_merged == len(network.neurons)
    again = merge(table, merged.network)
    assert (again.n_dead, again.n_merged) == (0, 0)
    neurons = list(network.neurons)
    chance.shuffle(neurons)
    factor = Fraction(2) ** chance.randint(-3, 3)
    scaled = [
        es.Neuron(tuple(factor * w for w in n.weights), factor * n.bias, n.output / factor)
        for n in neurons
    ]
    assert merge(table, replace(network, neurons=tuple(scaled))) == merged


@settings(max_examples=40)
@given(networks_and_points(), st.sampled_from(["parameters", "neurons"]))
def test_an_interpolant_is_rounded_to_one_no_larger(
    case: tuple[es.Network, es.Dataset], objective: str
) -> None:
    network, dataset = case
    found = round_to_exact(dataset, network, objective_named(objective), Deadline(20)).network
    assert found is not None
    assert interpolates(found, dataset)
    assert found.count(objective) <= network.count(objective)


@settings(max_examples=40)
@given(networks_and_points(), st.randoms(use_true_random=False))
def test_noise_is_rounded_away(case: tuple[es.Network, es.Dataset], chance: random.Random) -> None:
    """Weights that are off by a little give an exact interpolant, or a reason."""
    network, dataset = case

    def moved(value: Fraction) -> Fraction:
        return value + Fraction(chance.randint(-9, 9), 10**12)

    neurons = tuple(
        es.Neuron(tuple(map(moved, n.weights)), moved(n.bias), n.output) for n in network.neurons
    )
    rough = replace(network, neurons=neurons)
    rounded = round_to_exact(dataset, rough, PARAMETERS, Deadline(20))
    if rounded.network is None:
        assert rounded.reason
    else:
        assert interpolates(rounded.network, dataset)
        assert rounded.network.n_parameters <= rough.n_parameters


@pytest.mark.parametrize(
    ("data", "objective", "skip"), [(PEAK, "neurons", "affine"), (XOR, "parameters", "none")]
)
def test_noise_around_an_optimum_gives_an_optimum(
    data: tuple[list[object], list[int]], objective: str, skip: str
) -> None:
    solution = es.solve(*data, objective=objective, skip=skip)
    chance = random.Random(0)
    neurons = tuple(
        es.Neuron(
            tuple(w + Fraction(chance.randint(-9, 9), 10**7) for w in n.weights),
            n.bias + Fraction(chance.randint(-9, 9), 10**7),
            n.output,
        )
        for n in solution.network.neurons
    )
    rough = replace(solution.network, neurons=neurons)
    dataset = es.Dataset.from_arrays(*data)
    assert not interpolates(rough, dataset)
    found = round_to_exact(dataset, rough, objective_named(objective), Deadline(20)).network
    assert found is not None
    assert found.count(objective) == solution.value


def test_why_there_is_none() -> None:
    dataset = es.Dataset.from_arrays(*PEAK)
    one = es.Network((es.Neuron((Fraction(1),), Fraction(0), Fraction(1)),), None, 1)
    rounded = round_to_exact(dataset, one, NEURONS, Deadline())
    assert rounded.network is None
    assert (
        rounded.reason == "no network with its supports and activation patterns meets every label"
    )
    with pytest.raises(es.ProblemError, match="takes 1 feature, but the data have 2"):
        round_to_exact(es.Dataset.from_arrays(*XOR), one, NEURONS, Deadline())


def test_many_idle_parameters_leave_few() -> None:
    """Far more parameters than points: a linear program suggests which to keep."""
    chance = random.Random(1)

    def number() -> Fraction:
        return Fraction(chance.randint(-64, 64), 64)

    points = [[number() for _ in range(20)] for _ in range(6)]
    neurons = tuple(
        es.Neuron(tuple(number() for _ in range(20)), number(), number()) for _ in range(6)
    )
    dense = es.Network(neurons, None, 20)
    dataset = es.Dataset.from_arrays(points, [dense.evaluate(x) for x in points])
    found = round_to_exact(dataset, dense, PARAMETERS, Deadline(60)).network
    assert found is not None
    assert dense.n_parameters > 120 > 2 * 6 >= found.n_parameters


@pytest.mark.parametrize("objective", ["parameters", "neurons"])
@pytest.mark.parametrize("affine", [False, True])
def test_dense_weights_that_are_a_little_off_are_corrected(objective: str, affine: bool) -> None:
    """Too many weights for exact linear programs, too many rows for a sparse suggestion."""
    chance = random.Random(2)

    def number() -> Fraction:
        return Fraction(chance.randint(-64, 64), 64)

    def moved(value: Fraction) -> Fraction:
        return value + Fraction(chance.randint(-9, 9), 10**9)

    points = [[number() for _ in range(6)] for _ in range(40)]
    neurons = tuple(
        es.Neuron(tuple(number() for _ in range(6)), number(), number()) for _ in range(16)
    )
    skip = es.Skip(tuple(number() for _ in range(6)), number()) if affine else None
    network = es.Network(neurons, skip, 6)
    dataset = es.Dataset.from_arrays(points, [network.evaluate(x) for x in points])
    rough = replace(
        network,
        neurons=tuple(
            es.Neuron(tuple(map(moved, n.weights)), moved(n.bias), n.output) for n in neurons
        ),
    )
    assert not interpolates(rough, dataset)
    rounded = round_to_exact(dataset, rough, objective_named(objective), Deadline(60))
    assert rounded.network is not None and rounded.unpruned is not None
    assert interpolates(rounded.network, dataset) and interpolates(rounded.unpruned, dataset)
    assert rounded.network.n_neurons <= rounded.unpruned.n_neurons <= 16


def test_every_point_may_lie_on_the_wrong_side_of_a_kink() -> None:
    """A neuron for each of two points, each of them a little too far to the other."""
    dataset = es.Dataset.from_arrays([0, 1], [1, 1])
    neurons = (
        es.Neuron((Fraction(100),), Fraction(-1), Fraction(1)),
        es.Neuron((Fraction(-100),), Fraction(99), Fraction(1)),
    )
    found = round_to_exact(dataset, es.Network(neurons, None, 1), NEURONS, Deadline(20)).network
    assert found is not None and interpolates(found, dataset)


def test_no_time_leaves_an_interpolant_as_it_is() -> None:
    solution = es.solve(*PEAK)
    dataset = es.Dataset.from_arrays(*PEAK)
    assert round_to_exact(dataset, solution.network, NEURONS, Deadline(0)).network is not None
    rough = replace(solution.network, skip=es.Skip((Fraction(0),), Fraction(1)))
    late = round_to_exact(dataset, rough, NEURONS, Deadline(0))
    assert late.network is None and "in the time" in str(late.reason)


@settings(max_examples=40)
@given(networks_and_points())
def test_a_skip_is_a_neuron_or_free(case: tuple[es.Network, es.Dataset]) -> None:
    network, dataset = case
    assert interpolates(network.with_skip(True), dataset)
    assume(network.skip is None or not any(network.skip.weights))
    assert interpolates(network.with_skip(False), dataset)
    assert network.with_skip(False).skip is None


def test_a_linear_part_is_no_neuron() -> None:
    linear = es.Network((), es.Skip((Fraction(1),), Fraction(0)), 1)
    with pytest.raises(es.ProblemError, match="linear part"):
        linear.with_skip(False)
