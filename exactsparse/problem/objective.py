"""What a network costs: everything that an algorithm needs to know of an objective.

An objective is its name, the word that users write and that certificates hold, with methods.  Other
modules ask it; none compares names.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING

from exactsparse.errors import ProblemError
from exactsparse.exact.numbers import counted, format_rational

if TYPE_CHECKING:
    from exactsparse.problem.network import Network


# Longer numbers are shown as floats.
_MOST_BITS_SHOWN = 64


class Objective(str):
    """A cost of networks, equal to its name.

    Examples
    --------
    >>> NEURONS == "neurons", NEURONS.columns(2, rank=3), PARAMETERS.columns(2, rank=3)
    (True, 6, 2)
    """

    __slots__ = ()
    # Whether the cost of a network is a number of things.
    is_count = True
    # Whether a tolerance is what is to be small, labels being met within it.
    is_tolerance = False
    # Whether a neuron costs the same however many inputs it has.
    inputs_are_free = False

    @property
    def stand_in(self) -> Objective:
        """The count that stands for it where a network is only to begin with."""
        return self

    def cost_of_type(self, n_inputs: int) -> int:
        """What a neuron with so many inputs, the bias included, costs at most."""
        raise NotImplementedError

    def cost_of(self, network: Network, p: Fraction | None = None) -> int | Fraction:
        """What a network costs, exact.

        Parameters
        ----------
        network : Network
            Any.
        p : Fraction or None
            Exponent of a path norm.

        Raises
        ------
        ValueError
            If the cost is no rational number that can be computed.
        """
        raise NotImplementedError

    def columns(self, cost: int, rank: int) -> int:
        """Columns of the neurons of a network of some cost, together, at most.

        Parameters
        ----------
        cost : int
            Of the network.
        rank : int
            Number of inputs that do not depend on each other.
        """
        raise NotImplementedError

    def generic_bound(self, columns: int, rank: int) -> int:
        """Least cost of so many columns: what almost all labels cost."""
        raise NotImplementedError

    def describe(self, p: Fraction | None) -> str:
        """What messages call it."""
        return f"objective {str(self)!r}"

    def amount(self, cost: int | Fraction | float) -> str:
        """A cost in words: ``9 parameters``, ``path norm 0.5``; of no network, ``∞ parameters``."""
        if cost == math.inf:
            return f"∞ {self.replace('_', ' ')}"
        if isinstance(cost, Fraction):
            return f"{self.replace('_', ' ')} {format_rational(cost)}"
        return counted(int(cost), self.removesuffix("s"))


class _Parameters(Objective):
    def cost_of_type(self, n_inputs: int) -> int:
        return n_inputs

    def cost_of(self, network: Network, p: Fraction | None = None) -> int:
        return network.n_parameters

    def columns(self, cost: int, rank: int) -> int:
        return cost

    def generic_bound(self, columns: int, rank: int) -> int:
        return columns


class _Neurons(Objective):
    inputs_are_free = True

    def cost_of_type(self, n_inputs: int) -> int:
        return 1

    def cost_of(self, network: Network, p: Fraction | None = None) -> int:
        return network.n_neurons

    def columns(self, cost: int, rank: int) -> int:
        return cost * rank

    def generic_bound(self, columns: int, rank: int) -> int:
        return -(-columns // rank)


class _PathNorm(Objective):
    is_count = False

    @property
    def stand_in(self) -> Objective:
        # The fewest neurons are as good a beginning as any.
        return NEURONS

    def cost_of(self, network: Network, p: Fraction | None = None) -> Fraction:
        if p != 1:
            raise ValueError(f"a path norm with p = {p} is not counted in rationals")
        return network.l1_path_norm

    def describe(self, p: Fraction | None) -> str:
        # Python writes no integers of more than 4,300 digits.
        if p is None or p.denominator.bit_length() <= _MOST_BITS_SHOWN:
            return f"the path norm with p = {p}"
        return f"the path norm with p = {format_rational(p)}"


class _Tolerance(Objective):
    is_count = False
    is_tolerance = True

    def describe(self, p: Fraction | None) -> str:
        return "the least tolerance"


NEURONS = _Neurons("neurons")
PARAMETERS = _Parameters("parameters")
PATH_NORM = _PathNorm("path_norm")
TOLERANCE = _Tolerance("tolerance")
# What users may name; the others follow from p and knots.
COUNTS: tuple[Objective, ...] = (NEURONS, PARAMETERS)
OBJECTIVES: tuple[Objective, ...] = (*COUNTS, PATH_NORM, TOLERANCE)


def objective_named(name: str) -> Objective:
    """The objective of a name.

    Raises
    ------
    ProblemError
        If none has it.
    """
    for objective in OBJECTIVES:
        if objective == name:
            return objective
    names = ", ".join(map(repr, OBJECTIVES))
    raise ProblemError(f"objective must be one of {names}, but it is {name!r}")
