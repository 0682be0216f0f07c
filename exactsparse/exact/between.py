"""Rational points of ``{z : lower <= M z <= upper}`` for many rows, or a proof that there is none.

Few rows decide: the polyhedron of some of them has a point, which is evaluated on all, and the rows
that it misses most are taken in, until none is missed or some rows have no point in common.
"""

from __future__ import annotations

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
        missed = []
        for row, height in enumerate(heights.tolist()):
            low, high = lower[row], upper[row]
            by = max(
                0 if low is None else low * scale - height,
                0 if high is None else height - high * scale,
            )
            if by > 0:
                missed.append((Fraction(by, sum(map(abs, matrix[row])) or 1), row))
        if not missed:
            return point
        missed.sort(key=lambda pair: (-pair[0], pair[1]))
        chosen |= dict.fromkeys(row for _, row in missed[: k + 1])
