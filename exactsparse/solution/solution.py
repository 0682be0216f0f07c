"""What every route returns: status, value, proved bound, network."""

from __future__ import annotations

import math
import sys
from abc import ABC, abstractmethod
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import Any

from exactsparse.certificate import Certificate, certify
from exactsparse.errors import NoCertificateError
from exactsparse.exact.numbers import rational_text, to_float
from exactsparse.exact.powers import Enclosure
from exactsparse.problem.network import Network
from exactsparse.problem.problem import Problem
from exactsparse.solution.display import Display
from exactsparse.solution.exports import Exports
from exactsparse.solution.history import Stage

Value = int | Fraction | float | Enclosure

# Longer fractions are shown as floats.
_MOST_BITS_SHOWN = 64


class Status(StrEnum):
    """Outcome of a solve.

    ``optimal``: the network interpolates exactly and no interpolant is cheaper, proved.
    ``feasible``: it interpolates exactly; a cheaper one may exist above the proved bound.
    ``infeasible``: no function meets the data, proved.
    """

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Solution(Display, Exports, ABC):
    """Result of :func:`exactsparse.solve`.

    Parameters
    ----------
    problem : Problem
        What was solved.
    status : Status
        ``"optimal"`` only with an exact proof.
    cost : int, Fraction, float or Enclosure
        Cost of the network: a count, exact for p = 1 and tolerances, an enclosure for 0 < p < 1,
        infinite where there is none.
    bound : int, Fraction or Enclosure
        Proved lower bound of the cost of every interpolant.
    method : str
        The route that answered.
    seconds : float
        Wall time of the route.
    generic_lower_bound : int or None
        A bound for almost all labels, which proves nothing about these.
    history : tuple of Stage
        What a search had proved and found, and when; empty where nothing is searched.
    """

    problem: Problem
    status: Status
    cost: Value
    bound: Value
    method: str
    seconds: float
    generic_lower_bound: int | None = None
    history: tuple[Stage, ...] = ()

    def __repr__(self) -> str:
        value = self.value
        if isinstance(value, Fraction) and value.denominator.bit_length() > _MOST_BITS_SHOWN:
            value = to_float(value)
        return f"<{type(self).__name__}: {self.status}, value {value}>"

    @property
    def value(self) -> int | Fraction | float:
        """Cost of the network; for 0 < p < 1 the float64 nearest the middle of its enclosure."""
        return float(self.cost) if isinstance(self.cost, Enclosure) else self.cost

    @property
    def value_enclosure(self) -> Enclosure | None:
        """For 0 < p < 1, an interval with rational ends around the cost and ``value``; else None.

        ``cost`` is the tighter interval, which need not contain the rounded ``value``.
        """
        if not isinstance(self.cost, Enclosure):
            return None
        if math.isinf(self.value):
            return self.cost
        rounded = Fraction(self.value)
        return self.cost.hull(Enclosure(rounded, rounded))

    @property
    def lower_bound(self) -> int | Fraction | float:
        """Proved lower bound; for 0 < p < 1 a float64 rounded down, or the value if optimal."""
        if self.status is Status.OPTIMAL:
            return self.value
        if isinstance(self.bound, Enclosure):
            return _float_below(self.bound.lower)
        return self.bound

    @property
    def unique(self) -> bool | None:
        """Whether the minimiser is the only one as a function; None if not determined."""
        return None

    @property
    def hint(self) -> str | None:
        """What another question about the same data would show, in a line; None if nothing."""
        return None

    @property
    @abstractmethod
    def network(self) -> Network:
        """The interpolating network, exact."""

    @cached_property
    def certificate(self) -> Certificate:
        """The proof of optimality, to be saved and checked by ``exactsparse_check``.

        Raises
        ------
        NoCertificateError
            If nothing is proved of the solution but a bound.
        """
        if self.status is Status.FEASIBLE:
            raise NoCertificateError("only a proved result has a certificate; allow more time")
        if self.status is Status.INFEASIBLE:
            return certify(self.problem, None, None, self._argument())
        return certify(self.problem, self.network, self.cost, self._argument())

    @abstractmethod
    def _argument(self) -> dict[str, Any]:
        """Why no interpolant costs less than the network, as certificates write it."""

    @property
    def remarks(self) -> tuple[str, ...]:
        """What a summary says about the proof beside the bound, one sentence each."""
        return ()

    def to_json(self) -> dict[str, Any]:
        """JSON object of the schema ``exactsparse/solution/1``, rationals as strings."""
        return self._json(self.network)

    def _json(self, network: Network | None) -> dict[str, Any]:
        enclosure = self.value_enclosure
        result: dict[str, Any] = {
            "schema": "exactsparse/solution/1",
            "status": str(self.status),
            "objective": self.problem.objective_json(),
            "value": json_number(self.value),
            "lower_bound": json_number(self.lower_bound),
            "generic_lower_bound": self.generic_lower_bound,
            "unique": self.unique,
            "method": self.method,
            "n_points": self.problem.dataset.n_points,
            "n_features": self.problem.dataset.n_features,
            "seconds": round(self.seconds, 6),
            "network": None if network is None else network.to_json(),
            "certificate": None,
        }
        if self.hint is not None:
            result["hint"] = self.hint
        if enclosure is not None:
            result["value_enclosure"] = [rational_text(end) for end in enclosure]
        return result


def json_number(value: int | Fraction | float) -> int | str | float | None:
    """Write a value for JSON: rationals as strings."""
    if isinstance(value, float) and math.isinf(value):
        # JSON has no infinity; the enclosure says how large the value is.
        return None
    return rational_text(value) if isinstance(value, Fraction) else value


def _float_below(value: Fraction) -> float:
    nearest = to_float(value)
    if math.isinf(nearest):
        return min(nearest, sys.float_info.max)
    return nearest if Fraction(nearest) <= value else math.nextafter(nearest, -math.inf)
