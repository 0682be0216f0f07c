"""What solvers claim in floats, beside what became of it in exact arithmetic."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

from exactsparse.problem.network import Network
from exactsparse.solution import Solution


class ClaimStatus(StrEnum):
    """What a backend says about its own end."""

    OPTIMAL = "optimal"
    INFEASIBLE = "infeasible"
    STOPPED = "stopped"
    FAILED = "failed"


@dataclass(frozen=True)
class Claim:
    """What a backend says about a program; none of it is proved.

    Parameters
    ----------
    status : ClaimStatus
        Its end; ``stopped`` while it is still at work.
    values : tuple of float or None
        Its solution, one number per column of the program.
    value : float or None
        Cost of that solution.
    bound : float or None
        Its lower bound for the program.
    seconds : float
        Wall time of its work.
    message : str
        Its own words.
    """

    status: ClaimStatus
    values: tuple[float, ...] | None = None
    value: float | None = None
    bound: float | None = None
    seconds: float = 0.0
    message: str = ""

    @property
    def finite_bound(self) -> float | None:
        """The bound, if it is a number."""
        return self.bound if self.bound is not None and math.isfinite(self.bound) else None

    @property
    def finite_value(self) -> float | None:
        """The value, if it is a number."""
        return self.value if self.value is not None and math.isfinite(self.value) else None


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class ClaimedSolution(Solution):
    """Solution beside which a solver has made claims; none of them enters status or bound.

    Parameters
    ----------
    interpolant : Network
        The cheapest exact network that was found.
    solver : str
        The backend.
    claim : Claim
        What it said; none of it is proved.
    replayed : int or None
        Cost of the exact network that came of its last solution, None without one.
    proof : str
        Where the lower bound comes from, in words.
    cuts : tuple of tuple of int
        Farkas multipliers of the exact cuts, one for every canonical point.

    Examples
    --------
    >>> import exactsparse as es
    >>> xor = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]
    >>> solution = es.solve(*xor, method="big-m")
    >>> solution.value, solution.lower_bound, solution.claim.status.value
    (4, 1, 'optimal')
    """

    cost: int | Fraction
    bound: int
    interpolant: Network
    solver: str
    claim: Claim
    replayed: int | Fraction | None
    proof: str
    cuts: tuple[tuple[int, ...], ...]

    @property
    def network(self) -> Network:
        """The interpolating network, exact."""
        return self.interpolant

    @property
    def claimed_lower_bound(self) -> float | None:
        """The solver's own bound, which proves nothing."""
        return self.claim.finite_bound

    @property
    def claim_outcome(self) -> str:
        """What became of the claim in exact arithmetic, in a sentence."""
        bound, value = self.claim.finite_bound, self.claim.finite_value
        said = f"{self.solver} {self.claim.status}"
        if self.claim.message:
            said += f" ({self.claim.message})"
        if bound is not None and _rounded_up(bound) > self.cost:
            return f"{said}: refuted, its bound {bound:.6g} exceeds the cost of the exact network"
        if self.method == "cuts":
            if bound is None or _rounded_up(bound) > self.bound:
                return f"{said}: its bound is not confirmed by exact branch and bound"
            return f"{said}: its bound is confirmed by exact branch and bound"
        if value is None:
            return f"{said}: no solution was claimed"
        if round(value) < self.bound:
            return f"{said}: refuted, its value {value:.6g} is below the proved bound"
        if self.replayed is None:
            return f"{said}: no exact network comes of its solution of value {value:.6g}"
        if self.replayed > round(value):
            return f"{said}: value {value:.6g}, of which comes an exact network of {self.replayed}"
        return f"{said}: an exact network confirms its value {value:.6g}, its bound is unproved"

    def _argument(self) -> dict[str, Any]:
        return {"kind": "farkas", "cuts": [[str(weight) for weight in cut] for cut in self.cuts]}

    @property
    def remarks(self) -> tuple[str, ...]:
        """Where the bound comes from, and what was claimed."""
        bound = self.claimed_lower_bound
        claimed = "none" if bound is None else f"{bound:.6g}"
        return (
            f"proof: {self.proof}",
            f"claimed lower bound {claimed}: {self.claim_outcome}",
        )

    def to_json(self) -> dict[str, Any]:
        """JSON object of the schema ``exactsparse/solution/1``, with what was claimed."""
        return super().to_json() | {
            "solver": self.solver,
            "claimed_lower_bound": self.claimed_lower_bound,
            "claim": {
                "status": str(self.claim.status),
                "value": self.claim.finite_value,
                "bound": self.claimed_lower_bound,
                "outcome": self.claim_outcome,
            },
        }


def _rounded_up(bound: float) -> int:
    """Costs are integers: the least one that a float bound of some tolerance allows."""
    return -int(-(bound - 1e-6) // 1)
