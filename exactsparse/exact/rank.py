"""Exact ranks of integer vectors."""

from __future__ import annotations

import flint


def independent(columns: list[list[int]]) -> list[list[int]]:
    """Those columns that do not depend, over the rationals, on the ones before them."""
    if not columns or rank(columns) == len(columns):
        return columns
    kept: list[list[int]] = []
    for column in columns:
        if rank([*kept, column]) > len(kept):
            kept.append(column)
    return kept


def rank(vectors: list[list[int]]) -> int:
    """Rank over the rationals."""
    return int(flint.fmpz_mat(vectors).rank()) if vectors else 0
