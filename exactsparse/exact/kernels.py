"""Compiled numeric kernels with proved error bounds; importing this module imports numba.

A kernel that uses a constant or a function of this file must stand in this file: numba's cache on
disk does not see changes of other files.

Loops run over equal slices without branches, so that they compile to vector instructions.

Powers are computed from ``+ - * /`` and the bits of the exponent alone, so that their error bound
is a theorem about IEEE arithmetic and not a promise of a mathematics library.  ``x = m 2ᵉ`` with
``m`` in [√½, √2); ``ln m = 2 artanh z``, ``z = (m−1)/(m+1)``, ``|z| < 0.1716``, by its series to
``z¹⁵`` (remainder below 2⁻⁴⁴ of ``ln m``); ``exp`` by reduction to ``|r| <= 0.3466`` and the
Taylor series to ``r¹¹`` (remainder below 2⁻⁴⁶).  The largest error is that of ``e ln 2`` and of
rounding p, for ``|e| <= 900`` at most six roundings of ``625 · 2⁻⁵³``, 0.92 · 2⁻⁴¹ in the
exponent; with the remainders and the roundings of the series the relative error stays below
1.1 · 2⁻⁴¹, which ``POWER_ERROR`` nearly doubles.  For p = 1/2 the square root of IEEE is used.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from exactsparse.compiling import njit
from exactsparse.exact.decimal_kernels import decimal_slope_change
from exactsparse.exact.reading_kernels import reading_errors

Floats = NDArray[np.float64]

UNDECIDED = np.int8(2)
POWER_ERROR = 2.0**-40
# A slope has three roundings, a difference of slopes one more: 5u of both sizes, u = 2**-53;
# tripled for ease.  The absolute term covers underflow.
SLOPE_ERROR = 2.0**-49
ACCURATE_ERROR = 2.0**-44
UNDERFLOW = 2.0**-1000
_BLOCK = 1024
LARGEST, _SPLITTABLE = 2.0**900, 2.0**480
CANCELLED, _POOR, _SMALLEST = 2.0**-23, 2.0**-36, 2.0**-900
# Digits of decimals cost more than products of floats.
_READ_POOR = 2.0**-20
# Covers the roundings of error bounds.
_INFLATED = 1.0 + 2.0**-40


@njit(cache=True, nogil=True, error_model="numpy")
def slopes_and_signs(
    x: Floats, y: Floats, slopes: Floats, signs: NDArray[np.int8], start: int, stop: int
) -> None:
    """Write the slopes of gaps ``start … stop - 1`` and the filtered signs of their left points.

    A sign that is written as 1 or -1 is exact; 0 means not decided.  A slope is not finite after
    an overflow, and otherwise off by at most ``4u`` of itself (or an underflow).
    """
    for first in range(start, stop, _BLOCK):
        m = min(_BLOCK, stop - first)
        x0, x1 = x[first : first + m], x[first + 1 : first + m + 1]
        y0, y1 = y[first : first + m], y[first + 1 : first + m + 1]
        after = slopes[first : first + m]
        for i in range(m):
            dx = x1[i] - x0[i]
            # dx - dx is zero, or not a number where a finite slope would hide an overflow.
            after[i] = (y1[i] - y0[i]) / dx + (dx - dx)
        low = max(first, 1)
        after, before = slopes[low : first + m], slopes[low - 1 : first + m - 1]
        sign = signs[low : first + m]
        for i in range(len(sign)):
            change = after[i] - before[i]
            error = SLOPE_ERROR * (abs(after[i]) + abs(before[i])) + UNDERFLOW
            sign[i] = np.int8(change > error) - np.int8(change < -error)


@njit(cache=True, nogil=True, error_model="numpy")
def exact_signs(x: Floats, y: Floats, signs: NDArray[np.int8], start: int, stop: int) -> None:
    """Replace the zeros among the signs of points ``start … stop - 1`` by -1, 0, 1 or UNDECIDED.

    Decides, by products with their rounding errors, every point where the coordinate differences
    carry none.
    """
    for first in range(start, stop, _BLOCK):
        m = min(_BLOCK, stop - first)
        sign = signs[first : first + m]
        open_points = 0
        for i in range(m):
            open_points += sign[i] == 0
        if open_points == 0:
            continue
        # Windows of equal length, so that the loop compiles to vector instructions.
        xs, ys = x[first - 1 : first + m + 1], y[first - 1 : first + m + 1]
        for i in range(m):
            dx0, dx1 = xs[i + 1] - xs[i], xs[i + 2] - xs[i + 1]
            dy0, dy1 = ys[i + 1] - ys[i], ys[i + 2] - ys[i + 1]
            left, right = dy1 * dx0, dy0 * dx1
            exact = _exact_products(xs, ys, i + 1, dx0, dx1, dy0, dy1, left, right)
            # Rounding is monotone, so unequal heads decide and equal heads leave the tails.
            head = left - right
            tail = product_tail(dy1, dx0, left) - product_tail(dy0, dx1, right)
            decisive = head if head != 0.0 else tail
            value = np.int8(decisive > 0.0) - np.int8(decisive < 0.0)
            sign[i] = sign[i] if sign[i] != 0 else (value if exact else UNDECIDED)


@njit(cache=True, nogil=True, error_model="numpy")
def accurate_slope_change(x: Floats, y: Floats, i: int) -> float:
    """Slope change at a point, relative error at most ACCURATE_ERROR; not a number if unknown."""
    dx0, dx1, dy0, dy1 = x[i] - x[i - 1], x[i + 1] - x[i], y[i] - y[i - 1], y[i + 1] - y[i]
    left, right = dy1 * dx0, dy0 * dx1
    if not _exact_products(x, y, i, dx0, dx1, dy0, dy1, left, right):
        return np.nan
    determinant = (left - right) + (product_tail(dy1, dx0, left) - product_tail(dy0, dx1, right))
    # The difference of the tails is rounded at 2**-105 of the products.
    if not abs(determinant) > 2.0**-60 * (abs(left) + abs(right)):
        return np.nan
    quotient = determinant / dx0
    change = quotient / dx1
    # An underflow on the way would not show in the end.
    if min(abs(determinant), abs(quotient), abs(change)) < _SMALLEST:
        return np.nan
    return float(change)


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def _exact_products(
    x: Floats,
    y: Floats,
    i: int,
    dx0: float,
    dx1: float,
    dy0: float,
    dy1: float,
    left: float,
    right: float,
) -> bool:
    """Whether the differences around a point carry no error and their products split exactly."""
    # Only a difference without rounding error gives back both operands.
    exact = (x[i] - dx0 == x[i - 1]) & (x[i - 1] + dx0 == x[i])
    exact &= (x[i + 1] - dx1 == x[i]) & (x[i] + dx1 == x[i + 1])
    exact &= (y[i] - dy0 == y[i - 1]) & (y[i - 1] + dy0 == y[i])
    exact &= (y[i + 1] - dy1 == y[i]) & (y[i] + dy1 == y[i + 1])
    # Far from overflow and underflow, Dekker's tails are exact.
    exact &= (dx0 < _SPLITTABLE) & (dx1 < _SPLITTABLE)
    exact &= (abs(dy0) < _SPLITTABLE) & (abs(dy1) < _SPLITTABLE)
    exact &= (dy1 == 0.0) | (abs(left) > _SMALLEST)
    return bool(exact & ((dy0 == 0.0) | (abs(right) > _SMALLEST)))


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def product_tail(a: float, b: float, product: float) -> float:
    """Rounding error of ``product = a * b`` (Dekker 1971)."""
    t = 134217729.0 * a
    a1 = t - (t - a)
    a0 = a - a1
    t = 134217729.0 * b
    b1 = t - (t - b)
    b0 = b - b1
    return a0 * b0 - (((product - a1 * b1) - a0 * b1) - a1 * b0)


@njit(cache=True, nogil=True, error_model="numpy")
def powers(values: Floats, p: float, result: Floats) -> None:
    """Write ``valuesᵖ``, ``0 < p < 1``, each with relative error at most POWER_ERROR.

    Values outside [2**-900, 2**900] give a result without meaning.
    """
    if p == 0.5:
        for i in range(len(values)):
            result[i] = np.sqrt(values[i])
        return
    bits, result_bits = values.view(np.int64), result.view(np.int64)
    for i in range(len(values)):
        result_bits[i] = (bits[i] & 0xFFFFFFFFFFFFF) | (1022 << 52)
    for i in range(len(values)):
        e = np.float64((bits[i] >> 52) - 1022)
        m = result[i]
        small = m < 0.7071067811865476
        m, e = (2.0 * m, e - 1.0) if small else (m, e)
        z = (m - 1.0) / (m + 1.0)
        q = z * z
        s = q * (1.0 / 15.0) + 1.0 / 13.0
        s = s * q + 1.0 / 11.0
        s = s * q + 1.0 / 9.0
        s = s * q + 1.0 / 7.0
        s = s * q + 1.0 / 5.0
        s = s * q + 1.0 / 3.0
        s = s * q + 1.0
        t = p * (e * 0.6931471805599453 + 2.0 * z * s)
        n = np.floor(t * 1.4426950408889634 + 0.5)
        r = t - n * 0.6931471805599453
        v = r * (1.0 / 39916800.0) + 1.0 / 3628800.0
        v = v * r + 1.0 / 362880.0
        v = v * r + 1.0 / 40320.0
        v = v * r + 1.0 / 5040.0
        v = v * r + 1.0 / 720.0
        v = v * r + 1.0 / 120.0
        v = v * r + 1.0 / 24.0
        v = v * r + 1.0 / 6.0
        v = v * r + 0.5
        v = v * r + 1.0
        v = v * r + 1.0
        result[i] = v
        bits_n = np.int64(n) << 52
        result_bits[i] += bits_n


@njit(cache=True, nogil=True, error_model="numpy")
def powers_of_jumps(
    x: Floats,
    y: Floats,
    off_x: float,
    off_y: float,
    signs: NDArray[np.int8],
    slopes: Floats,
    p: float,
    own: Floats,
    joint: Floats,
    relative: Floats,
) -> None:
    """Powers of the slope changes and of the sums of neighbouring ones.

    Parameters
    ----------
    x, y : ndarray, shape (n,)
        Coordinates in the units of the slopes, or empty.
    off_x, off_y : float
        How far they are off, as shares of them, where they stand for decimals; zero if exact.
    signs : ndarray of int8, shape (n,)
        Exact signs; nothing is said of points where they are zero.
    slopes : ndarray, shape (n - 1,)
        From :func:`slopes_and_signs`.
    own, joint, relative : ndarray, shape (n,)
        Receive, at interior points, ``|cᵢ|ᵖ``, ``(|cᵢ| + |cᵢ₊₁|)ᵖ`` and a relative error bound
        of ``|cᵢ|ᵖ``, infinite where nothing is known; ``joint[i]`` has the larger of the bounds
        of ``i`` and ``i + 1``.
    """
    jumps = np.empty(_BLOCK + 1)
    sums, errors = np.empty(_BLOCK), np.empty(_BLOCK + 2)
    read_x, read_y = off_x != 0.0, off_y != 0.0
    most = _READ_POOR if read_x | read_y else _POOR
    for first in range(1, len(slopes), _BLOCK):
        m = min(_BLOCK, len(slopes) - first)
        # One more jump than powers, for the last sum.
        wide = min(m + 1, len(slopes) - first)
        before, after = slopes[first - 1 : first + wide - 1], slopes[first : first + wide]
        block, bound = jumps[:wide], relative[first : first + wide]
        if read_x | read_y:
            low, high = first - 1, first + wide
            reading_errors(
                x[low : high + 1], y[low : high + 1], off_x, off_y, slopes[low:high], errors
            )
        for i in range(wide):
            jump = abs(after[i] - before[i])
            error = SLOPE_ERROR * (abs(after[i]) + abs(before[i])) + UNDERFLOW
            if read_x | read_y:
                error += _INFLATED * (errors[i] + errors[i + 1])
            known = (jump > _SMALLEST) & (jump < LARGEST)
            block[i] = jump if known else 1.0
            # For p <= 1 the relative error of a power is at most that of its base.
            bound[i] = POWER_ERROR + 1.01 * error / jump if known else np.inf
        curved = signs[first : first + wide]
        poor = 0
        for i in range(wide):
            poor += (bound[i] > most) & (curved[i] != 0)
        if poor and len(x):
            # Slopes that agree to many digits: their difference from exact products instead.
            for i in range(wide):
                if bound[i] <= most or curved[i] == 0:
                    continue
                if read_x | read_y:
                    jump = abs(decimal_slope_change(x, y, read_x, read_y, first + i))
                else:
                    jump = abs(accurate_slope_change(x, y, first + i))
                if (jump > _SMALLEST) & (jump < LARGEST):
                    block[i], bound[i] = jump, POWER_ERROR + ACCURATE_ERROR
        jumps[wide : m + 1] = 1.0
        powers(jumps[:m], p, own[first : first + m])
        left, right = jumps[:m], jumps[1 : m + 1]
        for i in range(m):
            sums[i] = left[i] + right[i]
        powers(sums[:m], p, joint[first : first + m])


@njit(cache=True, nogil=True, error_model="numpy")
def knot_arrays(
    x: Floats,
    slopes: Floats,
    knot_points: NDArray[np.int64],
    shared: NDArray[np.bool_],
    positions: Floats,
    jumps: Floats,
) -> None:
    """Write positions to ``1e-8`` of their gap, and slope changes to eight digits.

    The slope change is not a number where slopes agree to more digits than that allows.
    """
    for k in range(len(knot_points)):
        i = knot_points[k]
        before, chord, after = slopes[i - 1], slopes[i], slopes[i + shared[i]]
        jump = after - before
        size = CANCELLED * (abs(before) + abs(chord) + abs(after)) + UNDERFLOW
        jumps[k] = jump if (abs(jump) > size) & (abs(jump) < LARGEST) else np.nan
        # The share of the gap is zero where the knot is the point's own.
        positions[k] = x[i] + (x[i + 1] - x[i]) * ((after - chord) / jump)


@njit(cache=True, nogil=True, error_model="numpy")
def cancelled_knots(
    x: Floats,
    y: Floats,
    knot_points: NDArray[np.int64],
    shared: NDArray[np.bool_],
    positions: Floats,
    jumps: Floats,
) -> None:
    """Write the knots whose slope change is not a number again, from exact products.

    It stays so where coordinate differences carry rounding errors.
    """
    for k in range(len(knot_points)):
        if np.isnan(jumps[k]):
            i = knot_points[k]
            jumps[k], positions[k] = accurate_slope_change(x, y, i), x[i]
            if shared[i]:
                right = accurate_slope_change(x, y, i + 1)
                jumps[k] += right
                positions[k] = x[i] + (x[i + 1] - x[i]) * (right / jumps[k])
