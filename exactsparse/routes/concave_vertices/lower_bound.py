"""A lower bound that needs no enumeration: prices of the rows.

For sizes and p < 1, ``‖a + b‖ₚ ≥ ‖a‖ₚ + ‖b‖ₚ``, so that a neuron ``u = Σ μ_r r`` on rays of one
closed cell has ``‖u‖ₚ ≥ Σ μ_r ‖r‖ₚ``; and ``(Σ_k ‖u_k‖ₚᵖ)^(1/p) ≥ Σ_k ‖u_k‖ₚ``.  So the cost is at
least the p-th power of the least ``Σ μ_r ‖r‖ₚ``, a linear program over the rays, of which prices λ
give the lower bound ``λ · y`` over the largest ``|λ · (X̄r)₊| / ‖r‖ₚ``.
"""

from __future__ import annotations

from fractions import Fraction

import flint
import numpy as np
from flint import arb

from exactsparse.exact.powers import Enclosure, ball_enclosure, ball_power, to_fmpq
from exactsparse.lp.restricted import RestrictedLP
from exactsparse.progress import Stopped
from exactsparse.routes.concave_vertices.kernels.walk import RayTable
from exactsparse.routes.concave_vertices.rays import RaySystem

_PRECISION = 128
NOTHING = Enclosure(Fraction(0), Fraction(0))


def price_bound(system: RaySystem, table: RayTable, p: Fraction, seconds: float) -> Enclosure:
    """A lower bound of the cost of every interpolant, as an enclosure; 0 if there is no time.

    Parameters
    ----------
    system : RaySystem
        Rays and labels.
    table : RayTable
        The same in floats.
    p : Fraction
        Exponent, in (0, 1).
    seconds : float
        For the linear program.
    """
    with np.errstate(over="ignore"):
        norms = (table.coordinates ** float(p)).sum(axis=1) ** (1 / float(p))
    if not np.isfinite(norms).all():
        return NOTHING
    labels = table.columns[:, -1]
    # Columns with norm 1, labels with largest entry 1.
    columns = table.columns[:, :-1] / norms
    scale = float(np.abs(labels).max())
    restricted = RestrictedLP(np.empty((len(labels), 0)), labels / scale, labels / scale)
    restricted.add(np.concatenate((columns, -columns), axis=1), np.ones(2 * len(norms)))
    restricted.raise_penalty()
    try:
        duals = restricted.solve(seconds).duals
    except Stopped:
        return NOTHING
    return _proved(system, p, [Fraction(float(v)) for v in duals])


def _proved(system: RaySystem, p: Fraction, scaled: list[Fraction]) -> Enclosure:
    shifts = [max(max(row).bit_length() - 1, 0) for row in zip(*system.columns, strict=True)]
    prices = [price / (1 << shift) for price, shift in zip(scaled, shifts, strict=True)]
    value = sum((price * y for price, y in zip(prices, system.labels, strict=True)), Fraction(0))
    if value <= 0:
        return NOTHING
    with flint.ctx.workprec(_PRECISION):
        exponent = arb(to_fmpq(p))
        largest = arb(0)
        for ray, column in zip(system.rays, system.columns, strict=True):
            height = abs(sum(a * b for a, b in zip(prices, column, strict=True) if b))
            if height:
                norm = sum((ball_power(Fraction(abs(v)), p) for v in ray if v), arb(0))
                largest = largest.max(arb(to_fmpq(Fraction(height))) ** exponent / norm)
        bound = ball_enclosure(arb(to_fmpq(value)) ** exponent / largest)
    return Enclosure(max(bound.lower, Fraction(0)), bound.upper)
