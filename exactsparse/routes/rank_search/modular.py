"""Linear algebra modulo a prime, and residues as the compiled kernels take them."""

from __future__ import annotations

import flint
import numpy as np
from numpy.typing import NDArray


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
