"""Compiled scans over rows that an extreme line leaves alone; imports numba."""

from __future__ import annotations

import numpy as np

from exactsparse.compiling import njit
from exactsparse.routes.univariate.band.orientations import OPTIONS, Floats, bounding_line

_BLOCK = 8


@njit(**OPTIONS)
def first_not_inside(
    x: Floats, lower: Floats, upper: Floats, start: int, xq: float, a: float, b: float,
    xm: float, c: float, d: float,
) -> int:  # fmt: skip
    """First row from a start on that is not certified to lie strictly outside both lines."""
    n, i = len(x), start
    # Where lines move with every row, a block would be in vain.
    if i < n and not ((upper[i] > a + b * (x[i] - xq)) & (lower[i] < c + d * (x[i] - xm))):
        return i
    while i + _BLOCK <= n:
        inside = 0
        for j in range(i, i + _BLOCK):
            inside += (upper[j] > a + b * (x[j] - xq)) & (lower[j] < c + d * (x[j] - xm))
        if inside != _BLOCK:
            break
        i += _BLOCK
    while i < n and upper[i] > a + b * (x[i] - xq) and lower[i] < c + d * (x[i] - xm):
        i += 1
    return i


@njit(**OPTIONS)
def likely_touch(x: Floats, ends: Floats, side: int, r: int, start: int) -> int:
    """Row before r whose end of a side the tangent from the other end at r seems to touch."""
    up, y = 2.0 * side - 1.0, ends[1 - side, r]
    touch, best = start, -np.inf
    for i in range(start, r):
        steep = up * (y - ends[side, i]) / (x[r] - x[i])
        if steep > best:
            touch, best = i, steep
    return touch


@njit(**OPTIONS)
def first_not_outside(
    x: Floats, ends: Floats, radii: Floats, size: float, reach: float, side: int, touch: int,
    r: int, start: int,
) -> int:  # fmt: skip
    """First row from a start on that is not certified to lie strictly outside a line.

    The line passes through the end of a side at ``touch`` and the other end at r.  No line that
    respects both touches an end before ``touch`` that lies strictly outside.
    """
    a, b = bounding_line(x, ends, side, touch, r, radii, size, reach)
    xr, yr = x[r], ends[1 - side, r]
    slope = (yr - ends[side, touch]) / (xr - x[touch])
    margin = 2.0 * abs(a - yr) + 2.0**-49 * size
    error = 1.01 * abs(b - slope) + 2.0**-49 * abs(slope)
    up = 2.0 * side - 1.0
    i = start
    while i < touch:
        t = x[i] - xr
        if not up * (ends[side, i] - (yr + slope * t)) > margin + error * abs(t):
            break
        i += 1
    return i
