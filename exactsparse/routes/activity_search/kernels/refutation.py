"""Proofs, by float64 with error bounds, that linear constraints contradict each other.

Rows ``l <= a·ν <= u`` of a band and ``g·ν <= 0`` of cones contradict each other if multipliers
``μ`` of any sign and ``κ >= 0`` have

    Σ μᵢ aᵢ + Σ κ g = 0   and   Σ max(μᵢ, 0) uᵢ + min(μᵢ, 0) lᵢ < 0        (Farkas).

The simplex method says which multipliers are not 0.  They are then *defined* as the exact solution
of a square system of linear equations, one of them set to ±1, which floats enclose
(:mod:`exactsparse.routes.activity_search.kernels.enclosure`).  If the enclosure has the right
signs, the contradiction is proved.

Where no more rows occur in a neuron's block than it has inputs, the sums θ of its multipliers are
set to 0 row by row: the multiplier of the cone is then minus that of the band, and both leave the
system.  What is left of the equations is
:mod:`exactsparse.routes.activity_search.kernels.equations`.
"""

from __future__ import annotations

import numpy as np

from exactsparse.compiling import njit
from exactsparse.routes.activity_search.kernels.enclosure import TINY, UNIT, enclose
from exactsparse.routes.activity_search.kernels.equations import (
    choose_equations,
    write_blocks,
    write_equation,
)


@njit(cache=True, nogil=True, error_model="numpy")
def select(tableau, shape, depth, selection):
    """Mark the constraints of a basis whose multipliers are not 0.

    Constraints are numbered as :mod:`exactsparse.routes.activity_search.kernels.tree` has them.

    Returns
    -------
    bool
        False if the multipliers rest on what is no constraint of a row.
    """
    k = len(shape.sizes)
    unknowns = shape.columns + 1
    band, cone, _, _, _, _, _ = selection
    for q in range(depth):
        band[q] = 0
        for j in range(k):
            cone[q, j] = 0
    largest = 0.0
    for r in range(unknowns):
        largest = max(largest, tableau.multipliers[r])
    for r in range(unknowns):
        if tableau.multipliers[r] > 1e-8 * largest:
            number = tableau.basis[r] - 1
            if number < 0:
                return False
            q, which = number // (k + 2), number % (k + 2)
            if which < 2:
                band[q] = 1
            else:
                cone[q, which - 2] = 1
    return True


@njit(cache=True, nogil=True, error_model="numpy")
def contradict(data, shape, path, depth, selection, system):
    """Whether the selected constraints of a path are proved to contradict each other.

    Parameters
    ----------
    data : Data
        Rows in floats.
    shape : Shape
        Inputs, signs and columns of the neurons.
    path : Path
        Decided rows and activities.
    depth : int
        How many.
    selection : Selection
        Which constraints; changed where cones follow from bands.
    system : System
        Scratch.
    """
    k = len(shape.sizes)
    band, cone, place, _, _, _, _ = selection
    # Blocks of few rows are settled by equating their sums to 0; the others give equations.
    whole = 0
    for j in range(k):
        seen = 0
        for q in range(depth):
            active = (path.patterns[q] >> j) & 1
            seen += 1 if cone[q, j] or (band[q] and active) else 0
        if seen > shape.sizes[j]:
            whole |= 1 << j
            continue
        for q in range(depth):
            active = (path.patterns[q] >> j) & 1
            if band[q] and active:
                if not cone[q, j]:
                    return False
                cone[q, j] = 2
            elif cone[q, j]:
                return False
    unknowns = 0
    limit = len(system.right)
    for q in range(depth):
        if band[q]:
            if unknowns > limit:
                return False
            place[unknowns, 0], place[unknowns, 1] = q, -1
            unknowns += 1
        for j in range(k):
            if cone[q, j] == 1:
                if unknowns > limit:
                    return False
                place[unknowns, 0], place[unknowns, 1] = q, j
                unknowns += 1
    if unknowns == 0 or unknowns - 1 > limit:
        return False
    fixed = 0
    while fixed < unknowns and place[fixed, 1] >= 0:
        fixed += 1
    if fixed == unknowns:
        return False
    write_blocks(data, shape, path, whole, unknowns, selection)
    equations = choose_equations(data, shape, whole, unknowns, False, selection)
    if equations != unknowns - 1:
        equations = choose_equations(data, shape, whole, unknowns, True, selection)
    if equations != unknowns - 1:
        return False
    for e in range(equations):
        write_equation(data, path, selection, unknowns, fixed, e, system)
    error = enclose(system, equations) if equations else 0.0
    if not error < 1e30:
        return False
    # The fixed multiplier, that of a band, is 1 or -1.
    for side in (1.0, -1.0):
        if _is_negative(data, shape, path, selection, unknowns, fixed, side, error, system):
            return True
    return False


@njit(cache=True, nogil=True, error_model="numpy")
def _is_negative(data, shape, path, selection, unknowns, fixed, side, error, system):
    """Whether, times ``side``, all signs are certain to be right and the bounds sum to below 0."""
    k = len(shape.sizes)
    _, cone, place, _, _, _, _ = selection
    total, size, slack = 0.0, 0.0, 0.0
    at = 0
    for s in range(unknowns):
        q, neuron = place[s, 0], place[s, 1]
        value, own = side, 0.0
        if s != fixed:
            value, own = side * system.solution[at], error
            at += 1
        if neuron >= 0:
            if not value > own:
                return False
            continue
        row = path.rows[q]
        for j in range(k):
            # A cone whose multiplier is minus that of the band, in the direction of its side.
            if cone[q, j] == 2 and not value * shape.sides[j] > own:
                return False
        if value > own:
            bound = data.upper[row]
        elif value < -own:
            bound = data.lower[row]
        else:
            if not (np.isfinite(data.upper[row]) and np.isfinite(data.lower[row])):
                return False
            slack += 2.0 * own * max(abs(data.upper[row]), abs(data.lower[row]))
            continue
        if not np.isfinite(bound):
            return False
        total += value * bound
        size += abs(value * bound)
        slack += own * abs(bound)
    gamma = 2.2 * (unknowns + 6) * UNIT
    return total + 1.01 * slack + gamma * (size + slack) + TINY < 0.0
