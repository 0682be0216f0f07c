"""Shortest decimals of float64, and decisions on them in integers; importing this imports numba.

**Digits.**  R. Giulietti, *The Schubfach way to render doubles* (2020): with ``g`` the power of ten
as 128 bits, rounded up, the ends and the middle of the interval that rounds to a float come out,
scaled by ``4 · 10⁻ᵏ``, rounded to odd, which keeps every comparison that the choice of digits
needs.  The proof is there; the tests compare with ``repr``.

**Signs.**  Three decimals ``m 10ᵏ`` of at most 17 digits are brought to one exponent where that
leaves ``|m| < 2⁶²``; their differences are below 2⁶³, the two products of differences below 2¹²⁶,
and are compared as two words each.  No step rounds; what does not fit is left UNDECIDED.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from exactsparse.compiling import njit

Floats = NDArray[np.float64]
Words = NDArray[np.uint64]

UNDECIDED = np.int8(2)
_LEAST, _MOST = -292, 325
_MASK, _HALF = np.uint64(0xFFFFFFFF), np.uint64(32)
_U0, _U1, _U2, _U4, _U10 = (np.uint64(value) for value in (0, 1, 2, 4, 10))
_U40 = np.uint64(40)
_HIDDEN, _FRACTION = np.uint64(1 << 52), np.uint64((1 << 52) - 1)
# The exponent of a decimal that is zero, or is not known: above and below all others.
_OF_ZERO, _UNKNOWN = 10_000, -10_000
# Times 10 to the power of the index, these are below 2**62.
_FIT = np.array([(2**62 - 1) // 10**k for k in range(19)], dtype=np.int64)
_TENS = np.array([10**k for k in range(19)], dtype=np.int64)
_LARGEST_WHOLE = 2.0**53


def _floor_log2_of_ten(k: int) -> int:
    return int(10**k).bit_length() - 1 if k >= 0 else -int(10**-k - 1).bit_length()


def _powers_of_ten() -> Words:
    """``10ᵏ 2^(127 − ⌊log₂ 10ᵏ⌋)``, rounded up, as a high and a low word."""
    words = np.empty((_MOST - _LEAST, 2), dtype=np.uint64)
    for k in range(_LEAST, _MOST):
        shift = 127 - _floor_log2_of_ten(k)
        numerator = 10 ** max(k, 0) << max(shift, 0)
        power = -(-numerator // (10 ** max(-k, 0) << max(-shift, 0)))
        words[k - _LEAST] = power >> 64, power & (2**64 - 1)
    return words


_POWERS = _powers_of_ten()


@njit(cache=True, nogil=True, inline="always")
def _product(a: np.uint64, b: np.uint64) -> tuple[np.uint64, np.uint64]:
    """High and low word of a product."""
    a0, a1, b0, b1 = a & _MASK, a >> _HALF, b & _MASK, b >> _HALF
    low, cross, other = a0 * b0, a1 * b0, a0 * b1
    middle = (low >> _HALF) + (cross & _MASK) + (other & _MASK)
    return a1 * b1 + (cross >> _HALF) + (other >> _HALF) + (middle >> _HALF), a * b


@njit(cache=True, nogil=True, inline="always")
def _rounded_to_odd(high: np.uint64, low: np.uint64, factor: np.uint64) -> np.uint64:
    carried, _ = _product(low, factor)
    top, bottom = _product(high, factor)
    total = bottom + carried
    top += _U1 if total < bottom else _U0
    return np.uint64(top | (_U1 if total > _U1 else _U0))


@njit(cache=True, nogil=True)
def decimal_digits(bits: np.uint64) -> tuple[np.int64, np.int64]:
    """``(m, k)``: the shortest decimal of the positive normal or subnormal float is ``m 10ᵏ``."""
    fraction, biased = bits & _FRACTION, np.int64(bits >> np.uint64(52))
    if biased != 0:
        c, q = fraction | _HIDDEN, biased - 1075
        if -53 < q <= 0 and (c >> np.uint64(-q)) << np.uint64(-q) == c:
            return np.int64(c >> np.uint64(-q)), np.int64(0)
    else:
        c, q = fraction, np.int64(-1074)
    closer = fraction == _U0 and biased > 1
    left = _U4 * c - (_U1 if closer else _U2)
    k = (q * 1262611 - (524031 if closer else 0)) >> 22
    h = np.uint64(q + ((-k * 1741647) >> 19) + 1)
    high, low = _POWERS[-k - _LEAST, 0], _POWERS[-k - _LEAST, 1]
    odd = c & _U1
    lower = _rounded_to_odd(high, low, left << h) + odd
    middle = _rounded_to_odd(high, low, (_U4 * c) << h)
    upper = _rounded_to_odd(high, low, (_U4 * c + _U2) << h) - odd
    s = middle >> _U2
    if s >= _U10:
        tens = s // _U10
        below, above = lower <= _U40 * tens, _U40 * tens + _U40 <= upper
        if below != above:
            return np.int64(tens) + np.int64(above), np.int64(k + 1)
    below, above = lower <= _U4 * s, _U4 * s + _U4 <= upper
    if below != above:
        return np.int64(s) + np.int64(above), np.int64(k)
    half = _U4 * s + _U2
    up = middle > half or (middle == half and (s & _U1) != _U0)
    return np.int64(s) + np.int64(up), np.int64(k)


@njit(cache=True, nogil=True)
def _decimal(values: Floats, i: int, rounded: bool) -> tuple[np.int64, np.int64]:
    """``(m, k)`` of what a float stands for; of one that is exact only where it is whole."""
    value = values[i]
    if value == 0.0:
        return np.int64(0), np.int64(_OF_ZERO)
    if not rounded:
        if abs(value) <= _LARGEST_WHOLE and np.floor(value) == value:
            return np.int64(value), np.int64(0)
        return np.int64(0), np.int64(_UNKNOWN)
    bits = values.view(np.uint64)[i] & np.uint64(0x7FFFFFFFFFFFFFFF)
    m, k = decimal_digits(bits)
    # What ends in zeros comes to one exponent with more others without them.
    while m % 10 == 0:
        m, k = m // 10, k + 1
    return (-m if value < 0.0 else m), k


@njit(cache=True, nogil=True)
def shortest_decimals(
    values: Floats, digits: NDArray[np.int64], exponents: NDArray[np.int64]
) -> None:
    """Write ``m`` and ``k`` of the shortest decimals ``m 10ᵏ`` of finite floats.

    Parameters
    ----------
    values : ndarray of float64, shape (n,)
        Finite.
    digits, exponents : ndarray of int64, shape (n,)
        Receive them; no m but zero ends in a zero.

    Examples
    --------
    >>> digits, exponents = np.empty((2, 3), dtype=np.int64)
    >>> shortest_decimals(np.array([0.3, -1e23, 5e-324]), digits, exponents)
    >>> digits.tolist(), exponents.tolist()
    ([3, -1, 5], [-1, 23, -324])
    """
    for i in range(len(values)):
        m, k = _decimal(values, i, True)
        digits[i], exponents[i] = m, k if m != 0 else 0


@njit(cache=True, nogil=True)
def most_places(values: Floats) -> int:
    """Most decimal places among the shortest decimals of finite floats, at least none.

    Examples
    --------
    >>> most_places(np.array([100.0, 0.25, 3e-7]))
    7
    """
    most = np.int64(0)
    for i in range(len(values)):
        _, k = _decimal(values, i, True)
        most = max(most, -k)
    return int(most)


@njit(cache=True, nogil=True)
def _differences(
    m: NDArray[np.int64], k: NDArray[np.int64], i: int
) -> tuple[np.int64, np.int64, np.int64]:
    """Differences of three decimals and the exponent of their unit, _UNKNOWN if they do not fit.

    The decimals are those of points ``i - 1``, ``i``, ``i + 1``, each at its number modulo 3.
    """
    least = min(k[0], k[1], k[2])
    before = gap_0 = gap_1 = np.int64(0)
    for step in range(3):
        at = (i - 1 + step) % 3
        shift = k[at] - least
        here = m[at]
        if here != 0:
            if shift > 18 or abs(here) > _FIT[shift]:
                return gap_0, gap_1, np.int64(_UNKNOWN)
            here *= _TENS[shift]
        if step == 1:
            gap_0 = here - before
        elif step == 2:
            gap_1 = here - before
        before = here
    return gap_0, gap_1, least


@njit(cache=True, nogil=True, inline="always")
def _distance(
    dx0: np.int64, dx1: np.int64, dy0: np.int64, dy1: np.int64
) -> tuple[bool, np.uint64, np.uint64]:
    """Whether ``|dy1| dx0 >= |dy0| dx1``, and the two words of their distance."""
    after, after_low = _product(np.uint64(abs(dy1)), np.uint64(dx0))
    before, before_low = _product(np.uint64(abs(dy0)), np.uint64(dx1))
    more = after > before or (after == before and after_low >= before_low)
    if not more:
        after, before, after_low, before_low = before, after, before_low, after_low
    return more, after - before - (_U1 if after_low < before_low else _U0), after_low - before_low


@njit(cache=True, nogil=True, error_model="numpy")
def decimal_slope_change(x: Floats, y: Floats, read_x: bool, read_y: bool, i: int) -> float:
    """Slope change at an interior point, relative error at most 2⁻⁴⁸; not a number if unknown.

    The determinant is exact; its words, the two gaps, their product and the quotients are rounded.
    """
    return float(_slope_change(x, y, read_x, read_y, np.empty((4, 3), dtype=np.int64), -9, i))


@njit(cache=True, nogil=True, error_model="numpy")
def _slope_change(
    x: Floats, y: Floats, read_x: bool, read_y: bool, read: NDArray[np.int64], known: int, i: int
) -> float:
    """The same with decimals up to a point that are in ``read`` already."""
    mx, kx, my, ky = read[0], read[1], read[2], read[3]
    for j in range(max(i - 1, known + 1), i + 2):
        mx[j % 3], kx[j % 3] = _decimal(x, j, read_x)
        my[j % 3], ky[j % 3] = _decimal(y, j, read_y)
    dx0, dx1, unit_x = _differences(mx, kx, i)
    dy0, dy1, unit_y = _differences(my, ky, i)
    # Three zeros have the slopes of any unit.
    power = (0 if unit_y == _OF_ZERO else unit_y) - unit_x
    if unit_x == _UNKNOWN or unit_y == _UNKNOWN or abs(power) > 22:
        return np.nan
    size = 0.0
    if (dy0 < 0) == (dy1 < 0):
        more, high, low = _distance(dx0, dx1, dy0, dy1)
        size = np.float64(high) * 2.0**64 + np.float64(low)
        size = size if more == (dy1 >= 0) else -size
    else:
        size = np.float64(dy1) * np.float64(dx0) - np.float64(dy0) * np.float64(dx1)
    change = size / (np.float64(dx0) * np.float64(dx1))
    return float(change * 10.0**power if power >= 0 else change / 10.0**-power)


@njit(cache=True, nogil=True, error_model="numpy")
def decimal_knots(
    x: Floats, y: Floats, read_x: bool, read_y: bool,
    knot_points: NDArray[np.signedinteger], shared: NDArray[np.bool_],
    places: NDArray[np.signedinteger], positions: Floats, jumps: Floats,
) -> None:  # fmt: skip
    """Write the knots of some places from the decimals, no numbers where these do not fit."""
    read, known = np.empty((4, 3), dtype=np.int64), -9
    for k in places:
        i = knot_points[k]
        # Of places that do not ascend nothing is known.
        known = known if known <= i else -9
        jumps[k], positions[k] = _slope_change(x, y, read_x, read_y, read, known, i), x[i]
        known = i + 1
        if shared[i]:
            right = _slope_change(x, y, read_x, read_y, read, known, i + 1)
            known = i + 2
            jumps[k] += right
            positions[k] = x[i] + (x[i + 1] - x[i]) * (right / jumps[k])


@njit(cache=True, nogil=True)
def decimal_signs(x: Floats, y: Floats, read_x: bool, read_y: bool, signs: NDArray[np.int8]) -> int:
    """Replace the zeros among signs of slope changes by -1, 0, 1 or UNDECIDED.

    Parameters
    ----------
    x, y : ndarray of float64, shape (m + 2,)
        Coordinates, x ascending strictly.
    read_x, read_y : bool
        Whether floats stand for their shortest decimals; else they are exact.
    signs : ndarray of int8, shape (m,)
        Signs at the interior points; zeros are open.

    Returns
    -------
    int
        Number of points that are UNDECIDED.

    Notes
    -----
    Decimals ascend with their floats and are equal only where these are, so that slopes of
    different signs need no digits; nor do two slopes that are zero.
    """
    mx, kx, my, ky = np.empty((4, 3), dtype=np.int64)
    known, left = np.int64(-9), 0
    for i in range(1, len(signs) + 1):
        if signs[i - 1] != 0:
            continue
        s0 = np.int64(y[i] > y[i - 1]) - np.int64(y[i] < y[i - 1])
        s1 = np.int64(y[i + 1] > y[i]) - np.int64(y[i + 1] < y[i])
        if s0 != s1 or s0 == 0:
            signs[i - 1] = np.int8(s1 > s0) - np.int8(s1 < s0)
            continue
        for j in range(max(i - 1, int(known) + 1), i + 2):
            mx[j % 3], kx[j % 3] = _decimal(x, j, read_x)
            my[j % 3], ky[j % 3] = _decimal(y, j, read_y)
        known = np.int64(i + 1)
        dx0, dx1, unit_x = _differences(mx, kx, i)
        dy0, dy1, unit_y = _differences(my, ky, i)
        if unit_x == _UNKNOWN or unit_y == _UNKNOWN:
            signs[i - 1] = UNDECIDED
            left += 1
            continue
        more, high, low = _distance(dx0, dx1, dy0, dy1)
        same = high == _U0 and low == _U0
        signs[i - 1] = np.int8(0 if same else (s1 if more else -s1))
    return left
