"""Long arrays on huge pages.

NumPy asks the kernel for huge pages, but those cover only whole aligned stretches of an array; the
rest is faulted in page by page, which costs more than the linear-time passes over it.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

_HUGE_PAGE = 1 << 21
_SMALLEST = 1 << 19


def empty(shape: int | tuple[int, ...], dtype: DTypeLike = np.float64) -> NDArray[Any]:
    """Uninitialised array, aligned to huge pages where it is long."""
    shape = (shape,) if isinstance(shape, int) else shape
    n_bytes = math.prod(shape) * np.dtype(dtype).itemsize
    if n_bytes < _SMALLEST:
        return np.empty(shape, dtype=dtype)
    whole = -(-n_bytes // _HUGE_PAGE) * _HUGE_PAGE
    block = np.empty(whole + _HUGE_PAGE, dtype=np.uint8)
    offset = -block.ctypes.data % _HUGE_PAGE
    return block[offset : offset + n_bytes].view(dtype).reshape(shape)


def zeros(n: int, dtype: DTypeLike) -> NDArray[Any]:
    """Array of zeros or False, aligned like :func:`empty`."""
    array = empty(n, dtype)
    array[:] = 0
    return array
