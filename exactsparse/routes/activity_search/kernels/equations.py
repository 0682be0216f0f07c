"""Which equations the multipliers of a contradiction must meet, none of them twice.

The equations of a neuron's weights are ``Σ θᵢ x̄ᵢ = 0`` with ``θᵢ`` the sum of the multipliers that
row i has in the block of the neuron, its band's and its cone's.  Of the equations of an input in
several blocks, some follow from others: the vectors of 0, 1 and -1 that say which multipliers occur
in which block are eliminated in integers, and those that depend on others are dropped.  Where a
combination of blocks leaves one row, or fewer rows than the blocks share inputs, it is equated to 0
row by row.  That suffices, and where rows are in general position it is necessary; without it most
systems would be singular.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from exactsparse.compiling import njit

Integers = NDArray[np.int64]

# Products of two such integers, and their differences, fit into int64.
_LARGE = 2**30
_PASSES = 3


class Selection(NamedTuple):
    """Scratch: which rows and cones the multipliers rest on.

    Parameters
    ----------
    band : ndarray of int64, shape (depth,)
        1 where the band of a decided row has a multiplier.
    cone : ndarray of int64, shape (depth, k)
        1 where the cone of a neuron at a decided row has one, 2 where it follows from the band.
    place : ndarray of int64, shape (s, 2)
        Row and neuron of every unknown of the system; neuron -1 for a band.
    weights : ndarray of int64, shape (s,)
        By which input the rows of an equation are multiplied; -1 for none.
    vectors : ndarray of int64, shape (s, s + 1)
        By which integers the multipliers of an equation are.
    signs : ndarray of int64, shape (s + k + f, s + 1)
        Space to eliminate such vectors.
    """

    band: Integers
    cone: Integers
    place: Integers
    weights: Integers
    vectors: Integers
    signs: NDArray[np.int64]


@njit(cache=True, nogil=True, error_model="numpy")
def choose_equations(data, shape, path, whole, unknowns, thorough, selection):
    """Equations from which all others follow, by integers; how many, or -1 if too many."""
    signs, vectors, weights = selection.signs, selection.vectors, selection.weights
    units = 0
    if thorough:
        units = _units(data, shape, path, whole, unknowns, selection)
        if units < 0:
            return -1
    chosen = units
    for c in range(data.points.shape[1]):
        first = units
        for e in range(units):
            for s in range(unknowns):
                signs[e, s] = vectors[e, s]
        last = _write_blocks(data, shape, path, whole, unknowns, c, first, selection)
        kept = first
        for r in range(first, last):
            for s in range(unknowns):
                signs[kept, s] = signs[r, s]
            if not _is_independent(signs, kept, unknowns):
                continue
            if chosen == unknowns - 1:
                return -1
            for s in range(unknowns):
                vectors[chosen, s] = signs[kept, s]
            weights[chosen] = c
            kept += 1
            chosen += 1
    return chosen


@njit(cache=True, nogil=True, error_model="numpy")
def _write_blocks(data, shape, path, whole, unknowns, c, first, selection):
    """Write the vectors of the blocks that have an input; the row after the last."""
    signs, place = selection.signs, selection.place
    at = first
    for block in range(-len(data.free_inputs), len(shape.sizes)):
        if block < 0:
            if data.free_inputs[-1 - block] != c:
                continue
        elif not (whole >> block) & 1 or not _has_input(shape, block, c):
            continue
        for s in range(unknowns):
            signs[at, s] = _sign(data, shape, path, place[s, 0], place[s, 1], block)
        at += 1
    return at


@njit(cache=True, nogil=True, error_model="numpy")
def _units(data, shape, path, whole, unknowns, selection):
    """Vectors of one row each that all equations have, independent; how many, or -1 if too many.

    Combinations of the blocks of an input that leave one row, and sums and differences of two
    neurons that leave fewer rows than they share inputs.
    """
    place, weights, vectors = selection.place, selection.weights, selection.vectors
    signs = selection.signs
    k = len(shape.sizes)
    units = 0
    for _ in range(_PASSES):
        before = units
        for c in range(data.points.shape[1]):
            start = 0
            while start < unknowns:
                # Unknowns start … end − 1 belong to one row.
                end = start
                while end < unknowns and place[end, 0] == place[start, 0]:
                    end += 1
                for e in range(units):
                    for s in range(unknowns):
                        signs[e, s] = vectors[e, s]
                last = _write_blocks(data, shape, path, whole, unknowns, c, units, selection)
                rank = _rank_outside(signs, last, unknowns, start, end)
                if rank < 0:
                    return -1
                for r in range(rank, last):
                    for s in range(unknowns):
                        vectors[units, s] = signs[r, s]
                    if _is_independent(vectors, units, unknowns):
                        weights[units] = -1
                        units += 1
                        if units == unknowns:
                            return -1
                start = end
        if units == before:
            break
    for j in range(k):
        for other in range(j):
            shared = _shared(shape, j, other) if (whole >> j) & (whole >> other) & 1 else 0
            for side in (1, -1):
                rows, last = 0, -1
                for s in range(unknowns):
                    q, neuron = place[s, 0], place[s, 1]
                    signs[0, s] = _sign(data, shape, path, q, neuron, j)
                    signs[0, s] += side * _sign(data, shape, path, q, neuron, other)
                    if signs[0, s] != 0 and q != last:
                        rows, last = rows + 1, q
                if rows < 2 or rows >= shared:
                    continue
                for q in range(place[unknowns - 1, 0] + 1):
                    for s in range(unknowns):
                        vectors[units, s] = signs[0, s] if place[s, 0] == q else 0
                    if _is_independent(vectors, units, unknowns):
                        weights[units] = -1
                        units += 1
                        if units == unknowns:
                            return -1
    return units


@njit(cache=True, nogil=True, error_model="numpy")
def _has_input(shape, block, c):
    for t in range(shape.sizes[block]):
        if shape.inputs[block, t] == c:
            return True
    return False


@njit(cache=True, nogil=True, error_model="numpy")
def _shared(shape, block, other):
    """How many inputs two blocks share."""
    shared = 0
    for t in range(shape.sizes[block]):
        if _has_input(shape, other, shape.inputs[block, t]):
            shared += 1
    return shared


@njit(cache=True, nogil=True, error_model="numpy")
def _rank_outside(signs, last, unknowns, start, end):
    """Eliminate all places but a range; rows from the rank on are 0 there; -1 if too large."""
    rank = 0
    for s in range(unknowns):
        if start <= s < end:
            continue
        lead = rank
        while lead < last and signs[lead, s] == 0:
            lead += 1
        if lead == last:
            continue
        for t in range(unknowns):
            signs[lead, t], signs[rank, t] = signs[rank, t], signs[lead, t]
        for r in range(rank + 1, last):
            if signs[r, s] != 0 and not _eliminate(signs, rank, r, s, unknowns):
                return -1
        rank += 1
    return rank


@njit(cache=True, nogil=True, error_model="numpy")
def _is_independent(signs, kept, unknowns):
    """Eliminate the rows before from row ``kept``; False if it is seen to depend on them."""
    for r in range(kept):
        lead = 0
        while signs[r, lead] == 0:
            lead += 1
        if signs[kept, lead] != 0 and not _eliminate(signs, r, kept, lead, unknowns):
            return True
    for s in range(unknowns):
        if signs[kept, s] != 0:
            return True
    return False


@njit(cache=True, nogil=True, error_model="numpy")
def _eliminate(signs, old, new, lead, unknowns):
    """Make a row 0 at a place by means of another; False if integers become too large."""
    a, b = signs[old, lead], signs[new, lead]
    common = 0
    for s in range(unknowns):
        signs[new, s] = a * signs[new, s] - b * signs[old, s]
        common = _gcd(common, abs(signs[new, s]))
    if common > 1:
        for s in range(unknowns):
            signs[new, s] //= common
    for s in range(unknowns):
        if abs(signs[new, s]) > _LARGE:
            return False
    return True


@njit(cache=True, nogil=True, error_model="numpy")
def _gcd(a, b):
    while b:
        a, b = b, a % b
    return a


@njit(cache=True, nogil=True, error_model="numpy")
def _sign(data, shape, path, q, neuron, block):
    """By what the input of a row is multiplied where a multiplier enters a block."""
    if neuron < 0:
        if block < 0:
            kind = data.free_kinds[-1 - block]
            if kind == 0:
                return 1
            value = data.points[path.rows[q], data.free_inputs[-1 - block]]
            return kind if value * kind > 0.0 else 0
        return (path.patterns[q] >> block) & 1
    if neuron != block:
        return 0
    side = 1 if shape.sides[block] > 0.0 else -1
    return -side if (path.patterns[q] >> block) & 1 else side


@njit(cache=True, nogil=True, error_model="numpy")
def write_equation(data, path, selection, unknowns, fixed, row, system):
    """Write the coefficients of an equation."""
    place, c = selection.place, selection.weights[row]
    at = 0
    for s in range(unknowns):
        value = float(selection.vectors[row, s])
        if c >= 0:
            value *= data.points[path.rows[place[s, 0]], c]
        if s == fixed:
            system.right[row] = value
        else:
            system.matrix[row, at] = value
            at += 1
