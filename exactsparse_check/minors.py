"""Minors of many matrices at a time, and packed sums of products, modulo a prime below 2^32."""

from array import array
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import combinations
from operator import mul
from sys import byteorder

# Entries by column, row and matrix.
Matrices = list[list[list[int]]]
Rows = tuple[int, ...]

BITS = 64


def pack(digits: Iterable[int], p: int) -> int:
    """Write residues modulo p < 2^32 as the digits of one integer, the first one lowest.

    A number times a list, and the sum of two lists, are then operations on two integers.
    """
    words = array("Q", digits)
    if max(words, default=0) >= p or p > 1 << BITS // 2:
        raise OverflowError(f"the digits are no residues modulo {p}")
    if byteorder == "big":
        words.byteswap()
    return int.from_bytes(words.tobytes(), "little")


def unpack(number: int, count: int) -> Sequence[int]:
    """Return the digits."""
    words = array("Q", number.to_bytes(BITS // 8 * count, "little"))
    if byteorder == "big":
        words.byteswap()
    return words


def longest_sum(p: int) -> int:
    """Return how many products of two residues, 0 to p - 1, add up to no more than a digit holds.

    >>> longest_sum(67_108_859)
    4096
    """
    return int(((1 << BITS) - 1) // (p - 1) ** 2)


def combine(weights: Sequence[int], packed: Sequence[int], count: int, p: int) -> list[int]:
    """Return the sums of weights[k] times list k modulo p, for packed lists of as many residues.

    The lists are packed modulo p, and the weights are 0 to p - 1. No sum is so long that a digit
    could spill into the next. Without weights the sums are 0.
    """
    proper = 0 <= min(weights, default=0) <= max(weights, default=0) < p
    if not proper or len(weights) not in (0, len(packed)):
        raise OverflowError(f"as many residues modulo {p} are due as there are lists")
    most, total = longest_sum(p), [0] * count
    for at in range(0, len(packed), most):
        part = sum(map(mul, weights[at : at + most], packed[at : at + most]))
        total = [(x + y) % p for x, y in zip(total, unpack(part, count), strict=True)]
    return total


def minors(matrices: Matrices, p: int) -> dict[Rows, list[int]]:
    """Return the minors of full width, for each set of rows, of all matrices.

    Each is expanded along its last column, width by width.
    """
    first, *others = matrices
    found: dict[Rows, list[int]] = {(r,): entries for r, entries in enumerate(first)}
    for width, column in enumerate(others, 2):
        signed = column, [[-x for x in entries] for entries in column]
        wider: dict[Rows, list[int]] = {}
        for rows in combinations(range(len(first)), width):
            products = (
                map(mul, signed[(k + width + 1) % 2][r], found[rows[:k] + rows[k + 1 :]])
                for k, r in enumerate(rows)
            )
            wider[rows] = [sum(terms) % p for terms in zip(*products, strict=True)]
        found = wider
    return found


@cache
def splits(q: int, a: int) -> list[tuple[Rows, Rows, int]]:
    """Return the sets of a out of q rows, their complements, and their signs.

    det [A | B] is the sum of sign * det A_rows * det B_complement (Laplace).
    """
    return [
        (rows, tuple(sorted({*range(q)} - {*rows})), (-1) ** (sum(rows) - a * (a - 1) // 2))
        for rows in combinations(range(q), a)
    ]
