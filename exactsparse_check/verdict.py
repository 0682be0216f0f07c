"""What comes of a check."""

from dataclasses import dataclass
from typing import Literal

# "sampled": nothing is wrong with what was replayed, which is a random part.
# "undecided": nothing is wrong with what was replayed, but something was not replayed at all.
Outcome = Literal["accepted", "sampled", "undecided", "rejected"]


@dataclass(frozen=True)
class Verdict:
    """Whether a certificate was accepted, what was replayed, and what is proved by that."""

    outcome: Outcome
    reason: str
    replayed: tuple[str, ...]
    not_replayed: tuple[str, ...]
    verified: str = ""

    @property
    def accepted(self) -> bool:
        """Whether all of the certificate was replayed."""
        return self.outcome == "accepted"

    def __str__(self) -> str:
        """Say it in a line."""
        if self.outcome == "sampled":
            return f"accepted ({self.reason})"
        return "accepted" if self.accepted else f"{self.outcome}: {self.reason}"
