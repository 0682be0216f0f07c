"""Least ℓ¹ path norm of several features by a linear program over all sign vectors, in floats.

Cells of the data and coordinate hyperplanes are found by brute force: a sign vector is one of a
cell if a linear program finds a point of it.  In a cell the norm and the ReLU are linear, and the
program has one vector of variables per cell and output sign.  No rays, no duals.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from scipy.optimize import linprog

_MARGIN = 1e-7


def _cells(rows: np.ndarray) -> list[np.ndarray]:
    """Sign vectors of the full-dimensional cells, one row after the other.

    A point of a cell settles the side of the next row that it is on; the opposite of a cell is one.
    """
    point = _inner_point(rows[:1], [1])
    assert point is not None
    found: list[tuple[list[int], np.ndarray]] = [([1], point)]
    for n in range(1, len(rows)):
        parents, found = found, []
        for signs, point in parents:
            for sign in (1, -1):
                inside = sign * float(rows[n] @ point) > _MARGIN
                other = point if inside else _inner_point(rows[: n + 1], [*signs, sign])
                if other is not None:
                    found.append(([*signs, sign], other))
    return [side * np.array(signs) for signs, _ in found for side in (1, -1)]


def _inner_point(rows: np.ndarray, signs: list[int]) -> np.ndarray | None:
    """Some w of the unit cube whose products all have the given signs, by a margin; else None."""
    width = rows.shape[1]
    margin = np.column_stack([-np.array(signs)[:, None] * rows, np.ones(len(rows))])
    result = linprog(
        [*[0] * width, -1], A_ub=margin, b_ub=np.zeros(len(rows)),
        bounds=[(-1, 1)] * width + [(None, 1)],
    )  # fmt: skip
    return result.x[:-1] if -result.fun > _MARGIN else None


Bounds = list[Fraction | None]


def least_path_norm(X: list[list[Fraction]], y: list[Fraction], skip: str) -> float:
    """The optimum through labels, to some nine digits."""
    return least_path_norm_within(X, [*y], [*y], skip)


def least_path_norm_within(
    X: list[list[Fraction]], lower: Bounds, upper: Bounds, skip: str
) -> float:
    """The optimum within bounds, None for none, to some nine digits."""
    points = np.array([[*map(float, row), 1.0] for row in X])
    sizes = np.abs(points).max(axis=1)
    points = points / sizes[:, None]
    low = np.array([-np.inf if t is None else float(t) for t in lower]) / sizes
    high = np.array([np.inf if t is None else float(t) for t in upper]) / sizes
    width = points.shape[1]
    rows = np.concatenate([np.eye(width), points[[any(row) for row in points]]])
    columns, costs, cones = [], [], []
    for signs in _cells(rows):
        active = signs[width:] > 0
        block = np.where(active[:, None], points, 0.0)
        for output in (1, -1):
            columns.append(output * block)
            costs.extend(signs[:width])
            cones.append(-signs[:, None] * rows)
    size, n = len(costs), len(points)
    free = width if skip == "affine" else 0
    above = np.zeros((sum(len(c) for c in cones), size + free))
    for k, cone in enumerate(cones):
        above[k * len(cone) : (k + 1) * len(cone), k * width : (k + 1) * width] = cone
    values = np.column_stack([*columns, points[:, :free] if free else np.empty((n, 0))])
    exact, below, over = low == high, np.isfinite(low), np.isfinite(high)
    below, over = below & ~exact, over & ~exact
    result = linprog(
        [*costs, *[0] * free],
        A_ub=np.concatenate([above, -values[below], values[over]]),
        b_ub=np.concatenate([np.zeros(len(above)), -low[below], high[over]]),
        A_eq=values[exact],
        b_eq=low[exact],
        bounds=[(None, None)] * (size + free),
    )
    assert result.status == 0, result.message
    return float(result.fun)
