"""The order in which levels take in rows."""

from __future__ import annotations

import flint

from exactsparse.problem.integer_table import IntegerTable


def order_of_rows(table: IntegerTable, skip: bool) -> list[int]:
    """Rows in the order in which levels take them in.

    First those on which the labels are no affine function, if an affine part is free; then rows
    with nonzero labels, spread evenly over the sorted data; rows with label zero last.
    """
    n = len(table)
    first: list[int] = []
    if skip:
        matrix = flint.fmpz_mat(
            [[*row, label] for row, label in zip(table.points.tolist(), table.labels, strict=True)]
        )
        reduced, _, rank = matrix.transpose().rref()
        first = [next(j for j in range(n) if reduced[i, j]) for i in range(rank)]
    spread = sorted(range(n), key=lambda i: int(f"{i:032b}"[::-1], 2))
    labelled = [i for i in spread if table.labels[i] and i not in first]
    return first + labelled + [i for i in spread if not table.labels[i] and i not in first]
