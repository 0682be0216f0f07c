"""What is to be minimised over which data: the one input of every route."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np

from exactsparse.errors import ProblemError
from exactsparse.exact.numbers import rational_text, to_fraction
from exactsparse.problem.dataset import Dataset
from exactsparse.problem.network import Network

Exponent = int | float | str | Fraction | Decimal


@dataclass(frozen=True, eq=False)
class Problem:
    """Interpolate a dataset at minimal cost.

    Parameters
    ----------
    dataset : Dataset
        The points.
    objective : str
        ``"neurons"`` (knot count, the ℓ⁰ path norm) or ``"path_norm"`` (``Σ |vₖwₖ|ᵖ``).
    p : Fraction or None
        Exponent of the path norm in [0, 1]; None for ``"neurons"``.
    skip : str
        ``"affine"``: a free term ``a·x + c``.
    """

    dataset: Dataset
    objective: str
    p: Fraction | None
    skip: str

    @property
    def exponent(self) -> Fraction:
        """Exponent p of the path norm that is minimised; 0 for a count."""
        return self.p or Fraction(0)

    def cost(self, network: Network) -> int | Fraction:
        """What a network costs, counted or, for p = 1, summed from its weights.

        Raises
        ------
        ValueError
            If the objective is a path norm with another p, which is no rational.
        """
        if self.objective != "path_norm":
            return network.count(self.objective)
        if self.p != 1:
            raise ValueError(f"a path norm with p = {self.p} is not counted in rationals")
        return network.l1_path_norm

    def objective_json(self) -> dict[str, str | None]:
        """The objective as solutions and certificates write it."""
        return {
            "kind": self.objective,
            "p": None if self.p is None else rational_text(self.p),
            "skip": self.skip,
            "tolerance": "0",
        }


def parse_exponent(value: Exponent) -> Fraction:
    """Read p as typed: ``0.1`` means 1/10, also when it comes as a float.

    Raises
    ------
    ProblemError
        If the value is no number in [0, 1].
    """
    try:
        typed = str(value) if isinstance(value, float | np.floating) else value
        exponent = to_fraction(typed)
    except ValueError:
        raise ProblemError(f"p must be a number from 0 to 1, but it is {value!r}") from None
    if not 0 <= exponent <= 1:
        raise ProblemError(f"p must lie between 0 and 1, but it is {value}")
    return exponent


def parse_tolerance(value: Exponent) -> Fraction:
    """Read a tolerance as typed: ``0.1`` means 1/10, also when it comes as a float.

    Raises
    ------
    ProblemError
        If the value is no nonnegative number.
    """
    try:
        typed = str(value) if isinstance(value, float | np.floating) else value
        tolerance = to_fraction(typed)
    except ValueError:
        raise ProblemError(f"tolerance must be a number, but it is {value!r}") from None
    if tolerance < 0:
        raise ProblemError(f"tolerance must not be negative, but it is {value}")
    return tolerance
