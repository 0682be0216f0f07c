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


def least_path_norm(X: list[list[Fraction]], y: list[Fraction], skip: str) -> float:
    """The optimum, to some nine digits."""
    points = np.array([[*map(float, row), 1.0] for row in X])
    points = points / np.abs(points).max(axis=1)[:, None]
    labels = np.array([float(t) for t in y]) / np.array(
        [max(1.0, *(abs(float(v)) for v in row)) for row in X]
    )
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
    size, n = len(costs), len(labels)
    free = width if skip == "affine" else 0
    above = np.zeros((sum(len(c) for c in cones), size + free))
    for k, cone in enumerate(cones):
        above[k * len(cone) : (k + 1) * len(cone), k * width : (k + 1) * width] = cone
    equal = np.column_stack([*columns, points[:, :free] if free else np.empty((n, 0))])
    result = linprog(
        [*costs, *[0] * free], A_ub=above, b_ub=np.zeros(len(above)), A_eq=equal, b_eq=labels,
        bounds=[(None, None)] * (size + free),
    )  # fmt: skip
    assert result.status == 0, result.message
    return float(result.fun)
