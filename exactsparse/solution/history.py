"""How a search came to its result: what was proved and what was found, and when."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Stage:
    """What was known at a moment of a search.

    Parameters
    ----------
    seconds : float
        Since the search began, without those in which kernels were compiled.
    bound : int or Fraction
        Proved: no network costs less.
    cost : int, Fraction or float
        Of the best network so far, infinite without one.
    """

    seconds: float
    bound: int | Fraction
    cost: int | Fraction | float
