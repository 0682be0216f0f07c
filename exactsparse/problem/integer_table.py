"""The data as integers: every row, label or bounds included, scaled by a positive factor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import flint
import numpy as np
from numpy.typing import NDArray

from exactsparse.exact.integers import shortened
from exactsparse.exact.numbers import over_common_denominator
from exactsparse.problem.dataset import Dataset
from exactsparse.problem.problem import Problem
from exactsparse.problem.rows import Window, windows_of
from exactsparse.problem.scaled_rows import (
    LARGEST,
    ScaledRows,
    lcm_within,
    over_one_denominator,
    primitive_rows,
)

Integers = NDArray[Any]


@dataclass(frozen=True, eq=False)
class IntegerTable:
    """Rows ``(x̄ᵢ, yᵢ)`` times ``scales[i] > 0``: the same networks interpolate them.

    Parameters
    ----------
    points : ndarray of int (object), shape (n, d + 1)
        ``x̄ᵢ = (xᵢ, 1)``, scaled.
    labels : ndarray of int (object), shape (n,)
        ``yᵢ``, scaled alike; within a band some number in the interval of the row.
    bounds : pair of ndarray of int or None (object), shape (n,), optional
        Lower and upper bounds of a band, scaled alike, None for none.
    """

    points: Integers
    labels: Integers
    bounds: tuple[Integers, Integers] | None = None

    @classmethod
    def of(cls, dataset: Dataset) -> IntegerTable:
        """Table of the canonical points of a dataset."""
        canonical = dataset.canonical
        n, d = canonical.n_points, canonical.n_features
        short = over_one_denominator((*canonical.features, canonical.labels))
        if short is not None:
            rows = primitive_rows(np.insert(short[0], d, short[1], axis=1))
            return cls(rows[:, : d + 1], rows[:, d + 1])
        points, labels = np.empty((n, d + 1), dtype=object), np.empty(n, dtype=object)
        for i in range(n):
            row = canonical.row(i)
            (*features, label), scale = over_common_denominator(row)
            *points[i], labels[i] = shortened((*features, scale, label))
        return cls(points, labels)

    @classmethod
    def of_problem(cls, problem: Problem, windows: Sequence[Window] | None = None) -> IntegerTable:
        """Table of the distinct points of a problem, bounds of equal ones intersected.

        Parameters
        ----------
        problem : Problem
            With a band or without one.
        windows : sequence of Window, optional
            Of a band, if they are known.

        Raises
        ------
        ConflictingLabelsError
            If, without a band, equal points carry different labels.
        ValueError
            If bounds leave no number at a point.
        """
        if problem.band is None:
            return cls.of(problem.dataset)
        if windows is None:
            short = ScaledRows.of(problem.dataset, problem.half_width)
            if short is not None:
                return cls._within(short)
            windows = windows_of(problem.dataset, problem.half_width)
        n, width = len(windows), problem.dataset.n_features + 1
        points = np.empty((n, width), dtype=object)
        labels, lower, upper = (np.empty(n, dtype=object) for _ in range(3))
        for i, window in enumerate(windows):
            if window.is_empty:
                raise ValueError("the bounds at a point leave no number")
            ends = [end for end in (window.lower, window.upper) if end is not None]
            row, scale = over_common_denominator((*window.point, *ends, window.middle))
            *points[i, :-1], labels[i] = row[: width - 1] + row[-1:]
            points[i, -1] = scale
            given = iter(row[width - 1 : -1])
            lower[i] = None if window.lower is None else next(given)
            upper[i] = None if window.upper is None else next(given)
        return cls(points, labels, (lower, upper))

    @classmethod
    def _within(cls, short: ScaledRows) -> IntegerTable:
        """Table of rows over one denominator."""
        low, high = short.lower, short.upper
        if not short.have_room:
            raise ValueError("the bounds at a point leave no number")
        # Twice all numbers, so that the middles are whole.
        middles = np.where((low <= 0) & (high >= 0), 0, low + high)
        twice = np.full_like(low, 2 * short.denominator)
        whole = np.column_stack((2 * short.points, twice, middles, 2 * low, 2 * high))
        rows = primitive_rows(whole)
        width = short.points.shape[1] + 1
        return cls(rows[:, :width], rows[:, width], (rows[:, width + 1], rows[:, width + 2]))

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def lower(self) -> Integers:
        """Least value that a function may have at every row, scaled; None for no bound."""
        return self.labels if self.bounds is None else self.bounds[0]

    @property
    def upper(self) -> Integers:
        """Greatest value, alike."""
        return self.labels if self.bounds is None else self.bounds[1]

    @property
    def width(self) -> int:
        """Number of inputs of a neuron, ``D = d + 1``."""
        return int(self.points.shape[1])

    @cached_property
    def scaled_rows(self) -> ScaledRows | None:
        """The rows over one denominator; None where that is too long, or a bound is none."""
        scales = self.points[:, -1]
        common = lcm_within(scales.tolist())
        if common is None or any(None in set(ends) for ends in (self.lower, self.upper)):
            return None
        whole = np.column_stack((self.points[:, :-1], self.lower, self.upper))
        whole = whole * (common // scales)[:, None]
        if max(int(whole.max()), -int(whole.min()), common) <= LARGEST:
            whole = whole.astype(np.int64)
        return ScaledRows(whole[:, :-2], whole[:, -2], whole[:, -1], common)

    @cached_property
    def basis(self) -> tuple[int, ...]:
        """First inputs that do not depend, on these rows, on the ones before them."""
        reduced, _, rank = flint.fmpz_mat(self.points.tolist()).rref()
        width = self.width
        return tuple(next(j for j in range(width) if reduced[i, j]) for i in range(rank))

    def take(self, rows: Any) -> IntegerTable:
        """The rows at the given positions."""
        bounds = None if self.bounds is None else (self.lower[rows], self.upper[rows])
        return IntegerTable(self.points[rows], self.labels[rows], bounds)
