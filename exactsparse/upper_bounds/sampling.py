"""Compiled draws of square systems in float64; what they find is solved in rationals elsewhere."""

from __future__ import annotations

import numpy as np

from exactsparse.compiling import njit


@njit(cache=True, nogil=True, error_model="numpy")
def sample_sets(points, labels, types, sizes, masks, first_of_size, seed, samples, found):
    """Draw sets of types with as many columns as rows whose float weights have fitting signs.

    Parameters
    ----------
    points : ndarray, shape (n, D)
        Rows, scaled to entries of size about 1.
    labels : ndarray, shape (n,)
        Labels.
    types : ndarray of int, shape (m, D)
        Supports, filled up with −1.
    sizes : ndarray of int, shape (m,)
        Their sizes, ascending.
    masks : ndarray of bool, shape (m, n)
        Activation patterns.
    first_of_size : ndarray of int
        Number of types smaller than each size.
    seed, samples : int
        Draws of one call.
    found : ndarray of int, shape (k, n)
        Receives sets, filled up with −1.

    Returns
    -------
    int
        How many were found; at most k.
    """
    np.random.seed(seed)
    n = len(labels)
    widest = len(first_of_size) - 2
    n_small = first_of_size[2]
    chosen = np.empty(n, dtype=np.int64)
    matrix = np.empty((n, n + 1))
    count = 0
    for _ in range(samples):
        length, columns = 0, 0
        if np.random.random() < 0.7:
            for t in range(min(n_small, n)):
                chosen[length] = t
                length += 1
                columns += 1
        while columns < n:
            limit = min(widest, n - columns)
            if np.random.random() < 0.6:
                limit = min(limit, 2)
            t = np.random.randint(0, first_of_size[limit + 1])
            repeated = False
            for k in range(length):
                repeated |= chosen[k] == t
            if repeated:
                if limit == 1 and length >= n_small:
                    break
                continue
            chosen[length] = t
            length += 1
            columns += sizes[t]
        if columns != n:
            continue
        covered = True
        for i in range(n):
            seen = labels[i] == 0.0
            for k in range(length):
                seen |= masks[chosen[k], i]
            if not seen:
                covered = False
                break
        if not covered:
            continue
        at = 0
        for k in range(length):
            for c in range(sizes[chosen[k]]):
                for i in range(n):
                    entry = points[i, types[chosen[k], c]]
                    matrix[i, at] = entry if masks[chosen[k], i] else 0.0
                at += 1
        for i in range(n):
            matrix[i, n] = labels[i]
        if not _solve_in_place(matrix):
            continue
        at = 0
        fits = True
        for k in range(length):
            t = chosen[k]
            sign = 0.0
            for i in range(n):
                value = 0.0
                for c in range(sizes[t]):
                    value += matrix[at + c, n] * points[i, types[t, c]]
                side = value if masks[t, i] else -value
                if sign == 0.0 and side != 0.0:
                    sign = 1.0 if side > 0 else -1.0
                if side * sign < -1e-9:
                    fits = False
                    break
            if not fits:
                break
            at += sizes[t]
        if fits:
            for k in range(n):
                found[count, k] = chosen[k] if k < length else -1
            count += 1
            if count == len(found):
                break
    return count


@njit(cache=True, nogil=True, error_model="numpy")
def _solve_in_place(matrix):
    """Gauss–Jordan elimination of (n, n + 1) with partial pivoting; whether it got through."""
    n = len(matrix)
    for c in range(n):
        pivot = c
        for r in range(c + 1, n):
            if abs(matrix[r, c]) > abs(matrix[pivot, c]):
                pivot = r
        if abs(matrix[pivot, c]) < 1e-11:
            return False
        if pivot != c:
            for j in range(c, n + 1):
                matrix[c, j], matrix[pivot, j] = matrix[pivot, j], matrix[c, j]
        for r in range(n):
            if r != c and matrix[r, c] != 0.0:
                ratio = matrix[r, c] / matrix[c, c]
                for j in range(c, n + 1):
                    matrix[r, j] -= ratio * matrix[c, j]
    for r in range(n):
        matrix[r, n] /= matrix[r, r]
    return True
