"""The function of a solution of one feature: floats to draw, exact numbers to say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from exactsparse.exact.numbers import to_float
from exactsparse.problem.network import Network
from exactsparse.routes.univariate.band.law import Chain
from exactsparse.routes.univariate.band.solution import LawSolution
from exactsparse.routes.univariate.piecewise_linear import PiecewiseLinear
from exactsparse.routes.univariate.route import UnivariateSolution
from exactsparse.solution import Solution

Floats = NDArray[np.float64]
Knot = tuple[Fraction, Fraction, Fraction]


@dataclass(frozen=True, eq=False)
class Curve:
    """A continuous piecewise-linear function of one feature.

    Parameters
    ----------
    positions, changes : ndarray, shape (k,)
        Knots and slope changes, rounded.
    first_slope : float
        To the left of all knots.
    knot : callable
        Position of a knot, slope before and slope after it, exact.
    evaluate : callable
        Value at an abscissa, exact.
    predict : callable
        Values at many, in float64.
    """

    positions: Floats
    changes: Floats
    first_slope: float
    knot: Callable[[int], Knot]
    evaluate: Callable[[object], Fraction]
    predict: Callable[[ArrayLike], Floats]

    @classmethod
    def of(cls, solution: Solution) -> Curve | None:
        """The curve of a solution; None of several features."""
        if isinstance(solution, UnivariateSolution):
            return cls._of_interpolant(solution.law)
        if isinstance(solution, LawSolution):
            return cls._of_chain(solution.law)
        if solution.problem.dataset.n_features == 1:
            return cls._of_network(solution.network)
        return None

    @classmethod
    def _of_interpolant(cls, law: PiecewiseLinear) -> Curve:
        positions, changes = law.knot_arrays()
        first = next(law.pieces()).slope
        points = law.knot_points

        def knot(k: int) -> Knot:
            point = int(points[k])
            position, change = law.knot(point)
            before = law.points.slope(point - 1)
            return position, before, before + change

        return cls(positions, changes, to_float(first), knot, law.evaluate, law.predict)

    @classmethod
    def _of_chain(cls, law: Chain) -> Curve:
        positions, changes = law.knot_arrays()

        def knot(k: int) -> Knot:
            return law.positions[k], law.lines[k].slope, law.lines[k + 1].slope

        first = to_float(law.lines[0].slope)
        return cls(positions, changes, first, knot, law.evaluate, law.predict)

    @classmethod
    def _of_network(cls, network: Network) -> Curve:
        """Where units switch, those that cancel out left aside."""
        bends: dict[Fraction, Fraction] = {}
        first = network.skip.weights[0] if network.skip else Fraction(0)
        for neuron in network.neurons:
            (weight,) = neuron.weights
            if weight:
                at = -neuron.bias / weight
                bends[at] = bends.get(at, Fraction(0)) + neuron.output * abs(weight)
                first += neuron.output * min(weight, Fraction(0))
        knots: list[Knot] = []
        before = first
        for at, change in sorted(bends.items()):
            if change:
                knots.append((at, before, before + change))
                before += change
        positions = np.array([to_float(at) for at, _, _ in knots])
        changes = np.array([to_float(after - before) for _, before, after in knots])

        def predict(x: ArrayLike) -> Floats:
            return network.predict(np.asarray(x, dtype=np.float64).reshape(-1, 1))

        get = knots.__getitem__
        return cls(positions, changes, to_float(first), get, network.evaluate, predict)

    @property
    def n_knots(self) -> int:
        """Number of knots."""
        return len(self.positions)

    @property
    def slopes(self) -> Floats:
        """Slopes of the pieces from left to right, rounded."""
        # What exceeds float64 is not drawn.
        with np.errstate(invalid="ignore"):
            return self.first_slope + np.concatenate(([0.0], np.cumsum(self.changes)))


def steps(edges: Floats, slopes: Floats) -> tuple[Floats, Floats]:
    """Corners of a line that has a height between each two edges.

    Examples
    --------
    >>> [v.tolist() for v in steps(np.array([0.0, 1, 2]), np.array([5.0, 6]))]
    [[0.0, 1.0, 1.0, 2.0], [5.0, 5.0, 6.0, 6.0]]
    """
    corners = [v for pair in pairwise(edges.tolist()) for v in pair]
    return np.array(corners), np.repeat(slopes, 2)
