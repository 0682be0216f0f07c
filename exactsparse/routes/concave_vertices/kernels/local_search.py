"""Good bases, found by exchanges of one ray from random ones: suggestions in floats."""

from __future__ import annotations

import numpy as np

from exactsparse.compiling import njit
from exactsparse.routes.concave_vertices.kernels.fresh import fresh_tableau
from exactsparse.routes.concave_vertices.kernels.leaf_costs import Scratch, joined_sizes

_LEAST_PIVOT = 1e-9


@njit(nogil=True, error_model="numpy", cache=True)
def _cost(table, p, chosen, weights, doubts, scratch):
    found = joined_sizes(table, chosen, weights, doubts, len(chosen), scratch)
    total = 0.0
    for k in range(found):
        total += scratch.sizes[k] ** p
    return total


@njit(nogil=True, error_model="numpy", cache=True)
def descend(table, p, seed, chosen, stop):
    """Find a basis that no exchange of one ray makes cheaper.

    Parameters
    ----------
    table : RayTable
        What is chosen from.
    p : float
        Exponent.
    seed : int
        Of the basis to begin with.
    chosen : ndarray of int64, shape (n,)
        Receives the basis, ascending.
    stop : ndarray of int64, shape (1,)
        Ends the descent if it becomes 1.

    Returns
    -------
    bool
        Whether there is one.
    """
    n, m = table.columns.shape
    np.random.seed(seed)
    order = np.random.permutation(m - 1)
    tableau, errors = np.empty((n, m)), np.empty(m)
    rows, used = np.zeros(n, np.int64), np.zeros(n, np.bool_)
    count = 0
    for q in order:
        chosen[count] = q
        if fresh_tableau(table, chosen, count + 1, rows, used, tableau, errors, m - 1):
            count += 1
            if count == n:
                break
    if count < n:
        return False
    weights, doubts = np.empty(n), np.full(n, 1e-11)
    scratch = Scratch(np.empty(n * table.coordinates.shape[1]), np.empty(n, np.int64))
    best = np.inf
    while not stop[0]:
        if not fresh_tableau(table, chosen, n, rows, used, tableau, errors, 0):
            return False
        if best == np.inf:
            for t in range(n):
                weights[t] = tableau[rows[t], m - 1]
            best = _cost(table, p, chosen, weights, doubts, scratch)
        place, entering, least = -1, -1, best * (1.0 - 1e-9)
        for s in range(n):
            before = chosen[s]
            for q in range(m - 1):
                entry = tableau[rows[s], q]
                if abs(entry) < _LEAST_PIVOT or q == before:
                    continue
                last = tableau[rows[s], m - 1] / entry
                for t in range(n):
                    weights[t] = tableau[rows[t], m - 1] - tableau[rows[t], q] * last
                weights[s] = last
                chosen[s] = q
                cost = _cost(table, p, chosen, weights, doubts, scratch)
                if cost < least:
                    place, entering, least = s, q, cost
            chosen[s] = before
        if place < 0:
            break
        chosen[place] = entering
        best = least
    chosen.sort()
    return True
