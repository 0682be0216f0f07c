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
    table, reduced : ndarray of float64, shape (e, s + 1)
        Equations that may follow from each other, and space to eliminate them.
    units : ndarray of float64, shape (e,)
        By what the entries of an equation are to be multiplied to be integers; 0 if by nothing.
    chosen : ndarray of int64, shape (e,)
        1 where an equation is one of M.
    """

    matrix: Floats
    inverse: Floats
    work: Floats
    right: Floats
    solution: Floats
    table: Floats
    reduced: Floats
    units: Floats
    chosen: NDArray[np.int64]


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


@njit(cache=True, nogil=True, error_model="numpy")
def solve_integers(system, equations, unknowns, fixed):
    """Find the only multipliers of integer equations, one of them set to 1, where others follow.

    As many equations as there are unknowns are chosen by elimination.  The others hold, too, if
    their values are proved to be less than 1 in size times the determinant of the chosen ones, as
    they are integers then, by Cramer's rule; Hadamard's bound stands for the determinant.

    Parameters
    ----------
    system : System
        With ``table`` and ``units``; its solution leaves the fixed unknown out.
    equations, unknowns : int
        Rows and columns of the table.
    fixed : int
        The column of the unknown that is 1.

    Returns
    -------
    float
        A bound of the largest error of the solution; infinite if nothing is proved.
    """
    table, reduced, chosen = system.table, system.reduced, system.chosen
    wanted = unknowns - 1
    if wanted == 0 or wanted > len(system.right):
        return np.inf
    for e in range(equations):
        chosen[e] = 0
        for s in range(unknowns):
            reduced[e, s] = table[e, s]
    for _ in range(wanted):
        best, at, size = -1, -1, 1e-9
        for e in range(equations):
            if chosen[e] == 0:
                for s in range(unknowns):
                    if s != fixed and abs(reduced[e, s]) > size:
                        best, at, size = e, s, abs(reduced[e, s])
        if best < 0:
            return np.inf
        chosen[best] = 1
        for e in range(equations):
            if chosen[e] == 0 and reduced[e, at] != 0.0:
                factor = reduced[e, at] / reduced[best, at]
                for s in range(unknowns):
                    reduced[e, s] -= factor * reduced[best, s]
                reduced[e, at] = 0.0
    row, bound = 0, 1.0
    for e in range(equations):
        if chosen[e] == 0:
            continue
        at, square = 0, 0.0
        for s in range(unknowns):
            if s == fixed:
                system.right[row] = table[e, s]
            else:
                system.matrix[row, at] = table[e, s]
                square += (table[e, s] * system.units[e]) ** 2
                at += 1
        bound *= np.sqrt(square) * (1.0 + 16.0 * UNIT)
        if system.units[e] == 0.0:
            bound = np.inf
        row += 1
    error = enclose(system, wanted)
    gamma = 2.2 * (unknowns + 6) * UNIT
    for e in range(equations):
        if chosen[e] == 1:
            continue
        value, size, slack, at, any_entry = table[e, fixed], abs(table[e, fixed]), 0.0, 0, False
        for s in range(unknowns):
            any_entry = any_entry or table[e, s] != 0.0
            if s != fixed:
                product = table[e, s] * system.solution[at]
                value += product
                size += abs(product)
                slack += abs(table[e, s]) * error
                at += 1
        if not any_entry:
            continue
        largest = (abs(value) + 1.01 * slack + gamma * (size + slack)) * system.units[e]
        if not (system.units[e] > 0.0 and largest * bound < 0.9):
            return np.inf
    return error
