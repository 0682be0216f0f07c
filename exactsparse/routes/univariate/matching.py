"""Optimal knot sharing: maximum-weight matching on a path, run by run.

Inside a run the points ``i`` and ``i + 1`` either keep a knot each, of sizes ``|cᵢ|`` and
``|cᵢ₊₁|``, or share one of size ``|cᵢ| + |cᵢ₊₁|`` inside their gap (Nakhleh & Nowak 2025,
Theorem 3.1, and concavity: some minimiser has every slope at an end of its range; for 0 < p < 1
every minimiser has).  Sharing saves ``wᵢ = |cᵢ|ᵖ + |cᵢ₊₁|ᵖ − (|cᵢ| + |cᵢ₊₁|)ᵖ >= 0``, so the
best interpolant is a matching of maximum weight.

The dynamic program keeps only the marginal gain of a point, ``dᵢ = best(…, i) − best(…, i−1)``,
for which ``dᵢ = max(0, wᵢ₋₁ − dᵢ₋₁)``.  The gains are also an optimal dual solution (they are
nonnegative, ``dᵢ₋₁ + dᵢ >= wᵢ₋₁``, and they sum to the optimum), which is the lower bound that a
certificate carries.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import flint
import numpy as np
from flint import arb
from numpy.typing import NDArray

from exactsparse.exact.memory import zeros
from exactsparse.exact.powers import PowerSum, ball_power, ball_sign
from exactsparse.progress import Deadline
from exactsparse.routes.univariate.points import COMPILED_FROM

KEEP, SHARE, TIE = 0, 1, 2
_PRECISION = 128


def cardinality_matching(signs: NDArray[np.int8]) -> NDArray[np.bool_]:
    """Left points of shared knots in an interpolant with the fewest knots (p = 0).

    Pairs the points of every run from the left, which is a maximum matching of a path.

    Parameters
    ----------
    signs : ndarray of int8, shape (n,)
        Discrete curvature of every point.

    Returns
    -------
    ndarray of bool, shape (n,)
        Whether points ``i`` and ``i + 1`` share a knot.
    """
    shared = zeros(len(signs), bool)
    if len(signs) >= COMPILED_FROM:
        from exactsparse.routes.univariate.kernels import pair_from_left

        pair_from_left(signs, shared)
        return shared
    shared[:-1] = odd_positions(signs)[:-1] & (signs[1:] == signs[:-1])
    return shared


def odd_positions(signs: NDArray[np.int8]) -> NDArray[np.bool_]:
    """Whether a point is the 1st, 3rd, 5th, … of its run; False outside runs.

    Parameters
    ----------
    signs : ndarray of int8, shape (n,)
        Discrete curvature of every point.
    """
    if len(signs) >= COMPILED_FROM:
        from exactsparse.routes.univariate.kernels import odd_positions as compiled

        odd = np.zeros(len(signs), dtype=bool)
        compiled(signs, odd)
        return odd
    starts = np.concatenate(([0], np.flatnonzero(signs[1:] != signs[:-1]) + 1))
    odd = np.repeat((starts & 1).astype(bool), np.diff(starts, append=len(signs)))
    odd[::2] ^= True
    odd &= signs != 0
    return odd


def walk_back(decisions: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Positions that an optimal matching reads, from the right end, each with its decision.

    ``decisions[i]`` says whether point ``i`` of the run shares a knot with point ``i - 1``.
    """
    i = len(decisions) - 1
    while i >= 0:
        yield i, decisions[i]
        i -= 2 if decisions[i] == SHARE else 1


@dataclass(frozen=True)
class RunMatching:
    """An optimal matching of one run.

    Parameters
    ----------
    decisions : list of int, length m
        KEEP, SHARE or TIE at every point, decided exactly.
    """

    decisions: list[int]

    @property
    def shared(self) -> list[int]:
        """Left points of the shared knots, as positions in the run; ties keep their knots."""
        return [i - 1 for i, decision in walk_back(self.decisions) if decision == SHARE]

    @property
    def unique(self) -> bool:
        """Whether no other matching has the same weight."""
        return all(decision != TIE for _, decision in walk_back(self.decisions))


def match_run(
    jumps: Sequence[Fraction], p: Fraction, deadline: Deadline | None = None
) -> RunMatching:
    """Maximum-weight matching of one run, every comparison decided exactly.

    Parameters
    ----------
    jumps : sequence of Fraction, length m
        Absolute slope changes of the points of the run, all positive.
    p : Fraction
        Exponent, ``0 < p < 1``.
    deadline : Deadline, optional
        Raises Stopped once it has passed.
    """
    decisions = [KEEP]
    # Towards p = 0 and p = 1 all savings agree to as many digits as the distance has.
    nearness = max(p.denominator // p.numerator, p.denominator // (p.denominator - p.numerator))
    with flint.ctx.workprec(_PRECISION + 2 * nearness.bit_length()):
        powers = [ball_power(jump, p) for jump in jumps]
        gain = arb(0)
        for i in range(1, len(jumps)):
            if deadline is not None and i % 64 == 0:
                deadline.check()
            weight = powers[i - 1] + powers[i] - ball_power(jumps[i - 1] + jumps[i], p)
            difference = weight - gain
            sign = ball_sign(difference)
            if sign is None:
                if deadline is not None:
                    deadline.check()
                sign = marginal_gain(jumps, decisions).sign_at(p)
            decisions.append(SHARE if sign > 0 else KEEP if sign < 0 else TIE)
            gain = difference if sign > 0 else arb(0)
    return RunMatching(decisions)


def marginal_gain(jumps: Sequence[Fraction], decisions: Sequence[int]) -> PowerSum:
    """The function ``p ↦ w − d`` whose sign decides the point after ``decisions``.

    Unfolds ``w_{i-1} − d_{i-1}`` back to the last point whose gain is zero.
    """
    total = PowerSum()
    i, sign = len(decisions), 1
    while True:
        total.add(jumps[i - 1], sign)
        total.add(jumps[i], sign)
        total.add(jumps[i - 1] + jumps[i], -sign)
        i, sign = i - 1, -sign
        if decisions[i] != SHARE:
            return total
