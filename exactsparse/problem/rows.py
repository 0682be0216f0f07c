"""The rows that a proof within a band is about: sorted, none of them twice."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from exactsparse.exact.numbers import rational_text
from exactsparse.problem.band import Bound
from exactsparse.problem.column import Column
from exactsparse.problem.dataset import Dataset
from exactsparse.problem.problem import Problem
from exactsparse.problem.scaled_rows import ScaledRows

Row: TypeAlias = tuple[Fraction | None, ...]


class Window(NamedTuple):
    """What is asked of a function at a point.

    Parameters
    ----------
    point : tuple of d Fractions
        Where.
    lower, upper : Fraction or None
        Bounds; None for none.
    lower_row, upper_row : int
        Rows of the dataset that they come from.
    """

    point: tuple[Fraction, ...]
    lower: Bound
    upper: Bound
    lower_row: int
    upper_row: int

    @property
    def is_empty(self) -> bool:
        """Whether no number meets it."""
        return self.lower is not None and self.upper is not None and self.lower > self.upper

    @property
    def middle(self) -> Fraction:
        """A number that meets it: 0 if it does, else the middle, or the end of a half-line."""
        below = self.lower is None or self.lower <= 0
        if below and (self.upper is None or self.upper >= 0):
            return Fraction(0)
        if self.lower is None or self.upper is None:
            return self.lower or self.upper or Fraction(0)
        return (self.lower + self.upper) / 2


def windows_of(dataset: Dataset, half_width: Fraction = Fraction(0)) -> list[Window]:
    """Intersect the bounds at every distinct point, sorted by the points.

    Parameters
    ----------
    dataset : Dataset
        Labels, or an interval per row.
    half_width : Fraction
        How far a function may be from every label.

    Examples
    --------
    >>> data = Dataset.from_arrays([1, 0, 1], [2, 0, 3])
    >>> [(str(w.point[0]), str(w.lower), str(w.upper)) for w in windows_of(data, Fraction(1))]
    [('0', '-1', '1'), ('1', '2', '3')]
    """
    keys = [_ranked(column) for column in dataset.features]
    order = np.lexsort(keys[::-1])
    begins = np.zeros(len(order), dtype=bool)
    begins[:1] = True
    for key in keys:
        begins[1:] |= key[order[1:]] != key[order[:-1]]
    found: list[Window] = []
    for row, is_new in zip(order.tolist(), begins.tolist(), strict=True):
        lower: Bound
        upper: Bound
        if dataset.intervals is not None:
            lower, upper = dataset.intervals.lower[row], dataset.intervals.upper[row]
        else:
            label = dataset.labels[row]
            lower, upper = label - half_width, label + half_width
        if is_new:
            point = tuple(column[row] for column in dataset.features)
            found.append(Window(point, lower, upper, row, row))
            continue
        point, low, high, low_row, high_row = found[-1]
        if lower is not None and (low is None or lower > low):
            low, low_row = lower, row
        if upper is not None and (high is None or upper < high):
            high, high_row = upper, row
        found[-1] = Window(point, low, high, low_row, high_row)
    return found


def windows_in_doubt(problem: Problem) -> list[Window] | None:
    """Windows of a band; None without a band, or where machine integers show that none is empty.

    Parameters
    ----------
    problem : Problem
        With a band or without one.
    """
    if problem.band is None:
        return None
    short = ScaledRows.of(problem.dataset, problem.half_width)
    if short is not None and short.have_room:
        return None
    return windows_of(problem.dataset, problem.half_width)


def _ranked(column: Column) -> NDArray[Any]:
    """Machine numbers that are in the order of a column, equal where its entries are."""
    if column.is_float64:
        # Floats that stand for decimals are in the order of these.
        return column.values
    ranks = {value: rank for rank, value in enumerate(sorted(set(column.values.tolist())))}
    return np.array([ranks[value] for value in column.values.tolist()])


def rows_of(dataset: Dataset) -> list[Row]:
    """Rows of a dataset as certificates of bands have them.

    Parameters
    ----------
    dataset : Dataset
        With intervals or without.

    Returns
    -------
    list of tuple
        ``(x₁, …, x_d, y)``, equal points with different labels among them; with intervals
        ``(x₁, …, x_d, lower, upper)`` of every distinct point, the intersection of its intervals,
        None for no bound.

    Examples
    --------
    >>> data = Dataset.from_arrays([1, 0, 1, 1], [2, 0, 3, 2])
    >>> [[str(v) for v in row] for row in rows_of(data)]
    [['0', '0'], ['1', '2'], ['1', '3']]
    """
    if dataset.intervals is None:
        return sorted({dataset.row(i) for i in range(dataset.n_points)})
    return [(*window.point, window.lower, window.upper) for window in windows_of(dataset)]


def points_of(problem: Problem) -> Dataset:
    """Canonical points of a problem; within a band without labels, which may differ at a point."""
    if problem.band is None:
        return problem.dataset.canonical
    nothing = Column(np.zeros(len(problem.dataset)))
    return replace(problem.dataset, labels=nothing, intervals=None).canonical


def digest_of(rows: Sequence[Row]) -> str:
    """SHA-256 of rows, a line of rationals in lowest terms each, ``-`` for no bound."""
    digest = hashlib.sha256()
    for row in rows:
        texts = ("-" if value is None else rational_text(value) for value in row)
        digest.update((" ".join(texts) + "\n").encode())
    return digest.hexdigest()
