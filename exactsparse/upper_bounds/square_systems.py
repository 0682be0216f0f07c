"""Interpolants that are at hand before any search, all exact.

Sets of types with N columns in all determine their weights, and some of them have the signs that
the types ask for.  Many are tried in float64; what seems to fit is solved in rationals.
"""

from __future__ import annotations

from math import comb

import numpy as np

from exactsparse.patterns.interpolant_of_types import interpolant_of_types
from exactsparse.patterns.neuron_types import NeuronType, types_on, useful_supports
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.network import Network
from exactsparse.problem.objective import Objective
from exactsparse.progress import Deadline
from exactsparse.upper_bounds.budget import BUDGET
from exactsparse.upper_bounds.sampling import sample_sets


def square_systems(
    table: IntegerTable, objective: Objective, skip: bool, deadline: Deadline
) -> Network | None:
    """A network with N parameters, none through the skip, found by drawing sets of types.

    The draws are the same in every run.  None if nothing was found, or there are too many types.
    """
    n = len(table)
    if (
        skip
        or objective.inputs_are_free
        or n > BUDGET.square_rows
        or comb(table.width, 3) > BUDGET.square_types
    ):
        return None
    supports = useful_supports(table, objective, 3)
    if sum(2 * n ** (len(s) - 1) for s in supports) > BUDGET.square_types:
        return None
    types: list[NeuronType] = []
    for support in supports:
        deadline.check()
        types.extend(t for t in types_on(table, support) if t.mask)
    types.sort(key=lambda t: len(t.support))
    sizes = np.array([len(t.support) for t in types], dtype=np.int64)
    widest = int(sizes[-1])
    inputs = np.array([[*t.support, *[-1] * (widest - len(t.support))] for t in types])
    masks = np.array([t.active(n) for t in types])
    firsts = np.searchsorted(sizes, np.arange(widest + 2))
    scale = np.array([max(abs(v) for v in (*row, 1)) for row in table.points], dtype=object)
    points = (table.points / scale[:, None]).astype(np.float64)
    labels = (table.labels / scale).astype(np.float64)
    largest = np.abs(labels).max()
    if not (largest > 0 and np.isfinite(labels).all()):
        return None
    found = np.empty((16, n), dtype=np.int64)
    draws = BUDGET.square_draws_per_set * _sets_of_columns(sizes.tolist(), n)
    if draws == 0:
        return None
    samples = min(BUDGET.square_samples, draws)
    for seed in range(min(BUDGET.square_rounds, -(-draws // samples))):
        deadline.check()
        count = sample_sets(
            points,
            labels / largest,
            inputs,
            sizes,
            masks,
            firsts,
            seed,
            samples,
            found,
        )
        for k in range(count):
            chosen: list[NeuronType] = [types[t] for t in found[k] if t >= 0]
            network = interpolant_of_types(table, range(n), chosen, skip, deadline)
            if network is not None:
                return network
    return None


def _sets_of_columns(sizes: list[int], n: int) -> int:
    """Number of sets of types that have n columns in all."""
    ways = [1] + [0] * n
    for size in sizes:
        for columns in range(n, size - 1, -1):
            ways[columns] += ways[columns - size]
    return ways[n]
