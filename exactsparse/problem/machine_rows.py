"""Rows in machine integers over one denominator, where all digits of a table are few.

They say the same as :func:`exactsparse.problem.rows.windows_of` of long tables, in a tenth of the
time.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from exactsparse.problem.column import Column
from exactsparse.problem.dataset import Dataset

Int64 = NDArray[np.int64]

# No number, nor twice one, leaves 64 bits.
LARGEST = 2**61


class MachineRows(NamedTuple):
    """The distinct points, sorted, with what their bounds have in common.

    Parameters
    ----------
    points : ndarray of int64, shape (n, d)
        Features, times the denominator.
    lower, upper : ndarray of int64, shape (n,)
        Bounds, alike; the lower one may be above.
    denominator : int
        Positive.
    """

    points: Int64
    lower: Int64
    upper: Int64
    denominator: int

    def along(self, direction: Sequence[int]) -> Int64 | None:
        """Inner products of the points with whole numbers; None where these are too long.

        Parameters
        ----------
        direction : sequence of d ints
            Any.
        """
        largest = int(np.abs(self.points).max())
        if largest * sum(map(abs, direction)) > LARGEST:
            return None
        return self.points @ np.array(direction, dtype=np.int64)

    @property
    def have_room(self) -> bool:
        """Whether some number is within the bounds at every point."""
        return bool((self.lower <= self.upper).all())

    @classmethod
    def of(cls, dataset: Dataset, half_width: Fraction = Fraction(0)) -> MachineRows | None:
        """The rows of a dataset; None where its numbers are too long, or a bound is none.

        Parameters
        ----------
        dataset : Dataset
            Labels, or an interval per row.
        half_width : Fraction
            How far a function may be from every label.

        Examples
        --------
        >>> rows = MachineRows.of(Dataset.from_arrays([1, "0.5", 1], [2, 0, 3]), Fraction(1))
        >>> rows.points.tolist(), rows.lower.tolist(), rows.upper.tolist(), rows.denominator
        ([[1], [2]], [-2, 4], [2, 6], 2)
        """
        columns = [*dataset.features]
        if dataset.intervals is None:
            columns.append(dataset.labels)
        else:
            for bounds in (dataset.intervals.lower, dataset.intervals.upper):
                given = [bound for bound in bounds if bound is not None]
                if len(given) < len(bounds):
                    return None
                columns.append(Column.from_fractions(given))
        found = over_one_denominator(columns, half_width.denominator)
        if found is None:
            return None
        whole, denominator = found
        d = dataset.n_features
        spare = int(half_width * denominator)
        if spare > LARGEST - int(np.abs(whole[:, d:]).max()):
            return None
        lower, upper = whole[:, d] - spare, whole[:, -1] + spare
        order = np.lexsort(whole[:, d - 1 :: -1].T)
        points = whole[order, :d]
        begins = np.flatnonzero(np.concatenate(([True], (points[1:] != points[:-1]).any(axis=1))))
        return cls(
            points[begins],
            np.maximum.reduceat(lower[order], begins),
            np.minimum.reduceat(upper[order], begins),
            denominator,
        )


def over_one_denominator(columns: Sequence[Column], factor: int = 1) -> tuple[Int64, int] | None:
    """Columns as machine integers over a denominator; None where that is too long for them.

    Parameters
    ----------
    columns : sequence of Column
        Of one length.
    factor : int
        What shall divide the denominator.

    Returns
    -------
    whole : ndarray of int64, shape (n, number of columns)
        The entries times the denominator.
    denominator : int
        Positive.
    """
    denominator = math.lcm(factor, *(column.scale.denominator for column in columns))
    if denominator > LARGEST:
        return None
    found = np.empty((len(columns[0]), len(columns)), dtype=np.int64)
    for at, column in enumerate(columns):
        if not column.is_float64 or column.rounded:
            return None
        own = int(column.scale * denominator)
        largest = int(np.abs(column.values).max(initial=0.0))
        if largest * own > LARGEST or not (column.values == np.rint(column.values)).all():
            return None
        # Whole floats below 2**61 are such integers.
        found[:, at] = column.values.astype(np.int64) * own
    return found, denominator


def primitive_rows(whole: Int64) -> NDArray[np.object_]:
    """Rows without their common divisors, as Python integers; no row is 0.

    Parameters
    ----------
    whole : ndarray of int64, shape (n, m)
        Rows.
    """
    rows: NDArray[np.object_] = (whole // np.gcd.reduce(whole, axis=1)[:, None]).astype(object)
    return rows
