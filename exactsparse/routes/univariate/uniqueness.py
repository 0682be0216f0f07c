"""Whether the minimiser is unique as a function, decided exactly.

For p = 0 every interpolant counts, not only those of Theorem 3.1.  Let ``Kᵢ`` be the fewest knots
on ``(x₀, xᵢ]`` and ``Aᵢ`` the set of slopes with which a function that spends ``Kᵢ`` of them can
leave ``xᵢ`` to the right; every other slope costs one more (a knot at ``xᵢ``).  In a gap with
chord slope ``s`` a function leaves with ``q`` and arrives with ``r``: no knot if ``q = r = s``,
one if ``q < s < r`` or ``q > s > r``, else two.  Hence ``A₀`` is the real line, and

* ``s ∈ Aᵢ``: ``Aᵢ₊₁ = {s}``, ``Kᵢ₊₁ = Kᵢ``;
* ``s ∉ Aᵢ``: ``Kᵢ₊₁ = Kᵢ + 1`` and ``Aᵢ₊₁ = [s, ∞)`` if ``Aᵢ`` lies below ``s``, else ``(−∞, s]``,

so that a set is the line, a point, or a half-line at the last chord slope.  Walking the cases: the
first gap and every point of zero curvature leave a point; inside a run the sets alternate, a
half-line after its 1st, 3rd, … point (upward after positive curvature) and a point after its 2nd,
4th, ….  The same from the right gives ``B``.  So both sets of every gap are known from the signs
and the positions in the runs, without a loop.  A gap is forced if one pair ``(q, r)`` alone is
optimal there and needs at most one knot; the minimiser is unique if and only if every gap is
forced.  Parity of the runs does not decide this: the sign pattern ``−, 0, +`` between collinear
points is free (pass the middle point with any smaller slope), ``+, 0, +`` is not.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from exactsparse.routes.univariate.matching import odd_positions


def fewest_knots_unique(signs: NDArray[np.int8]) -> bool:
    """Whether exactly one function interpolates with the fewest knots.

    Parameters
    ----------
    signs : ndarray of int8, shape (n,)
        Discrete curvature of every point, 0 at the ends.
    """
    n = len(signs)
    if n < 3:
        return n == 2
    # Direction of the half-line A or B of every gap (0 for a point), and the step from the chord
    # at which the set is anchored to the chord of the gap, seen from its own side.
    leaving, arriving = np.zeros(n - 1, dtype=np.int8), np.zeros(n - 1, dtype=np.int8)
    leaving[1:] = (signs * odd_positions(signs))[:-2]
    arriving[:-1] = -(signs * odd_positions(signs[::-1].copy())[::-1])[2:]
    below_a, at_a, above_a = _sides(leaving, signs[:-1])
    below_b, at_b, above_b = _sides(arriving, -signs[1:])
    for sides in (below_a, at_a, above_a):
        sides[0] = True
    for sides in (below_b, at_b, above_b):
        sides[-1] = True
    chord_free = at_a & at_b
    one_knot = (below_a & above_b) | (above_a & below_b)
    # One end misses the chord: it costs the one knot that a knot inside would cost.
    chord_alone = (at_a ^ at_b) & ~one_knot
    # Both ends miss it: two knots on the chord or two inside; one inside is better, and forced
    # if both slopes are.
    knot_alone = ~at_a & ~at_b & one_knot & (leaving == 0) & (arriving == 0)
    return bool((chord_free | chord_alone | knot_alone).all())


def _sides(direction: NDArray[np.int8], step: NDArray[np.int8]) -> tuple[NDArray[Any], ...]:
    """Whether the set of every gap holds slopes below, at and above the chord."""
    below = (step > 0) | (direction < 0)
    at = (step == 0) | (step * direction > 0)
    above = (step < 0) | (direction > 0)
    return below, at, above
