"""The best exact network so far, and the replay of what backends claim."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence

from exactsparse.patterns.interpolant_of_types import interpolant_of_types
from exactsparse.patterns.neuron_types import NeuronType
from exactsparse.problem.dataset import Dataset
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.network import Network
from exactsparse.problem.problem import Problem
from exactsparse.progress import Deadline, Stopped
from exactsparse.upper_bounds.directional_interpolant import directional_interpolant

_logger = logging.getLogger(__name__)
# Signs and rows are branched on: large sets, which no good claim has, would take too long.
_MOST_NEURONS = 16
_SECONDS_PER_SET = 2.0


class Incumbent:
    """Keeps the cheapest network that was seen to interpolate every point in rationals.

    It begins with interpolation along a direction, or with the affine part alone where that will
    do, so that there always is one.

    Parameters
    ----------
    problem : Problem
        Data and objective.
    table : IntegerTable
        The data.
    """

    def __init__(self, problem: Problem, table: IntegerTable) -> None:
        self._objective, self._skip = problem.objective, problem.skip == "affine"
        self._points: Dataset = problem.dataset.canonical
        self._table = table
        self.network = directional_interpolant(table, self._objective, self._skip)
        nothing = interpolant_of_types(table, range(len(table)), (), self._skip, Deadline())
        if nothing is not None:
            self.offer(nothing)
        self.is_free = nothing is not None

    @property
    def cost(self) -> int:
        """Cost of the network."""
        return self.network.count(self._objective)

    def offer(self, network: Network) -> bool:
        """Take a cheaper network, after a check of every point; whether it was taken."""
        if network.count(self._objective) >= self.network.count(self._objective):
            return False
        self._check(network)
        self.network = network
        return True

    def replay(
        self, types: Sequence[NeuronType], sets: Iterable[Sequence[int]], deadline: Deadline
    ) -> int | None:
        """Look for exact networks of claimed types; keep the best.

        Parameters
        ----------
        types : sequence of NeuronType
            Types on all rows; positions 2k and 2k + 1 of a set are type k.
        sets : iterable of sequences of int
            Sets of types that a claim may mean.
        deadline : Deadline
            When to give up.

        Returns
        -------
        int or None
            Least cost of a network that came of the sets.

        Raises
        ------
        Stopped
            If the deadline has passed.
        """
        best: int | None = None
        for chosen in sets:
            if len(chosen) > _MOST_NEURONS:
                continue
            deadline.check()
            own = [types[position // 2] for position in chosen]
            limit = Deadline(min(deadline.seconds_left, _SECONDS_PER_SET))
            try:
                network = interpolant_of_types(
                    self._table, range(len(self._table)), own, self._skip, limit
                )
            except Stopped:
                continue
            if network is None:
                _logger.debug("no exact network of the claimed types %s", own)
                continue
            cost = network.count(self._objective)
            best = cost if best is None else min(best, cost)
            self.offer(network)
        return best

    def _check(self, network: Network) -> None:
        """Evaluate the network at every point, whatever made it."""
        for i in range(self._points.n_points):
            *point, label = self._points.row(i)
            if network.evaluate(point) != label:
                raise AssertionError(f"a network misses the point {i}")
