"""Bounds of ranks over the rationals, from groups of rows that see the same neurons."""

from __future__ import annotations

import numpy as np

from exactsparse.compiling import njit
from exactsparse.routes.rank_search.kernels.residues import (
    EXACT,
    columns_of,
    count_bits,
    echelon,
    size_of,
)

_STEPS = 6
# Subsets of so many types are listed, in 2^8 entries of ``short``.
_MOST_MEMBERS = 8


@njit(nogil=True, error_model="numpy")
def split_groups(path, depth, types, all_rows, groups, unions):
    """Rows by the neurons of a path that they see; how many groups."""
    masks, supports = types.masks, types.supports
    n_groups = 1
    groups[0], unions[0] = all_rows, types.free
    for k in range(depth):
        mask, support = masks[path[k]], supports[path[k]]
        for g in range(n_groups):
            inside = groups[g] & mask
            if inside == 0:
                continue
            if inside == groups[g]:
                unions[g] |= support
                continue
            groups[n_groups], unions[n_groups] = inside, unions[g] | support
            groups[g] &= ~mask
            n_groups += 1
    return n_groups


@njit(nogil=True, error_model="numpy")
def _shortfall(path, members, types, all_rows, groups, unions):
    """Columns of some types of a path minus the most that their rows can tell apart.

    Rows that see the same of these types depend on the inputs of those only; so many rows, or so
    many inputs, bound the rank that they contribute.
    """
    masks, supports, widths = types.masks, types.supports, types.widths
    n_groups, columns = 1, types.free_rank
    groups[0], unions[0] = all_rows, types.free
    k = 0
    while members >> k:
        if members >> k & 1:
            mask, support = masks[path[k]], supports[path[k]]
            columns += widths[path[k]]
            for g in range(n_groups):
                inside = groups[g] & mask
                if inside == groups[g]:
                    unions[g] |= support
                elif inside:
                    groups[n_groups], unions[n_groups] = inside, unions[g] | support
                    groups[g] &= ~mask
                    n_groups += 1
        k += 1
    bound = 0
    for g in range(n_groups):
        bound += min(count_bits(groups[g]), count_bits(unions[g]))
    return columns - bound


@njit(nogil=True, error_model="numpy")
def _pattern_bound(seen_groups, length, left_out, width, inputs, rows):
    """Upper bound of :func:`_pattern_rank` from repeated patterns and disjoint unions of two."""
    total = 0
    for c in range(width):
        count, union = 0, 0
        for k in range(length):
            if not inputs[k] >> c & 1:
                continue
            seen = seen_groups[k] & ~left_out
            repeated = seen == 0
            for j in range(count):
                repeated |= rows[j] == seen
            if not repeated:
                rows[count] = seen
                union |= seen
                count += 1
        bound = count
        for a in range(count):
            for b in range(a):
                if rows[a] & rows[b] == 0:
                    for j in range(count):
                        if rows[j] == rows[a] | rows[b]:
                            bound = count - 1
        total += min(bound, count_bits(union))
    return total


@njit(nogil=True, error_model="numpy")
def _pattern_rank(seen_groups, n_groups, left_out, length, width, inputs, work):
    """Rank of what the types can tell the groups not left out, input by input.

    The rank is exact: there are at most ``_MOST_MEMBERS`` types and the skip, and minors of 0/1
    matrices of 9 rows are at most 10^5 / 2^9, far below the prime; products stay below 2^62.
    """
    prime = 2147483647
    total = 0
    for c in range(width):
        n_rows = 0
        for k in range(length):
            if inputs[k] >> c & 1:
                for g in range(n_groups):
                    work[n_rows, g] = (seen_groups[k] & ~left_out) >> g & 1
                n_rows += 1
        found = 0
        for g in range(n_groups):
            pivot = found
            while pivot < n_rows and work[pivot, g] == 0:
                pivot += 1
            if pivot == n_rows:
                continue
            for j in range(n_groups):
                work[pivot, j], work[found, j] = work[found, j], work[pivot, j]
            for k in range(found + 1, n_rows):
                if work[k, g] != 0:
                    lead, other = work[found, g], work[k, g]
                    for j in range(g, n_groups):
                        work[k, j] = (work[k, j] * lead - work[found, j] * other) % prime
            found += 1
        total += found
    return total


