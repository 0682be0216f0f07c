"""The one door through which networks become solutions: exact evaluation on all rows.

Whatever made a network, floats, a solver or a proof, it counts only after every label was compared
with its value in rationals, and its cost is counted here.
"""

from __future__ import annotations

import logging
import math
from fractions import Fraction
from typing import NamedTuple

from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.network import Network
from exactsparse.problem.problem import Problem
from exactsparse.problem.residuals import missed_row
from exactsparse.progress import WORK_CLOCK, Stopped
from exactsparse.solution import Stage, Status

_logger = logging.getLogger(__name__)


class Settled(NamedTuple):
    """What a route may say about the best network.

    Parameters
    ----------
    network : Network
        Interpolates every row.
    cost : int or Fraction
        What it costs.
    status : Status
        Optimal if and only if the cost equals the proved bound.
    history : tuple of Stage
        How the bound and the cost came about.
    """

    network: Network
    cost: int | Fraction
    status: Status
    history: tuple[Stage, ...]


class Incumbent:
    """Keeps the cheapest network that was seen to interpolate every row in rationals.

    Parameters
    ----------
    problem : Problem
        What costs are, and whether an affine part is free.
    table : IntegerTable
        All rows.
    """

    def __init__(self, problem: Problem, table: IntegerTable) -> None:
        self._problem, self._table = problem, table
        self._network: Network | None = None
        self._cost: int | Fraction | float = math.inf
        self._bound: int | Fraction = 0
        self._began = WORK_CLOCK.now()
        self._history: list[Stage] = []

    @property
    def cost(self) -> int | Fraction | float:
        """Cost of the network; infinite before there is one."""
        return self._cost

    @property
    def network(self) -> Network | None:
        """The network, if there is one."""
        return self._network

    def level(self, cost: int) -> str:
        """What users are told while networks of a cost are sought."""
        most = "" if math.isinf(self._cost) else f" of at most {self._cost}"
        amount = self._problem.objective.amount(cost)
        return f"level {cost}{most}: no network of {amount} so far"

    def note(self, bound: int | Fraction) -> None:
        """Record that a search has proved that no network costs less.

        Parameters
        ----------
        bound : int or Fraction
            Recorded where it is greater than the one before; :meth:`settle` decides by its own.
        """
        if bound > self._bound:
            self._bound = bound
            self._record()
            _logger.info("proved: at least %s", self._problem.objective.amount(bound))

    def _record(self) -> None:
        seconds = WORK_CLOCK.now() - self._began
        self._history.append(Stage(seconds, self._bound, self._cost))

    def offer(self, network: Network | None, source: str, *, decides: bool = False) -> bool:
        """Take a cheaper network, if it interpolates.

        Parameters
        ----------
        network : Network or None
            None is never taken.
        source : str
            Where it comes from, for the log.
        decides : bool
            Whether a proof goes on from there being no network here: then one that misses a row
            leaves the question open.

        Returns
        -------
        bool
            Whether it was taken.

        Raises
        ------
        Stopped
            If the network decides and misses a row.
        """
        if network is None:
            return False
        cost = self._problem.cost(network)
        if decides and not self.is_exact(network, source):
            raise Stopped
        if cost >= self._cost or not (decides or self.is_exact(network, source)):
            return False
        self._network, self._cost = network, cost
        self._record()
        _logger.info("found: %s, by %s", self._problem.objective.amount(cost), source)
        return True

    def prefer(self, network: Network | None, source: str) -> bool:
        """Take a network that costs no more, if it interpolates: one of simpler numbers.

        Parameters
        ----------
        network : Network or None
            None is never taken.
        source : str
            Where it comes from, for the log.
        """
        if network is None or self._problem.cost(network) > self._cost:
            return False
        if not self.is_exact(network, source):
            return False
        self._network, self._cost = network, self._problem.cost(network)
        return True

    def is_exact(self, network: Network, source: str) -> bool:
        """Whether a network interpolates every row within the problem; else a warning says why.

        Parameters
        ----------
        network : Network
            Of any origin.
        source : str
            Where it comes from, for the log.
        """
        reason = self._objection(network)
        if reason is not None:
            _logger.warning("a network from %s is discarded: %s", source, reason)
        return reason is None

    def settle(self, bound: int | Fraction) -> Settled:
        """The best network, beside a proved lower bound.

        Parameters
        ----------
        bound : int or Fraction
            No network costs less.

        Raises
        ------
        AssertionError
            If there is no network, or one that costs less than the bound.
        """
        if self._network is None or isinstance(self._cost, float):
            raise AssertionError("no network that was made interpolates the data")
        if self._cost < bound:
            raise AssertionError(f"a network of cost {self._cost} contradicts the bound {bound}")
        status = Status.OPTIMAL if self._cost == bound else Status.FEASIBLE
        self.note(bound)
        self._record()
        return Settled(self._network, self._cost, status, tuple(self._history))

    def _objection(self, network: Network) -> str | None:
        if network.n_features != self._table.width - 1:
            return f"it takes {network.n_features} features"
        if network.skip is not None and self._problem.skip != "affine":
            return "it has an affine part, which the problem has not"
        row = missed_row(network, self._table)
        return None if row is None else f"it misses the canonical point {row} (counting from 0)"
