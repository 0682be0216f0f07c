"""Neuron types: a support, and the rows of a table on which the neuron is active."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from exactsparse.exact.integers import bits_at
from exactsparse.exact.rank import rank
from exactsparse.patterns.circuits import activation_masks
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.objective import Objective

Support = tuple[int, ...]


@dataclass(frozen=True)
class NeuronType:
    """Support and activation pattern of a neuron on some rows.

    Parameters
    ----------
    support : tuple of int
        Ascending positions in ``0 … d``; d is the bias.
    mask : int
        Bit i is set if the neuron is active on row i.
    """

    support: Support
    mask: int

    def active(self, n: int) -> NDArray[np.bool_]:
        """The activation pattern as an array of n rows."""
        return np.array([self.mask >> i & 1 for i in range(n)], dtype=bool)


def rows_seen(table: IntegerTable, support: Support) -> int:
    """Rows on which some input of a support is not 0, as bits."""
    return bits_at(i for i, row in enumerate(table.points[:, list(support)].tolist()) if any(row))


def useful_supports(table: IntegerTable, objective: Objective, columns: int) -> tuple[Support, ...]:
    """Supports of at most ``columns`` inputs that a sparsest network on some rows may need.

    Where inputs of a support depend on each other on all rows, a smaller one does the same there.

    Parameters
    ----------
    table : IntegerTable
        All rows.
    objective : Objective
        Neurons may have all inputs at the same cost.
    columns : int
        Most inputs.
    """
    inputs = table.points.T.tolist()
    if objective.inputs_are_free:
        return (table.basis,)
    sizes = range(1, min(len(table.basis), columns) + 1)
    supports = (support for size in sizes for support in combinations(range(table.width), size))
    if len(table.basis) == table.width:
        return tuple(supports)
    return tuple(s for s in supports if rank([inputs[c] for c in s]) == len(s))


def types_on(table: IntegerTable, support: Support) -> list[NeuronType]:
    """All types of a support on the rows of a table, the dead one included, by mask."""
    masks = activation_masks(table.points[:, list(support)])
    return [NeuronType(support, mask) for mask in masks]


def generic_lower_bound(table: IntegerTable, objective: Objective, skip: bool) -> int:
    """Cost of almost all labels on these points: one dimension per column.

    Parameters
    ----------
    table : IntegerTable
        All rows.
    objective : Objective
        What is counted.
    skip : bool
        Whether there is a free affine part.
    """
    columns = len(table)
    if skip:
        columns -= len(table.basis)
    return objective.generic_bound(columns, len(table.basis))
