"""Which weights a network could do without, its activation patterns kept: suggestions in floats.

Reweighted ℓ¹ minimisation (E. J. Candès, M. B. Wakin and S. P. Boyd, *Enhancing sparsity by
reweighted ℓ¹ minimization*, 2008) over the weights that interpolate with the given patterns and
signs of output weights, a linear program in each round.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exactsparse.exact.numbers import to_float
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.network import Network
from exactsparse.progress import Deadline

Floats = NDArray[np.float64]

_ROUNDS = 6
_MOST_ENTRIES = 4_000_000
_EPSILON = 1e-3
_ZERO = 1e-9
_TOLERANCE = 1e-10


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
    if m == 0 or m * n * width * max(m, 1) > _MOST_ENTRIES:
        return
    points, labels = _scaled_rows(table)
    weights = np.array([[to_float(w) for w in neuron.scaled[0]] for neuron in network.neurons])
    if not (np.isfinite(labels).all() and np.isfinite(weights).all()):
        return
    signs = [neuron.scaled[1] for neuron in network.neurons]
    program = _Program(points, labels, weights, signs, network.skip is not None)
    sizes = np.abs(weights) / max(np.abs(weights).max(), np.finfo(float).tiny)
    for _ in range(_ROUNDS):
        found = program.solve(1 / (sizes + _EPSILON), deadline)
        if found is None:
            return
        largest = np.abs(found).max()
        yield tuple(tuple(np.flatnonzero(row > _ZERO * largest).tolist()) for row in np.abs(found))
        sizes = np.abs(found) / max(largest, np.finfo(float).tiny)


def _scaled_rows(table: IntegerTable) -> tuple[Floats, Floats]:
    """Rows of entries up to 1, labels up to 1 where the rows are not larger."""
    scale = np.abs(table.points).max(axis=1)
    points = np.array((table.points / scale[:, None]).astype(np.float64))
    pairs = zip(table.labels.tolist(), scale.tolist(), strict=True)
    labels = np.array([to_float(Fraction(label, int(size))) for label, size in pairs])
    return points, labels / (np.abs(labels).max() or 1.0)


class _Program:
    """``min Σ costs |z|`` over weights of all neurons with fixed patterns, by HiGHS."""

    def __init__(
        self, points: Floats, labels: Floats, weights: Floats, signs: list[int], skip: bool
    ) -> None:
        import highspy

        n, width = points.shape
        m = len(weights)
        self._shape, self._free = (m, width), width if skip else 0
        active = weights @ points.T > 0
        # Twice every weight, for its positive and negative part, then the affine part.
        equations = np.concatenate(
            [sign * on[:, None] * points for sign, on in zip(signs, active, strict=True)], axis=1
        )
        cells = np.zeros((m * n, m * width))
        for k, on in enumerate(active):
            block = np.where(on, 1.0, -1.0)[:, None] * points
            cells[k * n : (k + 1) * n, k * width : (k + 1) * width] = block
        rows = np.concatenate([equations, cells])
        affine = np.zeros((len(rows), self._free))
        affine[:n] = points[:, : self._free]
        matrix = np.concatenate([rows, -rows, affine], axis=1)
        infinity = highspy.kHighsInf
        program = highspy.HighsLp()
        program.num_row_, program.num_col_ = matrix.shape
        program.row_lower_ = np.concatenate([labels, np.zeros(m * n)])
        program.row_upper_ = np.concatenate([labels, np.full(m * n, infinity)])
        allowed = np.where(weights.ravel() != 0, infinity, 0.0)
        program.col_lower_ = np.concatenate(
            [np.zeros(2 * m * width), np.full(self._free, -infinity)]
        )
        program.col_upper_ = np.concatenate([allowed, allowed, np.full(self._free, infinity)])
        program.col_cost_ = np.zeros(matrix.shape[1])
        where, which = np.nonzero(matrix.T)
        program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        program.a_matrix_.start_ = np.searchsorted(where, np.arange(matrix.shape[1] + 1))
        program.a_matrix_.index_ = which
        program.a_matrix_.value_ = matrix.T[where, which]
        self._highs: Any = highspy.Highs()
        for option, value in {
            "output_flag": False,
            "threads": 1,
            "solver": "simplex",
            "primal_feasibility_tolerance": _TOLERANCE,
        }.items():
            self._highs.setOptionValue(option, value)
        self._highs.passModel(program)

    def solve(self, costs: Floats, deadline: Deadline) -> Floats | None:
        """Weights of a sparse solution, shape (m, width), or None if floats find none.

        Raises
        ------
        Stopped
            If the deadline has passed.
        """
        import highspy

        deadline.check()
        every = np.concatenate([costs.ravel(), costs.ravel(), np.zeros(self._free)])
        count = len(every)
        self._highs.changeColsCost(count, np.arange(count, dtype=np.int32), every)
        limit = min(self._highs.getRunTime() + deadline.seconds_left, highspy.kHighsInf)
        self._highs.setOptionValue("time_limit", float(limit))
        self._highs.run()
        if self._highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        values: Floats = np.array(self._highs.getSolution().col_value)[: 2 * costs.size]
        return (values[: costs.size] - values[costs.size :]).reshape(self._shape)
