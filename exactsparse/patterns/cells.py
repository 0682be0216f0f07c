"""Cells of a central hyperplane arrangement ``{w : zᵢ · w = 0}``, enumerated exactly.

Hyperplanes are inserted one by one.  Those cells that a new hyperplane cuts are the cells of the
earlier hyperplanes restricted to it, an arrangement in one dimension less; each of them is split,
the other cells stay (deletion and restriction: T. Zaslavsky, *Facing up to arrangements*, 1975).
Coincident and degenerate rows need no special case: what does not cut, does not split.  The work
is proportional to the number of cells met on the way, in integers throughout.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exactsparse.exact.integers import primitive, products, shortened

Integers = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Cells:
    """Full-dimensional cells of a central arrangement.

    Parameters
    ----------
    signs : ndarray of int8, shape (m, n)
        ``sign(zᵢ · w)`` of every row on every cell; 0 exactly for rows that are zero.
    witnesses : ndarray of int (object), shape (m, t)
        An integer point inside every cell.
    """

    signs: NDArray[np.int8]
    witnesses: Integers

    def __len__(self) -> int:
        return len(self.signs)

    @property
    def masks(self) -> NDArray[np.bool_]:
        """Activation pattern of every cell: which rows are strictly positive, shape (m, n)."""
        return self.signs > 0


def enumerate_cells(rows: Integers) -> Cells:
    """Enumerate the full-dimensional cells of the arrangement of some rows.

    Parameters
    ----------
    rows : ndarray of int (object), shape (n, t)
        Normals, ``t >= 1``; zero, repeated and opposite rows are allowed.

    Returns
    -------
    Cells
        Sorted by sign vector.  In general position there are ``2 Σ_{i<t} C(n−1, i)``; rows of
        rank below ``t`` leave fewer.

    Notes
    -----
    R. C. Buck, *Partition of space* (1943), for the count.
    """
    n, t = rows.shape
    reduced = [primitive(row) for row in rows.tolist()]
    first = {row: None for row in reduced if any(row)}
    distinct = _objects(list(first), t)
    witnesses = _split_all(distinct)
    signs = _signs(products(witnesses, rows))
    order = np.lexsort(signs.T[::-1]) if n else np.arange(len(witnesses))
    return Cells(signs[order], witnesses[order])


def _split_all(rows: Integers) -> Integers:
    """Witnesses of all cells of pairwise non-parallel, nonzero rows, shape (m, t)."""
    n, t = rows.shape
    if t == 1:
        # One row at most is left: the two half-lines, or the whole line.
        return _objects([[1], [-1]][: 1 + n], 1)
    if t == 2:
        return _split_plane(rows)
    witnesses = _objects([[1] + [0] * (t - 1)], t)
    signs = np.zeros((1, 0), dtype=np.int8)
    for k in range(n):
        new, before = rows[k], rows[:k]
        on_it = _restricted_witnesses(before, new)
        heights = products(on_it, before)
        parent_signs = _signs(heights)
        position = {key: i for i, key in enumerate(_keys(signs))}
        kept = np.ones(len(witnesses), dtype=bool)
        kept[[position[key] for key in _keys(parent_signs)]] = False
        # So far along the cut that a step along the normal crosses no earlier hyperplane.
        crossings = np.abs(before.dot(new)) // np.abs(heights)
        far = on_it * (1 + crossings.max(axis=1, initial=0).astype(object))[:, None]
        side = _signs(products(witnesses[kept], rows[k : k + 1]))
        sides = [shortened(point) for apart in (far + new, far - new) for point in apart.tolist()]
        witnesses = np.concatenate([witnesses[kept], _objects(sides, t)])
        signs = np.concatenate(
            [
                np.column_stack([signs[kept], side]),
                np.column_stack([parent_signs, np.full(len(on_it), 1, dtype=np.int8)]),
                np.column_stack([parent_signs, np.full(len(on_it), -1, dtype=np.int8)]),
            ]
        )
    return witnesses


def _split_plane(rows: Integers) -> Integers:
    """Witnesses of the sectors between lines through the origin of the plane."""
    if len(rows) == 0:
        return _objects([[1, 0]], 2)
    if len(rows) == 1:
        return _objects([rows[0], _negated(rows[0])], 2)
    # Normals are primitive with a positive lead, so their slopes order the lines by angle.
    normals = sorted(rows.tolist(), key=lambda row: (row[0] == 0, Fraction(row[1], row[0] or 1)))
    rays: list[Sequence[int]] = [(-b, a) for a, b in normals]
    rays.append(_negated(rays[0]))
    inside = [(p[0] + q[0], p[1] + q[1]) for p, q in pairwise(rays)]
    return _objects([*inside, *map(_negated, inside)], 2)


def _negated(point: Sequence[int]) -> tuple[int, ...]:
    return tuple(-entry for entry in point)


def _restricted_witnesses(rows: Integers, normal: Integers) -> Integers:
    """Witnesses, in the full space, of the cells of ``rows`` restricted to a hyperplane."""
    basis = _hyperplane_basis(normal)
    restricted = rows.dot(basis.T) if len(rows) else rows[:, 1:]
    distinct = dict.fromkeys(primitive(row) for row in restricted.tolist())
    inside = _split_all(_objects(list(distinct), basis.shape[0]))
    return np.asarray(inside.dot(basis))


def _hyperplane_basis(normal: Integers) -> Integers:
    """Integer basis of ``{w : normal · w = 0}``, shape (t - 1, t)."""
    t = len(normal)
    pivot = next(i for i in range(t) if normal[i])
    basis = []
    for i in range(t):
        if i != pivot:
            vector = [0] * t
            vector[i], vector[pivot] = int(normal[pivot]), -int(normal[i])
            basis.append(primitive(vector))
    return _objects(basis, t)


def _keys(signs: NDArray[np.int8]) -> list[bytes]:
    return [row.tobytes() for row in signs]


def _signs(heights: Integers) -> NDArray[np.int8]:
    return (heights > 0).astype(np.int8) - (heights < 0).astype(np.int8)


def _objects(rows: list[Any], width: int) -> Integers:
    array = np.empty((len(rows), width), dtype=object)
    for i, row in enumerate(rows):
        array[i] = row
    return array
