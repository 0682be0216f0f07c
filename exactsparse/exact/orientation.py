"""Exact signs of the slope changes of a polygon: the orientation of three consecutive points.

Method: a floating-point filter with a proved error bound in the manner of J. R. Shewchuk,
*Adaptive precision floating-point arithmetic and fast robust geometric predicates* (1997), here on
slopes, which are needed anyway; where coordinate differences are exact doubles, an exact
comparison of two Dekker products; rationals for the rest.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exactsparse.exact.memory import empty, zeros
from exactsparse.progress import Progress, silent

# Coordinates that one pass leaves in the cache, the next finds there.
_CHUNK = 1 << 16


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


def _rational_sign(x: list[float], y: list[float]) -> int:
    xs, ys = [Fraction(value) for value in x], [Fraction(value) for value in y]
    left = (ys[2] - ys[1]) * (xs[1] - xs[0])
    right = (ys[1] - ys[0]) * (xs[2] - xs[1])
    return (left > right) - (left < right)
