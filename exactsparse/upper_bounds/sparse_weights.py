"""Which weights a network could do without, its activation patterns kept: suggestions in floats.

Reweighted ℓ¹ minimisation (E. J. Candès, M. B. Wakin and S. P. Boyd, *Enhancing sparsity by
reweighted ℓ¹ minimization*, 2008) over the weights that interpolate with the given patterns and
signs of output weights, a linear program in each round.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from exactsparse.exact.numbers import to_float
from exactsparse.lp.patterns import PatternProgram
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.network import Network
from exactsparse.progress import Deadline
from exactsparse.upper_bounds.budget import BUDGET

Floats = NDArray[np.float64]

_EPSILON = 1e-3
_ZERO = 1e-9


def sparse_supports(
    table: IntegerTable, network: Network, deadline: Deadline
) -> Iterator[tuple[tuple[int, ...], ...]]:
    """Supports of all neurons, one empty where the neuron is not needed, round by round.

    Nothing if the program is too large, or floats do not hold the data.

    Parameters
    ----------
    table : IntegerTable
        All rows.
    network : Network
        Gives patterns and signs; where it has a skip, the affine part is free.
    deadline : Deadline
        When to stop.
    """
    n, width, m = len(table), table.width, len(network.neurons)
    if m == 0 or m * n * width * max(m, 1) > BUDGET.most_sparse_entries:
        return
    points, labels = _scaled_rows(table)
    weights = np.array([[to_float(w) for w in neuron.scaled[0]] for neuron in network.neurons])
    if not (np.isfinite(labels).all() and np.isfinite(weights).all()):
        return
    signs = [neuron.scaled[1] for neuron in network.neurons]
    program = PatternProgram(points, labels, labels, weights, signs, network.skip is not None)
    for found in reweighted(program, weights, deadline):
        yield tuple(tuple(np.flatnonzero(row).tolist()) for row in found)


def reweighted(program: PatternProgram, weights: Floats, deadline: Deadline) -> Iterator[Floats]:
    """Weights of every round, those that are as good as 0 left out.

    Parameters
    ----------
    program : PatternProgram
        What the weights are to meet.
    weights : ndarray of float64, shape (m, width)
        Where to begin.
    deadline : Deadline
        When to stop.
    """
    tiny = np.finfo(float).tiny
    sizes = np.abs(weights) / max(np.abs(weights).max(), tiny)
    for _ in range(BUDGET.sparse_rounds):
        found = program.solve(1 / (sizes + _EPSILON), deadline)
        if found is None:
            return
        largest = np.abs(found).max()
        yield np.where(np.abs(found) > _ZERO * largest, found, 0.0)
        sizes = np.abs(found) / max(largest, tiny)


def _scaled_rows(table: IntegerTable) -> tuple[Floats, Floats]:
    """Rows of entries up to 1, labels up to 1 where the rows are not larger."""
    scale = np.abs(table.points).max(axis=1)
    points = np.array((table.points / scale[:, None]).astype(np.float64))
    pairs = zip(table.labels.tolist(), scale.tolist(), strict=True)
    labels = np.array([to_float(Fraction(label, int(size))) for label, size in pairs])
    return points, labels / (np.abs(labels).max() or 1.0)
