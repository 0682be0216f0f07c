"""Rational points of ``{z : lower <= M z <= upper}`` for many rows, or a proof that there is none.

Few rows decide: the polyhedron of some of them has a point, which is evaluated on all, and the rows
that it misses most are taken in, until none is missed or some rows have no point in common.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exactsparse.exact.cones import nonnegative_parameters
from exactsparse.exact.numbers import over_common_denominator

Integers = NDArray[Any]


def point_between(
    matrix: Integers,
    lower: Sequence[int | None],
    upper: Sequence[int | None],
    pause: Callable[[], object] = lambda: None,
    first: Iterable[int] = (),
) -> list[Fraction] | None:
    """Some z with ``lower <= matrix z <= upper``, or None if there is none.

    Parameters
    ----------
    matrix : ndarray of int (object), shape (n, k)
        Rows.
    lower, upper : sequences of int or None, length n
        Bounds; None for none.
    pause : callable
        Called before every pivot; may raise to end the work.
    first : iterable of int
        Rows to begin with.

    Examples
    --------
    >>> rows = np.array([[1, 0], [0, 1], [1, 1]], dtype=object)
    >>> point_between(rows, [1, 1, None], [None, None, 1]) is None
    True
    >>> [str(value) for value in point_between(rows, [1, 1, None], [None, None, 2])]
    ['1', '1']
    """
    n, k = matrix.shape
    chosen = dict.fromkeys(first)
    while True:
        slopes, values = [], []
        for row in chosen:
            entries = [int(v) for v in matrix[row]]
            if (low := lower[row]) is not None:
                slopes.append(entries)
                values.append(-int(low))
            if (high := upper[row]) is not None:
                slopes.append([-v for v in entries])
                values.append(int(high))
        point = nonnegative_parameters(slopes, values, k, pause)
        if point is None:
            return None
        integers, scale = over_common_denominator(point)
        heights = matrix.dot(np.array(integers, dtype=object)) if k else np.zeros(n, dtype=object)
        missed = _missed(matrix, lower, upper, heights, scale, k + 1)
        if not missed:
            return point
        chosen |= dict.fromkeys(missed)


def _missed(
    matrix: Integers,
    lower: Sequence[int | None],
    upper: Sequence[int | None],
    heights: Integers,
    scale: int,
    most: int,
) -> list[int]:
    """Rows whose bounds are missed most, beside the size of their entries."""
    # None is missed by nothing.
    below, above = (np.array([0 if end is None else 1 for end in ends]) for ends in (lower, upper))
    low, high = (
        np.array([0 if end is None else end for end in ends], dtype=object)
        for ends in (lower, upper)
    )
    by = np.maximum((low * scale - heights) * below, (heights - high * scale) * above)
    rows = np.flatnonzero(by > 0)
    sizes = (
        np.abs(matrix[rows]).sum(axis=1) if matrix.shape[1] else np.ones(len(rows), dtype=object)
    )
    sizes = np.where(sizes == 0, 1, sizes)
    if len(rows) > most:
        # Nearest floats are in the order of what they stand for, and leave few to compare.
        shares = np.array(list(map(_quotient, by[rows].tolist(), sizes.tolist())))
        kept = shares >= np.partition(shares, -most)[-most]
        rows, sizes = rows[kept], sizes[kept]
    found = [
        (-Fraction(int(by[row]), int(size)), row)
        for row, size in zip(rows.tolist(), sizes.tolist(), strict=True)
    ]
    return [row for _, row in sorted(found)[:most]]


def _quotient(a: int, b: int) -> float:
    try:
        return a / b
    except OverflowError:
        return math.inf
