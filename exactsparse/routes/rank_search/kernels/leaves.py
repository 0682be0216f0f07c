"""Tests of all single types, and all pairs of types, that complete a path."""

from __future__ import annotations

import numpy as np

from exactsparse.compiling import njit
from exactsparse.routes.rank_search.kernels.padding import ALIVE, DEAD, pad_dead, record
from exactsparse.routes.rank_search.kernels.pattern_rank import (
    LARGEST_MINOR,
    MOST_PATTERNS,
    corank,
    rank_is_structural,
)
from exactsparse.routes.rank_search.kernels.residues import (
    EXACT,
    all_minors,
    columns_of_size,
    eliminate,
    reduced,
    take_images,
    zeros_in_products,
)
from exactsparse.routes.rank_search.kernels.row_group_rank import proves_rank_deficit

CHUNK = 256


@njit(nogil=True, error_model="numpy")
def _allowed(banned, lower, start, count, out):
    """List the types of a size after ``lower`` that are not banned; how many."""
    found = 0
    for t in range(max(lower + 1, start), start + count):
        if not banned[t]:
            out[found] = t
            found += 1
    return found


@njit(nogil=True, error_model="numpy")
def _inconsistent(node, mask_a, support_a, mask_b, support_b, refuted):
    """Whether some rows that see the same neurons of the set refute it by themselves."""
    if len(refuted) == 1:
        return False
    for g in range(node.n_groups):
        rows, union = node.groups[g], node.unions[g]
        if (
            refuted[union, rows & ~mask_a & ~mask_b]
            or refuted[union | support_a, rows & mask_a & ~mask_b]
            or refuted[union | support_b, rows & ~mask_a & mask_b]
            or refuted[union | support_a | support_b, rows & mask_a & mask_b]
        ):
            return True
    return False


@njit(nogil=True, error_model="numpy", fastmath=EXACT)
def _settled(w, path, depth, length, n_padded, padded, types, field, scratch):
    """Whether a set of determinant 0 is proved to miss the labels nevertheless.

    If c columns of the images are missing to full rank modulo p, then the columns with the labels
    have rank >= k + 1 − c; the columns without them must have rank <= k − c.
    """
    simple = n_padded == 0 and not padded and types.free == 0 and length <= MOST_PATTERNS
    if (
        simple
        and LARGEST_MINOR[length] < field.p
        and rank_is_structural(w, path, depth, length, types, field, scratch)
    ):
        return True
    wanted = n_padded + corank(w, path, depth, length, types, field, scratch)
    required = 0
    if n_padded == 0 and not padded:
        for k in range(depth, length):
            required |= 1 << k
    return proves_rank_deficit(path, length, required, wanted, w.shape[1], types, field, scratch)


