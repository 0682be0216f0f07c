"""Compiled passes over long float64 data; importing this module imports numba.

Long arrays are allocated by the callers: NumPy asks for huge pages, which numba does not, and page
faults would cost more than the arithmetic.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from exactsparse.compiling import njit

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Signs = NDArray[np.int8]

_KEEP, _SHARE, _UNDECIDED = 0, 1, 2


@njit(cache=True, nogil=True, error_model="numpy")
def odd_positions(signs: Signs, odd: Bools) -> None:
    """Write whether each point is the 1st, 3rd, 5th, … of its run."""
    before = False
    for i in range(1, len(signs)):
        before = (signs[i] != 0) & ((signs[i] != signs[i - 1]) | (not before))
        odd[i] = before


@njit(cache=True, nogil=True, error_model="numpy")
def pair_from_left(signs: Signs, shared: Bools) -> None:
    """Write whether each point shares a knot with the next when runs are paired from the left."""
    before = False
    for i in range(1, len(signs) - 1):
        before = (signs[i] != 0) & (signs[i] == signs[i + 1]) & (not before)
        shared[i] = before


@njit(cache=True, nogil=True, error_model="numpy")
def find_knot_points(signs: Signs, shared: Bools, knot_points: NDArray[np.int64]) -> int:
    """Write the point of every knot, the left one of a shared knot, and return their number."""
    count = 0
    for i in range(1, len(signs) - 1):
        knot_points[count] = i
        count += (signs[i] != 0) & (not shared[i - 1])
    return count


@njit(cache=True, nogil=True, error_model="numpy")
def match_runs(
    signs: Signs,
    own: Floats,
    joint: Floats,
    relative: Floats,
    shared: Bools,
    open_runs: NDArray[np.int64],
    decisions: NDArray[np.int8],
) -> int:
    """Match every run by the path program in floats with error bounds.

    Parameters
    ----------
    signs : ndarray of int8, shape (n,)
        Discrete curvature of every point.
    own, joint, relative : ndarray of float64, shape (n,)
        From :func:`exactsparse.exact.kernels.powers_of_jumps`.
    shared : ndarray of bool, shape (n,)
        Receives the left points of shared knots of every run whose matching is proved to be
        optimal and unique.
    open_runs : ndarray of int64, shape (n,)
        Receives the first points of the other runs.
    decisions : ndarray of int8, shape (n,)
        Work space.

    Returns
    -------
    int
        Number of the other runs.
    """
    n_open = 0
    i = 1
    while i < len(signs) - 1:
        first = i
        sign = signs[first]
        i += 1
        if sign == 0 or signs[i] != sign:
            continue
        i += 1
        if signs[i] != sign:
            # Sharing saves for every p < 1, so a run of two needs no comparison.
            shared[first] = True
            continue
        decisions[first], decisions[first + 1] = _KEEP, _SHARE
        gain = own[first] + own[first + 1] - joint[first]
        gain_error = (max(relative[first], relative[first + 1]) + 2.0**-50) * (
            own[first] + own[first + 1] + joint[first]
        )
        while signs[i] == sign:
            difference = own[i - 1] + own[i] - joint[i - 1] - gain
            # 2**-50 covers the additions of this step.
            error = gain_error + (max(relative[i - 1], relative[i]) + 2.0**-50) * (
                own[i - 1] + own[i] + joint[i - 1] + gain
            )
            if difference > error:
                decisions[i] = _SHARE
                gain, gain_error = difference, error
            elif difference < -error:
                decisions[i] = _KEEP
                gain, gain_error = 0.0, 0.0
            else:
                # The exact gain is within the error of this one, whatever the decision.
                decisions[i] = _UNDECIDED
                gain, gain_error = max(difference, 0.0), error
            i += 1
        k, settled = i - 1, True
        while k >= first:
            settled = settled and decisions[k] != _UNDECIDED
            k -= 2 if decisions[k] == _SHARE else 1
        if not settled:
            open_runs[n_open] = first
            n_open += 1
            continue
        k = i - 1
        while k >= first:
            if decisions[k] == _SHARE:
                k -= 1
                shared[k] = True
            k -= 1
    return n_open


@njit(cache=True, nogil=True, error_model="numpy")
def sum_of_own_and_joint(
    signs: Signs, shared: Bools, own: Floats, joint: Floats, relative: Floats, limit: float
) -> tuple[float, float]:
    """Path norm of a law and a bound of its error, infinite or not a number where unknown.

    Terms that are not known to a share ``limit`` are left out, unless that is infinite.
    64 plain partial sums of at most 1024 terms each, then Kahan's method: together they lose less
    than ``2**-42`` of the sum.
    """
    total, carry, error = 0.0, 0.0, 0.0
    partial, partial_error = np.empty(64), np.empty(64)
    interior = len(signs) - 2
    for first in range(0, interior, 65536):
        partial[:], partial_error[:] = 0.0, 0.0
        for low in range(first, min(first + 65536, interior), 64):
            m = min(64, interior - low)
            before, here = shared[low : low + m], shared[low + 1 : low + m + 1]
            sign = signs[low + 1 : low + m + 1]
            alone, both = own[low + 1 : low + m + 1], joint[low + 1 : low + m + 1]
            bound, next_bound = relative[low + 1 : low + m + 1], relative[low + 2 : low + m + 2]
            for k in range(m):
                has_own = (sign[k] != 0) & (not before[k]) & (not here[k])
                term = both[k] if here[k] else (alone[k] if has_own else 0.0)
                worst = max(bound[k], next_bound[k]) if here[k] else bound[k]
                term = term if (worst < limit) | (limit == np.inf) else 0.0
                partial[k] += term
                partial_error[k] += term * worst if term > 0.0 else 0.0
        for k in range(64):
            error += partial_error[k]
            corrected = partial[k] - carry
            updated = total + corrected
            carry = (updated - total) - corrected
            total = updated
    return total, 1.001 * error + 2.0**-42 * total


@njit(cache=True, nogil=True, error_model="numpy")
def find_poor(
    signs: Signs, shared: Bools, relative: Floats, limit: float, points: NDArray[np.int64]
) -> int:
    """Write the points of knots whose power is not known to a share ``limit``, and count them.

    One more than ``points`` holds ends the search.
    """
    count = 0
    for i in range(1, len(signs) - 1):
        worst = max(relative[i], relative[i + 1]) if shared[i] else relative[i]
        if (signs[i] != 0) & (not shared[i - 1]) & (not worst < limit):
            if count == len(points):
                return count + 1
            points[count] = i
            count += 1
    return count
