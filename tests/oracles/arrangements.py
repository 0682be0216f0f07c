"""Number of cells of a central arrangement, by Whitney's theorem over all subsets of rows.

``(−1)ᵗ χ(−1) = Σ_S (−1)^(|S| − rank S)`` (Zaslavsky 1975, Whitney 1932), with ranks by Gaussian
elimination in Fractions.  Costs ``2ⁿ`` eliminations.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations


def rank(rows: Sequence[Sequence[int]]) -> int:
    """Rank over the rationals."""
    matrix = [[Fraction(entry) for entry in row] for row in rows]
    found = 0
    for column in range(len(matrix[0]) if matrix else 0):
        pivot = next((i for i in range(found, len(matrix)) if matrix[i][column]), None)
        if pivot is None:
            continue
        matrix[found], matrix[pivot] = matrix[pivot], matrix[found]
        for i in range(found + 1, len(matrix)):
            factor = matrix[i][column] / matrix[found][column]
            matrix[i] = [a - factor * b for a, b in zip(matrix[i], matrix[found], strict=True)]
        found += 1
    return found


def count_cells(rows: Sequence[Sequence[int]]) -> int:
    """Number of full-dimensional cells; zero rows cut nothing."""
    nonzero = [row for row in rows if any(row)]
    return sum(
        (-1) ** (size - rank(chosen))
        for size in range(len(nonzero) + 1)
        for chosen in combinations(nonzero, size)
    )
