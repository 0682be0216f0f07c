"""Weights that a file keeps as a direction and a length: ``g v / ‖v‖``, where that is rational."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exactsparse.errors import DataError
from exactsparse.models.layers import exact_array

Array = NDArray[Any]


def rational_root(value: Fraction) -> Fraction | None:
    """The square root of a number that is not negative, if it is rational.

    Parameters
    ----------
    value : Fraction
        At least 0.

    Examples
    --------
    >>> rational_root(Fraction(9, 4))
    Fraction(3, 2)
    >>> rational_root(Fraction(2)) is None
    True
    """
    root = Fraction(math.isqrt(value.numerator), math.isqrt(value.denominator))
    return root if root * root == value else None


def normalised(direction: Array, length: Array, where: str) -> Array:
    """``g v / ‖v‖``, exact: the norm is over the dimensions in which ``g`` has one entry.

    Parameters
    ----------
    direction, length : ndarray
        ``v`` of shape (K, d), and ``g`` of shape (K, 1), (1, d), or of one entry.
    where : str
        What messages call it.

    Raises
    ------
    DataError
        If the shapes do not fit, a norm is 0, or one is irrational, as most are.
    """
    v, g = exact_array(direction, where), exact_array(length, where)
    if v.ndim != 2 or (g.ndim and (g.ndim != 2 or any(map(_misfits, g.shape, v.shape)))):
        raise DataError(f"{where} has shapes {v.shape} and {g.shape}, which do not fit")
    axes = tuple(k for k in range(2) if not g.ndim or g.shape[k] == 1)
    squares = np.sum(v * v, axis=axes, keepdims=True) if v.size else np.ones((1, 1), dtype=object)
    norms = np.empty(squares.shape, dtype=object)
    for index, square in np.ndenumerate(squares):
        norms[index] = rational_root(square)
        if not norms[index]:
            kind = "0" if square == 0 else f"irrational (its square is {square})"
            raise DataError(
                f"{where}: a norm is {kind}, so that the weights have no exact value; remove the "
                "weight norm before saving, as torch.nn.utils.parametrize.remove_parametrizations "
                "does"
            )
    return g * v / norms


def _misfits(one: int, other: int) -> bool:
    return one not in (1, other)
