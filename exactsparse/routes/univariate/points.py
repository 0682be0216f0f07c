"""The data of a univariate problem, sorted, with exact chord slopes and slope changes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from exactsparse.exact.orientation import (
    curvature_signs,
    float_curvature_signs,
    read_curvature_signs,
)
from exactsparse.problem.column import Column
from exactsparse.problem.dataset import Dataset
from exactsparse.progress import Deadline, Progress, silent

# Below this size exact integers are faster than importing and loading compiled kernels.
COMPILED_FROM = 2_000
# Slope changes of which floats know fewer digits, for they stand for decimals, are made exactly.
DIGITS = 1e-4


@dataclass(frozen=True, eq=False, repr=False)
class Points:
    """Strictly increasing abscissae with their ordinates and the signs of the slope changes.

    Both columns hold float64, or both hold exact objects, each with a rational scale.

    Parameters
    ----------
    x, y : Column, length n
        Coordinates, exact.
    signs : ndarray of int8, shape (n,)
        Discrete curvature of every point: the sign of the slope change there, 0 at the ends.
    dataset : Dataset
        The canonical dataset that the coordinates come from.
    """

    x: Column
    y: Column
    signs: NDArray[np.int8]
    dataset: Dataset
    _slopes: NDArray[np.float64] | None = None
    _poor: NDArray[np.bool_] | None = None

    def __repr__(self) -> str:
        return f"<Points: {len(self)} of {self.dataset!r}>"

    @classmethod
    def from_dataset(cls, dataset: Dataset, progress: Progress = silent) -> Points:
        """Sort the data, merge equal points and decide every curvature sign exactly.

        Raises
        ------
        ConflictingLabelsError
            If two equal points have different labels.
        """
        canonical = dataset.canonical
        x, y = canonical.features[0], canonical.labels
        if len(x) < COMPILED_FROM or not (x.is_float64 and y.is_float64):
            return cls.in_rationals(canonical)
        if x.rounded or y.rounded:
            signs, slopes, poor = read_curvature_signs(x, y, DIGITS, progress)
            return cls(x, y, signs, canonical, slopes, poor)
        signs, slopes = float_curvature_signs(x.values, y.values, progress)
        return cls(x, y, signs, canonical, slopes)

    @classmethod
    def in_rationals(cls, dataset: Dataset) -> Points:
        """Points whose signs are compared in rationals, one by one.

        Raises
        ------
        ConflictingLabelsError
            If two equal points have different labels.
        """
        canonical = dataset.canonical
        x, y = canonical.features[0].to_objects(), canonical.labels.to_objects()
        return cls(x, y, curvature_signs(x.values, y.values), canonical)

    def __len__(self) -> int:
        return len(self.x)

    @property
    def is_float64(self) -> bool:
        """Whether both columns hold float64."""
        return self.x.is_float64

    @cached_property
    def slope_scale(self) -> Fraction:
        """Factor that turns a quotient of column values into a slope."""
        return self.y.scale / self.x.scale

    def slope(self, gap: int) -> Fraction:
        """Chord slope between points ``gap`` and ``gap + 1``, exact."""
        x, y = self.x.unscaled, self.y.unscaled
        return (y(gap + 1) - y(gap)) / (x(gap + 1) - x(gap)) * self.slope_scale

    def jumps(self, start: int, stop: int, deadline: Deadline | None = None) -> list[Fraction]:
        """Absolute slope changes ``|cᵢ|`` of the chords at points ``start … stop - 1``, exact.

        A deadline that has passed raises Stopped.
        """
        before, jumps = self.slope(start - 1), []
        for i in range(start, stop):
            if deadline is not None and i % 1024 == 0:
                deadline.check()
            after = self.slope(i)
            jumps.append(abs(after - before))
            before = after
        return jumps

    @property
    def is_rounded(self) -> bool:
        """Whether some float stands for a number beside it."""
        return self.x.rounded or self.y.rounded

    @property
    def poor(self) -> NDArray[np.bool_]:
        """Where slope changes of floats may be off by more than ``DIGITS``; empty if exact."""
        if self._poor is None:
            return np.ones(len(self) if self.is_rounded else 0, dtype=np.bool_)
        return self._poor

    @cached_property
    def run_bounds(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """First and one-past-last point of every run, in ascending order.

        A run is a maximal stretch of consecutive points of the same nonzero curvature sign.
        """
        change = np.flatnonzero(self.signs[1:] != self.signs[:-1]) + 1
        start = np.concatenate(([0], change))
        stop = np.concatenate((change, [len(self.signs)]))
        curved = self.signs[start] != 0
        return start[curved], stop[curved]

    def run_at(self, start: int) -> tuple[int, int]:
        """Bounds of the run that starts at a point."""
        stop = start
        while self.signs[stop] == self.signs[start]:
            stop += 1
        return start, stop

    def runs(self) -> Iterator[tuple[int, int]]:
        """Bounds of the runs one by one, as Python integers."""
        start, stop = self.run_bounds
        return zip(start.tolist(), stop.tolist(), strict=True)

    @cached_property
    def scaled_slopes(self) -> NDArray[np.float64]:
        """Chord slopes over ``slope_scale`` as float64, shape (n - 1,).

        Within four units of rounding, and ``reading_errors``, of the exact slope; not finite after
        an overflow.
        """
        if self._slopes is not None:
            return self._slopes
        slopes = np.full(len(self) - 1, np.nan)
        for gap in range(len(slopes)):
            with suppress(OverflowError):
                slopes[gap] = float(self.slope(gap) / self.slope_scale)
        return slopes
