"""Slopes of floats that stand for decimals beside them, with error bounds; it imports numba.

A float x is off by ``off |x|`` at most, off being 0 or half a unit in the last place.

**Slopes.**  Differences X, Y that are off by ``ex`` and ``ey`` have
``|Y/X − dy/dx| <= (ey + |dy/dx| ex)/(dx − ex)``; the roundings of a slope, ``4u`` of it, are extra.

**Determinants.**  Each product carries three roundings and their difference one, ``4u`` of both
products, which ``_ERROR`` doubles; reading adds ``|dy| ex + ey (|dx| + ex)`` for each, and
``_INFLATED`` covers the roundings of that, with ``2⁻¹⁰⁰⁰`` for all that underflows.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from exactsparse.compiling import njit

Floats = NDArray[np.float64]

_BLOCK = 1024
# A slope has three roundings, a difference of slopes one more: 5u of both sizes, u = 2**-53;
# tripled for ease.
_SLOPE_ERROR = 2.0**-49
_ERROR = 2.0**-50
_UNDERFLOW = 2.0**-1000
_SIZE = np.int64(0x7FFFFFFFFFFFFFFF)
_LARGEST, _SMALLEST = 2.0**900, 2.0**-900
# Covers the roundings of error bounds, and what underflows in them.
_INFLATED, _TINY = 1.0 + 2.0**-40, 2.0**-1060


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def _slope_error(dx: float, slope: float, ex: float, ey: float) -> float:
    bound = _INFLATED * (ey + abs(slope) * ex + _TINY) / (dx - ex)
    known = (dx > 2.0 * ex) & (dx > _SMALLEST) & (abs(slope) < _LARGEST) & (bound < _LARGEST)
    return bound if known else np.inf


@njit(cache=True, nogil=True, error_model="numpy")
def reading_errors(
    x: Floats, y: Floats, off_x: float, off_y: float, slopes: Floats, errors: Floats
) -> None:
    """Write how far slopes are off by reading, infinite where abscissae are hardly known.

    Parameters
    ----------
    x, y : ndarray, shape (n,)
        Coordinates, off by ``off_x |x|`` and ``off_y |y|`` at most.
    slopes : ndarray, shape (n - 1,)
        Of them.
    errors : ndarray, shape (n - 1,)
        Receives the bounds.
    """
    for i in range(len(slopes)):
        ex = off_x * (abs(x[i]) + abs(x[i + 1]))
        ey = off_y * (abs(y[i]) + abs(y[i + 1]))
        errors[i] = _slope_error(x[i + 1] - x[i], slopes[i], ex, ey)


@njit(cache=True, nogil=True, error_model="numpy")
def read_slopes_and_signs(
    x: Floats,
    y: Floats,
    off_x: float,
    off_y: float,
    digits: float,
    slopes: Floats,
    signs: NDArray[np.int8],
    poor: NDArray[np.bool_],
    start: int,
    stop: int,
) -> None:
    """Write the slopes of gaps ``start … stop - 1`` and the filtered signs of their left points.

    A sign that is written as 1 or -1 is exact; 0 means not decided.  A slope is not finite after
    an overflow.  In ``poor`` stands where reading may put a slope change off by more than a share
    ``digits`` of it.
    """
    errors = np.empty(_BLOCK + 1)
    for first in range(start, stop, _BLOCK):
        m = min(_BLOCK, stop - first)
        # One gap more, for the first change.
        low = max(first - 1, 0)
        wide = first + m - low
        x0, x1 = x[low : low + wide], x[low + 1 : low + wide + 1]
        y0, y1 = y[low : low + wide], y[low + 1 : low + wide + 1]
        slope = slopes[low : low + wide]
        for i in range(wide):
            dx = x1[i] - x0[i]
            # dx - dx is zero, or not a number where a finite slope would hide an overflow.
            quotient = (y1[i] - y0[i]) / dx + (dx - dx)
            ex = off_x * (abs(x0[i]) + abs(x1[i]))
            ey = off_y * (abs(y0[i]) + abs(y1[i]))
            slope[i], errors[i] = quotient, _slope_error(dx, quotient, ex, ey)
        sign, few = signs[low + 1 : low + wide], poor[low + 1 : low + wide]
        for i in range(wide - 1):
            change = slope[i + 1] - slope[i]
            reading = _INFLATED * (errors[i] + errors[i + 1])
            bound = _SLOPE_ERROR * (abs(slope[i + 1]) + abs(slope[i])) + _UNDERFLOW + reading
            sign[i] = np.int8(change > bound) - np.int8(change < -bound)
            # Written so that what is not a number is poor.
            few[i] = not reading < digits * abs(change)


@njit(cache=True, nogil=True, error_model="numpy")
def read_determinants(
    x: Floats, y: Floats, off_x: float, off_y: float, signs: NDArray[np.int8], first: int
) -> None:
    """Write the filtered signs of determinants at a stretch of points from ``first`` on.

    1 and -1 are exact, 0 means not decided; no slope is used.
    """
    bits, top = y.view(np.int64), np.empty(1, dtype=np.int64)
    for low in range(0, len(signs), _BLOCK):
        m = min(_BLOCK, len(signs) - low)
        at = first + low
        x0, x1, x2 = x[at - 1 : at + m - 1], x[at : at + m], x[at + 1 : at + m + 1]
        y0, y1, y2 = y[at - 1 : at + m - 1], y[at : at + m], y[at + 1 : at + m + 1]
        sign = signs[low : low + m]
        # Abscissae ascend, so that the sizes of the ends bound all between.
        ex = 2.0 * off_x * max(abs(x0[0]), abs(x2[m - 1]))
        # Sizes of floats are ordered as their bits, of which the largest is found faster.
        largest = np.int64(0)
        for i in range(m + 2):
            largest = max(largest, bits[at - 1 + i] & _SIZE)
        top[0] = largest
        ey, left_open = 2.0 * off_y * top.view(np.float64)[0], 0
        for i in range(m):
            dx0, dx1, dy0, dy1 = x1[i] - x0[i], x2[i] - x1[i], y1[i] - y0[i], y2[i] - y1[i]
            left, right = dy1 * dx0, dy0 * dx1
            change, reading = left - right, (abs(dy0) + abs(dy1)) * ex + (dx0 + dx1 + 2.0 * ex) * ey
            bound = _ERROR * (abs(left) + abs(right)) + _INFLATED * reading + _UNDERFLOW
            sign[i] = np.int8(change > bound) - np.int8(change < -bound)
            left_open += sign[i] == 0
        if left_open == 0:
            continue
        for i in range(m):
            dx0, dx1, dy0, dy1 = x1[i] - x0[i], x2[i] - x1[i], y1[i] - y0[i], y2[i] - y1[i]
            left, right = dy1 * dx0, dy0 * dx1
            ex0, ex1 = off_x * (abs(x0[i]) + abs(x1[i])), off_x * (abs(x1[i]) + abs(x2[i]))
            ey0, ey1 = off_y * (abs(y0[i]) + abs(y1[i])), off_y * (abs(y1[i]) + abs(y2[i]))
            reading = abs(dy1) * ex0 + ey1 * (dx0 + ex0) + abs(dy0) * ex1 + ey0 * (dx1 + ex1)
            change = left - right
            bound = _ERROR * (abs(left) + abs(right)) + _INFLATED * reading + _UNDERFLOW
            sign[i] = np.int8(change > bound) - np.int8(change < -bound)
