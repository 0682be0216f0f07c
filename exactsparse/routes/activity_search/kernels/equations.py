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
    blocks : ndarray of int64, shape (f + k, s + 1)
        The vector of every free column, and of every neuron.
    """

    band: Integers
    cone: Integers
    place: Integers
    weights: Integers
    vectors: Integers
    signs: Integers
    blocks: Integers


@njit(cache=True, nogil=True, error_model="numpy")
def write_blocks(data, shape, path, whole, unknowns, selection):
    """Write by what the input of a row is multiplied where a multiplier enters a block."""
    place, blocks = selection.place, selection.blocks
    n_free = len(data.free_inputs)
    for f in range(n_free):
        kind = data.free_kinds[f]
        for s in range(unknowns):
            sign = 0
            if place[s, 1] < 0:
                value = data.points[path.rows[place[s, 0]], data.free_inputs[f]]
                sign = 1 if kind == 0 else (kind if value * kind > 0.0 else 0)
            blocks[f, s] = sign
    for j in range(len(shape.sizes)):
        if not (whole >> j) & 1:
            continue
        side = 1 if shape.sides[j] > 0.0 else -1
        for s in range(unknowns):
            active = (path.patterns[place[s, 0]] >> j) & 1
            sign = active
            if place[s, 1] >= 0:
                sign = 0 if place[s, 1] != j else (-side if active else side)
            blocks[n_free + j, s] = sign


@njit(cache=True, nogil=True, error_model="numpy")
def choose_equations(data, shape, whole, unknowns, thorough, selection):
    """Equations from which all others follow, by integers; how many, or -1 if too many."""
    signs, vectors, weights = selection.signs, selection.vectors, selection.weights
    units = 0
    if thorough:
        units = _units(data, shape, whole, unknowns, selection)
        if units < 0:
            return -1
    chosen = units
    for c in range(data.points.shape[1]):
        last = _of_input(data, shape, whole, unknowns, c, units, selection)
        kept = units
        for r in range(units, last):
            if r != kept:
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
def _of_input(data, shape, whole, unknowns, c, units, selection):
    """Copy units, and the vectors of the blocks that have an input; the row after the last."""
    signs, vectors, blocks = selection.signs, selection.vectors, selection.blocks
    n_free = len(data.free_inputs)
    for e in range(units):
        for s in range(unknowns):
            signs[e, s] = vectors[e, s]
    at = units
    for block in range(n_free + len(shape.sizes)):
        if block < n_free:
            if data.free_inputs[block] != c:
                continue
        else:
            j = block - n_free
            if not (whole >> j) & (shape.bits[j] >> c) & 1:
                continue
        for s in range(unknowns):
            signs[at, s] = blocks[block, s]
        at += 1
    return at


@njit(cache=True, nogil=True, error_model="numpy")
def _units(data, shape, whole, unknowns, selection):
    """Vectors of one row each that all equations have, independent; how many, or -1 if too many.

    Combinations of the blocks of an input that leave one row, and sums and differences of two
    neurons that leave fewer rows than they share inputs.
    """
    place, weights, vectors = selection.place, selection.weights, selection.vectors
    signs, blocks = selection.signs, selection.blocks
    k, n_free = len(shape.sizes), len(data.free_inputs)
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
                last = _of_input(data, shape, whole, unknowns, c, units, selection)
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
            shared = 0
            if (whole >> j) & (whole >> other) & 1:
                common = shape.bits[j] & shape.bits[other]
                while common:
                    shared, common = shared + 1, common & (common - 1)
            for side in (1, -1):
                rows, last = 0, -1
                for s in range(unknowns):
                    q = place[s, 0]
                    signs[0, s] = blocks[n_free + j, s] + side * blocks[n_free + other, s]
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
    largest = 0
    for s in range(unknowns):
        signs[new, s] = a * signs[new, s] - b * signs[old, s]
        largest = max(largest, abs(signs[new, s]))
    if largest > 1:
        common = 0
        for s in range(unknowns):
            common = _gcd(common, abs(signs[new, s]))
        largest //= common
        for s in range(unknowns):
            signs[new, s] //= common
    return largest <= _LARGE


@njit(cache=True, nogil=True, error_model="numpy")
def _gcd(a, b):
    while b:
        a, b = b, a % b
    return a


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
