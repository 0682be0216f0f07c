"""Slow, obvious linear algebra modulo p on lists of integers."""

from __future__ import annotations

Columns = list[list[int]]


def annihilating_rows(columns: Columns, count: int, prime: int) -> Columns:
    """The reduced echelon form of what annihilates the columns, mixed if it has too many rows."""
    n = len(columns[0])
    # Columns beside the identity: rows whose left part becomes zero are combinations to zero.
    work = reduced(
        [
            [*row, *(int(i == k) for i in range(n))]
            for k, row in enumerate(zip(*columns, strict=True))
        ],
        prime,
    )
    null = [row[len(columns) :] for row in work if not any(row[: len(columns)])]
    null = [row for row in reduced(null, prime) if any(row)]
    if len(null) == count:
        return null
    return [
        [sum((j + 2) ** (3 + i) * row[k] for j, row in enumerate(null)) % prime for k in range(n)]
        for i in range(count)
    ]


def reduced(rows: Columns, prime: int) -> Columns:
    """Reduced row echelon form."""
    work = [[x % prime for x in row] for row in rows]
    done = 0
    for column in range(len(work[0]) if work else 0):
        pivot = next((r for r in range(done, len(work)) if work[r][column]), None)
        if pivot is None:
            continue
        work[done], work[pivot] = work[pivot], work[done]
        inverse = pow(work[done][column], prime - 2, prime)
        work[done] = [x * inverse % prime for x in work[done]]
        for r in range(len(work)):
            if r != done:
                factor = work[r][column]
                work[r] = [
                    (x - factor * z) % prime for x, z in zip(work[r], work[done], strict=True)
                ]
        done += 1
    return work


def determinant(top: Columns, columns: Columns, prime: int) -> int:
    """Determinant of the product modulo p."""
    work = [
        [sum(a * b for a, b in zip(row, c, strict=True)) % prime for c in columns] for row in top
    ]
    value = 1
    for k in range(len(work)):
        pivot = next((r for r in range(k, len(work)) if work[r][k]), None)
        if pivot is None:
            return 0
        if pivot != k:
            work[k], work[pivot], value = work[pivot], work[k], -value
        value = value * work[k][k] % prime
        inverse = pow(work[k][k], prime - 2, prime)
        for r in range(k + 1, len(work)):
            factor = work[r][k] * inverse
            work[r] = [(x - factor * z) % prime for x, z in zip(work[r], work[k], strict=True)]
    return value % prime
