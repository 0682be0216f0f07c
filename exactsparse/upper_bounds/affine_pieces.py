"""An incumbent from the affine pieces of the data: few neurons on many points leave large pieces.

Affine functions through small groups of points, near each other or far out in some direction, are
guessed in float64 and computed in rationals; those that meet more points than they must are pieces
(random sample consensus, Fischler and Bolles 1981).  Across the hyperplane of a neuron
``v (w · x̄)₊`` two pieces differ by ``v w · x̄``, the same wherever it is crossed.  Differences whose
hyperplanes cut no piece are candidates; one exact linear system decides which of them make up the
labels.  Every neuron can be turned around, ``(t)₊ = t + (−t)₊``; of all ways the cheapest is kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exactsparse.exact.cones import solve_equations
from exactsparse.exact.integers import primitive
from exactsparse.exact.numbers import over_common_denominator
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.network import Network, Neuron, Skip
from exactsparse.problem.objective import Objective
from exactsparse.progress import Deadline
from exactsparse.upper_bounds.budget import BUDGET

Floats = NDArray[np.float64]
Affine = tuple[Fraction, ...]
Bend = tuple[int, ...]

_FITS = 1e-9
_STRAY = 0.1


def from_affine_pieces(
    table: IntegerTable, objective: Objective, skip: bool, deadline: Deadline
) -> Network | None:
    """Interpolate by the hyperplanes on which affine pieces of the data meet.

    The draws are the same in every run.  None if the pieces do not explain the labels.

    Parameters
    ----------
    table : IntegerTable
        All rows.
    objective : Objective
        What is counted.
    skip : bool
        Whether an affine part is free.
    deadline : Deadline
        Asked between the draws.

    Raises
    ------
    Stopped
        If the deadline has passed.
    """
    width = table.width
    if width > BUDGET.piece_inputs or len(table) < 4 * (width + 1) or len(table.basis) < width:
        return None
    pieces = list(_pieces(table, deadline))
    bends = _bends(table, pieces, deadline)
    active = [np.maximum(_values(table, bend), 0) for bend in bends]
    while True:
        deadline.check()
        # The columns of x̄ take up what is left, an affine function.
        columns = [*table.points.T.tolist(), *(values.tolist() for values in active)]
        space = solve_equations(columns, table.labels.tolist())
        if space is None:
            return None
        if not space.directions:
            break
        # Too many candidates: the rarest go.
        bends.pop()
        active.pop()
    weights = [Fraction(value, space.denominator) for value in space.point]
    used = [(bend, weight) for bend, weight in zip(bends, weights[width:], strict=True) if weight]
    return _cheapest(table, tuple(weights[:width]), used, objective, skip, deadline)


def _pieces(table: IntegerTable, deadline: Deadline) -> Iterator[tuple[Affine, NDArray[np.bool_]]]:
    """Affine functions that meet more points than they must, and the rows that they explain."""
    n, width = len(table), table.width
    generator = np.random.default_rng(0)
    rows = np.sort(generator.permutation(n)[: BUDGET.piece_rows])
    scales = table.points[rows, -1]
    points = (table.points[rows] / scales[:, None]).astype(np.float64)
    labels = (table.labels[rows] / scales).astype(np.float64)
    size = np.abs(points).max(axis=0)
    largest = np.abs(labels).max()
    if not (np.isfinite(points).all() and 0 < largest < np.inf):
        return
    points, labels = points / size, labels / largest
    left = np.ones(len(rows), dtype=bool)
    found, failed, draw = 0, 0, 0
    while found < BUDGET.pieces and failed < BUDGET.piece_patience and left.sum() > 2 * width:
        deadline.check()
        draw, failed = draw + 1, failed + 1
        inliers = _consensus(points, labels, np.flatnonzero(left), generator, draw)
        if len(inliers) < width + 2:
            continue
        own = rows[inliers]
        space = solve_equations(table.points[own].T.tolist(), table.labels[own].tolist())
        if space is None or space.directions:
            continue
        affine = tuple(Fraction(value, space.denominator) for value in space.point)
        values = _values(table, space.point)
        explained = np.asarray(values == table.labels * space.denominator, dtype=bool)
        left &= ~explained[rows]
        found, failed = found + 1, 0
        yield affine, explained


def _consensus(
    points: Floats, labels: Floats, left: NDArray[np.int64], generator: np.random.Generator,
    draw: int,
) -> NDArray[np.int64]:  # fmt: skip
    """Rows on one affine function through as many points as it has weights, of many such."""
    width = points.shape[1]
    groups = []
    for k in range(BUDGET.piece_batch):
        if (draw + k) % 2:
            # Points near one of them.
            center = points[left[generator.integers(len(left))]]
            order = np.abs(points[left] - center).max(axis=1)
        else:
            # Points far out along a few coordinates.
            direction = generator.choice([-1.0, 1.0], width)
            kept = generator.permutation(width)[: generator.integers(1, width + 1)]
            order = -(points[left][:, kept] @ direction[kept])
        pool = (
            left[np.argpartition(order, 3 * width)[: 3 * width]] if len(left) > 3 * width else left
        )
        groups.append(generator.permutation(pool)[:width])
    chosen = np.array(groups)
    systems = points[chosen]
    regular = np.abs(np.linalg.det(systems)) > 1e-12
    if not regular.any():
        return np.zeros(0, dtype=np.int64)
    weights = np.linalg.solve(systems[regular], labels[chosen[regular]][:, :, None])[:, :, 0]
    errors = np.abs(points[left] @ weights.T - labels[left][:, None])
    fits = errors <= _FITS * (1 + np.abs(weights).max(axis=1))
    inliers: NDArray[np.int64] = left[fits[:, int(np.argmax(fits.sum(axis=0)))]]
    return inliers


def _values(table: IntegerTable, weights: Sequence[Fraction | int]) -> NDArray[Any]:
    """Exact values of an affine function on the scaled rows."""
    values: NDArray[Any] = table.points.dot(np.array(weights, dtype=object))
    return values


def _bends(
    table: IntegerTable, pieces: list[tuple[Affine, NDArray[np.bool_]]], deadline: Deadline
) -> list[Bend]:
    """Differences of pieces whose hyperplanes cut no piece, some of the most frequent."""
    count: Counter[Bend] = Counter()
    for (a, _), (b, _) in combinations(pieces, 2):
        difference = [p - q for p, q in zip(a, b, strict=True)]
        count[primitive(over_common_denominator(difference)[0])] += 1
    kept: list[Bend] = []
    for bend in sorted(count, key=lambda bend: (-count[bend], sum(map(bool, bend)), bend)):
        deadline.check()
        if len(kept) == BUDGET.bends:
            break
        signs = np.sign(_values(table, bend).astype(np.float64))
        above = np.array([(signs[explained] > 0).sum() for _, explained in pieces])
        below = np.array([(signs[explained] < 0).sum() for _, explained in pieces])
        # A piece may meet some labels beyond its region by chance.
        cut = np.minimum(above, below) > _STRAY * (above + below)
        if not cut.any() and (above > below).any() and (above < below).any():
            kept.append(bend)
    return kept


def _cheapest(
    table: IntegerTable,
    affine: Affine,
    bends: list[tuple[Bend, Fraction]],
    objective: Objective,
    skip: bool,
    deadline: Deadline,
) -> Network:
    """The cheapest way to turn the neurons around and to write what is left, as time permits."""
    best: Network | None = None
    for turned in range(1 << min(len(bends), BUDGET.turned)):
        if best is not None and not deadline.seconds_left:
            break
        neurons = []
        left = affine
        for k, (bend, weight) in enumerate(bends):
            inside = tuple(map(Fraction, bend))
            if turned >> k & 1:
                inside = tuple(-value for value in inside)
                left = tuple(p + weight * q for p, q in zip(left, bend, strict=True))
            neurons.append(Neuron(inside[:-1], inside[-1], weight))
        if not skip:
            neurons.extend(_as_neurons(table, left))
        network = Network(
            tuple(neurons), Skip(left[:-1], left[-1]) if skip else None, table.width - 1
        )
        if best is None or objective.cost_of(network) < objective.cost_of(best):
            best = network
    assert best is not None
    return best


def _as_neurons(table: IntegerTable, affine: Affine) -> list[Neuron]:
    """An affine function on the data by at most two neurons."""
    if not any(affine):
        return []
    values = _values(table, affine)
    for sign in (1, -1):
        if (sign * values >= 0).all():
            inside = tuple(sign * value for value in affine)
            return [Neuron(inside[:-1], inside[-1], Fraction(sign))]
    lowest = min(value / row[-1] for value, row in zip(values, table.points, strict=True))
    neurons = [Neuron(affine[:-1], affine[-1] - lowest, Fraction(1))]
    if lowest:
        constant = (Fraction(0),) * (table.width - 1)
        side = 1 if lowest > 0 else -1
        neurons.append(Neuron(constant, abs(lowest), Fraction(side)))
    return neurons
