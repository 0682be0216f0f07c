"""Certified orientations of window ends in doubles; importing this module imports numba.

**Error bound of an orientation.**  With ends a, b, c, ``u = 2⁻⁵³`` and
``D = (y_c − y_a)(x_b − x_a) − (y_b − y_a)(x_c − x_a)``, each product carries three roundings and
the difference one, so that the computed D is off by at most ``4u(1 + 4u)(|left| + |right|)`` and,
where products underflow, by ``2⁻¹⁰⁷³`` more.  ``ORIENTATION = 2⁻⁵⁰`` doubles the former, ``TINY``
covers the latter.  Inputs that are rounded themselves, ``|x̂ − x| <= rel_x |x̂| + abs_x`` and so
for bounds, add ``|dy| δx + |dx| δy + δx δy`` for either product, with δ the sum of the radii of its
two operands.  A bound that is not finite decides nothing, so overflow never does.

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


@njit(inline="always", **OPTIONS)
def _tail(a: float, b: float, product: float) -> float:
    """Rounding error of ``product = a * b`` (Dekker 1971)."""
    t = 134217729.0 * a
    a1 = t - (t - a)
    a0 = a - a1
    t = 134217729.0 * b
    b1 = t - (t - b)
    b0 = b - b1
    return a0 * b0 - (((product - a1 * b1) - a0 * b1) - a1 * b0)


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
    head, tail = _tail(dyc, dxb, left), _tail(dyb, dxc, right)
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
