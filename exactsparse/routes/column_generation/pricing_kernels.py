"""Compiled walk over the planes in which D − 2 hyperplanes meet, with proven error bounds.

In such a plane, ``w = α u + β v``, the quotient ``h(w) = |λ · (X̄w)₊| / ‖w‖₁`` is largest where a
further row vanishes.  The bases u, v come from the planes of fewer hyperplanes by one elimination
step each, with the largest coefficient as pivot, so that two coordinates of w are α and β
themselves; hence ``‖w‖₁ >= |α| + |β|``.

**Error bound.**  Let ``T̃`` hold the computed coefficients of all rows in the plane, and all of
them be within ρ of the exact ones.  Then ``|λ · (X̄w)₊|`` and ``‖w‖₁`` are those of ``T̃`` up to
``ρ Σ|λᵢ| (|α| + |β|)`` and ``ρ D (|α| + |β|)``.  The quotient of ``T̃`` is, as a function of its
own, largest at its own breakpoints ``(−T̃ᵢ₂, T̃ᵢ₁)``; computing them and evaluating it there adds
rounding errors of ``(2n + 16) 2⁻⁵³`` times ``Σ|λᵢ| max|T̃| (|α| + |β|)``.  So

``max h <= (max h̃ + e) / (1 − f)``,  ``e = Σ|λᵢ| (ρ + (2n + 16) 2⁻⁵³ τ)``,  ``f = D (ρ + …)``

holds whatever the angles between the rows in the plane are: only the plane itself must be
accurate.  A plane for which this is not good enough is reported, and computed exactly.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from exactsparse.compiling import njit

_UNIT = 2.0**-53
# Covers the roundings in the computation of the bounds themselves.
_SLACK = 1.0 + 1e-9
_REASSOCIATE = {"reassoc", "contract", "nsz"}


@njit(cache=True, nogil=True, error_model="numpy", fastmath=_REASSOCIATE)
def _evaluate(T, duals, width, a, b):
    """``Σ λᵢ tᵢ₊``, ``Σ λᵢ tᵢ`` and ``Σ |t_c|`` at a point of the plane, in any order of sums."""
    size = 0.0
    for c in range(width):
        size += abs(a * T[0, c] + b * T[1, c])
    positive = 0.0
    every = 0.0
    for i in range(duals.shape[0]):
        t = a * T[0, width + i] + b * T[1, width + i]
        every += duals[i] * t
        positive += duals[i] * max(t, 0.0)
    return positive, every, size


@njit(cache=True, nogil=True, error_model="numpy")
def _breakpoint(T, row):
    """Where a row of a plane vanishes, its larger coordinate ±1; zeros if it does everywhere."""
    a, b = -T[1, row], T[0, row]
    size = max(abs(a), abs(b))
    if size == 0.0:
        return 0.0, 0.0
    return a / size, b / size


@njit(cache=True, nogil=True, error_model="numpy")
def _largest_in_plane(T, duals, width, among, first):
    """Largest quotient at the breakpoints of some rows from ``first`` on, and which it is."""
    best, at = 0.0, -1
    for k in range(first, among.shape[0]):
        a, b = _breakpoint(T, among[k])
        if a == 0.0 and b == 0.0:
            continue
        positive, every, size = _evaluate(T, duals, width, a, b)
        value = max(abs(positive), abs(positive - every)) / size
        if value > best:
            best, at = value, k
    return best, at


@njit(cache=True, nogil=True, error_model="numpy")
def quotients(T, duals, width):
    """``h̃`` at the breakpoint of every row of a plane; −1 where a row vanishes.

    Parameters
    ----------
    T : ndarray of float64, shape (2, D + n)
        Coefficients of the coordinates and of the data rows in the plane.
    duals : ndarray of float64, shape (n,)
        ``λ``.
    width : int
        D.
    """
    values = np.full(T.shape[1], -1.0)
    for row in range(T.shape[1]):
        a, b = _breakpoint(T, row)
        if a != 0.0 or b != 0.0:
            positive, every, size = _evaluate(T, duals, width, a, b)
            values[row] = max(abs(positive), abs(positive - every)) / size
    return values


@njit(cache=True, nogil=True, error_model="numpy")
def plane_bound(value, T_max, rho, total, width, n):
    """Upper bound of the exact quotient in a plane, from the largest computed one.

    Parameters
    ----------
    value : float
        ``max h̃`` over all breakpoints.
    T_max, rho : float
        Largest ``|T̃|``, and the error of its entries.
    total : float
        ``Σ|λᵢ|``.
    width, n : int
        D, and the number of data rows.
    """
    rounding = _UNIT * T_max
    e = total * _SLACK * (rho + (2 * n + 16) * rounding)
    f = width * (rho + (2 * width + 16) * rounding)
    if not f < 0.5:
        return np.inf
    return (value + e) / (1.0 - f) * (1.0 + 16.0 * _UNIT)


@njit(cache=True, nogil=True, error_model="numpy")
def _restrict(T, row, out, rho):
    """Restrict all rows to the hyperplane of one; its largest coefficient is the pivot.

    Returns the error bound of the new coefficients, infinite for a pivot that may be 0, and the
    largest of them.
    """
    dimension, rows = T.shape
    pivot = 0
    for j in range(1, dimension):
        if abs(T[j, row]) > abs(T[pivot, row]):
            pivot = j
    size = abs(T[pivot, row])
    if size <= 2.0 * rho:
        return np.inf, 0.0
    before = 0.0
    for j in range(dimension):
        for i in range(rows):
            before = max(before, abs(T[j, i]))
    largest = 0.0
    k = 0
    for j in range(dimension):
        if j == pivot:
            continue
        ratio = T[j, row] / T[pivot, row]
        for i in range(rows):
            value = T[j, i] - ratio * T[pivot, i]
            out[k, i] = value
            largest = max(largest, abs(value))
        k += 1
    of_ratio = 2.0 * rho / (size - rho) + _UNIT
    error = 2.0 * rho + of_ratio * (before + rho) + 4.0 * _UNIT * before
    return error * _SLACK, largest


class WalkState(NamedTuple):
    """Where a walk stands, and what it has found.

    Parameters
    ----------
    planes : ndarray of int, shape (m,)
        Rows that are pairwise different hyperplanes.
    width : int
        D, the number of coordinates, which are the first rows.
    duals : ndarray of float64, shape (n,)
        ``λ``.
    stack : ndarray of float64, shape (depth + 1, depth + 2, D + n)
        Coefficients of coordinates and data rows in the current subspaces; ``stack[0]`` where the
        walk starts.
    errors : ndarray of float64, shape (depth + 1,)
        Errors of these coefficients.
    chosen : ndarray of int, shape (depth,)
        Positions in ``planes``, −1 at the end: the place before the first at the start.
    best : ndarray of float64, shape (m,)
        By the second hyperplane chosen (or the only one): largest quotient, raised by the walk.
    where : ndarray of int, shape (m, depth + 1)
        The hyperplanes that meet in the ray of that quotient.
    """

    planes: NDArray[np.int64]
    width: int
    duals: NDArray[np.float64]
    stack: NDArray[np.float64]
    errors: NDArray[np.float64]
    chosen: NDArray[np.int64]
    best: NDArray[np.float64]
    where: NDArray[np.int64]


@njit(cache=True, nogil=True, error_model="numpy")
def scan(state, level, every, target, rejected, budget):
    """Walk on over the planes in which further hyperplanes meet; it pauses, to be called again.

    Parameters
    ----------
    state : WalkState
        Moved on.
    level : int
        How many hyperplanes are chosen, less one; 0 at the start.
    every : bool
        Evaluate the breakpoints of all rows, as the bound needs, parallel ones included: their
        floats may differ.  Else only those of the planes behind, which meets every ray once.
    target : float
        Planes whose bound exceeds it are rejected, and so are subspaces known too badly.
    rejected : ndarray of int, shape (most, depth)
        Filled with rejected choices, −1 behind incomplete ones; the walk pauses when it is full.
    budget : int
        Planes after which the walk pauses.

    Returns
    -------
    tuple of (int, int, float)
        The level, −1 at the end of the walk; rejected choices; and an upper bound for all planes
        of this call that were not rejected.
    """
    planes, width, duals, stack, errors, chosen, best, where = state
    depth = chosen.shape[0]
    rows = stack.shape[2]
    n = rows - width
    total = np.abs(duals).sum()
    bound, count = 0.0, 0
    among = np.arange(rows) if every else planes
    while level >= 0 and budget > 0 and count < rejected.shape[0]:
        chosen[level] += 1
        if chosen[level] >= planes.shape[0]:
            chosen[level] = -1
            level -= 1
            continue
        dimension = depth + 2 - level
        error, largest = _restrict(
            stack[level, :dimension],
            planes[chosen[level]],
            stack[level + 1, : dimension - 1],
            errors[level],
        )
        uncertain = not error * (total + width) < 1e-3
        if uncertain and not every:
            continue
        if level + 1 < depth and not uncertain:
            errors[level + 1] = error
            chosen[level + 1] = chosen[level]
            level += 1
            continue
        upper = np.inf
        budget -= 1
        if not uncertain:
            T = stack[level + 1, :2]
            after = 0 if every else chosen[level] + 1
            value, at = _largest_in_plane(T, duals, width, among, after)
            bucket = chosen[min(1, depth - 1)]
            if at >= 0 and value > best[bucket]:
                best[bucket] = value
                where[bucket, :depth] = chosen
                where[bucket, depth] = at
            upper = plane_bound(value, largest, error, total, width, n)
        if every:
            if upper <= target:
                bound = max(bound, upper)
            else:
                rejected[count] = chosen
                count += 1
    return level, count, bound
