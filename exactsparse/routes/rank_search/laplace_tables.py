"""Tables for expanding minors subset by subset, and for Laplace's expansion of a pair of blocks."""

from __future__ import annotations

from functools import cache
from itertools import combinations
from math import comb
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]


class MinorTables(NamedTuple):
    """Index tables of the compiled kernels.

    Parameters
    ----------
    rows, parts : ndarray of int
        For q rows and width s, from ``offsets[q, s]`` on: the s members of every subset in
        lexicographic order, and the number of that subset without each of them.
    offsets : ndarray of int, shape (q + 2, s + 3)
        Where those begin.
    partner, partner_sign : ndarray
        From ``partner_at[q, s]`` on: the number of the complement of every subset, and the sign of
        the pair in Laplace's expansion.
    partner_at : ndarray of int, shape (q + 2, s + 3)
        Where those begin; the last row holds the largest number of subsets for every s.
    """

    rows: Integers
    parts: Integers
    offsets: Integers
    partner: Integers
    partner_sign: NDArray[np.float64]
    partner_at: Integers


MOST_MINORS = 1000
MOST_ROWS = 14


def in_pairs(a: int, b: int) -> bool:
    """Whether two blocks of these widths are tested by Laplace's expansion along them."""
    return a + b <= MOST_ROWS and comb(a + b, a) <= MOST_MINORS


@cache
def minor_tables(widest: int) -> MinorTables:
    """Tables for all pairs of blocks of width up to ``widest`` that :func:`in_pairs` allows."""
    columns = min(2 * widest, MOST_ROWS)
    rows: list[int] = []
    parts: list[int] = []
    partner: list[int] = []
    signs: list[float] = []
    offsets = np.zeros((columns + 2, widest + 3), dtype=np.int64)
    partner_at = np.zeros((columns + 2, widest + 3), dtype=np.int64)
    for q in range(1, columns + 1):
        number = [
            {subset: k for k, subset in enumerate(combinations(range(q), s))}
            for s in range(min(q, widest) + 1)
        ]
        for s in range(1, widest + 3):
            offsets[q, s], partner_at[q, s] = len(rows), len(partner)
            if s >= len(number):
                continue
            partner_at[-1, s] = max(partner_at[-1, s], len(number[s]))
            for subset in number[s]:
                rows.extend(subset)
                parts.extend(number[s - 1][subset[:k] + subset[k + 1 :]] for k in range(s))
            if q - s < len(number) and in_pairs(s, q - s):
                for subset in number[s]:
                    rest = tuple(i for i in range(q) if i not in subset)
                    partner.append(number[q - s][rest])
                    signs.append((-1.0) ** (sum(subset) - s * (s - 1) // 2))
    return MinorTables(
        np.array(rows, dtype=np.int64),
        np.array(parts, dtype=np.int64),
        offsets,
        np.array(partner, dtype=np.int64),
        np.array(signs),
        partner_at,
    )
