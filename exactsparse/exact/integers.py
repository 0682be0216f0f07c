"""Vectors of integers: without their common divisor, multiplied exactly, or as bits."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[Any]

INT64_SAFE = 2**62


def shortened(vector: Sequence[int]) -> tuple[int, ...]:
    """A vector without its common divisor; 0 stays as it is.

    Examples
    --------
    >>> shortened([-4, 6])
    (-2, 3)
    """
    divisor = math.gcd(*vector) or 1
    return tuple(entry // divisor for entry in vector)


def primitive(vector: Sequence[int]) -> tuple[int, ...]:
    """The line of a vector: no common divisor, first nonzero entry positive; 0 stays as it is.

    Examples
    --------
    >>> primitive([0, -4, 6]), primitive([0, 0])
    ((0, 2, -3), (0, 0))
    """
    lead = next((entry for entry in vector if entry), 1)
    divisor = (math.gcd(*vector) or 1) * (1 if lead > 0 else -1)
    return tuple(entry // divisor for entry in vector)


def products(a: Integers, b: Integers) -> Integers:
    """``a @ b.T``, exactly; in machine integers where they cannot overflow.

    Parameters
    ----------
    a : ndarray of int (object), shape (m, t)
        Vectors.
    b : ndarray of int (object), shape (n, t)
        Vectors.
    """
    if not (len(a) and len(b)):
        return np.zeros((len(a), len(b)), dtype=object)
    bound = int(np.abs(a).max()) * int(np.abs(b).max()) * a.shape[1]
    if bound < INT64_SAFE:
        return np.asarray(a.astype(np.int64) @ b.astype(np.int64).T)
    return np.asarray(a.dot(b.T))


def bits_at(positions: Iterable[int]) -> int:
    """The integer whose bits stand at some positions.

    Examples
    --------
    >>> bits_at([0, 3])
    9
    """
    return sum(1 << position for position in positions)


def bits_of(mask: Integers) -> int:
    """The integer whose bits are the entries of a mask, the first one lowest.

    Examples
    --------
    >>> bits_of(np.array([True, False, False, True]))
    9
    """
    packed = np.packbits(mask.astype(bool), bitorder="little")
    return int.from_bytes(packed.tobytes(), "little")
