"""Lower bounds of what the neurons on some weighted rays cost, for one p or for all p at once.

Weights on rays of one closed cell, of one sign, may be one neuron.  Whatever rays are joined, the
cost is at least that of joining all rays that are connected by such pairs, as if they were in one
cell: ``‖a + b‖ₚᵖ ≤ ‖a‖ₚᵖ + ‖b‖ₚᵖ`` for sizes ``a, b``.  That is a sum of powers of sizes, and it
grows with every size.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from exactsparse.compiling import njit

Floats = NDArray[np.float64]

_MANTISSA_BITS = 10
# More than the errors of powers in float64, of products of them, and of sums of a hundred.
_MARGIN = 1e-12


class Limit(NamedTuple):
    """What a set of rays may cost.

    Parameters
    ----------
    most : float
        For one p.
    norms : ndarray of float64, shape (m,)
        For one p, ``(Σ |r_c|ᵖ)^(1/p)`` of the rays r, rounded down.
    radius : float
        ``most^(1/p)``, rounded up.
    exponents, mantissas : ndarray of float64
        Powers of ``2ᵉ`` and of ``1 + m/2¹⁰``, rounded down.
    ends : ndarray of float64, shape (laws, intervals + 1)
        For all p: costs of known networks at the ends of equal intervals of p, rounded up; without
        intervals there is one p.
    """

    most: float
    norms: Floats
    radius: float
    exponents: Floats
    mantissas: Floats
    ends: Floats

    @classmethod
    def of(cls, coordinates: Floats, p: float, most: float) -> Limit:
        """The limit for one p; p is rounded, which the margin covers.

        Parameters
        ----------
        coordinates : ndarray of float64, shape (m, D)
            Absolute entries of the rays, rounded down.
        p : float
            In (0, 1).
        most : float
            What is allowed.
        """
        # Below, all powers are 1 to all digits.
        p = max(p, 1e-300)
        exponents = np.arange(-1023, 1025).astype(np.float64)
        steps = 1 + np.arange(1 << _MANTISSA_BITS) / (1 << _MANTISSA_BITS)
        with np.errstate(over="ignore"):
            powers = np.minimum(np.exp2(exponents * p), 1e300) * (1 - _MARGIN)
        # Subnormal sizes count as nothing.
        powers[0] = 0.0
        with np.errstate(over="ignore"):
            norms = np.minimum((coordinates**p).sum(axis=1) ** (1 / p), 1e300)
            radius = most ** (1 / p) if np.log(most) < 600 * p else np.inf
        # Roots magnify errors of powers.
        norms, radius = norms * (1 - _MARGIN / p), radius * (1 + _MARGIN / p)
        return cls(most, norms, radius, powers, steps**p * (1 - _MARGIN), np.empty((0, 1)))

    @classmethod
    def along_path(cls, ends: Floats) -> Limit:
        """The limit for all p; the first column counts parameters."""
        none = np.empty(0)
        return cls(np.inf, none, np.inf, none, none, ends)


class Scratch(NamedTuple):
    """Room for the sizes of one set of rays, and for the groups that they are joined in."""

    sizes: Floats
    group: NDArray[np.int64]


@njit(nogil=True, error_model="numpy", cache=True)
def joined_sizes(table, chosen, weights, doubts, count, scratch):
    """Least sizes of weights and biases, rays joined as far as any might be; how many."""
    width = table.coordinates.shape[1]
    sizes, group = scratch.sizes, scratch.group
    for a in range(count):
        group[a] = a
        if abs(weights[a]) <= doubts[a]:
            group[a] = -1
            continue
        for b in range(a):
            if group[b] < 0 or (weights[a] > 0) != (weights[b] > 0):
                continue
            if group[a] != group[b] and table.joinable[chosen[a], chosen[b]]:
                old, new = group[a], group[b]
                for c in range(a + 1):
                    if group[c] == old:
                        group[c] = new
    found = 0
    for g in range(count):
        present = False
        for a in range(count):
            present |= group[a] == g
        if not present:
            continue
        for c in range(width):
            total = 0.0
            for a in range(count):
                if group[a] == g:
                    total += (abs(weights[a]) - doubts[a]) * table.coordinates[chosen[a], c]
            if total > 0:
                sizes[found] = total
                found += 1
    return found


@njit(nogil=True, error_model="numpy", cache=True)
def is_too_dear(table, limit, chosen, weights, doubts, count, scratch):
    """Whether a network on these rays is proved to cost more than is allowed."""
    sizes = scratch.sizes
    if not len(limit.ends):
        # ‖a + b‖ₚ ≥ ‖a‖ₚ + ‖b‖ₚ for sizes and p < 1, and (Σ ‖u‖ₚᵖ)^(1/p) ≥ Σ ‖u‖ₚ.
        radius = 0.0
        for a in range(count):
            radius += max(abs(weights[a]) - doubts[a], 0.0) * limit.norms[chosen[a]]
        if radius > limit.radius:
            return True
    found = joined_sizes(table, chosen, weights, doubts, count, scratch)
    if len(limit.ends):
        return is_dominated(limit.ends, sizes, found)
    bits = sizes.view(np.int64)
    total = 0.0
    for k in range(found):
        step = (bits[k] >> (52 - 10)) & 1023
        total += limit.exponents[bits[k] >> 52] * limit.mantissas[step]
        if total > limit.most:
            return True
    return False


@njit(nogil=True, error_model="numpy", cache=True)
def is_dominated(ends, sizes, count):
    """Whether for every p in (0, 1) one known network is cheaper.

    Costs are convex in p: a known one is below its chord on an interval, this one above its
    tangents at both ends.
    """
    laws, intervals = ends.shape[0], ends.shape[1] - 1
    step = 1.0 / intervals
    values, slopes = np.zeros(intervals + 1), np.zeros(intervals + 1)
    for k in range(count):
        log = np.log(sizes[k])
        factor, power = np.exp(step * log), 1.0
        for j in range(intervals + 1):
            values[j] += power
            slopes[j] += power * log
            power *= factor
    for j in range(intervals):
        low, high = values[j], values[j + 1]
        rise = slopes[j] * step
        fall = slopes[j + 1] * step
        # Tangents at both ends meet at a share of the interval.
        bend = fall - rise
        share = 0.5
        if bend > 0:
            share = min(max((low - high + fall) / bend, 0.0), 1.0)
        middle = max(low + rise * share, high - fall * (1 - share))
        margin = 1e-9 * (1.0 + low + high + abs(rise) + abs(fall))
        dominated = False
        for law in range(laws):
            left, right = ends[law, j], ends[law, j + 1]
            # At p = 0 whole numbers are compared, and a tie is one of the limit only.
            below = left <= low if j == 0 else left + margin < low
            chord = left + (right - left) * share
            if (
                below
                and right + margin < high
                and chord + margin < middle
                and not (j == 0 and share < 1e-6)
            ):
                dominated = True
                break
        if not dominated:
            return False
    return True
