"""Least violation of a few linear constraints by the dual simplex method, in float64.

``min t`` over ``(ν, t)`` subject to ``G (ν, t) <= b``, warm-started from the solution before a few
constraints were added.  The multipliers start at the one constraint that bounds t; the unknowns ν
are held at 0 by artificial constraints of multiplier 0, which leave first and never come back, so
that no multiplier ever rests on them.  What comes out is a suggestion: proofs are made of the
multipliers' places alone (:mod:`exactsparse.routes.activity_search.kernels.refutation`).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from exactsparse.compiling import njit

Floats = NDArray[np.float64]

# Constraints that are met up to here are met; data are scaled to 1.
MET = 1e-10
_PIVOT = 1e-9
_MOST_PIVOTS = 200

SOLVED, POSITIVE, STUCK = 0, 1, 2
ARTIFICIAL = -1


class Tableau(NamedTuple):
    """A basis of as many constraints as there are unknowns, and what follows from it.

    Parameters
    ----------
    basis : ndarray of int64, shape (u,)
        Constraints that hold with equality; ``ARTIFICIAL`` where an unknown is held at 0.
    inverse : ndarray of float64, shape (u, u)
        Inverse of their matrix.
    multipliers : ndarray of float64, shape (u,)
        Nonnegative.
    point : ndarray of float64, shape (u,)
        The unknowns ν, and t last.
    """

    basis: NDArray[np.int64]
    inverse: Floats
    multipliers: Floats
    point: Floats


@njit(cache=True, nogil=True, error_model="numpy")
def start(tableau, unknowns, floor, least):
    """Begin at 0 with the constraint ``floor``, which is ``t >= least``."""
    last = unknowns - 1
    for r in range(unknowns):
        tableau.basis[r] = ARTIFICIAL
        tableau.multipliers[r] = 0.0
        tableau.point[r] = 0.0
        for c in range(unknowns):
            tableau.inverse[r, c] = 0.0
        tableau.inverse[r, r] = 1.0
    tableau.basis[last] = floor
    tableau.inverse[last, last] = -1.0
    tableau.multipliers[last] = 1.0
    tableau.point[last] = least


@njit(cache=True, nogil=True, error_model="numpy")
def minimise(g, b, m, tableau, unknowns, alpha):
    """Minimise t, or stop when it is seen to be positive.

    Parameters
    ----------
    g, b : ndarray of float64, shapes (>= m, >= unknowns) and (>= m,)
        Constraints ``g v <= b``.
    m : int
        How many of them count.
    tableau : Tableau
        Where to begin; changed.
    unknowns : int
        Number of unknowns, t included.
    alpha : ndarray of float64
        Scratch of that length.

    Returns
    -------
    int
        ``SOLVED``, ``POSITIVE``, or ``STUCK``, when nothing is known.
    """
    basis, inverse, multipliers, point = tableau
    last = unknowns - 1
    for _ in range(_MOST_PIVOTS):
        if point[last] > MET:
            return POSITIVE
        excess, entering = MET, -1
        for r in range(m):
            total = -b[r]
            for c in range(unknowns):
                total += g[r, c] * point[c]
            if total > excess:
                excess, entering = total, r
        if entering < 0:
            return SOLVED
        leaving, largest = -1, _PIVOT
        for r in range(unknowns):
            total = 0.0
            for c in range(unknowns):
                total += g[entering, c] * inverse[c, r]
            alpha[r] = total
            if basis[r] == ARTIFICIAL and abs(total) > largest:
                leaving, largest = r, abs(total)
        if leaving < 0:
            ratio, size = np.inf, 0.0
            for r in range(unknowns):
                if basis[r] != ARTIFICIAL and alpha[r] > _PIVOT:
                    own = multipliers[r] / alpha[r]
                    if own < ratio - 1e-13 or (own < ratio + 1e-13 and alpha[r] > size):
                        ratio, size, leaving = own, alpha[r], r
        if leaving < 0:
            return STUCK
        pivot = alpha[leaving]
        step = multipliers[leaving] / pivot
        for c in range(unknowns):
            inverse[c, leaving] /= pivot
        for r in range(unknowns):
            factor = alpha[r]
            if r != leaving and factor != 0.0:
                multipliers[r] = max(multipliers[r] - step * factor, 0.0)
                for c in range(unknowns):
                    inverse[c, r] -= factor * inverse[c, leaving]
        multipliers[leaving] = step
        basis[leaving] = entering
        for c in range(unknowns):
            point[c] -= excess * inverse[c, leaving]
    return STUCK
