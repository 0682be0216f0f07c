"""Which points of a long series are drawn: those at which the picture would change without them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# More than a wide picture has pixels.
COLUMNS = 1_000
# So many are drawn one by one.
MOST_DRAWN = 2_500


def drawn(
    x: NDArray[np.float64], *series: NDArray[np.float64], most: int = MOST_DRAWN
) -> NDArray[np.intp]:
    """Positions to draw of points that are sorted by x: all, or the extremes of every column.

    Parameters
    ----------
    x : ndarray, shape (n,)
        Ascending.
    *series : ndarray, shape (n,)
        What is drawn over x; entries that are not finite are no extremes.
    most : int
        So many points are all drawn.

    Returns
    -------
    ndarray of intp
        Ascending.  Of each column the first and the last point, and where each series is least and
        greatest: a line through them covers the pixels of the line through all.

    Examples
    --------
    >>> x = np.arange(10_000.0)
    >>> y = np.zeros(10_000)
    >>> y[[4_444, 7_777]] = 1, -1
    >>> kept = drawn(x, y)
    >>> len(kept) < 3_000, {0, 4_444, 7_777, 9_999} <= set(kept.tolist())
    (True, True)
    """
    n = len(x)
    # What exceeds float64 is not drawn.
    if n <= most or not np.isfinite(x).all():
        return np.arange(n)
    # Halves first: the width of the range may exceed float64.
    place = (x / 2 - x[0] / 2) / max(x[-1] / 2 - x[0] / 2, np.finfo(np.float64).tiny)
    column = np.minimum((place * COLUMNS).astype(np.intp), COLUMNS - 1)
    starts = np.flatnonzero(np.diff(column, prepend=-1))
    ends = np.append(starts[1:], n) - 1
    kept = [starts, ends]
    for values in series:
        finite = np.isfinite(values)
        kept.append(np.lexsort((np.where(finite, values, np.inf), column))[starts])
        kept.append(np.lexsort((np.where(finite, values, -np.inf), column))[ends])
    return np.unique(np.concatenate(kept))
