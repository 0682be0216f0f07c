"""Extreme rays of the cells of activation patterns, refined by the coordinate hyperplanes.

On a cell of the arrangement of the N data hyperplanes ``x̄ᵢ · w = 0`` and the D coordinate
hyperplanes ``w_c = 0``, both ``(X̄w)₊`` and ``‖w‖₁`` are linear in w.  The coordinate hyperplanes
leave no line in a cell, so that every w in it is a nonnegative sum of its extreme rays r, with
``(X̄w)₊ = Σ (X̄r)₊`` and ``‖w‖₁ = Σ ‖r‖₁`` for the summands: for p = 1 neurons on rays suffice, and
a dual vector that respects the rays respects every neuron.  An extreme ray is where D − 1
independent hyperplanes meet.
"""

from __future__ import annotations

from itertools import combinations
from typing import Any

import flint
import numpy as np
from numpy.typing import NDArray

from exactsparse.exact.integers import primitive

Integers = NDArray[Any]


def hyperplanes(points: Integers) -> Integers:
    """Pairwise different hyperplanes of the refined arrangement, the coordinates first.

    Parameters
    ----------
    points : ndarray of int (object), shape (n, D)
        Rows ``x̄ᵢ`` times positive factors; zero and parallel rows are allowed.

    Returns
    -------
    ndarray of int (object), shape (m, D)
        Primitive normals.
    """
    width = points.shape[1]
    normals = [tuple(int(i == c) for i in range(width)) for c in range(width)]
    normals += [primitive(row) for row in points.tolist() if any(row)]
    return np.array(list(dict.fromkeys(normals)), dtype=object)


def extreme_rays(points: Integers) -> Integers:
    """All extreme rays, one of each opposite pair.

    Parameters
    ----------
    points : ndarray of int (object), shape (n, D)
        As for :func:`hyperplanes`.

    Returns
    -------
    ndarray of int (object), shape (m, D)
        Primitive, first nonzero entry positive, sorted.
    """
    return np.array(sorted(lines_of(hyperplanes(points))), dtype=object)


def lines_of(normals: Integers) -> list[tuple[int, ...]]:
    """All lines in which hyperplanes meet, in the order in which they are found.

    Parameters
    ----------
    normals : ndarray of int (object), shape (m, D)
        Pairwise different hyperplanes.
    """
    chosen = combinations(range(len(normals)), normals.shape[1] - 1)
    rays = (ray_of(normals[list(positions)]) for positions in chosen)
    return list(dict.fromkeys(ray for ray in rays if ray is not None))


def ray_of(normals: Integers) -> tuple[int, ...] | None:
    """Where hyperplanes meet in a line: its primitive direction; else None.

    Parameters
    ----------
    normals : ndarray of int (object), shape (m, D)
        Normals; one variable alone has the ray (1).
    """
    width = normals.shape[1]
    if len(normals) == 0:
        return (1,) if width == 1 else None
    null, nullity = flint.fmpz_mat(normals.tolist()).nullspace()
    if nullity != 1:
        return None
    return primitive([int(null[c, 0]) for c in range(width)])
