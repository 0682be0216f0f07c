"""Floats as the shortest decimals that round to them: what ``repr`` prints.

A float64 is what a program stored of a decimal.  Two facts carry the reading of whole columns:

* Decimals of at most 15 significant digits, of normal size, round to different floats.  So if ``m``
  is whole with ``|m| < 10¹⁵`` and ``m / 10ᵏ``, correctly rounded, is the float x, then ``m / 10ᵏ``
  is the number that ``repr(x)`` prints: that has no more digits, and rounds to x, too.
* Floats round to themselves, and intervals of rounding do not overlap: shortest decimals are in
  the order of their floats, and equal only where these are.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

FLOATS = ("decimal", "binary")
_MOST_PLACES = 22
_LARGEST = 1e15
# Chunks stay in the cache.
_SAMPLE, _CHUNK = 512, 1 << 14


def shortest_decimal(value: float) -> Fraction:
    """The shortest decimal that rounds to a finite float64, exact.

    Examples
    --------
    >>> shortest_decimal(0.1), shortest_decimal(1e300) == 10**300
    (Fraction(1, 10), True)
    """
    return Fraction(Decimal(repr(float(value))))


def as_doubles(array: NDArray[Any]) -> Floats:
    """The float64 whose shortest decimals are those of floats of 16 or 32 bits.

    Examples
    --------
    >>> as_doubles(np.array([0.1], dtype=np.float32))
    array([0.1])
    """
    if array.dtype.itemsize == 8:
        return np.ascontiguousarray(array, dtype=np.float64)
    return np.array([float(str(value)) for value in array], dtype=np.float64)


def in_float64(values: ArrayLike) -> Floats:
    """Numbers as a dataset reads them, in float64: short floats are the decimals they print as.

    Parameters
    ----------
    values : array_like
        Of any shape, which is kept.

    Examples
    --------
    >>> in_float64(np.array([[0.1]], dtype=np.float32)), in_float64([1, 2])
    (array([[0.1]]), array([1., 2.]))
    """
    given = np.asarray(values)
    if given.dtype.kind == "f" and given.dtype.itemsize < 8:
        return as_doubles(given.ravel()).reshape(given.shape)
    return np.asarray(given, dtype=np.float64)


def common_places(values: Floats) -> tuple[Floats, int] | None:
    """Whole numbers ``m`` and decimal places ``k``: all shortest decimals are ``m / 10ᵏ``.

    Parameters
    ----------
    values : ndarray of float64, shape (n,)
        Finite.

    Returns
    -------
    tuple of (ndarray of float64, int) or None
        None if some decimal has more than 15 digits, or 22 places.

    Examples
    --------
    >>> common_places(np.array([0.1, 2.25]))
    (array([ 10., 225.]), 2)
    >>> common_places(np.array([0.1 + 0.2]))
    """
    sample = values[:: max(len(values) // _SAMPLE, 1)]
    for places in range(_MOST_PLACES + 1):
        if _whole(sample, places) is None:
            continue
        pieces = []
        for start in range(0, len(values), _CHUNK):
            piece = _whole(values[start : start + _CHUNK], places)
            if piece is None:
                break
            if places:
                pieces.append(piece)
        else:
            return (np.concatenate(pieces) if pieces else values), places
    return None


def _whole(values: Floats, places: int) -> Floats | None:
    """The numbers m of the decimals ``m / 10ᵏ``; None if some float is read otherwise."""
    if not places:
        if len(values) and not (values.max() < _LARGEST and values.min() > -_LARGEST):
            return None
        whole: Floats = np.rint(values)
        return whole if bool((whole == values).all()) else None
    power = 10.0**places
    with np.errstate(over="ignore"):
        whole = np.rint(values * power)
    fits = (np.abs(whole) < _LARGEST) & (whole / power == values)
    return whole if bool(fits.all()) else None
