"""Neuron supports: which of the weights and the bias of a neuron may be nonzero.

A neuron with support ``T`` sees the points ``x̄ = (x, 1)`` restricted to ``T``; its activation
pattern is a cell of the arrangement of these restricted rows.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exactsparse.exact.numbers import over_common_denominator
from exactsparse.patterns.cells import Cells, enumerate_cells
from exactsparse.problem.dataset import Dataset

Support = tuple[int, ...]


def integer_rows(dataset: Dataset) -> NDArray[Any]:
    """Rows ``x̄ᵢ = (xᵢ, 1)`` scaled to integers by positive factors, which moves no cell.

    Returns
    -------
    ndarray of int (object), shape (n, d + 1)
    """
    rows = np.empty((dataset.n_points, dataset.n_features + 1), dtype=object)
    for i in range(dataset.n_points):
        point = dataset.row(i)[:-1]
        integers, scale = over_common_denominator(point)
        rows[i] = [*integers, scale]
    return rows


def supports(width: int) -> Iterator[Support]:
    """All nonempty supports of ``width = d + 1`` inputs, by size; the bias is the last input."""
    for size in range(1, width + 1):
        yield from combinations(range(width), size)


def cells_of_support(rows: NDArray[Any], support: Support) -> Cells:
    """Cells of the arrangement that neurons of a support see.

    Parameters
    ----------
    rows : ndarray of int (object), shape (n, d + 1)
        From :func:`integer_rows`.
    support : tuple of int
        Ascending positions in ``0 … d``.
    """
    return enumerate_cells(rows[:, list(support)])


def generic_count(n: int, size: int) -> int:
    """Number of cells of ``n`` rows in general position on a support of some size."""
    return 2 * sum(math.comb(n - 1, i) for i in range(size)) if n else 1
