"""A continuous piecewise-linear interpolant, described by its knots and built lazily.

A law is the data, the curvature signs and one bit per point: whether point ``i`` shares a knot
with point ``i + 1``.  Every exact quantity is computed when it is asked for, so that ten million
points do not become ten million Fractions.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from exactsparse.exact.memory import empty
from exactsparse.exact.numbers import (
    counted,
    format_rational,
    linear_text,
    over_common_denominator,
    to_float,
    to_fraction,
)
from exactsparse.exact.powers import Enclosure, sum_of_powers
from exactsparse.problem.arguments import Arguments, loses_digits, quotient
from exactsparse.problem.column import scaled_floats
from exactsparse.problem.network import Network, Neuron, Skip
from exactsparse.routes.univariate.points import COMPILED_FROM, Points


@dataclass(frozen=True, repr=False)
class Piece:
    """One linear piece ``slope · x + intercept`` of a law.

    Parameters
    ----------
    start, end : Fraction or None
        Ends of the piece; None is infinity.
    slope, intercept : Fraction
        Coefficients of the line.
    """

    start: Fraction | None
    end: Fraction | None
    slope: Fraction
    intercept: Fraction

    def __repr__(self) -> str:
        start = "-∞" if self.start is None else format_rational(self.start)
        end = "∞" if self.end is None else format_rational(self.end)
        return f"<Piece: {linear_text([self.slope], self.intercept, ['x'])} from {start} to {end}>"


def values_at_integers(pieces: Sequence[Piece], at: Iterable[int]) -> list[float]:
    """Values of a law at integers, exact and then rounded: in whole numbers, as these are many.

    Parameters
    ----------
    pieces : sequence of Piece
        All of them, from left to right.
    at : iterable of int
        Python's, of any size.
    """
    starts = [math.ceil(piece.start) for piece in pieces if piece.start is not None]
    lines = []
    for piece in pieces:
        (slope, intercept), scale = over_common_denominator([piece.slope, piece.intercept])
        lines.append((slope, intercept, scale))
    found = []
    for x in at:
        slope, intercept, scale = lines[bisect_right(starts, x)]
        found.append(quotient(slope * x + intercept, scale))
    return found


@dataclass(frozen=True, eq=False, repr=False)
class PiecewiseLinear:
    """A continuous piecewise-linear function through the data.

    Parameters
    ----------
    points : Points
        The data.
    shared : ndarray of bool, shape (n,)
        Whether points ``i`` and ``i + 1`` share a knot inside their gap; every other point of
        nonzero curvature has a knot of its own.

    Examples
    --------
    >>> import exactsparse as es
    >>> law = es.solve([0, 1, 2, 3], [0, 1, 1, 0]).law
    >>> law.n_knots, [(str(at), str(change)) for at, change in law.knots()]
    (1, [('3/2', '-2')])
    """

    points: Points
    shared: NDArray[np.bool_]

    def __repr__(self) -> str:
        points = counted(len(self.points), "point")
        return f"<PiecewiseLinear: {counted(self.n_knots, 'knot')} through {points}>"

    def _repr_latex_(self) -> str | None:
        # An upward import, as users expect notebooks to show it.
        from exactsparse.export.latex import notebook_latex

        return notebook_latex(self)

    @cached_property
    def knot_points(self) -> NDArray[np.signedinteger]:
        """Point of every knot, ascending; for a shared knot the left of its two points."""
        signs = self.points.signs
        if len(signs) >= COMPILED_FROM:
            from exactsparse.routes.univariate.kernels import find_knot_points

            found = empty(len(signs), np.int32 if len(signs) < 2**31 else np.int64)
            return found[: find_knot_points(signs, self.shared, found)]
        carries = signs != 0
        carries[1:] &= ~self.shared[:-1]
        return np.flatnonzero(carries)

    @property
    def n_knots(self) -> int:
        """Number of knots."""
        return len(self.knot_points)

    def jump(self, point: int) -> Fraction:
        """Absolute slope change of the knot of a point, exact."""
        last = point + 1 if self.shared[point] else point
        return abs(self.points.slope(last) - self.points.slope(point - 1))

    def knot(self, point: int) -> tuple[Fraction, Fraction]:
        """Position and signed slope change of the knot of a point, exact."""
        before = self.points.slope(point - 1)
        if not self.shared[point]:
            return self.points.x[point], self.points.slope(point) - before
        chord, after = self.points.slope(point), self.points.slope(point + 1)
        left, right = self.points.x[point], self.points.x[point + 1]
        return left + (right - left) * (after - chord) / (after - before), after - before

    def knots(self) -> Iterator[tuple[Fraction, Fraction]]:
        """Positions and signed slope changes of all knots, exact, in ascending order."""
        return (self.knot(point) for point in self.knot_points.tolist())

    def knot_arrays(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Positions and signed slope changes of all knots in float64.

        A position is off by at most ``1e-8`` of the gap between its two data points (by
        rounding alone where the knot is at a point), a slope change by ``1e-8`` of itself; where
        floats of the data stand for decimals of more than 15 digits, also by what half a unit in
        their last place does, ``1e-4`` at most.  :meth:`knots` is exact.

        Returns
        -------
        positions, slope_changes : ndarray of float64, shape (k,)
        """
        points, at = self.points, self.knot_points
        positions, jumps = empty((2, len(at)))
        if not points.is_float64:
            self._round_exact_knots(range(len(at)), positions, jumps)
            return positions, jumps
        from exactsparse.exact.kernels import cancelled_knots, knot_arrays

        x, y, shared = points.x.values, points.y.values, self.shared
        knot_arrays(x, points.scaled_slopes, at, shared, positions, jumps)
        with np.errstate(over="ignore"):
            suspicious = not math.isfinite(jumps.sum())
        left = np.flatnonzero(~np.isfinite(jumps)) if suspicious else np.empty(0, dtype=np.intp)
        if points.is_rounded:
            from exactsparse.exact.decimal_kernels import decimal_knots

            left = np.concatenate((left, self._poor_knots()))
            read = points.x.rounded, points.y.rounded
            decimal_knots(x, y, *read, at, shared, left, positions, jumps)
        elif suspicious:
            cancelled_knots(x, y, at, shared, positions, jumps)
        left = left[~np.isfinite(jumps[left])]
        scaled_positions = scaled_floats(positions, points.x.scale)
        scaled_jumps = scaled_floats(jumps, points.slope_scale)
        if scaled_positions is None or scaled_jumps is None:
            self._round_exact_knots(range(len(at)), positions, jumps)
            return positions, jumps
        self._round_exact_knots(left.tolist(), scaled_positions, scaled_jumps)
        return scaled_positions, scaled_jumps

    def _poor_knots(self) -> NDArray[np.intp]:
        """Places of the knots of which floats know few digits, or of a part of them."""
        points = np.flatnonzero(self.points.poor)
        # A point that shares the knot of the one before it has none of its own.
        points -= self.shared[points - 1]
        points = points[np.diff(points, prepend=-1) > 0]
        places = np.searchsorted(self.knot_points, points)
        inside = places < self.n_knots
        points, places = points[inside], places[inside]
        found: NDArray[np.intp] = places[self.knot_points[places] == points]
        return found

    def _round_exact_knots(
        self, knots: Iterable[int], positions: NDArray[np.float64], jumps: NDArray[np.float64]
    ) -> None:
        for k in knots:
            position, jump = self.knot(int(self.knot_points[k]))
            positions[k], jumps[k] = to_float(position), to_float(jump)

    def pieces(self) -> Iterator[Piece]:
        """Linear pieces from left to right, exact."""
        start, anchor, slope = None, 0, self._first_slope()
        for point in self.knot_points.tolist():
            end = self.knot(point)[0]
            yield self._piece(start, end, anchor, slope)
            start, anchor = end, point + int(self.shared[point])
            slope = self.points.slope(anchor)
        yield self._piece(start, None, anchor, slope)

    def _first_slope(self) -> Fraction:
        return self.points.slope(0) if len(self.points) > 1 else Fraction(0)

    def _piece(
        self, start: Fraction | None, end: Fraction | None, anchor: int, slope: Fraction
    ) -> Piece:
        intercept = self.points.y[anchor] - slope * self.points.x[anchor]
        return Piece(start, end, slope, intercept)

    def evaluate(self, x: object) -> Fraction:
        """Value at one abscissa, exact, in logarithmic time."""
        at = to_fraction(x)
        n = len(self.points)
        if n == 1:
            return self.points.y[0]
        gap = min(max(bisect_right(range(n), at, key=self.points.x.__getitem__) - 1, 0), n - 2)
        if not self.shared[gap]:
            return self._line(gap, gap, at)
        left, right = self._line(gap - 1, gap, at), self._line(gap + 1, gap + 1, at)
        return max(left, right) if self.points.signs[gap] > 0 else min(left, right)

    def _line(self, gap: int, anchor: int, at: Fraction) -> Fraction:
        return self.points.y[anchor] + self.points.slope(gap) * (at - self.points.x[anchor])

    def predict(self, x: ArrayLike) -> NDArray[np.float64]:
        """Values at many abscissae in float64 arithmetic, shape (m,), or exact where that fails.

        Exact, and then rounded, are the values at integers beyond 2⁵³, at Fractions, Decimals and
        decimal strings, and wherever a number leaves the range of float64 on the way.

        Raises
        ------
        DataError
            If an entry is no number.
        """
        points = Arguments.of_one(x)
        at = points.floats[:, 0]
        xs, ys, slopes = self._float_polygon
        if len(xs) == 1:
            constant: NDArray[np.float64] = np.where(np.isnan(at), at, ys[0])
            return constant
        gap = np.clip(np.searchsorted(xs, at, side="right") - 1, 0, len(xs) - 2)
        inside = np.flatnonzero(self.shared[gap])
        g, t = gap[inside], at[inside]
        convex = self.points.signs[g] > 0
        lost = self._lost_gaps[gap]
        with np.errstate(over="ignore", invalid="ignore", under="ignore"):
            values = ys[gap] + slopes[gap] * (at - xs[gap])
            left = ys[g] + slopes[g - 1] * (t - xs[g])
            right = ys[g + 1] + slopes[g + 1] * (t - xs[g + 1])
            values[inside] = np.where(convex, np.maximum(left, right), np.minimum(left, right))
        near = self._lost_gaps[g - 1] | self._lost_gaps[g + 1]
        lost[inside] = near | ~np.isfinite(left) | ~np.isfinite(right)
        return points.settled(
            values, lost, lambda x: self.evaluate(*x), lambda x: self._at_integers(x[:, 0])
        )

    def _at_integers(self, at: NDArray[Any]) -> list[float]:
        if len(at) < self.n_knots:
            return [to_float(self.evaluate(x)) for x in at]
        return values_at_integers(list(self.pieces()), at)

    @cached_property
    def _float_polygon(self) -> tuple[NDArray[np.float64], ...]:
        points = self.points
        with np.errstate(over="ignore", invalid="ignore", under="ignore"):
            slopes = points.scaled_slopes * to_float(points.slope_scale)
        return points.x.to_float64(), points.y.to_float64(), slopes

    @cached_property
    def _lost_gaps(self) -> NDArray[np.bool_]:
        """Gaps whose slope is too large or too small for float64."""
        y = self.points.y.values
        return loses_digits(self._float_polygon[2], np.asarray(y[1:] == y[:-1], dtype=bool))

    def network(self) -> Network:
        """The law as a ReLU network: one neuron per knot and an affine skip."""
        slope = self._first_slope()
        intercept = self.points.y[0] - slope * self.points.x[0]
        neurons = (Neuron((Fraction(1),), -position, jump) for position, jump in self.knots())
        return Network(tuple(neurons), Skip((slope,), intercept), 1)

    def lipschitz_constant(self) -> Fraction:
        """Largest absolute slope, exact."""
        return max(abs(piece.slope) for piece in self.pieces())

    def total_slope_change(self) -> Fraction:
        """``Σ |slope change|``, the path norm for p = 1, exact."""
        jumps = (self.jump(point) for point in self.knot_points.tolist())
        return sum(jumps, Fraction(0))

    def path_norm(self, p: Fraction) -> int | Fraction | Enclosure:
        """``V_p = Σ |slope change|ᵖ``: a count for p = 0, exact for p = 1, else an enclosure.

        Parameters
        ----------
        p : Fraction
            Exponent in [0, 1].
        """
        if p == 0:
            return self.n_knots
        return self.total_slope_change() if p == 1 else self.power_sum(p)

    def power_sum(self, p: Fraction) -> Enclosure:
        """``V_p`` for 0 < p < 1, enclosed to about 38 digits."""
        return sum_of_powers((self.jump(point) for point in self.knot_points.tolist()), p)
