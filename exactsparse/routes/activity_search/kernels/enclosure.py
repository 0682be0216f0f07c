"""Linear equations in float64 with a proved bound of the error.

With an approximate inverse R of M, the solution of ``M z = -r`` lies within
``‖R (M z̃ + r)‖ / (1 − ‖I − R M‖)`` of z̃ in the maximum norm (S. M. Rump, *Verification methods*,
2010, Theorem 10.2).  The rounding of every sum counts, and that of the data: every entry of M and r
may differ from the true one by a unit in its last place.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from exactsparse.compiling import njit

Floats = NDArray[np.float64]

UNIT = 2.0**-53
# Smaller numbers lose their relative accuracy; they count as this error in every sum.
TINY = 1e-290


class System(NamedTuple):
    """Scratch for ``M z = -r`` of up to s unknowns.

    Parameters
    ----------
    matrix, inverse, work : ndarray of float64, shape (s, s) and (s, 2 s)
        M, its approximate inverse, and space to find it.
    right, solution : ndarray of float64, shape (s,)
        r and z.
    """

    matrix: Floats
    inverse: Floats
    work: Floats
    right: Floats
    solution: Floats


@njit(cache=True, nogil=True, error_model="numpy")
def invert(system, m):
    """Find an approximate inverse by Gauss-Jordan elimination; False if a pivot is tiny."""
    matrix, inverse, work = system.matrix, system.inverse, system.work
    for i in range(m):
        for j in range(m):
            work[i, j] = matrix[i, j]
            work[i, m + j] = 0.0
        work[i, m + i] = 1.0
    for k in range(m):
        best, size = -1, 1e-9
        for i in range(k, m):
            if abs(work[i, k]) > size:
                best, size = i, abs(work[i, k])
        if best < 0:
            return False
        if best != k:
            for j in range(2 * m):
                work[best, j], work[k, j] = work[k, j], work[best, j]
        pivot = work[k, k]
        for j in range(2 * m):
            work[k, j] /= pivot
        for i in range(m):
            factor = work[i, k]
            if i != k and factor != 0.0:
                for j in range(2 * m):
                    work[i, j] -= factor * work[k, j]
    for i in range(m):
        for j in range(m):
            inverse[i, j] = work[i, m + j]
    return True


@njit(cache=True, nogil=True, error_model="numpy")
def enclose(system, m):
    """Solve ``M z = -r`` and bound the error.

    Every entry of M and r may differ from the true one by a unit in its last place.

    Returns
    -------
    float
        A bound of the largest error of ``system.solution``; infinite if there is none.
    """
    matrix, inverse = system.matrix, system.inverse
    right, z = system.right, system.solution
    if not invert(system, m):
        return np.inf
    # Of m products and m + 2 sums, data and the bounds themselves rounded; 2.2 for safety.
    gamma = 2.2 * (m + 6) * UNIT
    contraction = 0.0
    for i in range(m):
        row = 0.0
        for j in range(m):
            entry, size = 0.0, 0.0
            for k in range(m):
                product = inverse[i, k] * matrix[k, j]
                entry += product
                size += abs(product)
            row += abs(entry - (1.0 if i == j else 0.0)) + gamma * (size + 1.0) + TINY
        contraction = max(contraction, row)
    if not contraction < 0.5:
        return np.inf
    for i in range(m):
        total = 0.0
        for j in range(m):
            total -= inverse[i, j] * right[j]
        z[i] = total
    worst = 0.0
    # work holds the residuals M z + r, and bounds of their errors.
    work = system.work
    for i in range(m):
        total, size = right[i], abs(right[i])
        for j in range(m):
            product = matrix[i, j] * z[j]
            total += product
            size += abs(product)
        work[i, 0], work[i, 1] = total, gamma * size + TINY
    for i in range(m):
        total, size = 0.0, 0.0
        for j in range(m):
            product = inverse[i, j] * work[j, 0]
            total += product
            size += gamma * abs(product) + abs(inverse[i, j]) * work[j, 1]
        worst = max(worst, abs(total) + size * (1.0 + gamma))
    return 1.01 * worst / (1.0 - contraction) + TINY
