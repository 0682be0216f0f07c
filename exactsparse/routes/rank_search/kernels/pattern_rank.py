"""Ranks over the rationals from null vectors modulo a prime."""

from __future__ import annotations

import math

import numpy as np

from exactsparse.compiling import njit
from exactsparse.routes.rank_search.kernels.residues import (
    EXACT,
    columns_of,
    columns_of_size,
    count_bits,
    echelon,
    images_of,
    inverse_of,
    reduced,
    size_of,
)

MOST_PATTERNS = 18
# ``[m]``: no minor of an m × m matrix of zeros and ones is larger (J. Hadamard, 1893).
LARGEST_MINOR = np.array(
    [math.isqrt((m + 1) ** (m + 1)) // 2**m for m in range(MOST_PATTERNS + 1)], dtype=np.float64
)


@njit(nogil=True, error_model="numpy", fastmath=EXACT)
def corank(w, path, first, last, types, field, scratch):
    """Number of rows minus rank of the images of some types under ``w``, modulo p."""
    q, work = len(w), scratch.work
    images_of(w, path, first, last, types, field, work)
    return q - echelon(work[:q, :q], field, scratch.pivots)


@njit(nogil=True, error_model="numpy", inline="always")
def _all_regular(path, first, last, types):
    """Whether the columns of each of some types are independent."""
    widths = types.widths
    regular = True
    for k in range(first, last):
        regular &= widths[path[k]] == size_of(types, path[k])
    return regular


@njit(nogil=True, error_model="numpy", fastmath=EXACT)
def _lift_path(path, depth, n, types, field, scratch):
    """Prepare to find weights of a path from values on some rows.

    ``lifted`` receives whether there are such rows, and then them; ``lift`` (c, ≥ n + c) an inverse
    of the c columns of the path there, transposed, from column n on.
    """
    lift, lifted = scratch.lift, scratch.lifted
    lifted[0] = -1
    if not _all_regular(path, 0, depth, types):
        return
    columns = columns_of(path, 0, depth, n, types, lift)
    if columns > n or n + columns > lift.shape[1]:
        return
    for j in range(columns):
        for k in range(columns):
            lift[j, n + k] = 1.0 if j == k else 0.0
    found = 0
    for i in range(n):
        if found == columns:
            break
        pivot = found
        while pivot < columns and lift[pivot, i] == 0.0:
            pivot += 1
        if pivot == columns:
            continue
        for j in range(n + columns):
            lift[pivot, j], lift[found, j] = lift[found, j], lift[pivot, j]
        scale = inverse_of(lift[found, i], field)
        for j in range(i, n + columns):
            lift[found, j] = reduced(lift[found, j] * scale, field)
        for k in range(columns):
            if k != found and lift[k, i] != 0.0:
                ratio = lift[k, i]
                for j in range(i, n + columns):
                    lift[k, j] = reduced(lift[k, j] - ratio * lift[found, j], field)
        found += 1
        lifted[found] = i
    if found == columns:
        lifted[0] = 1


@njit(nogil=True, error_model="numpy", fastmath=EXACT)
def _null_weights(reduced_form, pivots, free, field, weights):
    """Weights, that of column ``free`` not 0, with which columns of an echelon form add up to 0."""
    weights[: len(reduced_form)] = 0.0
    weights[free] = 1.0
    for c in range(free - 1, -1, -1):
        if pivots[c] < 0:
            continue
        row = reduced_form[pivots[c]]
        total = 0.0
        for j in range(c + 1, free + 1):
            total += row[j] * weights[j]
        for j in range(c + 1, free + 1):
            weights[j] = reduced(weights[j] * row[c], field)
        weights[c] = -reduced(total, field)


@njit(nogil=True, error_model="numpy", fastmath=EXACT)
def rank_is_structural(w, path, depth, length, types, field, scratch):
    """Whether the rank is as low over the rationals as the images under ``w`` are modulo p.

    Weights z with B z = 0 modulo p are taken apart by inputs: those of the neurons' input c make
    the patterns of its neurons, 0/1 vectors, cancel on all rows but some.  The rank of these
    patterns on the other rows is the same over the rationals where minors of 0/1 matrices of so few
    columns, ``LARGEST_MINOR[length]``, are smaller than p, which the caller sees to; so there are
    rational weights of input c, as many as types less that rank, which cancel there.  All inputs
    together, these are combinations that leave something on few rows only; as many more as they are
    than those rows cancel on all.  Rows of which the unit vector belongs to some neuron do not
    count.
    """
    starts, units = types.starts, types.units
    q, n = w.shape
    work, pivots = scratch.work, scratch.pivots
    if not _all_regular(path, depth, length, types):
        return False
    missing = corank(w, path, depth, length, types, field, scratch)
    if scratch.lifted[0] == 0:
        _lift_path(path, depth, n, types, field, scratch)
    if scratch.lifted[0] < 0:
        return False
    weights, values = work[q], work[q + 1]
    inputs, cancelled, spared = 0, (1 << n) - 1, 0
    for k in range(length):
        spared |= units[path[k]]
    cancelled &= ~spared
    for free in range(q):
        if pivots[free] >= 0:
            continue
        _null_weights(work[:q, :q], pivots, free, field, weights)
        for i in range(n):
            values[i] = 0.0
        columns = 0
        for k in range(depth, length):
            size = size_of(types, path[k])
            block, t = columns_of_size(types, n, size), path[k] - starts[size]
            for c in range(size):
                weight = weights[columns]
                for i in range(n):
                    values[i] += weight * block[i, c, t]
                columns += 1
        for i in range(n):
            values[i] = reduced(values[i], field)
        found, rows = _what_is_left(
            path, depth, length, n, weights, values, types, field, scratch, work[q + 2 :]
        )
        inputs |= found
        cancelled &= ~rows
    rows = n - count_bits(cancelled | spared)
    combinations = count_bits(inputs) if missing == 1 else 0
    c = 0
    while inputs >> c and combinations < rows + missing:
        if inputs >> c & 1:
            if missing == 1:
                combinations -= 1
            combinations += _pattern_nullity(path, length, c, cancelled, types, field, scratch)
        c += 1
    return combinations >= rows + missing


@njit(nogil=True, error_model="numpy", fastmath=EXACT)
def _what_is_left(path, depth, length, n, weights, values, types, field, scratch, left):
    """Inputs with nonzero weights, and rows on which their patterns do not cancel, as bits.

    ``weights`` are those of the types after ``depth``, and ``values`` what they add up to, which
    the types before have to balance.
    """
    masks, supports, widths, units = types.masks, types.supports, types.widths, types.units
    lift, lifted = scratch.lift, scratch.lifted
    inputs, at, before = 0, 0, 0
    for k in range(length):
        inputs |= supports[path[k]]
        if k < depth:
            before += widths[path[k]]
    width = 0
    while inputs >> width:
        left[width, :n] = 0.0
        width += 1
    inputs = 0
    for k in range(length):
        if k == depth:
            at = 0
        if units[path[k]]:
            at += widths[path[k]]
            continue
        c, support = 0, supports[path[k]]
        while support >> c:
            if support >> c & 1:
                weight = 0.0
                if k < depth:
                    for j in range(before):
                        weight -= lift[j, n + at] * values[lifted[j + 1]]
                    weight = reduced(weight, field)
                else:
                    weight = weights[at]
                at += 1
                if weight != 0.0:
                    inputs |= 1 << c
                    for i in range(n):
                        if masks[path[k]] >> i & 1:
                            left[c, i] += weight
            c += 1
    rows = 0
    for i in range(n):
        for c in range(width):
            if inputs >> c & 1 and reduced(left[c, i], field) != 0.0:
                rows |= 1 << i
    return inputs, rows


@njit(nogil=True, error_model="numpy", fastmath=EXACT)
def _pattern_nullity(path, length, c, rows, types, field, scratch):
    """Number of types of a path with input c minus the rank of their patterns on some rows."""
    masks, supports, units = types.masks, types.supports, types.units
    work, count, n_rows = scratch.work, 0, count_bits(rows)
    for k in range(length):
        if supports[path[k]] >> c & 1 and not units[path[k]]:
            at, i = 0, 0
            while rows >> i:
                if rows >> i & 1:
                    work[count, at] = float(masks[path[k]] >> i & 1)
                    at += 1
                i += 1
            count += 1
    return count - echelon(work[:count, :n_rows], field, scratch.pivots)
