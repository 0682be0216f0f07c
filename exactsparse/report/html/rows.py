"""The rows of a table as pictures draw them: labels, and what is allowed around them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from exactsparse.exact.numbers import to_float
from exactsparse.problem.band import Bound, Intervals, Tolerance
from exactsparse.problem.dataset import Dataset
from exactsparse.report.html.numbers import exact_text
from exactsparse.report.html.spec import Floats, Layer
from exactsparse.solution import Solution


@dataclass(frozen=True, eq=False)
class Rows:
    """Labels and bounds of the rows of a table, in the order of the table.

    Parameters
    ----------
    dataset : Dataset
        The table.
    intervals : Intervals or None
        Of every row, if each has its own.
    half_width : Fraction or None
        How far from its label a value may be; None without a band.
    y, lower, upper : ndarray, shape (n,)
        Labels, and the bounds around them, infinite for none; equal to the labels without a band.
    """

    dataset: Dataset
    intervals: Intervals | None
    half_width: Fraction | None
    y: Floats
    lower: Floats
    upper: Floats

    @classmethod
    def of(cls, solution: Solution) -> Rows:
        """The rows that a solution is about, and the band that it keeps within."""
        dataset, band = solution.problem.dataset, solution.problem.band
        y = dataset.labels.to_float64()
        if isinstance(band, Intervals):
            low = [-np.inf if v is None else to_float(v) for v in band.lower]
            high = [np.inf if v is None else to_float(v) for v in band.upper]
            return cls(dataset, band, None, y, np.array(low), np.array(high))
        width = band.half_width if isinstance(band, Tolerance) else None
        if solution.problem.objective.is_tolerance and isinstance(solution.cost, Fraction):
            width = solution.cost
        half = to_float(width or Fraction(0))
        with np.errstate(over="ignore"):
            return cls(dataset, None, width, y, y - half, y + half)

    @property
    def has_band(self) -> bool:
        """Whether something else than the labels is to be met."""
        return self.intervals is not None or self.half_width is not None

    def window(self, row: int) -> tuple[Bound, Bound]:
        """Bounds of a row, exact."""
        if self.intervals is not None:
            return self.intervals.lower[row], self.intervals.upper[row]
        label, half = self.dataset.labels[row], self.half_width or Fraction(0)
        return label - half, label + half

    def window_text(self, row: int) -> str:
        """Bounds of a row in words."""
        low, high = self.window(row)
        if low is None or high is None:
            return (
                "none"
                if low is high
                else f"at least {exact_text(low)}"
                if high is None and low is not None
                else f"at most {exact_text(high or Fraction(0))}"
            )
        return f"{exact_text(low)} … {exact_text(high)}"

    def layers(self, x: Floats, low: Floats, high: Floats, y: Floats) -> list[Layer]:
        """Bars between bounds, triangles at single bounds, and the labels themselves.

        Parameters
        ----------
        x, low, high, y : ndarray, shape (m,)
            Of the rows that are drawn, in the units of the picture.
        """
        both = np.isfinite(low) & np.isfinite(high)
        only_low, only_high = np.isfinite(low) & ~both, np.isfinite(high) & ~both
        name = "data" if self.intervals is None else "middle of the interval"
        found = [
            Layer("up", "band", "lower bound only", x[only_low], low[only_low]),
            Layer("down", "band", "upper bound only", x[only_high], high[only_high]),
            Layer("dots", "data", name, x[both], y[both]),
        ]
        if self.has_band:
            found.insert(0, Layer("bars", "band", "band", x[both], low[both], high[both]))
        return [layer for layer in found if len(layer.x)]
