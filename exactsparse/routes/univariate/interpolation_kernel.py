"""The compiled pass of :mod:`exactsparse.routes.univariate.interpolation`; it imports numba."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from exactsparse.compiling import njit

Floats = NDArray[np.float64]
Signs = NDArray[np.int8]

_BLOCK = 1024
# A difference of coordinates has one rounding, a product of two three, the determinant one more:
# 4u of both products, u = 2**-53; doubled for ease.  The absolute term covers underflow.
_ERROR = 2.0**-50
_UNDERFLOW = 2.0**-1000
_EXACT = 2.0**53


@njit(cache=True, nogil=True, error_model="numpy")
def filter_rows(
    x: Floats, y: Floats, signs: Signs, shared: NDArray[np.bool_], first: int, open_: Signs
) -> int:
    """Test a stretch of interior points for whether the law meets them.

    Parameters
    ----------
    x, y : ndarray of float64, shape (n,)
        Coordinates, each exact.
    signs : ndarray of int8, shape (n,)
        Signs of the slope changes that the law goes by.
    shared : ndarray of bool, shape (n,)
        Whether a point shares a knot with the next.
    first : int
        First point of the stretch.
    open_ : ndarray of int8, shape (m,)
        Receives 0 for points whose sign matters and is not decided in floats.

    Returns
    -------
    int
        Whether there are zeros in ``open_``; -1 if some point of the stretch is missed.
    """
    bad, unknown = np.zeros(_BLOCK, dtype=np.int8), 0
    determinant = np.empty(_BLOCK, dtype=np.int8)
    for low in range(0, len(open_), _BLOCK):
        m = min(_BLOCK, len(open_) - low)
        at = first + low
        x0, x1, x2 = x[at - 1 : at + m - 1], x[at : at + m], x[at + 1 : at + m + 1]
        y0, y1, y2 = y[at - 1 : at + m - 1], y[at : at + m], y[at + 1 : at + m + 1]
        decided = determinant[:m]
        for i in range(m):
            left, right = (y2[i] - y1[i]) * (x1[i] - x0[i]), (y1[i] - y0[i]) * (x2[i] - x1[i])
            change = left - right
            error = _ERROR * (abs(left) + abs(right)) + _UNDERFLOW
            decided[i] = np.int8(change > error) - np.int8(change < -error)
        sign, after = signs[at : at + m], signs[at + 1 : at + m + 1]
        before, here = shared[at - 1 : at + m - 1], shared[at : at + m]
        following, out = shared[at + 1 : at + m + 1], open_[low : low + m]
        for i in range(m):
            # A knot of two lies between them only if both bend the same way, and belongs to both.
            alone = (sign[i] == 0) | (sign[i] != after[i]) | following[i]
            matters = before[i] | here[i] | (sign[i] == 0)
            contradicted = matters & (decided[i] != 0) & (decided[i] != sign[i])
            bad[i] |= np.int8((here[i] & alone) | contradicted)
            out[i] = decided[i] | np.int8(not matters)
        n_open = 0
        for i in range(m):
            n_open += out[i] == 0
        if n_open == 0:
            continue
        fractional = 0
        for i in range(m + 2):
            a, b = x[at - 1 + i], y[at - 1 + i]
            fractional += (a != np.floor(a)) | (b != np.floor(b))
        if fractional == 0:
            # Of integers, differences and products below 2**53 carry no error.
            for i in range(m):
                left, right = (y2[i] - y1[i]) * (x1[i] - x0[i]), (y1[i] - y0[i]) * (x2[i] - x1[i])
                small = abs(left) + abs(right) < _EXACT
                exact = np.int8(left > right) - np.int8(left < right)
                matters = before[i] | here[i] | (sign[i] == 0)
                bad[i] |= np.int8(small & matters & (exact != sign[i]))
                out[i] |= np.int8(small)
            n_open = 0
            for i in range(m):
                n_open += out[i] == 0
        unknown += n_open
    if bad.any():
        return -1
    return 1 if unknown else 0


@njit(cache=True, nogil=True, error_model="numpy")
def is_missed(signs: Signs, shared: NDArray[np.bool_], first: int, found: Signs) -> bool:
    """Whether the law misses a point of a stretch, given the signs of all determinants there.

    Parameters
    ----------
    signs, shared, first
        As for :func:`filter_rows`.
    found : ndarray of int8, shape (m,)
        Signs of the determinants of three points, exact.
    """
    m = len(found)
    sign, after = signs[first : first + m], signs[first + 1 : first + m + 1]
    before, here = shared[first - 1 : first + m - 1], shared[first : first + m]
    following = shared[first + 1 : first + m + 1]
    bad = 0
    for i in range(m):
        alone = (sign[i] == 0) | (sign[i] != after[i]) | following[i]
        matters = before[i] | here[i] | (sign[i] == 0)
        bad += (here[i] & alone) | (matters & (found[i] != sign[i]))
    return bad > 0
