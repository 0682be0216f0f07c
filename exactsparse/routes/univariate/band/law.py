"""A continuous piecewise-linear function as a chain of lines, exact."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

from exactsparse.problem.network import Network, Neuron, Skip
from exactsparse.routes.univariate.band.stabbing import Line
from exactsparse.routes.univariate.band.windows import Windows


@dataclass(frozen=True, eq=False)
class Chain:
    """Lines that cross one after the other from left to right.

    Parameters
    ----------
    lines : sequence of Line, length k + 1
        Neighbours differ in slope, and their crossings ascend strictly.

    Raises
    ------
    ValueError
        If there is no line, or the lines form no chain.
    """

    lines: Sequence[Line]

    def __post_init__(self) -> None:
        if not self.lines:
            raise ValueError("a chain needs a line")
        if any(left.slope == right.slope for left, right in pairwise(self.lines)):
            raise ValueError("neighbouring lines of a chain must differ in slope")
        if any(left >= right for left, right in pairwise(self.knots)):
            raise ValueError("the knots of a chain must ascend")

    @cached_property
    def knots(self) -> list[Fraction]:
        """Abscissae of the k crossings, ascending."""
        return [crossing(left, right) for left, right in pairwise(self.lines)]

    @property
    def n_knots(self) -> int:
        """Number of knots."""
        return len(self.lines) - 1

    def evaluate(self, x: Fraction) -> Fraction:
        """Value at an abscissa, exact."""
        return self.lines[bisect_left(self.knots, x)].at(x)

    def network(self) -> Network:
        """The function as a ReLU network: one neuron per knot and an affine skip."""
        neurons = tuple(
            Neuron((Fraction(1),), -knot, right.slope - left.slope)
            for knot, (left, right) in zip(self.knots, pairwise(self.lines), strict=True)
        )
        return Network(neurons, Skip((self.lines[0].slope,), self.lines[0].intercept), 1)


def crossing(left: Line, right: Line) -> Fraction:
    """Abscissa where two lines of different slope cross."""
    return (left.intercept - right.intercept) / (right.slope - left.slope)


def first_miss(chain: Chain, windows: Windows) -> int | None:
    """Position of the first window that a chain does not pass through; None if it passes all."""
    piece = 0
    for i, x in enumerate(windows.x):
        while piece < chain.n_knots and chain.knots[piece] < x:
            piece += 1
        value, low, high = chain.lines[piece].at(x), windows.lower[i], windows.upper[i]
        if (low is not None and value < low) or (high is not None and value > high):
            return i
    return None
