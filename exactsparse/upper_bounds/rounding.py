"""From the weights of a trained network to a network that interpolates exactly.

Neurons that the data cannot tell apart are merged, idle ones dropped; what is kept of the others is
their supports, activation patterns and signs, whose weights are solved for in rationals
(:mod:`exactsparse.patterns.interpolant_of_types`).  Small weights are left out where an
exact network remains. Where the patterns leave freedom, a linear program over them suggests which
of the others to leave out, and at last every weight or neuron is tried.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import combinations

import numpy as np

from exactsparse.errors import ProblemError
from exactsparse.exact.cones import AffineSpace
from exactsparse.exact.integers import bits_at
from exactsparse.exact.numbers import counted, over_common_denominator
from exactsparse.patterns.interpolant_of_types import interpolant_of_types, solutions
from exactsparse.patterns.merging import activation, merge
from exactsparse.patterns.neuron_types import NeuronType, Support
from exactsparse.problem.dataset import Dataset
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.network import Network, Neuron
from exactsparse.problem.objective import Objective
from exactsparse.problem.residuals import interpolates
from exactsparse.progress import Deadline, Stopped
from exactsparse.upper_bounds.budget import BUDGET
from exactsparse.upper_bounds.newton_correction import correct
from exactsparse.upper_bounds.sparse_weights import sparse_supports

_logger = logging.getLogger(__name__)

# Share of the largest label that a weight must move some row by to be kept.
_SHARES = tuple(Fraction(s) for s in ("1e-9", "1e-6", "1e-4", "1e-3", "1e-2", "3e-2", "1e-1"))
# Kinks may sit on a point, where floats cannot say on which side.
_NEAR_A_POINT = 0.1


@dataclass(frozen=True)
class Rounded:
    """An exact interpolant, or why there is none.

    Parameters
    ----------
    network : Network or None
        Interpolates every point; counts no more, by the objective, than the network it came of.
    unpruned : Network or None
        What it was before anything but small weights was left out.
    reason : str or None
        Why there is no network, one clause.
    """

    network: Network | None
    unpruned: Network | None = None
    reason: str | None = None


@dataclass(frozen=True)
class _SignedType:
    """What is kept of a neuron ``sign · (weights · x̄)₊``; the weights are suggestions."""

    type: NeuronType
    sign: int
    weights: tuple[Fraction, ...] = field(compare=False)

    def on(self, support: Support) -> _SignedType:
        """The unit with another support."""
        return replace(self, type=replace(self.type, support=support))

    def moved(self, row: int) -> _SignedType:
        """The unit with a row on the other side of its kink."""
        return replace(self, type=replace(self.type, mask=self.type.mask ^ 1 << row))


Units = tuple[_SignedType, ...]


def round_to_exact(
    dataset: Dataset, network: Network, objective: Objective, deadline: Deadline
) -> Rounded:
    """Find a sparse exact interpolant with supports and patterns of a network.

    Parameters
    ----------
    dataset : Dataset
        Points.
    network : Network
        Of as many inputs as the data have features, its weights exact or suggestions.  Where it
        has a skip, the affine part is free.
    objective : Objective
        What is to be small; a neuron may use all inputs where neurons are counted.
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
            f"the network takes {counted(network.n_features, 'feature')}, but the data have "
            f"{dataset.n_features}: {dataset.listed_features}"
        )
    rounded = _Rounding(dataset.canonical, network, objective, deadline).result()
    if rounded.network is not None and not interpolates(rounded.network, dataset.canonical):
        _logger.warning("a network from rounding is discarded: it misses a point")
        return Rounded(None, reason="the network that rounding made misses a point")
    return rounded


