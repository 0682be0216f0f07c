"""How long solvers and the replay of their claims may take."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Budget:
    """Limits of the route of float solvers.

    Parameters
    ----------
    grace_seconds : float
        How long a backend may overrun its limit before its process is ended.
    pulse_seconds : float
        How often Ctrl-C is looked for while nothing is heard.
    replay_seconds : float
        How long the replay of a claim may go on after the limit.
    """

    grace_seconds: float = 1.0
    pulse_seconds: float = 0.5
    replay_seconds: float = 0.5


BUDGET = Budget()
