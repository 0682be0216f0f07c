"""The protocol of mixed-integer backends: what they are asked, and what they may claim.

A backend works in floats, in a process of its own.  Nothing that it says is proved: not its
solution, nor its bound, nor its status.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from exactsparse.routes.big_m.program import BigMProgram
from exactsparse.upper_bounds.claims import Claim, ClaimStatus

Report = Callable[[Claim], None]


@dataclass(frozen=True)
class Capabilities:
    """What a backend can do, and what it needs.

    Parameters
    ----------
    module : str
        The package that it drives.
    extra : str
        The extra of exactsparse that installs it.
    reports_incumbents : bool
        Whether better solutions are reported while it works.
    """

    module: str
    extra: str
    reports_incumbents: bool


class Backend(Protocol):
    """A solver of mixed-integer programs; it must be picklable."""

    @property
    def name(self) -> str:
        """What users call it."""

    @property
    def capabilities(self) -> Capabilities:
        """What it can do, and what it needs."""

    def solve(self, program: BigMProgram, seconds: float, report: Report) -> Claim:
        """Work on a program, on one thread.

        Parameters
        ----------
        program : BigMProgram
            What is to be minimised.
        seconds : float
            Time limit, which may be infinite.
        report : callable
            Receives claims with better solutions.
        """


def to_message(claim: Claim) -> dict[str, Any]:
    """The claim as a JSON object; floats that are not finite stay as they are."""
    return {
        "status": str(claim.status),
        "values": None if claim.values is None else list(claim.values),
        "value": claim.value,
        "bound": claim.bound,
        "seconds": claim.seconds,
        "message": claim.message,
    }


def from_message(message: dict[str, Any]) -> Claim:
    """The claim of :func:`to_message`."""
    values = message["values"]
    return Claim(
        status=ClaimStatus(message["status"]),
        values=None if values is None else tuple(map(float, values)),
        value=message["value"],
        bound=message["bound"],
        seconds=message["seconds"],
        message=message["message"],
    )
