"""The data as integers: every row, label included, scaled by a positive factor of its own."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import flint
import numpy as np
from numpy.typing import NDArray

from exactsparse.exact.integers import shortened
from exactsparse.exact.numbers import over_common_denominator
from exactsparse.problem.dataset import Dataset

Integers = NDArray[Any]


@dataclass(frozen=True, eq=False)
class IntegerTable:
    """Rows ``(x̄ᵢ, yᵢ)`` times ``scales[i] > 0``: the same networks interpolate them.

    Parameters
    ----------
    points : ndarray of int (object), shape (n, d + 1)
        ``x̄ᵢ = (xᵢ, 1)``, scaled.
    labels : ndarray of int (object), shape (n,)
        ``yᵢ``, scaled alike.
    """

    points: Integers
    labels: Integers

    @classmethod
    def of(cls, dataset: Dataset) -> IntegerTable:
        """Table of the canonical points of a dataset."""
        canonical = dataset.canonical
        n, d = canonical.n_points, canonical.n_features
        points, labels = np.empty((n, d + 1), dtype=object), np.empty(n, dtype=object)
        for i in range(n):
            row = canonical.row(i)
            (*features, label), scale = over_common_denominator(row)
            *points[i], labels[i] = shortened((*features, scale, label))
        return cls(points, labels)

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def width(self) -> int:
        """Number of inputs of a neuron, ``D = d + 1``."""
        return int(self.points.shape[1])

    @cached_property
    def basis(self) -> tuple[int, ...]:
        """First inputs that do not depend, on these rows, on the ones before them."""
        reduced, _, rank = flint.fmpz_mat(self.points.tolist()).rref()
        width = self.width
        return tuple(next(j for j in range(width) if reduced[i, j]) for i in range(rank))

    def take(self, rows: Any) -> IntegerTable:
        """The rows at the given positions."""
        return IntegerTable(self.points[rows], self.labels[rows])
