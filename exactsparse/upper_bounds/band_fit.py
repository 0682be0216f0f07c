"""Weights of given supports and signs that keep a network within a band: in floats.

The network is linear in the weights where no activation pattern changes.  A linear program moves
them, by a limited step, to where its linear part keeps farthest from the bounds; a step that the
network itself does not gain from is taken back and shortened (sequential linear programming with a
trust region: R. Fletcher and E. Sainz de la Maza, *Nonlinear programming and nonsmooth optimization
by successive linear programming*, 1989).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exactsparse.exact.numbers import to_float
from exactsparse.lp.margin import widest_margin
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.network import Network, Neuron, Skip
from exactsparse.progress import Deadline
from exactsparse.upper_bounds.budget import BUDGET

Floats = NDArray[np.float64]

_FIRST_STEP, _LEAST_STEP = 0.5, 1e-6
_SHORTER, _LONGER = 0.25, 2.0
# A margin, in half-widths, that is enough to round weights in.
ROOMY = 0.5
_GAIN = 1e-3


@dataclass(frozen=True, eq=False)
class FloatBand:
    """A table with bounds in float64, features and bounds scaled to sizes up to 1.

    Parameters
    ----------
    points : ndarray of float64, shape (n, D)
        Rows ``(x, 1)`` over ``sizes``.
    lower, upper : ndarray of float64, shape (n,)
        Bounds over ``scale``; infinite for none.
    units : ndarray of float64, shape (n,)
        What a margin of 1 means at every row: half the width of its interval, where it has one.
    sizes : ndarray of float64, shape (D,)
        Largest entries of the inputs.
    scale : float
        Largest bound.
    """

    points: Floats
    lower: Floats
    upper: Floats
    units: Floats
    sizes: Floats
    scale: float

    @classmethod
    def of(cls, table: IntegerTable) -> FloatBand | None:
        """The table in floats; None if they cannot hold it, or all bounds are 0 or none."""
        factors = table.points[:, -1]
        points = _quotients(table.points, factors[:, None])
        lower, upper = _quotients(table.lower, factors), _quotients(table.upper, factors)
        lower[np.isnan(lower)], upper[np.isnan(upper)] = -np.inf, np.inf
        sizes = np.abs(points).max(axis=0)
        sizes[sizes == 0] = 1.0
        ends = np.abs(np.concatenate([lower, upper]))
        scale = float(ends[np.isfinite(ends)].max(initial=0.0))
        if not (0 < scale < np.inf and np.isfinite(sizes).all()):
            return None
        lower, upper = lower / scale, upper / scale
        halves = (upper - lower) / 2
        given = halves[np.isfinite(halves) & (halves > 0)]
        usual = float(np.median(given)) if len(given) else 1.0
        units = np.where(np.isfinite(halves) & (halves > 0), halves, usual)
        return cls(points / sizes, lower, upper, units, sizes, scale)

    def __len__(self) -> int:
        return len(self.lower)

    def take(self, rows: NDArray[np.int64]) -> FloatBand:
        """The rows at the given positions."""
        return FloatBand(
            self.points[rows], self.lower[rows], self.upper[rows], self.units[rows], self.sizes,
            self.scale,
        )  # fmt: skip

    def margins(self, values: Floats) -> Floats:
        """How far values are inside the bounds, in units; negative outside."""
        inside = np.minimum(values - self.lower, self.upper - values) / self.units
        return np.asarray(np.minimum(inside, 1.0))


def _quotients(numbers: NDArray[Any], factors: NDArray[Any]) -> Floats:
    """Integers over positive ones in float64, rounded once; NaN where there is none."""
    none = np.array([v is None for v in numbers.ravel().tolist()], dtype=bool).reshape(
        numbers.shape
    )
    given = np.where(none, 0, numbers)
    try:
        found = np.asarray(given / factors, dtype=np.float64)
    except OverflowError:
        factors = np.broadcast_to(factors, given.shape)
        pairs = zip(given.ravel().tolist(), factors.ravel().tolist(), strict=True)
        found = np.array([to_float(Fraction(v, s)) for v, s in pairs]).reshape(given.shape)
    found[none] = np.nan
    return found


@dataclass(frozen=True, eq=False)
class Shape:
    """Which weights a network has, one after the other: of its neurons, then of its affine part.

    Parameters
    ----------
    signs : tuple of int
        Sign of every neuron's output, 1 or −1.
    neuron : ndarray of int, shape (k,)
        Neuron of every weight; as many as there are signs for the affine part.
    column : ndarray of int, shape (k,)
        Its input.
    """

    signs: tuple[int, ...]
    neuron: NDArray[np.int64]
    column: NDArray[np.int64]

    @classmethod
    def of(
        cls, signs: Iterable[int], supports: Iterable[Iterable[int]], affine: Iterable[int]
    ) -> Shape:
        """The shape of neurons of some supports, with a free affine part on some inputs."""
        places = [(k, c) for k, support in enumerate(supports) for c in support]
        signs = tuple(signs)
        places += [(len(signs), c) for c in affine]
        both = np.array(places, dtype=np.int64).reshape(-1, 2)
        return cls(signs, both[:, 0], both[:, 1])

    @property
    def counted(self) -> int:
        """Weights of neurons."""
        return int((self.neuron < len(self.signs)).sum())

    def without(self, weights: NDArray[np.int64]) -> tuple[Shape, NDArray[np.int64]]:
        """The shape without some weights, neurons without any left out; and which are kept."""
        kept = np.setdiff1d(np.arange(len(self.neuron)), weights)
        left = [k for k in range(len(self.signs)) if (self.neuron[kept] == k).any()]
        numbers = np.full(len(self.signs) + 1, len(left))
        numbers[left] = np.arange(len(left))
        signs = tuple(self.signs[k] for k in left)
        return Shape(signs, numbers[self.neuron[kept]], self.column[kept]), kept

    def inputs(self, weights: Floats, width: int) -> Floats:
        """Input weights of every neuron, and of the affine part last, shape (m + 1, D)."""
        rows = np.zeros((len(self.signs) + 1, width))
        rows[self.neuron, self.column] = weights
        return rows

    def values(self, band: FloatBand, weights: Floats) -> Floats:
        """What the network gives at the rows."""
        rows = self.inputs(weights, band.points.shape[1])
        heights = np.maximum(band.points @ rows[:-1].T, 0.0)
        return np.asarray(heights @ np.array(self.signs, dtype=float) + band.points @ rows[-1])

    def slopes(self, band: FloatBand, weights: Floats) -> Floats:
        """Derivatives of the values by the weights, shape (n, k)."""
        rows = self.inputs(weights, band.points.shape[1])
        active = np.ones((len(band), len(rows)))
        active[:, :-1] = (band.points @ rows[:-1].T > 0) * np.array(self.signs, dtype=float)
        return np.asarray(active[:, self.neuron] * band.points[:, self.column])

    def network(self, weights: Iterable[Fraction], width: int, skip: bool) -> Network:
        """The network of exact weights."""
        rows = [[Fraction(0)] * width for _ in range(len(self.signs) + 1)]
        for k, c, weight in zip(self.neuron.tolist(), self.column.tolist(), weights, strict=True):
            rows[k][c] = weight
        neurons = tuple(
            Neuron(tuple(row[:-1]), row[-1], Fraction(sign))
            for row, sign in zip(rows[:-1], self.signs, strict=True)
            if any(row)
        )
        return Network(
            neurons, Skip(tuple(rows[-1][:-1]), rows[-1][-1]) if skip else None, width - 1
        )


def fit(
    band: FloatBand,
    shape: Shape,
    start: Floats,
    deadline: Deadline,
    enough: float = ROOMY,
    fixed: NDArray[np.bool_] | None = None,
) -> tuple[Floats, float]:
    """Weights near some that keep inside the band, and their least margin.

    Parameters
    ----------
    band : FloatBand
        All rows; few of them take part at first.
    shape : Shape
        Which weights there are.
    start : ndarray of float64, shape (k,)
        Where to begin.
    deadline : Deadline
        When to stop.
    enough : float
        Margin from which on no better one is sought.
    fixed : ndarray of bool, shape (k,), optional
        Weights that stay as they are.

    Raises
    ------
    Stopped
        If the deadline has passed.
    """
    n = len(band)
    margins = band.margins(shape.values(band, start))
    most = BUDGET.most_fitted_rows
    if n <= most:
        return _on_rows(band, shape, start, deadline, enough, fixed)
    worst = np.argsort(margins, kind="stable")[: most // 2]
    spread = np.linspace(0, n - 1, most // 4).round().astype(np.int64)
    rows, weights = np.union1d(worst, spread), start
    while True:
        weights, margin = _on_rows(band.take(rows), shape, weights, deadline, enough, fixed)
        margins = band.margins(shape.values(band, weights))
        least = float(margins.min())
        if margin <= 0 or least >= min(margin, enough) / 2 or len(rows) > 2 * most:
            return weights, least
        worst = np.argsort(margins, kind="stable")[: BUDGET.new_fitted_rows]
        rows = np.union1d(rows, worst)


def _on_rows(
    band: FloatBand,
    shape: Shape,
    weights: Floats,
    deadline: Deadline,
    enough: float,
    fixed: NDArray[np.bool_] | None,
) -> tuple[Floats, float]:
    margin = float(band.margins(shape.values(band, weights)).min())
    step = _FIRST_STEP
    for _ in range(BUDGET.most_steps):
        deadline.check()
        if step < _LEAST_STEP or margin >= enough:
            break
        slopes = shape.slopes(band, weights)
        reach = step * np.maximum(np.abs(weights), np.abs(weights).max(initial=0.0) * _GAIN)
        reach = reach if fixed is None else np.where(fixed, 0.0, reach)
        found = widest_margin(
            slopes, band.lower, band.upper, band.units, weights - reach, weights + reach,
            deadline.seconds_left,
        )  # fmt: skip
        if found is None:
            break
        moved, promised = found
        reached = float(band.margins(shape.values(band, moved)).min())
        gain = promised - margin
        if gain <= _GAIN * max(abs(margin), _GAIN):
            break
        if reached - margin > gain / 10:
            step = min(step * _LONGER, 1.0) if reached - margin > gain / 2 else step
            weights, margin = moved, reached
        else:
            step *= _SHORTER
    return weights, margin
