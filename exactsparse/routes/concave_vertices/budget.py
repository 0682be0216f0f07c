"""How much the search over vertices may spend: none of it changes what is proved."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Budget:
    """Limits of the search.

    Parameters
    ----------
    most_sets : int
        Bases up to which all are gone through: about an hour on one thread.
    most_sets_of_path : int
        The same for all p at once.
    most_lines : int
        Lines of the refined arrangement up to which rays are listed, at most.
    most_found : int
        Room for sets that one task of the walk may find, at first.
    starts : int
        Random bases from which exchanges of one ray begin.
    exponents_of_path : tuple of float
        Exponents of such searches before those for all p.
    starts_of_path : int
        Random bases for each of them.
    seconds_for_bound : float
        Time for the linear program of a bound, once the search has ended.
    seconds_between_looks : float
        Time between two looks at the clock.
    """

    most_sets: int = 20_000_000_000
    most_sets_of_path: int = 2_000_000_000
    most_lines: int = 5_000
    most_found: int = 256
    starts: int = 40
    exponents_of_path: tuple[float, ...] = (0.01, 0.15, 0.3, 0.45, 0.6, 0.75, 0.9, 0.99)
    starts_of_path: int = 12
    seconds_for_bound: float = 5.0
    seconds_between_looks: float = 0.05


BUDGET = Budget()
