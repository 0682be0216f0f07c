"""Tableaux and weights of a basis computed anew, with bounds of their errors.

With ``R`` near the inverse of ``B`` and ``‖I − RB‖ ≤ g < 1``, ``B⁻¹A = (I − G)⁻¹ R A`` differs from
``RA`` by at most ``g / (1 − g)`` of its largest entry, column by column (S. M. Rump 2010,
*Verification methods*, Acta Numerica 19, section 10).
"""

from __future__ import annotations

import numpy as np

from exactsparse.compiling import njit

_ROUNDOFF = 2.0**-52
_SLACK = 1.0 + 1e-12
_UNDERFLOW = 1e-300


@njit(nogil=True, error_model="numpy", cache=True)
def fresh_tableau(table, chosen, count, rows, used, tableau, errors, first):
    """Tableau after the elimination of chosen columns, by rows found anew.

    Parameters
    ----------
    table : RayTable
        Columns.
    chosen : ndarray of int64
        The first ``count`` are eliminated.
    count : int
        Of them.
    rows : ndarray of int64, shape (n,)
        Receives the row of every chosen column.
    used : ndarray of bool, shape (n,)
        Receives which rows these are.
    tableau : ndarray of float64, shape (n, m)
        Receives the entries of columns from ``first`` on.
    errors : ndarray of float64, shape (m,)
        Receives bounds of their errors.
    first : int
        Column.

    Returns
    -------
    bool
        Whether the bounds hold; else the columns are too nearly dependent.
    """
    n, m = table.columns.shape
    work, inverse = np.empty((n, count)), np.eye(n)
    for c in range(count):
        for i in range(n):
            work[i, c] = table.columns[i, chosen[c]]
    for i in range(n):
        used[i] = False
    left = np.ones(count, np.bool_)
    for _ in range(count):
        row, column, best = 0, 0, -1.0
        for c in range(count):
            if left[c]:
                for i in range(n):
                    if not used[i] and abs(work[i, c]) > best:
                        row, column, best = i, c, abs(work[i, c])
        if best <= 0.0:
            return False
        used[row], left[column], rows[column] = True, False, row
        pivot = work[row, column]
        for j in range(count):
            work[row, j] /= pivot
        for j in range(n):
            inverse[row, j] /= pivot
        for i in range(n):
            factor = work[i, column]
            if i != row and factor != 0.0:
                for j in range(count):
                    work[i, j] -= factor * work[row, j]
                for j in range(n):
                    inverse[i, j] -= factor * inverse[row, j]
    gap = 0.0
    for i in range(n):
        total = 0.0
        for c in range(count):
            value, size, doubt = 0.0, 0.0, 0.0
            for j in range(n):
                product = inverse[i, j] * table.columns[j, chosen[c]]
                value += product
                size += abs(product)
                doubt += abs(inverse[i, j])
            value -= 1.0 if rows[c] == i else 0.0
            total += abs(value) + (n + 2) * _ROUNDOFF * (size + 1.0)
            total += doubt * table.errors[chosen[c]]
        for j in range(n):
            if not used[j]:
                # A unit column, whose product with the inverse is exact.
                total += abs(inverse[i, j] - (1.0 if i == j else 0.0))
        gap = max(gap, total * _SLACK)
    if not gap < 0.5:
        return False
    share = gap / (1.0 - gap) * _SLACK
    for q in range(first, m):
        largest, rounding = 0.0, 0.0
        for i in range(n):
            value, size, doubt = 0.0, 0.0, 0.0
            for j in range(n):
                product = inverse[i, j] * table.columns[j, q]
                value += product
                size += abs(product)
                doubt += abs(inverse[i, j])
            tableau[i, q] = value
            largest = max(largest, abs(value))
            rounding = max(rounding, (n + 2) * _ROUNDOFF * size + doubt * table.errors[q])
        errors[q] = (rounding + share * (largest + rounding)) * _SLACK + _UNDERFLOW
    return True
