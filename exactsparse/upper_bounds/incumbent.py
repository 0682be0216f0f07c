"""The one door for networks: an incumbent is what was evaluated on all rows, exactly.

Producers of networks are many, and heuristic; what a route calls optimal must not depend on any of
them.  A network that misses a label, or has an affine part where the problem has none, is logged
and left aside, and the search goes on without it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from fractions import Fraction

from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.network import Network
from exactsparse.problem.residuals import missed_row

_logger = logging.getLogger(__name__)


class Incumbent:
    """Keeps the cheapest network that was seen to interpolate every row in rationals.

    Parameters
    ----------
    table : IntegerTable
        All rows.
    skip : bool
        Whether networks may have an affine part.
    cost : callable
        What a network costs, exactly.
    """

    def __init__(
        self, table: IntegerTable, skip: bool, cost: Callable[[Network], int | Fraction]
    ) -> None:
        self._table, self._skip, self._cost_of = table, skip, cost
        self._network: Network | None = None
        self._cost: int | Fraction | None = None

    @property
    def network(self) -> Network:
        """The cheapest network.

        Raises
        ------
        AssertionError
            If none has been taken, which interpolation along a direction always gives.
        """
        if self._network is None:
            raise AssertionError("no network that interpolates was found")
        return self._network

    @property
    def cost(self) -> int | Fraction:
        """Cost of the network.

        Raises
        ------
        AssertionError
            As :attr:`network`.
        """
        if self._cost is None:
            raise AssertionError("no network that interpolates was found")
        return self._cost

    def offer(self, network: Network | None) -> bool:
        """Take a network that is cheaper and interpolates; whether it was taken.

        Parameters
        ----------
        network : Network or None
            Whatever a producer has found.
        """
        if network is None:
            return False
        cost = self._cost_of(network)
        if self._cost is not None and cost >= self._cost:
            return False
        fault = self._fault(network)
        if fault:
            _logger.error("a network of cost %s was left aside: %s", cost, fault)
            return False
        self._network, self._cost = network, cost
        return True

    def _fault(self, network: Network) -> str:
        """Why a network is none for the problem; empty if it is."""
        if network.n_features != self._table.width - 1:
            return f"it takes {network.n_features} features"
        if network.skip is not None and not self._skip:
            return "it has an affine part"
        row = missed_row(network, self._table)
        return "" if row is None else f"it misses the point {row}, counted from 0 in sorted order"
