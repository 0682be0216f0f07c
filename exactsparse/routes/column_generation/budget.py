"""How much column generation may spend, and on what: none of it changes what is proved."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Budget:
    """Limits of column generation.

    Parameters
    ----------
    first_rays_per_row : int
        Rays along coordinates that the program begins with.
    most_new_rays : int
        Rays that are added at once.
    most_entries : int
        Entries of their columns, a second of work.
    proof_in_pricings : int
        Pricings that a proof is expected to take: it goes through five times as many rays, and
        through some of them exactly.
    most_evaluations : int
        Products of rows between two looks at the clock, a tenth of a second.
    most_rejected : int
        Planes that floats leave open before they are computed exactly.
    most_rows_when_stopped : int
        Rows of a table up to which a bound is proved after Ctrl-C.
    seconds_when_stopped : float
        Time for that.
    """

    first_rays_per_row: int = 4
    most_new_rays: int = 400
    most_entries: int = 4_000_000
    proof_in_pricings: int = 8
    most_evaluations: int = 10_000_000
    most_rejected: int = 256
    most_rows_when_stopped: int = 200
    seconds_when_stopped: float = 2.0


BUDGET = Budget()