class _Rounding:
    """The rounding of one network, and what stood in its way."""

    def __init__(
        self, dataset: Dataset, network: Network, objective: Objective, deadline: Deadline
    ) -> None:
        self._dataset, self._table = dataset, IntegerTable.of(dataset)
        self._by_neurons, self._deadline = objective.inputs_are_free, deadline
        self._merged = merge(self._table, network).network
        self._units = self._units_of(self._merged)
        self._free = 0 if network.skip is None else len(self._table.basis)
        rows = (dataset.row(i) for i in range(dataset.n_points))
        *features, self._largest_label = (max(map(abs, x)) for x in zip(*rows, strict=True))
        # How far a weight of 1 moves a row at most.
        self._reach = (*features, Fraction(1))
        self._too_large = self._timed_out = False

    def result(self) -> Rounded:
        """The sparsest interpolant that was found, or the reason why there is none."""
        kept = [self._units, *map(self._without_small_weights, _SHARES)]
        if self._by_neurons:
            kept = [*kept, *map(self._whole, kept)]
        kept = sorted(dict.fromkeys(kept), key=self._size)
        found = self._first(kept)
        if found is None:
            found = self._first(moved for units in kept for moved in self._with_points_moved(units))
        suggested = self._first(sorted(self._with_sparse_supports(), key=self._size))
        starts = [start for start in (found, suggested) if start is not None]
        networks = [network for _, network in starts]
        if interpolates(self._merged, self._dataset):
            networks.append(self._merged)
        if not networks:
            return Rounded(None, reason=self._reason())
        unpruned = networks[0]
        networks += [self._pruned(units, network) for units, network in starts]
        return Rounded(min(networks, key=self._cost), unpruned)

    def _reason(self) -> str:
        if self._timed_out:
            return (
                "no exact network with its supports and activation patterns was found in the time"
            )
        if self._too_large:
            return (
                "it has many more parameters than there are points, and no sparse exact network "
                "with its activation patterns was found"
            )
        return "no network with its supports and activation patterns meets every label"

    def _without_small_weights(self, share: Fraction) -> Units:
        """Leave out weights, or neurons, that move no row by a share of the largest label."""
        least = share * self._largest_label
        neurons = []
        for unit in self._units:
            small = {c for move, part in self._parts(unit) if move <= least for c in part}
            left = (Fraction(0) if c in small else w for c, w in enumerate(unit.weights))
            *weights, bias = left
            neurons.append(Neuron(tuple(weights), bias, Fraction(unit.sign)))
        smaller = replace(self._merged, neurons=tuple(neurons))
        return self._units_of(merge(self._table, smaller).network)

    def _with_points_moved(self, units: Units) -> Iterator[Units]:
        """Units with a few points near kinks on the other side."""
        if self._is_large(units):
            return
        near = sorted(
            (share, k, i)
            for k, unit in enumerate(units)
            for i, share in enumerate(self._heights(unit))
            if share < _NEAR_A_POINT
        )[: BUDGET.most_unsure]
        # Labels of the other rows must be met whatever is moved.
        moving = {i for *_, i in near}
        others = [i for i in range(len(self._table)) if i not in moving]
        if not near or (others and self._solutions(units, others) is None):
            return
        for count in range(1, len(near) + 1):
            for chosen in combinations(near, count):
                moved = list(units)
                for _, k, i in chosen:
                    moved[k] = moved[k].moved(i)
                yield tuple(moved)

    def _heights(self, unit: _SignedType) -> list[float]:
        """``|w · x̄|`` on every row, as a share of the largest."""
        points, weights = self._table.points, over_common_denominator(unit.weights)[0]
        heights = np.abs(points.dot(np.array(weights, dtype=object))).tolist()
        factors = points[:, -1].tolist()
        highest, factor = max(
            zip(heights, factors, strict=True), key=lambda row: Fraction(row[0], row[1])
        )
        # Quotients of integers, which may exceed floats.
        return [h * factor / (highest * f) for h, f in zip(heights, factors, strict=True)]

    def _with_sparse_supports(self) -> set[Units]:
        """Units with those supports that floats suggest for the same patterns."""
        suggested: set[Units] = set()
        with suppress(Stopped):
            for supports in sparse_supports(self._table, self._merged, self._deadline):
                pairs = zip(self._units, supports, strict=True)
                suggested.add(tuple(unit.on(support) for unit, support in pairs if support))
        return suggested

    def _pruned(self, units: Units, network: Network) -> Network:
        """Leave out what can be left out, the weights or neurons that move least first."""
        if self._is_large(units):
            return network
        if self._by_neurons:
            units = self._whole(units)
        parts = [(move, k, part) for k, u in enumerate(units) for move, part in self._parts(u)]
        fixed = self._fixed(units)
        for _, k, part in sorted(parts):
            if fixed.intersection((k, c) for c in part):
                continue
            left = tuple(c for c in units[k].type.support if c not in part)
            smaller = (*units[:k], units[k].on(left), *units[k + 1 :])
            found = self._solved(tuple(unit for unit in smaller if unit.type.support))
            if found is not None:
                units, fixed = smaller, self._fixed(smaller)
                # Fewer weights may all be needed where more had zeros among them.
                network = min(network, found, key=self._cost)
        return network

    def _fixed(self, units: Units) -> set[tuple[int, int]]:
        """Weights that are not 0 and the same in all solutions of the equations."""
        space = self._solutions(units, range(len(self._table)))
        assert space is not None
        places = [(k, c) for k, unit in enumerate(units) for c in unit.type.support]
        return {
            place
            for j, place in enumerate(places)
            if space.point[j] and not any(direction[j] for direction in space.directions)
        }

    def _solutions(self, units: Units, rows: Sequence[int]) -> AffineSpace | None:
        """All weights of some units that meet the labels of some rows."""
        types = [
            replace(u.type, mask=bits_at(at for at, i in enumerate(rows) if u.type.mask >> i & 1))
            for u in units
        ]
        return solutions(self._table, rows, types, self._free > 0)

    def _parts(self, unit: _SignedType) -> list[tuple[Fraction, Support]]:
        """What can be left out by itself, and how far it moves a row at most."""
        moves = [abs(w) * reach for w, reach in zip(unit.weights, self._reach, strict=True)]
        if self._by_neurons:
            return [(max(moves), unit.type.support)]
        return [(moves[c], (c,)) for c in unit.type.support]

    def _first(self, candidates: Iterable[Units]) -> tuple[Units, Network] | None:
        """The first that gives an interpolant."""
        for units in candidates:
            network = self._solved(units)
            if network is not None:
                return units, network
            if not self._deadline.seconds_left:
                break
        return None

    def _solved(self, units: Units) -> Network | None:
        """An interpolant of some units."""
        types, signs = [unit.type for unit in units], [unit.sign for unit in units]
        rows = range(len(self._table))
        try:
            self._deadline.check()
            if self._is_large(units):
                self._too_large = True
                weights = [unit.weights for unit in units]
                return correct(self._table, types, signs, weights, self._merged.skip)
            limit = Deadline(min(BUDGET.seconds_per_set, self._deadline.seconds_left))
            return interpolant_of_types(self._table, rows, types, self._free > 0, limit, signs)
        except Stopped:
            self._timed_out = True
            return None

    def _is_large(self, units: Units) -> bool:
        """Whether exact linear programs would take too long."""
        columns = sum(len(unit.type.support) for unit in units) + self._free
        return columns > len(self._table) + BUDGET.most_spare_columns

    def _units_of(self, network: Network) -> Units:
        units = []
        for neuron in network.neurons:
            weights, sign = neuron.scaled
            support = tuple(k for k, w in enumerate(weights) if w)
            mask = activation(self._table, neuron)
            units.append(_SignedType(NeuronType(support, mask), sign, weights))
        return tuple(units)

    def _whole(self, units: Units) -> Units:
        """The units with all inputs."""
        return tuple(unit.on(self._table.basis) for unit in units)

    def _cost(self, network: Network) -> tuple[int, int]:
        counts = network.n_neurons, network.n_parameters
        return counts if self._by_neurons else counts[::-1]

    def _size(self, units: Units) -> tuple[int, int]:
        """The most that a network of some units costs."""
        counts = len(units), sum(len(unit.type.support) for unit in units)
        return counts if self._by_neurons else counts[::-1]
