"""Activation patterns of a few rows from their minimal dependencies.

Signs ``s`` of all nonzero rows ``zᵢ`` are those of ``zᵢ · w`` for some w unless some nonzero
dependency ``Σ λᵢ zᵢ = 0`` has ``λᵢ sᵢ >= 0`` for all i (P. Gordan, 1873).  Every dependency is a
sum of minimal ones, circuits, that agree with it in sign (R. T. Rockafellar, 1969), so that
circuits suffice.  With n rows of rank t there are at most ``C(n, t + 1)``: few, where n is little
more than t, in contrast to the cells.
"""

from __future__ import annotations

from itertools import combinations
from math import comb
from typing import Any

import flint
import numpy as np
from numpy.typing import NDArray

from exactsparse.exact.integers import bits_at, bits_of
from exactsparse.patterns.cells import enumerate_cells

_MOST_TESTS = 1 << 18
_MOST_ROWS = 20


def activation_masks(rows: NDArray[Any]) -> list[int]:
    """Activation patterns of all full-dimensional cells of an arrangement, ascending.

    Parameters
    ----------
    rows : ndarray of int (object), shape (n, t)
        Normals; zero rows are in no pattern.

    Returns
    -------
    list of int
        Bit i is set where the i-th row is positive.
    """
    n = len(rows)
    nonzero = [i for i in range(n) if any(rows[i])]
    rank = flint.fmpz_mat(rows.tolist()).rank() if n else 0
    if n > _MOST_ROWS or comb(len(nonzero), rank + 1) << len(nonzero) > _MOST_TESTS:
        return sorted({bits_of(mask) for mask in enumerate_cells(rows).masks})
    masks = np.zeros(1, dtype=np.int64)
    for i in nonzero:
        masks = np.concatenate([masks, masks | 1 << i])
    for subset in combinations(nonzero, rank + 1):
        null, nullity = flint.fmpz_mat(rows[list(subset)].T.tolist()).nullspace()
        if nullity != 1:
            # The circuits inside belong to other subsets, too.
            continue
        weights = [int(null[k, 0]) for k in range(rank + 1)]
        positive = bits_at(i for i, weight in zip(subset, weights, strict=True) if weight > 0)
        negative = bits_at(i for i, weight in zip(subset, weights, strict=True) if weight < 0)
        seen = masks & (positive | negative)
        masks = masks[(seen != positive) & (seen != negative)]
    return sorted(masks.tolist())
