"""What the ends of windows are beyond their doubles, so that both together say twice as much."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from exactsparse.exact.memory import empty, zeros
from exactsparse.exact.numbers import to_float
from exactsparse.problem.column import Column

Floats = NDArray[np.float64]


class Tails(NamedTuple):
    """Ends of windows beyond their doubles.

    Parameters
    ----------
    x : ndarray, shape (n,)
        Of abscissae; empty if nothing is known.
    ends : ndarray, shape (2, n)
        Of bounds.
    fine : ndarray, shape (2,)
        How far differences of abscissae and of bounds are off.
    labels : ndarray, shape (n,)
        Floats in the order of the bounds of either side, and equal only where these are.
    one_side : bool
        Whether the bounds of both sides are the same.
    """

    x: Floats
    ends: Floats
    fine: Floats
    labels: Floats
    one_side: bool


NO_TAILS = Tails(np.empty(0), np.empty((2, 0)), np.empty(2), np.empty(0), False)


def tails_around(
    x: Column, y: Column, ends: Floats, width: Fraction, factor: int
) -> tuple[Floats, Floats, Floats]:
    """Tails of abscissae and of windows ``(y ± width) factor``, and the labels.

    Parameters
    ----------
    x, y : Column, length n
        float64.
    ends : ndarray, shape (2, n)
        The windows in doubles: exact unless the factor is 1, and then the rounded sums.
    width : Fraction
        Half of their width, unscaled.
    factor : int
        What makes them whole.

    Notes
    -----
    The sum of a label and the width in doubles has its rounding error as a double; with the tails
    of both, three roundings of ``2⁻⁵³`` of tails are left, less than ``2⁻¹⁰²`` of the end farther
    from zero.
    """
    tails_x, tails_y = (_tails(column) for column in (x, y))
    if factor != 1:
        return tails_x, np.zeros((2, len(y))), y.values
    head = to_float(width)
    rest = to_float(width - Fraction(head))
    tails = empty((2, len(y)))
    for side, (step, beyond) in enumerate(((-head, -rest), (head, rest))):
        total = ends[side]
        part = total - y.values
        np.subtract(y.values, total - part, out=tails[side])
        tails[side] += step - part
        tails[side] += tails_y + beyond
    return tails_x, tails, y.values


def _tails(column: Column) -> Floats:
    found = zeros(len(column), np.float64)
    if column.rounded:
        from exactsparse.exact.decimal_tails import decimal_tails

        decimal_tails(column.values, found)
    return found
