"""The walk over all bases of extreme rays, in floats that carry bounds of their errors.

Along the walk a tableau is kept: all columns after the elimination of the chosen ones, and for
every column a bound of the error of its entries.  A basis is discarded only if lower bounds of the
sizes of its weights make it dearer than what is allowed; what floats cannot tell is decided by
residues of enough primes, or handed on.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from exactsparse.compiling import njit
from exactsparse.routes.concave_vertices.kernels.fresh import fresh_tableau
from exactsparse.routes.concave_vertices.kernels.leaf_costs import Scratch, is_too_dear

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

# Twice the unit roundoff: errors of the error bounds are covered, too.
_ROUNDOFF = 2.0**-52
_SLACK = 1.0 + 1e-12
_LEAST = 1e-300
# Of the labels in a tableau; with less it is computed anew.
_LEAST_ACCURACY = 1e-8


class RayTable(NamedTuple):
    """Columns of all rays, the labels as the last one.

    Parameters
    ----------
    columns : ndarray of float64, shape (n, m + 1)
        Rows, then columns, scaled by powers of two.
    errors : ndarray of float64, shape (m + 1,)
        Bounds of the errors of the columns.
    row_scale : float
        Bound of the integer minors over those of the scaled rows.
    factors : ndarray of float64, shape (m + 1,)
        Powers of two by which columns were multiplied.
    coordinates : ndarray of float64, shape (m, D)
        Absolute entries of the rays, rounded down.
    joinable : ndarray of bool, shape (m, m)
        Whether two rays are in one closed cell.
    residues : ndarray of int64, shape (primes, n, m + 1)
        The integer columns.
    primes : ndarray of int64, shape (primes,)
        Their product exceeds every minor.
    """

    columns: Floats
    errors: Floats
    row_scale: float
    factors: Floats
    coordinates: Floats
    joinable: NDArray[np.bool_]
    residues: Integers
    primes: Integers


@njit(nogil=True, error_model="numpy", cache=True)
def _inverse(a, prime):
    """Inverse modulo a prime, by Fermat."""
    result, power, base = 1, prime - 2, a % prime
    while power:
        if power & 1:
            result = result * base % prime
        base = base * base % prime
        power >>= 1
    return result


@njit(nogil=True, error_model="numpy", cache=True)
def are_dependent(table, chosen, count, last, work):
    """Whether the first ``count`` chosen columns and a last one are linearly dependent, exactly.

    All their minors are divisible by every prime, and smaller than the product of the primes.
    """
    n, k = table.columns.shape[0], count + 1
    if k > n:
        return True
    for which in range(len(table.primes)):
        prime = table.primes[which]
        for c in range(k):
            column = last if c == count else chosen[c]
            for row in range(n):
                work[row, c] = table.residues[which, row, column]
        rank = 0
        for c in range(k):
            pivot = -1
            for row in range(rank, n):
                if work[row, c]:
                    pivot = row
                    break
            if pivot < 0:
                break
            for j in range(c, k):
                work[rank, j], work[pivot, j] = work[pivot, j], work[rank, j]
            inverse = _inverse(work[rank, c], prime)
            for row in range(rank + 1, n):
                if work[row, c]:
                    factor = work[row, c] * inverse % prime
                    for j in range(c, k):
                        work[row, j] = (work[row, j] - factor * work[rank, j]) % prime
            rank += 1
        if rank == k:
            return False
    return True


@njit(nogil=True, error_model="numpy", cache=True)
def _pivot(table, errors, depth, q, row):
    """Eliminate column q by a row; what is right of it, and the labels, are kept."""
    old, new = table[depth], table[depth + 1]
    n, m = old.shape
    pivot, doubt = old[row, q], errors[depth, q]
    least = abs(pivot) - doubt
    largest = 0.0
    for i in range(n):
        if i != row:
            largest = max(largest, abs(old[i, q]))
    for j in range(q + 1, m):
        new[row, j] = old[row, j] / pivot
        errors[depth + 1, j] = abs(old[row, j])
    for i in range(n):
        if i != row:
            factor = old[i, q]
            for j in range(q + 1, m):
                errors[depth + 1, j] = max(errors[depth + 1, j], abs(old[i, j]))
                new[i, j] = old[i, j] - factor * new[row, j]
    for j in range(q + 1, m):
        size, before = abs(new[row, j]), errors[depth, j]
        of_ratio = (before + size * doubt) / least + _ROUNDOFF * size
        rounding = 2 * _ROUNDOFF * (errors[depth + 1, j] + largest * size)
        of_rest = before + (largest + doubt) * of_ratio + size * doubt + rounding
        errors[depth + 1, j] = max(of_ratio, of_rest) * _SLACK


@njit(nogil=True, error_model="numpy", cache=True)
def walk(table, limit, first, second, sets, sizes, undecided, stop):
    """Go through all bases whose two first rays are given.

    Parameters
    ----------
    table : RayTable
        What is chosen from.
    limit : Limit
        What is allowed to cost.
    first, second : int
        Rays; of a single row the first alone is the basis.
    sets : ndarray of int64, shape (most, n)
        Receives bases, or smaller sets of columns that hold the labels, that may be cheap enough.
    sizes : ndarray of int64, shape (most,)
        How many rays each of them has.
    undecided : ndarray of int64, shape (1,)
        Receives the number of branches that floats could not enter.
    stop : ndarray of int64, shape (1,)
        Ends the walk if it becomes 1.

    Returns
    -------
    int
        How many sets were found; one more than there is room for if that was too little; -1 if
        stopped.
    """
    n, m = table.columns.shape
    labels = m - 1
    tableau, errors = np.empty((n, n, m)), np.empty((n, m))
    tableau[0], errors[0] = table.columns, table.errors
    # By depth: the rows of the chosen columns, and which rows these are.
    rows, used = np.zeros((n + 1, n), np.int64), np.zeros((n + 1, n), np.bool_)
    chosen, following = np.zeros(n, np.int64), np.zeros(n, np.int64)
    minors = np.full(n + 1, table.row_scale)
    weights, doubts = np.empty(n), np.empty(n)
    work = np.empty((n, n), np.int64)
    scratch = Scratch(np.empty(n * table.coordinates.shape[1]), np.empty(n, np.int64))
    found, k = 0, 0
    following[0] = first
    while True:
        end = labels
        if k < 2:
            end = (first if k == 0 else second) + 1
        leaf = k == n - 1
        if leaf and stop[0]:
            return -1
        q = following[k]
        if q >= end:
            if k == 0:
                return found
            k -= 1
            continue
        following[k] += 1
        here, doubt = tableau[k], errors[k, q]
        row, best = -1, -1.0
        for i in range(n):
            if not used[k, i] and abs(here[i, q]) > best:
                row, best = i, abs(here[i, q])
        chosen[k] = q
        sound = best > 4 * doubt
        if leaf and not sound:
            # What is left of the labels needs a large weight on so short a column.
            rest = abs(here[row, labels]) - errors[k, labels]
            weights[:], doubts[:] = 0.0, 0.0
            weights[k] = rest / (best + doubt + _LEAST) / _SLACK
            if rest > 0 and is_too_dear(table, limit, chosen, weights, doubts, n, scratch):
                continue
        if not sound and (
            minors[k] * (best + doubt) < 0.9 * table.factors[q]
            or are_dependent(table, chosen, k, q, work)
        ):
            continue
        if leaf:
            if sound:
                # The largest part of the work is done here, in one loop without calls.
                entry, doubt_y = here[row, q], errors[k, labels]
                last = here[row, labels] / entry
                size = abs(last)
                off = (doubt_y + size * doubt) / (abs(entry) - doubt) + _ROUNDOFF * size
                off *= _SLACK
                weights[k], doubts[k] = last, off
                reach = 0.0
                if limit.radius < np.inf:
                    reach = max(size - off, 0.0) * limit.norms[q]
                for s in range(k):
                    if reach > limit.radius:
                        break
                    a, b = here[rows[k, s], labels], here[rows[k, s], q]
                    weights[s] = a - b * last
                    rounding = 2 * _ROUNDOFF * (abs(a) + abs(b) * size)
                    off_s = doubt_y + (abs(b) + doubt) * off + doubt * size + rounding
                    doubts[s] = off_s * _SLACK
                    if limit.radius < np.inf:
                        reach += max(abs(weights[s]) - doubts[s], 0.0) * limit.norms[chosen[s]]
                if reach > limit.radius or is_too_dear(
                    table, limit, chosen, weights, doubts, n, scratch
                ):
                    continue
            count = n
        else:
            deeper = k + 1
            if sound:
                rows[deeper], used[deeper] = rows[k], used[k]
                rows[deeper, k], used[deeper, row] = row, True
                _pivot(tableau, errors, k, q, row)
                minors[deeper] = minors[k] * (best + doubt) / table.factors[q] * _SLACK
                size = 0.0
                for i in range(n):
                    size = max(size, abs(tableau[deeper, i, labels]))
                sound = errors[deeper, labels] < _LEAST_ACCURACY * size
            if not sound:
                minors[deeper] = np.inf
                if not fresh_tableau(
                    table, chosen, deeper, rows[deeper], used[deeper], tableau[deeper],
                    errors[deeper], q + 1,
                ):  # fmt: skip
                    undecided[0] += 1
                    continue
            left = 0.0
            for i in range(n):
                if not used[deeper, i]:
                    left = max(left, abs(tableau[deeper, i, labels]))
            doubt_y = errors[deeper, labels]
            if left > 4 * doubt_y or not are_dependent(table, chosen, deeper, labels, work):
                k = deeper
                following[k] = max(q + 1, second) if k == 1 else q + 1
                continue
            # The labels are reached; more rays would have weight 0.
            count = deeper
        if not _is_needed(table, limit, chosen, count, weights, doubts, work, scratch):
            continue
        if found == len(sets):
            return found + 1
        sets[found], sizes[found] = chosen, count
        found += 1


@njit(nogil=True, error_model="numpy", cache=True)
def _is_needed(table, limit, chosen, count, weights, doubts, work, scratch):
    """Whether columns that hold the labels may be cheap enough, and none of them has weight 0.

    If one has, the set without it is found by itself.
    """
    n, m = table.columns.shape
    rows, used = np.empty(n, np.int64), np.empty(n, np.bool_)
    last, errors = np.empty((n, m)), np.empty(m)
    if not fresh_tableau(table, chosen, count, rows, used, last, errors, m - 1):
        return True
    sure, kept = np.empty(n, np.int64), 0
    for s in range(count):
        weights[s], doubts[s] = last[rows[s], m - 1], errors[m - 1]
        if abs(weights[s]) > doubts[s]:
            sure[kept] = chosen[s]
            kept += 1
    if is_too_dear(table, limit, chosen, weights, doubts, count, scratch):
        return False
    return kept == count or not are_dependent(table, sure, kept, m - 1, work)
