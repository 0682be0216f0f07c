"""Exact signs of the slope changes of a polygon: the orientation of three consecutive points.

Method: a floating-point filter with a proved error bound in the manner of J. R. Shewchuk,
*Adaptive precision floating-point arithmetic and fast robust geometric predicates* (1997), here on
slopes, which are needed anyway; where coordinate differences are exact doubles, an exact
comparison of two Dekker products, and where floats stand for decimals, one in integers of two
words; rationals for the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from exactsparse.exact.memory import empty, zeros
from exactsparse.progress import Progress, silent

# Coordinates that one pass leaves in the cache, the next finds there.
_CHUNK = 1 << 16
# A number that rounds to a normal float x is within this times |x| of it.
HALF_UNIT = 2.0**-53


class Coordinates(Protocol):
    """What is read of a column: floats, and the numbers that they stand for."""

    @property
    def values(self) -> NDArray[Any]:
        """The floats."""

    @property
    def rounded(self) -> bool:
        """Whether they stand for numbers beside them."""

    def unscaled(self, index: int) -> Fraction:
        """The number that a float stands for."""


def curvature_signs(x: NDArray[Any], y: NDArray[Any]) -> NDArray[np.int8]:
    """Sign of the slope change of the polygon through ``(x[i], y[i])`` at every interior point.

    Parameters
    ----------
    x, y : ndarray of object, shape (n,)
        ``int`` or ``Fraction``; ``x`` strictly increasing.

    Returns
    -------
    ndarray of int8, shape (n,)
        -1, 0 or 1, exact; 0 at the two end points.
    """
    signs = np.zeros(len(x), dtype=np.int8)
    dx, dy = x[1:] - x[:-1], y[1:] - y[:-1]
    left, right = dy[1:] * dx[:-1], dy[:-1] * dx[1:]
    signs[1:-1] = (left > right).astype(np.int8) - (left < right).astype(np.int8)
    return signs


def float_curvature_signs(
    x: NDArray[np.float64], y: NDArray[np.float64], progress: Progress = silent
) -> tuple[NDArray[np.int8], NDArray[np.float64]]:
    """Signs as :func:`curvature_signs`, for coordinates that are exact doubles, and the slopes.

    Parameters
    ----------
    x, y : ndarray of float64, shape (n,)
        Finite; ``x`` strictly increasing.

    Returns
    -------
    signs : ndarray of int8, shape (n,)
        Exact whatever the magnitudes.
    slopes : ndarray of float64, shape (n - 1,)
        Chord slopes within four units of rounding; not finite after an overflow.
    """
    # Importing numba costs half a second, which small data should not pay.
    from exactsparse.exact.kernels import UNDECIDED, exact_signs, slopes_and_signs

    signs = zeros(len(x), np.int8)
    slopes = empty(len(x) - 1)
    for start in range(0, len(slopes), _CHUNK):
        stop = min(start + _CHUNK, len(slopes))
        slopes_and_signs(x, y, slopes, signs, start, stop)
        exact_signs(x, y, signs, max(start, 1), stop)
        for i in (np.flatnonzero(signs[start:stop] == UNDECIDED) + start).tolist():
            signs[i] = _rational_sign(x[i - 1 : i + 2].tolist(), y[i - 1 : i + 2].tolist())
        progress("signs of the slope changes", stop, len(slopes))
    return signs, slopes


def read_curvature_signs(
    x: Coordinates, y: Coordinates, digits: float, progress: Progress = silent
) -> tuple[NDArray[np.int8], NDArray[np.float64], NDArray[np.bool_]]:
    """The same for coordinates that floats may only stand for.

    Parameters
    ----------
    x, y : Column, length n
        float64, exact or within half a unit in the last place; ``x`` strictly increasing.
    digits : float
        The share of a slope change that reading may put it off by without being named.

    Returns
    -------
    signs : ndarray of int8, shape (n,)
        Exact; where the floats do not decide, by the numbers that they stand for.
    slopes : ndarray of float64, shape (n - 1,)
        Chord slopes of the floats within four units of rounding; not finite where unknown.
    poor : ndarray of bool, shape (n,)
        Whether reading may put the slope change at a point off by more than that share.
    """
    from exactsparse.exact.reading_kernels import read_slopes_and_signs

    n = len(x.values)
    off_x, off_y = reading_offs(x, y)
    signs, slopes, poor = zeros(n, np.int8), empty(n - 1), empty(n, np.bool_)
    # The ends have no slope change.
    poor[0] = poor[-1] = False
    for start in range(0, n - 1, _CHUNK):
        stop = min(start + _CHUNK, n - 1)
        read_slopes_and_signs(
            x.values, y.values, off_x, off_y, digits, slopes, signs, poor, start, stop
        )
        decide_read_signs(x, y, signs[max(start, 1) : stop], max(start, 1))
        progress("signs of the slope changes", stop, n - 1)
    return signs, slopes, poor


def reading_offs(x: Coordinates, y: Coordinates) -> tuple[float, float]:
    """How far coordinates may be off, as shares of themselves."""
    return HALF_UNIT if x.rounded else 0.0, HALF_UNIT if y.rounded else 0.0


def decide_read_signs(x: Coordinates, y: Coordinates, signs: NDArray[np.int8], first: int) -> None:
    """Replace zeros among filtered signs by the exact ones: in integers, at last in rationals.

    Parameters
    ----------
    x, y : Column, length n
        float64, exact or rounded.
    signs : ndarray of int8, shape (m,)
        Signs of the slope changes at points from ``first`` on, all of them interior.
    first : int
        The first of these points.
    """
    if signs.all():
        return
    from exactsparse.exact.decimal_kernels import UNDECIDED, decimal_signs

    around = slice(first - 1, first + len(signs) + 1)
    if not decimal_signs(x.values[around], y.values[around], x.rounded, y.rounded, signs):
        return
    for i in np.flatnonzero(signs == UNDECIDED).tolist():
        rows = range(first + i - 1, first + i + 2)
        signs[i] = _rational_sign([x.unscaled(k) for k in rows], [y.unscaled(k) for k in rows])


def _rational_sign(x: Sequence[float | Fraction], y: Sequence[float | Fraction]) -> int:
    xs, ys = [Fraction(value) for value in x], [Fraction(value) for value in y]
    left = (ys[2] - ys[1]) * (xs[1] - xs[0])
    right = (ys[1] - ys[0]) * (xs[2] - xs[1])
    return (left > right) - (left < right)
