"""From a float network to an exact interpolant with its supports and activation patterns.

Floats suggest which inputs a neuron uses and on which points it is active; weights are solved for
in rationals, and whatever is returned meets every label exactly.  Neurons that coincide on the data
become one, ``s(u)₊ + s(u')₊ = s(u + u')₊`` where both are active on the same points; with an affine
part, one that is active everywhere is part of it, and ``(u)₊ = u + (−u)₊`` turns neurons around.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from exactsparse.dataset import Dataset
from exactsparse.network import Network
from exactsparse.patterns import IntegerTable, NeuronType, complete
from exactsparse.progress import Deadline, Stopped
from exactsparse.training.correction import corrected
from exactsparse.training.parameters import NEGLIGIBLE, Sample
from exactsparse.training.trainer import FloatNetwork

Floats = NDArray[np.float64]

# Products below these shares of the largest are left out, coarse attempts first.
_CUTOFFS = (0.1, 0.03, 0.01, 0.001, NEGLIGIBLE)
# Beyond, exact linear programs take too long, and there is room to correct the floats.
_MOST_COLUMNS = 24
# Kinks may sit on a point, where floats cannot say on which side.
_NEAR_A_POINT = 0.1
_MOST_UNSURE = 5
_SECONDS = 1.0

DIVERGED = "its parameters are not finite"
NO_FIT = "no exact interpolant has its supports and activation patterns"
NOT_DECIDED = "not decided within the time limit"


@dataclass(frozen=True)
class Rounding:
    """What became of a float network.

    Parameters
    ----------
    network : Network or None
        An exact interpolant with no more parameters or neurons.
    pruned : Network or None
        What is left of it when weights or neurons that it can do without are left out.
    reason : str or None
        Why there is none.
    """

    network: Network | None
    pruned: Network | None = None
    reason: str | None = None


@dataclass(frozen=True, eq=False)
class _Unit:
    """A neuron ``side · (weights · x̄)₊``, as floats have it, and the rows where it is active."""

    side: int
    weights: Floats
    heights: Floats
    mask: int

    @classmethod
    def of(cls, side: int, weights: Floats, heights: Floats) -> _Unit:
        """The neuron, active where its heights are positive."""
        mask = sum(1 << int(i) for i in np.flatnonzero(heights > 0))
        return cls(side, weights, heights, mask)


@dataclass(eq=False)
class Rounder:
    """Rounds networks trained on one dataset; what they have in common is solved once.

    Parameters
    ----------
    dataset : Dataset
        The data.
    objective : {"parameters", "neurons"}
        What is counted: with neurons, every neuron may use all inputs.
    skip : bool
        Whether there is a free affine part.
    seconds : float
        Time for one network.

    Raises
    ------
    ProblemError
        If the data exceed float64.
    """

    dataset: Dataset
    objective: str
    skip: bool
    seconds: float = _SECONDS
    _known: dict[tuple[object, ...], Network | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._table = IntegerTable.of(self.dataset)
        self._sample = Sample.of(self.dataset, "float64")

    def round(self, network: FloatNetwork) -> Rounding:
        """An exact interpolant near a network, or the reason why there is none."""
        parts = (network.weights, network.outputs, network.skip)
        with np.errstate(over="ignore", invalid="ignore"):
            products = np.abs(network.outputs)[:, None] * network.weights
        if not all(np.isfinite(part).all() for part in (*parts, products)):
            return Rounding(None, reason=DIVERGED)
        deadline = Deadline(self.seconds)
        sizes = np.abs(products)
        try:
            for cutoff in _CUTOFFS:
                kept = np.where(sizes > cutoff * sizes.max(initial=0.0), products, 0.0)
                if self.objective == "neurons":
                    used = (kept[:, :-1] != 0).any(axis=1, keepdims=True)
                    kept = np.where(used, products, kept)
                units = self._merged(kept, np.sign(network.outputs))
                for masks in self._masks(units):
                    moved = [replace(u, mask=m) for u, m in zip(units, masks, strict=True)]
                    found = self._solved(moved, deadline)
                    if found is not None:
                        return Rounding(found, self._pruned(found, moved, deadline))
        except Stopped:
            return Rounding(None, reason=NOT_DECIDED)
        return Rounding(None, reason=NO_FIT)

    def _merged(self, products: Floats, sides: Floats) -> list[_Unit]:
        """Neurons that are active on the data, those that coincide there added up."""
        points = self._sample.points
        units: dict[tuple[int, int], _Unit] = {}
        n = points.shape[1]
        for weights, side in zip(products, sides, strict=True):
            unit = _Unit.of(int(side), weights, weights @ points)
            if self.skip and unit.mask & 1:
                unit = _Unit.of(unit.side, -weights, -unit.heights)
            everywhere = self.skip and unit.mask == (1 << n) - 1
            if not unit.side or not unit.mask or everywhere:
                continue
            key = (unit.mask, unit.side)
            if key in units:
                other = units[key]
                unit = _Unit.of(
                    unit.side, unit.weights + other.weights, unit.heights + other.heights
                )
            units[key] = unit
        for mask in sorted({mask for mask, _ in units}):
            plus, minus = units.get((mask, 1)), units.get((mask, -1))
            if plus is None or minus is None:
                continue
            for side in (1, -1):
                unit = _Unit.of(
                    side,
                    side * (plus.weights - minus.weights),
                    side * (plus.heights - minus.heights),
                )
                if unit.mask == mask:
                    del units[mask, 1], units[mask, -1]
                    units[mask, side] = unit
                    break
        return [units[key] for key in sorted(units)]

    def _solved(self, units: list[_Unit], deadline: Deadline) -> Network | None:
        """An interpolant of the types of some neurons."""
        supports = [
            self._table.basis
            if self.objective == "neurons"
            else tuple(np.flatnonzero(unit.weights).tolist())
            for unit in units
        ]
        columns = sum(map(len, supports))
        if columns > len(self._table):
            deadline.check()
            plain = [(unit.side, unit.weights, unit.mask) for unit in units]
            found = corrected(self._table, self._sample, plain, self.skip)
            if found is not None or columns > _MOST_COLUMNS:
                return found
        signs = [unit.side for unit in units]
        types = [NeuronType(s, u.mask) for s, u in zip(supports, units, strict=True)]
        key = (*types, *signs)
        if key not in self._known:
            self._known[key] = complete(
                self._table, range(len(self._table)), types, self.skip, deadline, signs
            )
        return self._known[key]

    def _pruned(self, network: Network, units: list[_Unit], deadline: Deadline) -> Network:
        """Leave out what can be left out, small weights or neurons first, while time allows."""
        whole = self.objective == "neurons"
        sizes = [
            (float(np.abs(unit.weights).max() if whole else abs(unit.weights[c])), k, int(c))
            for k, unit in enumerate(units)
            for c in ([0] if whole else np.flatnonzero(unit.weights))
        ]
        with suppress(Stopped):
            for _, k, c in sorted(sizes):
                weights = units[k].weights.copy()
                weights[slice(None) if whole else c] = 0.0
                fewer = [*units]
                fewer[k] = replace(units[k], weights=weights)
                found = self._solved([u for u in fewer if u.weights.any()], deadline)
                if found is not None:
                    units = fewer
                    # Fewer weights may all be needed where more had zeros among them.
                    network = min(network, found, key=self._cost)
        return network

    def _cost(self, network: Network) -> int:
        return network.n_neurons if self.objective == "neurons" else network.n_parameters

    def _masks(self, units: list[_Unit]) -> Iterator[list[int]]:
        """Activation patterns: as they are, then with a few unsure points on the other side."""
        masks = [unit.mask for unit in units]
        if len(units) > _MOST_COLUMNS:
            yield masks
            return
        unsure: list[tuple[float, int, int]] = []
        for k, unit in enumerate(units):
            shares = np.abs(unit.heights) / np.abs(unit.heights).max()
            near = np.flatnonzero(shares < _NEAR_A_POINT)
            unsure.extend((float(shares[i]), k, int(i)) for i in near)
        unsure = sorted(unsure)[:_MOST_UNSURE]
        for size in range(len(unsure) + 1):
            for chosen in combinations(unsure, size):
                changed = list(masks)
                for _, k, i in chosen:
                    changed[k] ^= 1 << i
                yield changed


def round_network(
    dataset: Dataset, network: FloatNetwork, objective: str, skip: bool, seconds: float = _SECONDS
) -> Rounding:
    """An exact interpolant with the supports and patterns of a float network, if there is one.

    Parameters
    ----------
    dataset : Dataset
        The data.
    network : FloatNetwork
        Weights of any size; a network that has diverged is no error.
    objective : {"parameters", "neurons"}
        What is counted.
    skip : bool
        Whether there is a free affine part.
    seconds : float
        Time limit.

    Raises
    ------
    ProblemError
        If the data exceed float64.
    ConflictingLabelsError
        If equal points carry different labels.
    """
    return Rounder(dataset, objective, skip, seconds).round(network)
