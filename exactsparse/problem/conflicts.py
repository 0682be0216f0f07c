"""Rows of equal points whose labels differ: what is said of them, and what reconciles them."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from exactsparse.errors import ConflictingLabelsError
from exactsparse.exact.numbers import format_rational, rational_text

if TYPE_CHECKING:
    from exactsparse.problem.dataset import Dataset


def reconciling_tolerance(dataset: Dataset) -> Fraction:
    """Least tolerance within which rows of equal points have a value in common.

    Examples
    --------
    >>> import exactsparse as es
    >>> str(reconciling_tolerance(es.Dataset.from_arrays([0, 1, 0], [1, 5, 4])))
    '3/2'
    """
    points, same = dataset.sorted_points()
    starts = np.flatnonzero(np.concatenate(([True], ~same)))
    most, least = (
        replace(points.labels, values=bound.reduceat(points.labels.values, starts))
        for bound in (np.maximum, np.minimum)
    )
    several = np.flatnonzero(np.diff(starts, append=len(points)) > 1).tolist()
    return max((most[i] - least[i] for i in several), default=Fraction(0)) / 2


def reconciliation(dataset: Dataset) -> str:
    """What to say of that tolerance; never of a smaller one that is easier to read."""
    least = reconciling_tolerance(dataset)
    text = format_rational(least)
    text = rational_text(least) if text.startswith("≈") else text
    return f"a tolerance of {text} reconciles all such rows"


def conflict(points: Dataset, index: int) -> ConflictingLabelsError:
    """The error that names a row and the next, which have one point; its notes are the reader's."""
    first, second = points.row(index), points.row(index + 1)
    labels = [format_rational(row[-1]) for row in (first, second)]
    if labels[0].lstrip("≈") == labels[1].lstrip("≈"):
        labels = [rational_text(row[-1]) for row in (first, second)]
    where = sorted(points.origin.row_number(k) for k in (index, index + 1))
    error = ConflictingLabelsError(
        f"{points.origin}: rows {where[0]} and {where[1]} have the same point "
        f"({', '.join(map(format_rational, first[:-1]))}) but different labels "
        f"({labels[0]} and {labels[1]}): no function interpolates both; {reconciliation(points)}"
    )
    for note in points.notes:
        error.add_note(note)
    return error
