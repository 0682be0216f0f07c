"""Neurons on rays of one closed cell, which are one neuron there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exactsparse.exact.integers import bits_of
from exactsparse.patterns.neuron_types import NeuronType
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.network import Network, Neuron, Skip


@dataclass(frozen=True, eq=False)
class RayNeuron:
    """A neuron ``side · (weights · x̄)₊``.

    Parameters
    ----------
    side : {1, -1}
        Sign of its output.
    signs : ndarray of int8, shape (n,)
        Signs of its height on the rows.
    weights : ndarray of float64 or of Fraction (object), shape (D,)
        Input weights, scaled by the output.
    """

    side: int
    signs: NDArray[np.int8]
    weights: NDArray[Any]

    @property
    def type(self) -> NeuronType:
        """Its support, and the rows where it is positive."""
        return NeuronType(tuple(np.flatnonzero(self.weights).tolist()), bits_of(self.signs > 0))


def joined_in_cells(neurons: Iterable[RayNeuron]) -> list[RayNeuron]:
    """Neurons of one sign in one closed cell added up, which changes no value on the rows.

    Parameters
    ----------
    neurons : iterable of RayNeuron
        Each joins the first before it that has its sign and shares a cell with it.
    """
    joined: list[RayNeuron] = []
    for new in neurons:
        for k, old in enumerate(joined):
            if old.side == new.side and not (old.signs * new.signs < 0).any():
                signs = np.where(old.signs == 0, new.signs, old.signs)
                joined[k] = RayNeuron(old.side, signs, old.weights + new.weights)
                break
        else:
            joined.append(new)
    return joined


def network_of_rays(
    table: IntegerTable,
    weighted: Sequence[tuple[tuple[int, ...], Fraction]],
    affine: Sequence[Fraction] | None,
) -> Network:
    """The network of weighted rays, neurons of one sign in one closed cell added up.

    By the triangle inequality adding up raises no path norm.

    Parameters
    ----------
    table : IntegerTable
        All rows.
    weighted : sequence of (ray, weight)
        ``Σ weight · (r · x̄)₊``.
    affine : sequence of D Fractions, or None
        The free affine part.
    """
    rays = []
    for ray, weight in weighted:
        if weight:
            heights = table.points.dot(np.array(ray, dtype=object))
            signs = (heights > 0).astype(np.int8) - (heights < 0).astype(np.int8)
            scaled = np.array([abs(weight) * entry for entry in ray], dtype=object)
            rays.append(RayNeuron(1 if weight > 0 else -1, signs, scaled))
    neurons = tuple(
        Neuron(tuple(neuron.weights[:-1]), neuron.weights[-1], Fraction(neuron.side))
        for neuron in joined_in_cells(rays)
    )
    skip = None if affine is None else Skip(tuple(affine[:-1]), affine[-1])
    return Network(neurons, skip, table.width - 1)