@njit(nogil=True, error_model="numpy", fastmath=EXACT)
def _dependent_columns(path, length, n, types, field):
    """Number of columns of the types of a path minus their rank modulo p."""
    columns = 0
    for k in range(length):
        columns += size_of(types, path[k])
    work = np.empty((columns, n))
    columns_of(path, 0, length, n, types, work)
    return columns - echelon(work, field, np.empty(n, dtype=np.int64))


@njit(nogil=True, error_model="numpy")
def _few_groups(path, length, most, wanted, n, types, field, n_groups, width, scratch):
    """Whether the rank is at most ``most``: rows of some groups, plus what the others see.

    The bound is submodular in the choice of groups, so that it is improved group by group; only
    then are all choices tried.  ``wanted`` is how far that is below the number of columns.
    """
    masks, supports = types.masks, types.supports
    groups, sizes, table = scratch.groups, scratch.short, scratch.table
    seen_groups, inputs, rows = table[-3], table[-2], table[-1]
    count = length
    for k in range(length):
        inputs[k] = supports[path[k]]
        seen_groups[k] = 0
        for g in range(n_groups):
            if groups[g] & masks[path[k]]:
                seen_groups[k] |= 1 << g
    if types.free:
        inputs[count], seen_groups[count] = types.free, (1 << n_groups) - 1
        count += 1
    for g in range(n_groups):
        sizes[g] = count_bits(groups[g])
    for exact in (False, True):
        if exact and not types.free:
            # Before the slow part: with more rank modulo p there is nothing to be proved.
            found = _dependent_columns(path, length, n, types, field)
            if found < wanted:
                return False
        chosen, taken = 0, 0
        for added in range(_STEPS):
            step, lowest = -1, 0
            for g in range(n_groups):
                if chosen >> g & 1 or (added and taken + sizes[g] > most):
                    continue
                # The first round tries no group at all.
                trial = chosen | (1 << g if added else 0)
                inside = taken + (sizes[g] if added else 0)
                if exact:
                    value = inside + _pattern_rank(
                        seen_groups, n_groups, trial, count, width, inputs, table
                    )
                else:
                    value = inside + _pattern_bound(seen_groups, count, trial, width, inputs, rows)
                if value <= most:
                    return True
                if added == 0:
                    break
                if step < 0 or value < lowest:
                    step, lowest = g, value
            if step >= 0:
                chosen |= 1 << step
                taken += sizes[step]
            elif added:
                break
    if n_groups > 12:
        return False
    for left_out in range(1 << n_groups):
        inside = 0
        for g in range(n_groups):
            if left_out >> g & 1:
                inside += sizes[g]
        if (
            inside <= most
            and inside + _pattern_rank(seen_groups, n_groups, left_out, count, width, inputs, table)
            <= most
        ):
            return True
    return False


@njit(nogil=True, error_model="numpy")
def proves_rank_deficit(path, length, required, wanted, n, types, field, scratch):
    """Whether the types of a path have, over the rationals, rank <= columns − wanted.

    Tried in turn: the last types by themselves, in
    pairs, with more of the path, disjoint parts together; at last, over unions of groups of rows,
    the rows inside plus the rank of what is seen outside.  The path without any of the
    ``required`` types is known to fall short by less.
    """
    widths = types.widths
    groups, unions, short = scratch.groups, scratch.unions, scratch.short
    all_rows = (1 << n) - 1
    for a in range(length - 1, 0, -1):
        for b in range(a - 1, -1, -1):
            pair = (1 << a) | (1 << b)
            if pair & required != required:
                continue
            own = _shortfall(path, pair, types, all_rows, groups, unions)
            if own >= wanted:
                return True
    if length > _MOST_MEMBERS:
        return False
    short[0] = 0
    for members in range(1, 1 << length):
        if members & required != required:
            continue
        own = _shortfall(path, members, types, all_rows, groups, unions)
        if required == 0:
            lowest = members & -members
            part = (members - 1) & members
            while part:
                if part & lowest:
                    own = max(own, short[part] + short[members ^ part])
                part = (part - 1) & members
            short[members] = own
        if own >= wanted:
            return True
    n_groups = split_groups(path, length, types, all_rows, groups, unions)
    width = 0
    for g in range(n_groups):
        while unions[g] >> width:
            width += 1
    columns = types.free_rank
    for k in range(length):
        columns += widths[path[k]]
    return _few_groups(
        path, length, columns - wanted, wanted, n, types, field, n_groups, width, scratch
    )
