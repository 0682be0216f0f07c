"""The rows that a proof within a band is about: sorted, none of them twice."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TypeAlias

import numpy as np

from exactsparse.exact.numbers import rational_text
from exactsparse.problem.band import Bound
from exactsparse.problem.column import Column
from exactsparse.problem.dataset import Dataset
from exactsparse.problem.problem import Problem

Row: TypeAlias = tuple[Fraction | None, ...]


def rows_of(dataset: Dataset) -> list[Row]:
    """Rows of a dataset as certificates of bands have them.

    Parameters
    ----------
    dataset : Dataset
        With intervals: of one feature.

    Returns
    -------
    list of tuple
        ``(x₁, …, x_d, y)``, equal points with different labels among them; with intervals
        ``(x, lower, upper)`` of every distinct ``x``, the intersection of its intervals, None for
        no bound.

    Examples
    --------
    >>> data = Dataset.from_arrays([1, 0, 1, 1], [2, 0, 3, 2])
    >>> [[str(v) for v in row] for row in rows_of(data)]
    [['0', '0'], ['1', '2'], ['1', '3']]
    """
    if dataset.intervals is None:
        return sorted({dataset.row(i) for i in range(dataset.n_points)})
    found: dict[Fraction, tuple[Bound, Bound]] = {}
    for row, bounds in enumerate(
        zip(dataset.intervals.lower, dataset.intervals.upper, strict=True)
    ):
        x = dataset.features[0][row]
        low, high = found.get(x, (None, None))
        lows = [v for v in (low, bounds[0]) if v is not None]
        highs = [v for v in (high, bounds[1]) if v is not None]
        found[x] = max(lows, default=None), min(highs, default=None)
    return [(x, *found[x]) for x in sorted(found)]


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
