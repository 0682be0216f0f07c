"""What shortest decimals are beyond their floats; importing this module imports numba.

A decimal is ``m 10ᵏ``, and m and ``10ᵏ`` are sums of two doubles.  Their heads are multiplied
exactly, the float is subtracted from that without error, and what is added to the difference is of
the size of a tail, as are all roundings: together less than ``2⁻¹⁰⁰`` of the float.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from exactsparse.compiling import njit
from exactsparse.exact.decimal_kernels import decimal_digits
from exactsparse.exact.kernels import product_tail

Floats = NDArray[np.float64]

# Powers of ten as sums of two doubles, where neither these nor their products are subnormal.
_FIRST = -290
_SUMS = np.array(
    [
        (float(power), float(power - Fraction(float(power))))
        for power in (Fraction(10) ** k for k in range(_FIRST, 291))
    ]
)
# Of smaller floats a tail is below 2**-946, of larger ones products overflow.
_TAILED, _SPLITTABLE = 2.0**-893, 2.0**900


@njit(cache=True, nogil=True, error_model="numpy")
def decimal_tails(values: Floats, tails: Floats) -> None:
    """Write what shortest decimals are beyond their floats, to ``2⁻¹⁰⁰`` of these or ``2⁻⁹⁴⁶``.

    Not a number for floats beyond ``2⁹⁰⁰``.
    """
    for i in range(len(values)):
        size = abs(values[i])
        if size < _TAILED:
            tails[i] = 0.0
            continue
        if size > _SPLITTABLE:
            tails[i] = np.nan
            continue
        m, k = decimal_digits(values.view(np.uint64)[i] & np.uint64(0x7FFFFFFFFFFFFFFF))
        head, tail = _SUMS[k - _FIRST, 0], _SUMS[k - _FIRST, 1]
        top = np.float64(m)
        rest = np.float64(m - np.int64(top))
        product = top * head
        error = product_tail(top, head, product) + (top * tail + rest * head)
        beyond = (product - size) + error
        tails[i] = beyond if values[i] > 0.0 else -beyond
