"""Powers of all slope changes in float64 with error bounds: path matching and path norms at scale.

What the bounds cannot decide is left to exact arithmetic, run by run.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import flint
import numpy as np
from numpy.typing import NDArray

from exactsparse.exact.powers import Enclosure, ball_enclosure, ball_power, to_fmpq
from exactsparse.univariate import kernels
from exactsparse.univariate.law import Law
from exactsparse.univariate.points import Points

_PRECISION = 128
_SMALLEST_SHARE = 1 << 16
_POOR = 2.0**-30
_MOST_POOR = 20_000


def _in_threads(kernel: Callable[[int, int], int | None], cuts: list[int]) -> list[int | None]:
    """Run a kernel, which releases the interpreter, on the ranges between the cuts."""
    ranges = list(pairwise(cuts))
    if len(ranges) == 1:
        return [kernel(*ranges[0])]
    with ThreadPoolExecutor(len(ranges)) as threads:
        return list(threads.map(lambda ends: kernel(*ends), ranges))


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
        from exactsparse.exact.kernels import powers_of_jumps

        own, joint, relative = (np.empty(len(points)) for _ in range(3))
        slopes, exponent = points.scaled_slopes, float(p)

        def kernel(start: int, stop: int) -> None:
            powers_of_jumps(slopes, exponent, own, joint, relative, start, stop)

        _in_threads(kernel, _cuts(points))
        return cls(points, p, own, joint, relative)

    def match(self) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
        """Shared knots of the runs that the bounds decide, and first points of the others."""
        signs = self.points.signs
        shared = np.zeros(len(signs), dtype=bool)
        open_runs = np.empty(len(signs), dtype=np.int64)

        def kernel(start: int, stop: int) -> int:
            return kernels.match_runs(
                signs, self.own, self.joint, self.relative, shared, open_runs, start, stop
            )

        cuts = _cuts(self.points)
        counts = _in_threads(kernel, cuts)
        found = [open_runs[a : a + (k or 0)] for a, k in zip(cuts, counts, strict=False)]
        return shared, np.concatenate(found)

    def path_norm(self, law: Law) -> Enclosure | None:
        """Enclosure of the path norm of a law on these abscissae, None if nothing is known.

        Terms of which floats know fewer than nine digits, as on rounded straight lines, are
        computed exactly unless they are very many.
        """
        signs, shared = law.points.signs, law.shared
        poor: list[int] = []
        total, error = self._sum(signs, shared)
        if not error <= _POOR * total:
            poor = self._poor_knots(law)
            signs, shared = signs.copy(), shared.copy()
            for point in poor:
                signs[point : point + 1 + shared[point]], shared[point] = 0, False
            total, error = self._sum(signs, shared)
        if not error <= total:
            return None
        with flint.ctx.workprec(_PRECISION):
            ball = flint.arb(to_fmpq(Fraction(total)), to_fmpq(Fraction(error)))
            ball *= ball_power(self.points.slope_scale, self.p)
            for point in poor:
                ball += ball_power(law.jump(point), self.p)
            return ball_enclosure(ball)

    def _sum(self, signs: NDArray[np.int8], shared: NDArray[np.bool_]) -> tuple[float, float]:
        total, error = kernels.sum_of_powers(signs, shared, self.own, self.joint, self.relative)
        return total, error

    def _poor_knots(self, law: Law) -> list[int]:
        at = law.knot_points
        neighbour = np.where(law.shared[at], self.relative[at + 1], 0.0)
        poor = at[~(np.maximum(neighbour, self.relative[at]) < _POOR)]
        return poor.tolist() if len(poor) <= _MOST_POOR else []


def _cuts(points: Points) -> list[int]:
    """Ends of ranges of interior points, one for each thread, that no run crosses."""
    signs = points.signs
    last = len(signs) - 1
    parts = max(1, min(os.cpu_count() or 1, last // _SMALLEST_SHARE))
    cuts = [1]
    for k in range(1, parts):
        cut = max(cuts[-1], k * last // parts)
        while cut < last and signs[cut] == signs[cut - 1]:
            cut += 1
        cuts.append(cut)
    return [*cuts, last]
