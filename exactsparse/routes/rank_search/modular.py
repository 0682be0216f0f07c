"""Linear algebra modulo a prime, and residues as the compiled kernels take them."""

from __future__ import annotations

import flint
import numpy as np
from numpy.typing import NDArray

# Rows and inputs are bits of an int64 in the kernels, which also form 1 << (number of bits).
MOST_BITS = 62
# Above half a modulus, what rounding the quotient of a sum below 2^53 adds to a residue.
_OVERSHOOT = 4


def longest_sum(prime: int) -> int:
    """How many products of two residues of the kernels add up exactly in float64.

    :func:`exactsparse.routes.rank_search.kernels.residues.reduced` rounds ``x / p`` with an error
    of less than ``2^-52 |x| / p + 2^-52``, and so returns at most ``p / 2 + 4`` where
    ``|x| <= 2^53``.

    Examples
    --------
    >>> longest_sum(16_777_213), longest_sum(5_931_641)
    (127, 1023)
    """
    return (2**53 - 1) // (prime // 2 + _OVERSHOOT) ** 2


def residues(rows: list[list[int]], prime: int) -> NDArray[np.float64]:
    """Residues of absolute value at most p/2."""
    residues = np.array([[v % prime for v in row] for row in rows], dtype=np.float64)
    return np.where(residues > prime // 2, residues - prime, residues)


def left_null_space(columns: list[list[int]], n: int, prime: int) -> list[list[int]]:
    """Row vectors modulo p that annihilate some columns of length n, in reduced echelon form."""
    entries = [v % prime for column in columns for v in column]
    null, nullity = flint.nmod_mat(len(columns), n, entries, prime).nullspace()
    vectors = [[int(v) for v in row] for row in null.transpose().tolist()[:nullity]]
    if not vectors:
        return []
    reduced, _ = flint.nmod_mat(nullity, n, [v for row in vectors for v in row], prime).rref()
    return [[int(v) for v in row] for row in reduced.tolist()]


def prime_below(n: int) -> int:
    """Largest prime less than a number above 2."""
    candidate = n - 1
    while not flint.fmpz(candidate).is_prime():
        candidate -= 1
    return candidate
