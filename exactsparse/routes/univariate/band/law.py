"""A continuous piecewise-linear function as a chain of lines, exact."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from exactsparse.exact.numbers import counted, to_float, to_fraction
from exactsparse.problem.arguments import Arguments, loses_digits
from exactsparse.problem.network import Network, Neuron, Skip
from exactsparse.routes.univariate.band.stabbing import Line
from exactsparse.routes.univariate.band.windows import Windows
from exactsparse.routes.univariate.piecewise_linear import Piece, values_at_integers


@dataclass(frozen=True, eq=False, repr=False)
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
        if any(left >= right for left, right in pairwise(self.positions)):
            raise ValueError("the knots of a chain must ascend")

    def __repr__(self) -> str:
        return f"<Chain: {counted(self.n_knots, 'knot')}>"

    def _repr_latex_(self) -> str | None:
        # An upward import, as users expect notebooks to show it.
        from exactsparse.export.latex import notebook_latex

        return notebook_latex(self)

    @cached_property
    def positions(self) -> list[Fraction]:
        """Abscissae of the k crossings, ascending."""
        return [crossing(left, right) for left, right in pairwise(self.lines)]

    @property
    def n_knots(self) -> int:
        """Number of knots."""
        return len(self.lines) - 1

    def knots(self) -> Iterator[tuple[Fraction, Fraction]]:
        """Positions and signed slope changes of all knots, exact, in ascending order."""
        changes = (right.slope - left.slope for left, right in pairwise(self.lines))
        return zip(self.positions, changes, strict=True)

    def knot_arrays(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Positions and signed slope changes of all knots, rounded to float64, shape (k,) each."""
        pairs = [(to_float(position), to_float(change)) for position, change in self.knots()]
        columns = np.array(pairs, dtype=np.float64).reshape(-1, 2)
        return columns[:, 0], columns[:, 1]

    def pieces(self) -> Iterator[Piece]:
        """Linear pieces from left to right, exact."""
        ends: list[Fraction | None] = [None, *self.positions, None]
        for line, start, end in zip(self.lines, ends[:-1], ends[1:], strict=True):
            yield Piece(start, end, line.slope, line.intercept)

    def evaluate(self, x: object) -> Fraction:
        """Value at an abscissa, exact."""
        at = to_fraction(x)
        return self.lines[bisect_left(self.positions, at)].at(at)

    def predict(self, x: ArrayLike) -> NDArray[np.float64]:
        """Values at many abscissae in float64 arithmetic, shape (m,), or exact where that fails.

        Each is reckoned from the nearer end of its piece, so that large intercepts do not cancel.
        Exact, and then rounded, are the values at integers beyond 2⁵³, at Fractions, Decimals and
        decimal strings, and wherever a number leaves the range of float64 on the way.

        Raises
        ------
        DataError
            If an entry is no number.
        """
        points = Arguments.of_one(x)
        at = points.floats[:, 0]
        positions = np.array([to_float(v) for v in self.positions])
        slopes = np.array([to_float(line.slope) for line in self.lines])
        anchors = self.positions or [Fraction(0)]
        # The lines to the left of the knots pass through them.
        heights = np.array([to_float(t.at(v)) for t, v in zip(self.lines, anchors, strict=False)])
        places = np.array([to_float(v) for v in anchors])
        piece = np.searchsorted(positions, at, side="left")
        anchor = np.clip(piece - 1, 0, len(anchors) - 1)
        with np.errstate(over="ignore", invalid="ignore", under="ignore"):
            values: NDArray[np.float64] = heights[anchor] + slopes[piece] * (at - places[anchor])
        lost = loses_digits(slopes, np.array([line.slope == 0 for line in self.lines]))
        return points.settled(
            values,
            lost[piece],
            lambda x: self.evaluate(*x),
            lambda x: values_at_integers(list(self.pieces()), x[:, 0]),
        )

    def network(self) -> Network:
        """The function as a ReLU network: one neuron per knot and an affine skip."""
        neurons = tuple(
            Neuron((Fraction(1),), -knot, right.slope - left.slope)
            for knot, (left, right) in zip(self.positions, pairwise(self.lines), strict=True)
        )
        return Network(neurons, Skip((self.lines[0].slope,), self.lines[0].intercept), 1)


def crossing(left: Line, right: Line) -> Fraction:
    """Abscissa where two lines of different slope cross."""
    return (left.intercept - right.intercept) / (right.slope - left.slope)


def first_miss(chain: Chain, windows: Windows) -> int | None:
    """Position of the first window that a chain does not pass through; None if it passes all."""
    piece = 0
    for i, x in enumerate(windows.x):
        while piece < chain.n_knots and chain.positions[piece] < x:
            piece += 1
        value, low, high = chain.lines[piece].at(x), windows.lower[i], windows.upper[i]
        if (low is not None and value < low) or (high is not None and value > high):
            return i
    return None
