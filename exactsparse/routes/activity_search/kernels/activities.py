"""Which activities a row may have below a path: those that some weights of the cells have."""

from __future__ import annotations

from exactsparse.compiling import njit
from exactsparse.routes.activity_search.kernels.dual_simplex import (
    ARTIFICIAL,
    POSITIVE,
    minimise,
    start,
)
from exactsparse.routes.activity_search.kernels.enclosure import solve_integers

# Entry of the counts: length of the record.
N_RECORD = 4


@njit(cache=True, nogil=True, error_model="numpy")
def put(found, value):
    """Write a number into the record, if there is room; it is counted in any case."""
    if len(found.record) > 0:
        if found.counts[N_RECORD] < len(found.record):
            found.record[found.counts[N_RECORD]] = value
        found.counts[N_RECORD] += 1


@njit(cache=True, nogil=True, error_model="numpy")
def free_value(data, row, f):
    """What a free column has at a row."""
    value = data.points[row, data.free_inputs[f]]
    kind = data.free_kinds[f]
    return value if kind == 0 else max(kind * value, 0.0)


@njit(cache=True, nogil=True, error_model="numpy")
def open_activities(data, shape, path, level, row, may_be_on, may_be_off, tied, scratch, found):
    """Mark which neurons have weights in their cells with which they are active at a row, or not.

    Where the point of the program is on one side, that side is open.  The other is closed if the
    row is a nonnegative combination of those that bound the cell, which is proved.
    """
    on, off = 0, 0
    place = found.counts[N_RECORD]
    put(found, 0)
    claims = 0
    for j in range(len(shape.sizes)):
        height = 0.0
        for c in range(shape.sizes[j]):
            value = data.points[row, shape.inputs[j, c]]
            height += value * scratch.point[level, shape.offsets[j] + c]
        height *= shape.sides[j]
        may_rise, may_fall = height > 1e-7, height < -1e-7
        if tied[level, j]:
            # One cell, one answer: else the order of twins could exclude what is left of both.
            may_rise, may_fall = (on >> (j - 1)) & 1 != 0, (off >> (j - 1)) & 1 != 0
        is_on = may_rise or not _never(data, shape, path, level, row, j, 1.0, scratch, found)
        # A height that is always 0 counts as inactive, as that of a neuron that is turned round.
        is_off = (
            not is_on
            or may_fall
            or not _never(data, shape, path, level, row, j, -1.0, scratch, found)
        )
        claims += (0 if is_on else 1) + (0 if is_off else 1)
        on |= (1 << j) if is_on else 0
        off |= (1 << j) if is_off else 0
    if place < len(found.record):
        found.record[place] = claims
    may_be_on[level], may_be_off[level] = on, off


@njit(cache=True, nogil=True, error_model="numpy")
def _never(data, shape, path, depth, row, j, side, scratch, found):
    """Whether it is proved that ``side`` times the height of a neuron is never positive at a row.

    Weights are those times the sign of the output here.
    """
    size = shape.sizes[j]
    g, b, block = scratch.block_g, scratch.block_b, scratch.block
    for q in range(depth):
        outward = -1.0 if (path.patterns[q] >> j) & 1 else 1.0
        for c in range(size):
            g[q, c] = outward * data.points[path.rows[q], shape.inputs[j, c]]
        g[q, size] = 0.0
        b[q] = 0.0
    for c in range(size):
        g[depth, c] = -side * data.points[row, shape.inputs[j, c]]
        g[depth + 1, c] = 0.0
    g[depth, size], g[depth + 1, size] = -1.0, -1.0
    b[depth], b[depth + 1] = -1.0, 0.0
    start(block, size + 1, depth + 1, 0.0)
    if minimise(g, b, depth + 2, block, size + 1, scratch.alpha) != POSITIVE:
        return False
    system = scratch.system
    largest = 0.0
    for r in range(size + 1):
        largest = max(largest, block.multipliers[r])
    # The multiplier of the row itself is 1.
    for c in range(size):
        system.table[c, 0] = g[depth, c]
        system.units[c] = data.units[shape.inputs[j, c]]
    used = 1
    for r in range(size + 1):
        if block.basis[r] == depth or block.multipliers[r] <= 1e-8 * largest:
            continue
        if block.basis[r] == ARTIFICIAL or block.basis[r] > depth or used > size:
            return False
        for c in range(size):
            system.table[c, used] = g[block.basis[r], c]
        used += 1
    if used > 1:
        error = solve_integers(system, size, used, 0)
        for s in range(used - 1):
            if not system.solution[s] > error:
                return False
    else:
        # The row is 0, or floats are wrong.
        for c in range(size):
            if g[depth, c] != 0.0:
                return False
    put(found, j)
    put(found, 0 if side > 0.0 else 1)
    put(found, used - 1)
    for r in range(size + 1):
        if block.basis[r] != depth and block.multipliers[r] > 1e-8 * largest:
            put(found, block.basis[r])
    return True


@njit(cache=True, nogil=True, error_model="numpy")
def next_pattern(data, shape, level, branch, waiting, may_be_on, may_be_off, tied):
    """The next activities that are to be tried at a row; -1 if there are none."""
    row = branch[level]
    has_free = False
    for c in range(len(data.free_inputs)):
        if free_value(data, row, c) != 0.0:
            has_free = True
    # Neurons that may be both, in all their subsets; the others are what they must be.
    either = may_be_on[level] & may_be_off[level]
    always = may_be_on[level] & ~may_be_off[level]
    while waiting[level] >= 0:
        pattern = always | waiting[level]
        waiting[level] = (waiting[level] - 1) & either if waiting[level] > 0 else -1
        if shape.turned and level == 0 and pattern:
            continue
        rises, falls, doubled = has_free, has_free, False
        for j in range(len(shape.sizes)):
            if (pattern >> j) & 1:
                if tied[level, j] and not (pattern >> (j - 1)) & 1:
                    doubled = True
                if shape.sides[j] > 0.0:
                    rises = True
                else:
                    falls = True
        if (
            doubled
            or (data.lower[row] > 0.0 and not rises)
            or (data.upper[row] < 0.0 and not falls)
        ):
            continue
        return pattern
    return -1


@njit(cache=True, nogil=True, error_model="numpy")
def tie(path, level, tied):
    """Keep neurons tied to the one before that is like them, while they are active alike."""
    pattern = path.patterns[level]
    for j in range(1, tied.shape[1]):
        alike = (pattern >> j) & 1 == (pattern >> (j - 1)) & 1
        tied[level + 1, j] = 1 if tied[level, j] and alike else 0
