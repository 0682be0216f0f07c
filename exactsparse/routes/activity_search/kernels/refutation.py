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
system.  What is left of the equations is chosen by
:mod:`exactsparse.routes.activity_search.kernels.equations`.  Where rows are not in general
position, as on a grid, that may not be a square system.  Then, if the columns are small integers,
all equations are taken, and those that others imply are proved to hold, as integers below 1.
"""

from __future__ import annotations

import numpy as np

from exactsparse.compiling import njit
from exactsparse.routes.activity_search.kernels.enclosure import TINY, UNIT, enclose, solve_integers
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
    band, cone = selection.band, selection.cone
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
    if _in_general_position(data, shape, path, depth, selection, system):
        return True
    return _by_integers(data, shape, path, depth, selection, system)


@njit(cache=True, nogil=True, error_model="numpy")
def _in_general_position(data, shape, path, depth, selection, system):
    """Whether the equations that suffice in general position prove the contradiction."""
    k = len(shape.sizes)
    band, cone = selection.band, selection.cone
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
    unknowns, fixed = _place(k, depth, selection, len(system.right))
    if fixed < 0:
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
    return _has_right_signs(data, shape, path, selection, unknowns, fixed, error, system)


@njit(cache=True, nogil=True, error_model="numpy")
def _by_integers(data, shape, path, depth, selection, system):
    """Whether all equations, as integers, prove the contradiction."""
    k = len(shape.sizes)
    cone, place = selection.cone, selection.place
    for q in range(depth):
        for j in range(k):
            cone[q, j] = 1 if cone[q, j] else 0
    unknowns, fixed = _place(k, depth, selection, len(system.right))
    if fixed < 0:
        return False
    write_blocks(data, shape, path, (1 << k) - 1, unknowns, selection)
    n_free = len(data.free_inputs)
    equations = 0
    for block in range(n_free + k):
        size = 1 if block < n_free else shape.sizes[block - n_free]
        for t in range(size):
            c = data.free_inputs[block] if block < n_free else shape.inputs[block - n_free, t]
            for s in range(unknowns):
                value = data.points[path.rows[place[s, 0]], c]
                system.table[equations, s] = selection.blocks[block, s] * value
            system.units[equations] = data.units[c]
            equations += 1
    error = solve_integers(system, equations, unknowns, fixed)
    return _has_right_signs(data, shape, path, selection, unknowns, fixed, error, system)


@njit(cache=True, nogil=True, error_model="numpy")
def _place(k, depth, selection, limit):
    """Number the multipliers; how many, and which is fixed, that of a band, or -1 for none."""
    band, cone, place = selection.band, selection.cone, selection.place
    unknowns, fixed = 0, -1
    for q in range(depth):
        for which in range(-1, k):
            if (band[q] if which < 0 else cone[q, which]) == 1:
                if unknowns > limit:
                    return unknowns, -1
                if which < 0 and fixed < 0:
                    fixed = unknowns
                place[unknowns, 0], place[unknowns, 1] = q, which
                unknowns += 1
    return unknowns, fixed if unknowns - 1 <= limit else -1


@njit(cache=True, nogil=True, error_model="numpy")
def _has_right_signs(data, shape, path, selection, unknowns, fixed, error, system):
    """Whether the multipliers, the fixed one 1 or -1, prove the contradiction."""
    if not error < 1e30:
        return False
    for side in (1.0, -1.0):
        if _is_negative(data, shape, path, selection, unknowns, fixed, side, error, system):
            return True
    return False


@njit(cache=True, nogil=True, error_model="numpy")
def _is_negative(data, shape, path, selection, unknowns, fixed, side, error, system):
    """Whether, times ``side``, all signs are certain to be right and the bounds sum to below 0."""
    k = len(shape.sizes)
    cone, place = selection.cone, selection.place
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
