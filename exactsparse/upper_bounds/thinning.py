"""Networks within a band with ever fewer weights, the sparsest made exact: from weights in floats.

Weights, or neurons where these are counted, are left out one by one, small ones first, as long as
the others, fitted anew (:mod:`exactsparse.upper_bounds.band_fit`), keep within the band.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import suppress

import numpy as np
from numpy.typing import NDArray

from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.network import Network
from exactsparse.problem.objective import Objective
from exactsparse.progress import Deadline, Stopped
from exactsparse.upper_bounds.band_fit import FloatBand, Shape, fit
from exactsparse.upper_bounds.budget import BUDGET
from exactsparse.upper_bounds.few_digits import exact_network

Floats = NDArray[np.float64]

# Margin, in half-widths, from which a network may keep within the band exactly.
TOUCHES = -1e-6
# How many of the sparsest shapes of one suggestion are made exact until one is within the band.
_TRIED = 3


class Thinning:
    """Leaves weights out of networks within a band, and offers what is left.

    Parameters
    ----------
    table : IntegerTable
        All rows, with bounds.
    band : FloatBand
        The same in floats.
    objective : Objective
        What is counted.
    skip : bool
        Whether an affine part is free.
    deadline : Deadline
        When to stop.
    offer : callable
        Receives a network within the band; returns the cost of the best so far.
    below : float
        Networks that cost as much are of no use.
    """

    def __init__(
        self,
        table: IntegerTable,
        band: FloatBand,
        objective: Objective,
        skip: bool,
        deadline: Deadline,
        offer: Callable[[Network], float],
        below: float = math.inf,
    ) -> None:
        self.table, self.band, self.objective = table, band, objective
        self.skip, self.deadline, self.below = skip, deadline, below
        self._offered = offer

    def cost(self, shape: Shape) -> int:
        """What a network of a shape costs at most."""
        sizes = np.bincount(shape.neuron, minlength=len(shape.signs))[: len(shape.signs)]
        return sum(self.objective.cost_of_type(int(size)) for size in sizes if size)

    def thin_out(self, shape: Shape, weights: Floats) -> None:
        """Leave weights, or neurons, out while the others keep within the band; offer the rest.

        Parameters
        ----------
        shape : Shape
            Of a network within the band.
        weights : ndarray of float64, shape (k,)
            Its weights.

        Raises
        ------
        Stopped
            If the deadline has passed; what has been found is offered.
        """
        chain, stopped = [(shape, weights)], False
        try:
            while (smaller := self._smaller(*chain[-1])) is not None:
                chain.append(smaller)
        except Stopped:
            stopped = True
        # Where there is no room, floats may have left out one weight too many.
        for shape, weights in reversed(chain[-_TRIED:]):
            if self.cost(shape) >= self.below or self._offer(shape, weights):
                break
        if stopped:
            raise Stopped

    def _smaller(self, shape: Shape, weights: Floats) -> tuple[Shape, Floats] | None:
        for left_out in self._to_leave_out(shape, weights):
            self.deadline.check()
            fewer, kept = shape.without(left_out)
            found, margin = fit(self.band, fewer, weights[kept], self.deadline, 0.0)
            if margin >= TOUCHES:
                return fewer, found
        return None

    def _to_leave_out(self, shape: Shape, weights: Floats) -> Iterator[NDArray[np.int64]]:
        """Single weights, or those of a neuron, small ones first."""
        if not self.objective.inputs_are_free:
            counted = np.arange(shape.counted)
            yield from (counted[[k]] for k in np.argsort(np.abs(weights[: shape.counted])))
            return
        inputs = np.abs(shape.inputs(weights, self.table.width))[:-1].sum(axis=1)
        yield from (np.flatnonzero(shape.neuron == k) for k in np.argsort(inputs))

    def _offer(self, shape: Shape, weights: Floats) -> bool:
        # What was found is made exact even if the time is over.
        limit = Deadline(BUDGET.seconds_per_suggestion)
        with suppress(Stopped):
            network = exact_network(self.table, self.band, shape, weights, self.skip, limit)
            if network is not None:
                self.below = min(self.below, self._offered(network))
                return True
        return False
