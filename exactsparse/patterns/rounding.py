"""From the weights of a trained network to a network that interpolates exactly.

Neurons that the data cannot tell apart are merged, idle ones dropped; what is kept of the others is
their supports and activation patterns, whose weights are solved for in rationals
(:func:`exactsparse.patterns.complete`).  Small weights are left out where an exact network remains,
and where the patterns leave freedom, a linear program over the same patterns suggests which.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction

from exactsparse.dataset import Dataset
from exactsparse.errors import ProblemError
from exactsparse.network import Network, Neuron
from exactsparse.patterns.completion import complete
from exactsparse.patterns.integer_table import IntegerTable
from exactsparse.patterns.merging import activation, merge
from exactsparse.patterns.neuron_types import NeuronType
from exactsparse.patterns.sparse_weights import sparse_supports
from exactsparse.progress import Deadline, Stopped
from exactsparse.residuals import interpolates

# Share of the largest label that a weight must move some row by to be kept.
_SHARES = tuple(Fraction(s) for s in ("1e-9", "1e-6", "1e-4", "1e-3", "1e-2", "3e-2", "1e-1"))
_MOST_SPARE_COLUMNS = 24
_SECONDS_PER_SET = 2.0

Types = tuple[NeuronType, ...]


@dataclass(frozen=True)
class Rounded:
    """An exact interpolant, or why there is none.

    Parameters
    ----------
    network : Network or None
        Interpolates every point; no more neurons and parameters than the network it came of.
    reason : str or None
        Why there is no network, one clause.
    """

    network: Network | None
    reason: str | None = None


def round_to_exact(
    dataset: Dataset, network: Network, objective: str, deadline: Deadline
) -> Rounded:
    """Find a sparse exact interpolant with supports and patterns of a network.

    Parameters
    ----------
    dataset : Dataset
        Points.
    network : Network
        Of as many inputs as the data have features, its weights exact or suggestions.  Where it
        has a skip, the affine part is free.
    objective : {"parameters", "neurons"}
        What is to be small.
    deadline : Deadline
        When to stop with the best so far.

    Raises
    ------
    ProblemError
        If the network has another number of inputs.
    ConflictingLabelsError
        If equal points carry different labels.
    """
    if network.n_features != dataset.n_features:
        raise ProblemError(
            f"the network takes {network.n_features} features, but the data have "
            f"{dataset.n_features}"
        )
    canonical = dataset.canonical
    table = IntegerTable.of(canonical)
    merged = merge(table, network).network
    best = merged if interpolates(merged, canonical) else None
    skip = network.skip is not None
    too_large = timed_out = False
    for types in _candidates(canonical, table, merged, objective, deadline):
        if best is not None and _cost_of_types(types, objective) >= _cost(best, objective):
            continue
        columns = sum(len(t.support) for t in types) + (len(table.basis) if skip else 0)
        if columns > len(table) + _MOST_SPARE_COLUMNS:
            too_large = True
            continue
        try:
            deadline.check()
            limit = Deadline(min(_SECONDS_PER_SET, deadline.seconds_left))
            found = complete(table, range(len(table)), types, skip, limit)
        except Stopped:
            timed_out = True
            continue
        if found is not None and (best is None or _cost(found, objective) < _cost(best, objective)):
            best = found
    if best is None:
        return Rounded(None, _reason(too_large, timed_out))
    if not interpolates(best, canonical):
        raise AssertionError("a network solved for in rationals misses a point")
    return Rounded(best)


def _reason(too_large: bool, timed_out: bool) -> str:
    if timed_out:
        return "no exact network with its supports and activation patterns was found in the time"
    if too_large:
        return (
            "it has many more parameters than there are points, and no sparse exact network with "
            "its activation patterns was found"
        )
    return "no network with its supports and activation patterns meets every label"


def _candidates(
    dataset: Dataset, table: IntegerTable, network: Network, objective: str, deadline: Deadline
) -> Iterator[Types]:
    """Sets of types, sparse ones first."""
    found: dict[Types, None] = {}
    for share in _SHARES:
        smaller = _without_small_weights(dataset, network, share)
        found[_types(table, merge(table, smaller).network.neurons)] = None
    full = _types(table, network.neurons)
    with suppress(Stopped):
        for supports in sparse_supports(table, network, deadline):
            pairs = zip(full, supports, strict=True)
            found[tuple(NeuronType(s, t.mask) for t, s in pairs if s)] = None
    found[full] = None
    yield from sorted(found, key=lambda types: _cost_of_types(types, objective))


def _types(table: IntegerTable, neurons: Sequence[Neuron]) -> Types:
    return tuple(
        NeuronType(
            tuple(k for k, w in enumerate((*neuron.weights, neuron.bias)) if w),
            activation(table, neuron),
        )
        for neuron in neurons
    )


def _without_small_weights(dataset: Dataset, network: Network, share: Fraction) -> Network:
    """Leave out weights that move no row by a share of the largest label."""
    sizes = [max(abs(v) for v in column) for column in zip(*_rows(dataset), strict=True)]
    least = share * sizes[-1]
    reach = (*sizes[:-1], Fraction(1))
    neurons = []
    for neuron in network.neurons:
        weights = [
            w if abs(neuron.output * w) * r > least else Fraction(0)
            for w, r in zip((*neuron.weights, neuron.bias), reach, strict=True)
        ]
        neurons.append(Neuron(tuple(weights[:-1]), weights[-1], neuron.output))
    return replace(network, neurons=tuple(neurons))


def _rows(dataset: Dataset) -> Iterator[tuple[Fraction, ...]]:
    return (dataset.row(i) for i in range(dataset.n_points))


def _cost(network: Network, objective: str) -> tuple[int, int]:
    counts = network.n_neurons, network.n_parameters
    return counts if objective == "neurons" else counts[::-1]


def _cost_of_types(types: Types, objective: str) -> tuple[int, int]:
    counts = len(types), sum(len(t.support) for t in types)
    return counts if objective == "neurons" else counts[::-1]
