"""Powers of all slope changes in float64 with error bounds: path matching and norms at scale.

What the bounds cannot decide is left to exact arithmetic, run by run.  Importing this module
imports numba.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from exactsparse.exact.kernels import powers_of_jumps
from exactsparse.exact.memory import empty, zeros
from exactsparse.exact.orientation import reading_offs
from exactsparse.exact.powers import Enclosure, sum_of_powers
from exactsparse.routes.univariate.kernels import find_poor, match_runs, sum_of_own_and_joint
from exactsparse.routes.univariate.piecewise_linear import PiecewiseLinear
from exactsparse.routes.univariate.points import Points

_POOR = 2.0**-30
_MOST_POOR = 20_000


@dataclass(frozen=True, eq=False)
class FloatPowers:
    """Powers at one exponent, in units of ``slope_scale``.

    Parameters
    ----------
    points : Points
        The data.
    p : Fraction
        Exponent, ``0 < p < 1``.
    own, joint, relative : ndarray of float64, shape (n,)
        ``|cᵢ|ᵖ``, ``(|cᵢ| + |cᵢ₊₁|)ᵖ``, and a relative error bound for point ``i``.
    """

    points: Points
    p: Fraction
    own: NDArray[np.float64]
    joint: NDArray[np.float64]
    relative: NDArray[np.float64]

    @classmethod
    def of(cls, points: Points, p: Fraction) -> FloatPowers:
        """Compute the powers of the slope changes of at least three points."""
        own, joint, relative = empty((3, len(points)))
        columns = points.x, points.y
        x, y = (c.values if points.is_float64 else np.empty(0) for c in columns)
        offs = reading_offs(*columns) if points.is_float64 else (0.0, 0.0)
        slopes, results = points.scaled_slopes, (own, joint, relative)
        powers_of_jumps(x, y, *offs, points.signs, slopes, float(p), *results)
        return cls(points, p, own, joint, relative)

    def match(self) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
        """Shared knots of the runs that the bounds decide, and first points of the others."""
        n = len(self.points)
        shared, open_runs = zeros(n, bool), empty(n, np.int64)
        decisions = empty(n, np.int8)
        count = match_runs(
            self.points.signs, self.own, self.joint, self.relative, shared, open_runs, decisions
        )
        return shared, open_runs[:count].copy()

    def path_norm(self, law: PiecewiseLinear) -> Enclosure | None:
        """Enclosure of the path norm of a law on these abscissae, None if nothing is known.

        Terms of which floats know fewer than nine digits, as on rounded straight lines, are
        computed exactly unless they are very many.
        """
        terms = law.points.signs, law.shared, self.own, self.joint, self.relative
        poor: list[int] = []
        total, error = sum_of_own_and_joint(*terms, np.inf)
        if not error <= _POOR * total:
            poor = self._poor_knots(law)
            if poor:
                total, error = sum_of_own_and_joint(*terms, _POOR)
        if not error <= total:
            return None
        floats = Enclosure(Fraction(total) - Fraction(error), Fraction(total) + Fraction(error))
        scale = sum_of_powers([self.points.slope_scale], self.p)
        scaled = Enclosure(floats.lower * scale.lower, floats.upper * scale.upper)
        return sum_of_powers((law.jump(point) for point in poor), self.p, scaled)

    def _poor_knots(self, law: PiecewiseLinear) -> list[int]:
        """Points of the knots whose powers floats know badly; none if these are very many."""
        found = np.empty(_MOST_POOR, dtype=np.int64)
        count = find_poor(law.points.signs, law.shared, self.relative, _POOR, found)
        return found[:count].tolist() if count <= _MOST_POOR else []
