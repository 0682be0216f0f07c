"""Sparse interpolants by reweighted ℓ¹ minimisation over rays, rounded to exact networks.

The supports and patterns of every solution (:mod:`exactsparse.upper_bounds.reweighted_l1`) are
kept, and solved in rationals on all rows
(:mod:`exactsparse.patterns.interpolant_of_types`): floats suggest a network, and never
decide that it interpolates.  Of many rows only some, spread over the data, take part in the
program; what it suggests must then have fewer parameters than these rows, and fit the others in
floats.
"""

from __future__ import annotations

import math
from contextlib import suppress
from fractions import Fraction
from itertools import product

import numpy as np
from numpy.typing import NDArray

from exactsparse.exact.numbers import to_float
from exactsparse.patterns.closed_cells import RayNeuron
from exactsparse.patterns.interpolant_of_types import interpolant_of_types
from exactsparse.patterns.neuron_types import NeuronType
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.network import Network
from exactsparse.problem.objective import Objective
from exactsparse.progress import Deadline, Stopped
from exactsparse.upper_bounds.budget import BUDGET
from exactsparse.upper_bounds.reweighted_l1 import RayPool, Reweighting, few_rows

Floats = NDArray[np.float64]

# Of many rows, a suggestion may have so many parameters per row: others fit by chance.
_MOST_COLUMNS = 2 / 3
_NEAR = (0.5, 0.1)
_EXPONENTS = (0.1, 0.5)
_FITS = 1e-6


def sparse_interpolant(
    table: IntegerTable,
    objective: Objective,
    skip: bool,
    deadline: Deadline,
    below: float = math.inf,
    p: float | None = None,
) -> Network | None:
    """The sparsest interpolant that rounding reweighted solutions gives, if any.

    The same in every run, as far as the deadline does not cut it short.

    Parameters
    ----------
    table : IntegerTable
        All rows.
    objective : Objective
        What is counted.
    skip : bool
        Whether an affine part is free.
    deadline : Deadline
        When to stop with the best so far.
    below : float
        Networks that cost as much are of no use.
    p : float, optional
        Exponent in (0, 1); several are tried by default.
    """
    suggestions = _Suggestions(table, objective, skip, deadline, below)
    if suggestions.in_range:
        with suppress(Stopped):
            suggestions.run(_EXPONENTS if p is None else (p,))
    return suggestions.best


class _Suggestions:
    """Rounds what the rounds of reweighting suggest, and keeps the best."""

    def __init__(
        self,
        table: IntegerTable,
        objective: Objective,
        skip: bool,
        deadline: Deadline,
        below: float,
    ) -> None:
        self.table, self.skip, self.deadline, self.below = table, skip, deadline, below
        self.objective, self.by_support = objective, not objective.inputs_are_free
        self.best: Network | None = None
        n = len(table)
        spread = np.linspace(0, n - 1, few_rows(n, table.width))
        self.rows = np.unique(spread.round().astype(np.int64))
        scale = np.abs(table.points).max(axis=1)
        self.points = (table.points / scale[:, None]).astype(np.float64)
        pairs = zip(table.labels.tolist(), scale.tolist(), strict=True)
        self.labels = np.array([to_float(Fraction(label, int(size))) for label, size in pairs])
        self.affine = np.array(table.basis if skip else (), dtype=np.int64)
        self._seen = set[frozenset[NeuronType]]()

    @property
    def in_range(self) -> bool:
        """Whether there are labels that floats can hold."""
        largest = np.abs(self.labels[self.rows]).max()
        return bool(0 < largest < math.inf and np.isfinite(self.labels).all())

    @property
    def sampled(self) -> bool:
        """Whether some rows take no part."""
        return len(self.table) > len(self.rows)

    def run(self, exponents: tuple[float, ...]) -> None:
        """Go through seeds and settings.

        Raises
        ------
        Stopped
            If the deadline has passed, or the rays do not meet the labels.
        """
        self.labels /= np.abs(self.labels[self.rows]).max()
        for seed, near, exponent in product(range(BUDGET.seeds), _NEAR, exponents):
            missed = self._rounds(seed, near, exponent)
            while len(missed) and self.best is None and len(self.rows) < 2 * BUDGET.most_rows:
                self.rows = np.union1d(self.rows, missed)
                missed = self._rounds(seed, near, exponent)
            if self.best is not None and self.sampled:
                # So few parameters fit so many rows by no chance.
                return

    def _rounds(self, seed: int, near: float, exponent: float) -> NDArray[np.int64]:
        """Round the solutions of all rounds; rows that the last suggestion missed."""
        missed = np.empty(0, dtype=np.int64)
        points, labels = self.points[self.rows], self.labels[self.rows]
        for units in Reweighting(
            RayPool.of(points), labels, labels, points[:, self.affine], exponent, near, seed,
            self.by_support, self.deadline,
        ).rounds():  # fmt: skip
            types = frozenset(map(self._type, units))
            if types in self._seen:
                continue
            self._seen.add(types)
            if sum(self.objective.cost_of_type(len(t.support)) for t in types) >= self.below:
                continue
            if self.sampled:
                if sum(len(t.support) for t in types) > _MOST_COLUMNS * len(self.rows):
                    continue
                missed = self._missed(units)
                if len(missed):
                    continue
            self._offer(types)
        return missed

    def _type(self, unit: RayNeuron) -> NeuronType:
        return unit.type if self.by_support else NeuronType(self.table.basis, unit.type.mask)

    def _missed(self, units: list[RayNeuron]) -> NDArray[np.int64]:
        """Some rows that a solution misses most, in float64."""
        values = sum(unit.side * np.maximum(self.points @ unit.weights, 0.0) for unit in units)
        residuals: Floats = self.labels - values
        if len(self.affine):
            columns = self.points[:, self.affine]
            residuals = residuals - columns @ np.linalg.lstsq(columns, residuals, rcond=None)[0]
        worst = np.argsort(-np.abs(residuals), kind="stable")[: BUDGET.new_rows]
        return worst[np.abs(residuals[worst]) > _FITS]

    def _offer(self, types: frozenset[NeuronType]) -> None:
        """Keep the exact network of some types, if there is one and it is cheaper."""
        ordered = sorted(types, key=lambda t: (*t.support, -1, t.mask))
        limit = Deadline(min(BUDGET.seconds_per_suggestion, self.deadline.seconds_left))
        with suppress(Stopped):
            found = interpolant_of_types(self.table, self.rows.tolist(), ordered, self.skip, limit)
            if found is None:
                return
            cost = self.objective.cost_of(found)
            if cost < self.below:
                self.best, self.below = found, float(cost)
