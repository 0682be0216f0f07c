"""Sparse networks within a band: reweighted ℓ¹ over rays, fitted, thinned out, and made exact.

Rays through some rows suggest supports, patterns and signs
(:mod:`exactsparse.upper_bounds.reweighted_l1`).  Weights of these are moved into the band
(:mod:`exactsparse.upper_bounds.band_fit`), left out one by one as long as the others keep within
it (:mod:`exactsparse.upper_bounds.thinning`), and rounded to few digits.  Rows that a suggestion
misses most take part in the next one.

Affine functions that keep within the band in whole regions, whose differences are neurons, as
:mod:`exactsparse.upper_bounds.affine_pieces` has them of labels, were tried beside it: of 30
teachers of 5 to 8 weights, two to five features and 50 to 500 rows, with noise of 10⁻² and 10⁻³
of the labels' deviation, they led to 9 and reweighting to 27, the 9 among them.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import suppress
from itertools import product

import numpy as np
from numpy.typing import NDArray

from exactsparse.patterns.closed_cells import RayNeuron
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.network import Network
from exactsparse.problem.objective import Objective
from exactsparse.progress import Deadline, Stopped
from exactsparse.upper_bounds.band_fit import FloatBand, Shape, fit
from exactsparse.upper_bounds.budget import BUDGET
from exactsparse.upper_bounds.reweighted_l1 import RayPool, Reweighting, few_rows
from exactsparse.upper_bounds.thinning import TOUCHES, Thinning

Floats = NDArray[np.float64]

_NEAR = (0.5, 0.1)
_EXPONENTS = (0.1, 0.5)


def offer_within_band(
    table: IntegerTable,
    objective: Objective,
    skip: bool,
    deadline: Deadline,
    offer: Callable[[Network], float],
    below: float = math.inf,
) -> None:
    """Offer networks, each cheaper than those before it, until the time or the ideas are over.

    The same in every run, as far as the deadline does not cut it short.

    Parameters
    ----------
    table : IntegerTable
        All rows, with bounds.
    objective : Objective
        What is counted.
    skip : bool
        Whether an affine part is free.
    deadline : Deadline
        When to stop.
    offer : callable
        Receives a network that was evaluated exactly; returns the cost of the best so far.
    below : float
        Networks that cost as much are of no use.
    """
    band = FloatBand.of(table)
    if band is not None:
        with suppress(Stopped):
            _Suggestions(Thinning(table, band, objective, skip, deadline, offer, below)).run()


class _Suggestions:
    """Fits what the rounds of reweighting suggest, and thins it out."""

    def __init__(self, thinning: Thinning) -> None:
        self.thinning, self.band, self.table = thinning, thinning.band, thinning.table
        self.deadline = thinning.deadline
        self.affine = self.table.basis if thinning.skip else ()
        self.by_support = not thinning.objective.inputs_are_free
        self._seen = set[bytes]()

    def run(self) -> None:
        """Go through seeds and settings.

        Raises
        ------
        Stopped
            If the deadline has passed.
        """
        last = 0
        for seed in range(BUDGET.band_seeds):
            before, rows = self.thinning.below, self._rows(seed)
            pool = RayPool.of(self.band.take(rows).points)
            for near, exponent in product(_NEAR, _EXPONENTS):
                missed = self._rounds(rows, pool, seed, near, exponent)
                while len(missed) and len(rows) < 2 * BUDGET.most_rows:
                    rows = np.union1d(rows, missed)
                    pool = RayPool.of(self.band.take(rows).points)
                    missed = self._rounds(rows, pool, seed, near, exponent)
            if self.thinning.below < before:
                last = seed
            elif seed - last == BUDGET.vain_seeds:
                return

    def _rows(self, seed: int) -> NDArray[np.int64]:
        """Rows with bounds that rays are drawn through: spread, or other ones for every seed."""
        bounded = np.flatnonzero(np.isfinite(self.band.lower) | np.isfinite(self.band.upper))
        count = few_rows(len(bounded), self.table.width)
        if seed:
            chosen = np.random.default_rng(seed).permutation(len(bounded))[:count]
            return np.sort(bounded[chosen])
        spread = np.linspace(0, len(bounded) - 1, count).round().astype(np.int64)
        return np.asarray(bounded[np.unique(spread)])

    def _rounds(
        self, rows: NDArray[np.int64], pool: RayPool, seed: int, near: float, exponent: float
    ) -> NDArray[np.int64]:
        """Go through the solutions of all rounds; rows that the last one misses most."""
        some = self.band.take(rows)
        free = some.points[:, list(self.affine)]
        reweighting = Reweighting(
            pool, some.lower, some.upper, free, exponent, near, seed,
            self.by_support, self.deadline,
        )  # fmt: skip
        found: list[tuple[int, int, Shape, Floats]] = []
        try:
            for units in reweighting.rounds():
                shape, weights = self._shape(units, reweighting.affine)
                found.append((self.thinning.cost(shape), len(found), shape, weights))
        except Stopped:
            # If not the time, floats failed, or rays of few inputs do not meet the bounds.
            self.deadline.check()
        missed = np.empty(0, dtype=np.int64)
        for cost, _, shape, weights in sorted(found, key=lambda each: each[:2]):
            key = shape.neuron.tobytes() + shape.column.tobytes() + np.sign(weights).tobytes()
            if key in self._seen or cost >= self.thinning.below + BUDGET.spare_cost:
                continue
            self._seen.add(key)
            weights, margin = fit(self.band, shape, weights, self.deadline, 0.0)
            if margin >= TOUCHES:
                self.thinning.thin_out(shape, weights)
            elif not len(missed):
                margins = self.band.margins(shape.values(self.band, weights))
                worst = np.argsort(margins, kind="stable")[: BUDGET.new_rows]
                missed = np.setdiff1d(worst[margins[worst] < TOUCHES], rows)
        return missed

    def _shape(self, units: list[RayNeuron], affine: Floats) -> tuple[Shape, Floats]:
        every = tuple(range(self.table.width)) if self.by_support else self.table.basis
        supports = [
            np.flatnonzero(unit.weights).tolist() if self.by_support else list(every)
            for unit in units
        ]
        shape = Shape.of([unit.side for unit in units], supports, self.affine)
        inputs = np.array([*(unit.weights for unit in units), np.zeros(self.table.width)])
        inputs[-1, list(self.affine)] = affine
        return shape, inputs[shape.neuron, shape.column]
