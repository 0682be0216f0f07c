"""The sparsest among the ℓ¹-minimal interpolants, described run by run (Theorem 3.1).

Outside the runs they are all the chord polygon.  A run of ``m`` points needs ``⌈m/2⌉`` knots.  If
``m`` is even or 1 the interpolant is forced on it.  If ``m >= 3`` is odd, every gap of the run can
differ: the slope at exactly one of the points 2, 4, … of the run may be anything between its two
chord slopes, the others follow; the ends of these ranges are the ``(m + 1)/2`` vertex solutions,
which leave the 1st, 3rd, … or last point a knot of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from exactsparse.routes.univariate.points import Points


@dataclass(frozen=True, eq=False)
class L1Minimisers:
    """The sparsest ℓ¹-minimal interpolants on one run.

    Parameters
    ----------
    first, last : int
        Points of the run, as positions in the sorted data.
    curvature : int
        Sign of the slope changes, -1 or 1.

    Examples
    --------
    >>> import exactsparse as es
    >>> (run,) = es.solve([0, 1, 2, 3, 4], [0, 1, 3, 6, 10]).runs
    >>> run.n_points, run.fewest_knots, run.n_vertex_solutions, run.is_forced
    (3, 2, 2, False)
    """

    first: int
    last: int
    curvature: int
    _points: Points = field(repr=False)

    @property
    def n_points(self) -> int:
        """Number of points of the run, ``m``."""
        return self.last - self.first + 1

    @property
    def fewest_knots(self) -> int:
        """Knots that every sparsest interpolant spends on the run, ``⌈m/2⌉``."""
        return (self.n_points + 1) // 2

    @property
    def is_forced(self) -> bool:
        """Whether all of the class coincide on the run."""
        return self.n_points == 1 or self.n_points % 2 == 0

    @property
    def n_vertex_solutions(self) -> int:
        """Number of extreme interpolants of the class on the run."""
        return 1 if self.is_forced else (self.n_points + 1) // 2

    @property
    def freedom(self) -> tuple[Fraction, Fraction] | None:
        """Interval of x on which members of the class differ; None if the run is forced."""
        if self.is_forced:
            return None
        return self._points.x[self.first], self._points.x[self.last]

    def slope_ranges(self) -> Iterator[tuple[int, Fraction, Fraction]]:
        """Points whose slope may vary, each with its smallest and largest slope, exact."""
        if self.is_forced:
            return
        for point in range(self.first + 1, self.last, 2):
            slopes = self._points.slope(point - 1), self._points.slope(point)
            yield point, min(slopes), max(slopes)


def run_classes(points: Points) -> Iterator[L1Minimisers]:
    """Describe every run, from left to right."""
    for start, stop in points.runs():
        yield L1Minimisers(start, stop - 1, int(points.signs[start]), points)
