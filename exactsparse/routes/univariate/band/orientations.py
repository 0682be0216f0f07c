"""Certified orientations of window ends in doubles; importing this module imports numba.

**Error bound of an orientation.**  With ends a, b, c, ``u = 2⁻⁵³`` and
``D = (y_c − y_a)(x_b − x_a) − (y_b − y_a)(x_c − x_a)``, each product carries three roundings and
the difference one, so that the computed D is off by at most ``4u(1 + 4u)(|left| + |right|)`` and,
where products underflow, by ``2⁻¹⁰⁷³`` more.  ``ORIENTATION = 2⁻⁵⁰`` doubles the former, ``TINY``
covers the latter.  Inputs that are rounded themselves, ``|x̂ − x| <= rel_x |x̂| + abs_x`` and so
for bounds, add ``|dy| δx + |dx| δy + δx δy`` for either product, with δ the sum of the radii of its
two operands.  A bound that is not finite decides nothing, so overflow never does.

**Ends as sums of two doubles.**  A tail holds what an end is beyond its double, and both together
are off by at most ``2⁻¹⁰⁰`` of the largest size, or by ``2⁻⁹⁴⁶``; differences of such sums add
three roundings of the tails, below ``2⁻¹⁰⁴`` of the size.  ``fine`` holds ``2⁻⁹⁸`` of the size and
``2⁻⁹⁴⁴`` more, so that it bounds how far a difference is off.  A product of two sums, its head
split exactly, loses less than ``2⁻¹⁰²`` of itself, their difference as much again: ``FINE = 2⁻⁹⁸``.
What differences are off by enters as above.

**Rows that are skipped.**  With M through the upper end q and slope s, ``A + B(x − x_q)`` with
``A = u_q + E`` and ``B`` a bound of s from above bounds M and all rounding errors from above, to
the right of q: E holds ``2⁻⁴⁹`` of the largest size of a bound, the radii of bounds, and those of
abscissae times the slope.  A row with an upper end above that and a lower end below the like bound
of m changes nothing, neither the extreme lines nor what they touch.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from exactsparse.compiling import njit
from exactsparse.exact.kernels import product_tail
from exactsparse.routes.univariate.band.tails import Tails

Floats = NDArray[np.float64]

# Counting references to arrays would cost more than the arithmetic: nothing is allocated here, and
# the callers hold the arrays.
OPTIONS: dict[str, Any] = {"cache": True, "nogil": True, "error_model": "numpy", "_nrt": False}

ORIENTATION = 2.0**-50
TINY = 2.0**-1000
UNDECIDED = 2
_LARGE = 2.0**900
_SPLITTABLE = 2.0**480
_SMALLEST = 2.0**-900
FINE = 2.0**-98


@njit(inline="always", **OPTIONS)
def _is_exact(a: float, b: float, difference: float) -> bool:
    """Whether ``difference = a - b`` carries no rounding error."""
    return bool((a - difference == b) & (b + difference == a))


@njit(**OPTIONS)
def _exact_orientation(ax: float, ay: float, bx: float, by: float, cx: float, cy: float) -> int:
    """Orientation of exact doubles where differences and split products carry no error."""
    dxb, dxc, dyb, dyc = bx - ax, cx - ax, by - ay, cy - ay
    left, right = dyc * dxb, dyb * dxc
    exact = _is_exact(bx, ax, dxb) & _is_exact(cx, ax, dxc)
    exact &= _is_exact(by, ay, dyb) & _is_exact(cy, ay, dyc)
    # Far from overflow and underflow, Dekker's tails are exact.
    exact &= (abs(dxb) < _SPLITTABLE) & (abs(dxc) < _SPLITTABLE)
    exact &= (abs(dyb) < _SPLITTABLE) & (abs(dyc) < _SPLITTABLE)
    exact &= (left == 0.0) & ((dyc == 0.0) | (dxb == 0.0)) | (abs(left) > _SMALLEST)
    exact &= (right == 0.0) & ((dyb == 0.0) | (dxc == 0.0)) | (abs(right) > _SMALLEST)
    if not exact:
        return UNDECIDED
    # Rounding is monotone, so unequal heads decide and equal heads leave the tails.
    if left != right:
        return 1 if left > right else -1
    head, tail = product_tail(dyc, dxb, left), product_tail(dyb, dxc, right)
    return 1 if head > tail else (-1 if head < tail else 0)


@njit(**OPTIONS)
def orientation(
    ax: float, ay: float, bx: float, by: float, cx: float, cy: float, radii: Floats
) -> int:
    """Certified side of c from the line through a and b: 1 above, -1 below, 0 on, or UNDECIDED.

    ``radii`` holds rel_x, abs_x, rel_y, abs_y of the error bound of inputs.
    """
    dxb, dxc, dyb, dyc = bx - ax, cx - ax, by - ay, cy - ay
    left, right = dyc * dxb, dyb * dxc
    value = left - right
    error = ORIENTATION * (abs(left) + abs(right)) + TINY
    inexact = (radii[0] + radii[1] + radii[2] + radii[3]) != 0.0
    if inexact:
        rxb = radii[0] * (abs(ax) + abs(bx)) + 2.0 * radii[1]
        rxc = radii[0] * (abs(ax) + abs(cx)) + 2.0 * radii[1]
        ryb = radii[2] * (abs(ay) + abs(by)) + 2.0 * radii[3]
        ryc = radii[2] * (abs(ay) + abs(cy)) + 2.0 * radii[3]
        spread = abs(dyc) * rxb + ryc * (abs(dxb) + rxb)
        spread += abs(dyb) * rxc + ryb * (abs(dxc) + rxc)
        error += 1.01 * spread + TINY
    if value > error:
        return 1
    if value < -error:
        return -1
    if inexact:
        return UNDECIDED
    return int(_exact_orientation(ax, ay, bx, by, cx, cy))


@njit(inline="always", **OPTIONS)
def _difference(b: float, b_tail: float, a: float, a_tail: float) -> tuple[float, float]:
    """``b − a`` of sums of two doubles, as one."""
    head = b - a
    part = head - b
    error = (b - (head - part)) - (a + part)
    error += b_tail - a_tail
    total = head + error
    return total, error - (total - head)


@njit(inline="always", **OPTIONS)
def _times(a: float, a_tail: float, b: float, b_tail: float) -> tuple[float, float]:
    """Product of two sums of two doubles, as one."""
    head = a * b
    return head, product_tail(a, b, head) + (a * b_tail + a_tail * b)


@njit(**OPTIONS)
def settled_orientation(
    x: Floats, ends: Floats, radii: Floats, tails: Tails,
    side_a: int, a: int, side_b: int, b: int, side_c: int, c: int,
) -> int:  # fmt: skip
    """As :func:`orientation` of three ends, by their tails where their doubles leave it open."""
    ax, ay, bx, by = x[a], ends[side_a, a], x[b], ends[side_b, b]
    cx, cy = x[c], ends[side_c, c]
    turn = orientation(ax, ay, bx, by, cx, cy, radii)
    if turn != UNDECIDED or len(tails.x) == 0:
        return int(turn)
    alike = tails.one_side or side_a == side_b == side_c
    if alike and tails.labels[a] == tails.labels[b]:
        # A level line, beside which floats are ordered as what they stand for.
        level, here = tails.labels[a], tails.labels[c]
        return 1 if here > level else (-1 if here < level else 0)
    axt, bxt, cxt = tails.x[a], tails.x[b], tails.x[c]
    ayt, byt, cyt = tails.ends[side_a, a], tails.ends[side_b, b], tails.ends[side_c, c]
    dxb, dxbt = _difference(bx, bxt, ax, axt)
    dxc, dxct = _difference(cx, cxt, ax, axt)
    dyb, dybt = _difference(by, byt, ay, ayt)
    dyc, dyct = _difference(cy, cyt, ay, ayt)
    left, left_tail = _times(dyc, dyct, dxb, dxbt)
    right, right_tail = _times(dyb, dybt, dxc, dxct)
    value, value_tail = _difference(left, left_tail, right, right_tail)
    ex, ey = tails.fine[0], tails.fine[1]
    error = FINE * (abs(left) + abs(right)) + TINY
    error += 1.01 * (abs(dyc) * ex + ey * (abs(dxb) + ex))
    error += 1.01 * (abs(dyb) * ex + ey * (abs(dxc) + ex))
    small = (abs(dxb) < _SPLITTABLE) & (abs(dxc) < _SPLITTABLE)
    small &= (abs(dyb) < _SPLITTABLE) & (abs(dyc) < _SPLITTABLE)
    # Written so that what is not a number decides nothing.
    if small & (value + value_tail > error):
        return 1
    if small & (value + value_tail < -error):
        return -1
    return UNDECIDED


@njit(inline="always", **OPTIONS)
def quick_orientation(
    ax: float, ay: float, bx: float, by: float, cx: float, cy: float, rx: float, ry: float
) -> int:
    """As :func:`orientation` by one bound of all radii, but UNDECIDED more often.

    ``rx`` and ``ry`` are twice the largest radius of an abscissa and of a bound.
    """
    dxb, dxc, dyb, dyc = bx - ax, cx - ax, by - ay, cy - ay
    left, right = dyc * dxb, dyb * dxc
    value = left - right
    error = ORIENTATION * (abs(left) + abs(right)) + TINY
    error += 1.01 * (ry * (abs(dxb) + abs(dxc) + 2.0 * rx) + rx * (abs(dyb) + abs(dyc)))
    above, below = value > error, value < -error
    return 1 if above else (-1 if below else UNDECIDED)


@njit(**OPTIONS)
def bounding_line(
    x: Floats, ends: Floats, side: int, p: int, q: int, radii: Floats, size: float, reach: float
) -> tuple[float, float]:
    """``(A, B)`` that bound the line of a side, from above for M (side 0), from below for m."""
    far = 1 - side
    up = 1.0 - 2.0 * side
    dx, dy = x[q] - x[p], ends[far, q] - ends[side, p]
    rx = 2.0 * (radii[0] * reach + radii[1])
    ry = 2.0 * (radii[2] * size + radii[3])
    if not ((abs(dy) < _LARGE) & (dx < _LARGE) & (dx > 2.0 * rx) & (dx > _SMALLEST)):
        return np.nan, np.nan
    slope = dy / dx
    # (|dy| + ry) / (dx - rx) - |dy| / dx, and nine roundings of the slope; underflow last.
    error = 2.1 * (ry + abs(slope) * rx) / dx + 2.0**-49 * abs(slope) + TINY
    margin = 2.0**-49 * size + 2.0 * ry + 2.0 * (abs(slope) + error) * rx + TINY
    if not ((abs(slope) < _LARGE) & (error < _LARGE) & (margin < _LARGE)):
        return np.nan, np.nan
    return ends[far, q] + up * margin, slope + up * error