@njit(nogil=True, error_model="numpy", fastmath=EXACT)
def pairs(node, level, ra, rb, buffers, scratch, undecided, n_sets, n_dependent_last, stopped):
    """Test all pairs of types of sizes ra <= rb that complete a path; both after ``lower``.

    What it returns once ``stopped[0]`` is set is of no meaning.
    """
    w, path, depth, banned = node.w, node.path, node.depth, node.banned
    types, field, conflicts = level.types, level.field, level.conflicts
    counts, starts, masks, supports = types.counts, types.starts, types.masks, types.supports
    rows, parts, offsets, partner, partner_sign, partner_at = level.tables
    images, minors, zero, sums, allowed = buffers
    n = w.shape[1]
    block_a, block_b = columns_of_size(types, n, ra), columns_of_size(types, n, rb)
    q = ra + rb
    checksum = 0.0
    types_a = allowed[0, : _allowed(banned, node.lower, starts[ra], counts[ra], allowed[0])]
    types_b = allowed[1, : _allowed(banned, node.lower, starts[rb], counts[rb], allowed[1])]
    na, nb = len(types_a), len(types_b)
    at = partner_at[q, ra]
    n_subsets = partner_at[q, ra + 1] - at
    if na == 0 or nb == 0:
        return checksum, n_sets, n_dependent_last
    state_a, state_b = np.zeros(na, dtype=np.int8), np.zeros(CHUNK, dtype=np.int8)
    left = np.empty((na, n_subsets))
    for chunk in range(0, na, CHUNK):
        stop = min(chunk + CHUNK, na)
        view = images[:q, :ra, : stop - chunk]
        take_images(w, block_a, types_a[chunk:stop], starts[ra], field, view)
        found = all_minors(view, rows, parts, offsets, field, minors[0], minors[1])
        changed, n_dependent_last = pad_dead(
            node, level, view, found, types_a[chunk:stop], level.noise, scratch,
            state_a[chunk:stop], undecided.dependent_last, n_dependent_last,
        )  # fmt: skip
        if changed:
            found = all_minors(view, rows, parts, offsets, field, minors[0], minors[1])
        for k in range(n_subsets):
            for t in range(stop - chunk):
                left[chunk + t, k] = found[k, t]
    total = np.zeros(n_subsets)
    right = minors[2]
    for chunk in range(0, nb, CHUNK):
        if stopped[0]:
            break
        stop = min(chunk + CHUNK, nb)
        m = stop - chunk
        view = images[:q, :rb, :m]
        take_images(w, block_b, types_b[chunk:stop], starts[rb], field, view)
        found = all_minors(view, rows, parts, offsets, field, minors[0], minors[1])
        recorded = n_dependent_last
        changed, n_dependent_last = pad_dead(
            node, level, view, found, types_b[chunk:stop], level.noise[1:], scratch,
            state_b[:m], undecided.dependent_last, n_dependent_last,
        )  # fmt: skip
        if ra == rb:
            # Found as first types of a pair already.
            n_dependent_last = recorded
        if changed:
            found = all_minors(view, rows, parts, offsets, field, minors[0], minors[1])
        for k in range(n_subsets):
            sign, source = partner_sign[at + k], partner[at + k]
            for t in range(m):
                right[k, t] = sign * found[source, t]
        for a in range(na if ra != rb else min(na, stop)):
            begin = 0 if ra != rb else max(a + 1 - chunk, 0)
            if begin >= m or state_a[a] == DEAD:
                continue
            if not zeros_in_products(left[a], right[:n_subsets, begin:m], field, sums, zero):
                continue
            type_a = types_a[a]
            mask_a, support_a = masks[type_a], supports[type_a]
            repeated = False
            for k in range(depth):
                repeated |= masks[path[k]] == mask_a
            if repeated:
                continue
            for t in range(begin, m):
                if not zero[t - begin] or state_b[t] == DEAD:
                    continue
                type_b = types_b[chunk + t]
                if len(conflicts) > 1 and conflicts[type_a, type_b]:
                    continue
                mask_b, support_b = masks[type_b], supports[type_b]
                if _inconsistent(node, mask_a, support_a, mask_b, support_b, level.refuted):
                    continue
                repeated = mask_a == mask_b
                for k in range(depth):
                    repeated |= masks[path[k]] == mask_b
                if repeated:
                    continue
                path[depth], path[depth + 1] = type_a, type_b
                padded = state_a[a] + state_b[t] > 0
                if not _settled(
                    w, path, depth, depth + 2, node.n_padded, padded, types, field, scratch
                ):
                    n_sets = record(undecided.sets, n_sets, path, depth, type_a, type_b)
        if node.factor == 0.0:
            continue
        for t in range(m):
            if state_b[t] != ALIVE:
                right[:n_subsets, t] = 0.0
        for k in range(n_subsets):
            before, running = 0.0, 0.0
            if ra == rb:
                for t in range(m - 1, -1, -1):
                    if state_a[chunk + t] == ALIVE:
                        total[k] += reduced(left[chunk + t, k] * running, field)
                    running = reduced(running + right[k, t], field)
            else:
                for t in range(m):
                    running += right[k, t]
            for a in range(chunk if ra == rb else na):
                if state_a[a] == ALIVE:
                    before += left[a, k]
            running = reduced(running, field)
            total[k] += reduced(reduced(before, field) * running, field)
            total[k] = reduced(total[k], field)
    for k in range(n_subsets):
        checksum += total[k]
    checksum = reduced(reduced(checksum, field) * node.factor, field)
    return checksum, n_sets, n_dependent_last


@njit(nogil=True, error_model="numpy", fastmath=EXACT)
def singles(node, level, r, buffers, scratch, undecided, n_sets):
    """Test all types of one size that alone complete a path."""
    w, path, depth = node.w, node.path, node.depth
    types, field = level.types, level.field
    counts, starts, masks, supports = types.counts, types.starts, types.masks, types.supports
    rows, parts, offsets, _, _, _ = level.tables
    images, minors, _, _, allowed = buffers
    checksum = 0.0
    block = columns_of_size(types, w.shape[1], r)
    nothing = np.empty((0, w.shape[1]))
    chosen = allowed[0, : _allowed(node.banned, node.lower, starts[r], counts[r], allowed[0])]
    for chunk in range(0, len(chosen), CHUNK):
        stop = min(chunk + CHUNK, len(chosen))
        determinants = minors[2, 0]
        if r < len(offsets) - 1:
            view = images[:r, :r, : stop - chunk]
            take_images(w, block, chosen[chunk:stop], starts[r], field, view)
            found = all_minors(view, rows, parts, offsets, field, minors[0], minors[1])
            for t in range(stop - chunk):
                determinants[t] = found[0, t]
        else:
            for t in range(chunk, stop):
                view = images[:r, :r, :1]
                take_images(w, block, chosen[t : t + 1], starts[r], field, view)
                determinants[t - chunk] = eliminate(w, view[:, :, 0], field, nothing)
        for t in range(stop - chunk):
            checksum += determinants[t]
            if determinants[t] != 0.0:
                continue
            last = chosen[chunk + t]
            repeated = _inconsistent(node, masks[last], supports[last], 0, 0, level.refuted)
            for k in range(depth):
                repeated |= masks[path[k]] == masks[last]
            if repeated:
                continue
            path[depth] = last
            if not _settled(w, path, depth, depth + 1, node.n_padded, False, types, field, scratch):
                n_sets = record(undecided.sets, n_sets, path, depth, last, -1)
        checksum = reduced(checksum, field)
    return reduced(checksum * node.factor, field), n_sets
