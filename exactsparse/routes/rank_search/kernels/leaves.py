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
def _inconsistent(groups, unions, n_groups, mask_a, support_a, mask_b, support_b, refuted):
    """Whether some rows that see the same neurons of the set refute it by themselves."""
    if len(refuted) == 1:
        return False
    for g in range(n_groups):
        rows, union = groups[g], unions[g]
        if (
            refuted[union, rows & ~mask_a & ~mask_b]
            or refuted[union | support_a, rows & mask_a & ~mask_b]
            or refuted[union | support_b, rows & ~mask_a & mask_b]
            or refuted[union | support_a | support_b, rows & mask_a & mask_b]
        ):
            return True
    return False


@njit(nogil=True, error_model="numpy", fastmath=EXACT)
def _settled(
    w, path, depth, length, owed, padded, starts, blocks, masks, supports, widths, units, free,
    free_rank, p, inverse, scratch,
):  # fmt: skip
    """Whether a set of determinant 0 is proved to miss the labels nevertheless.

    If c columns of the images are missing to full rank modulo p, then the columns with the labels
    have rank >= k + 1 − c; the columns without them must have rank <= k − c.
    """
    work, groups, unions, short, table, _, lift, lifted, pivots = scratch
    simple = owed == 0 and not padded and free == 0 and length <= MOST_PATTERNS
    if simple and LARGEST_MINOR[length] < p and rank_is_structural(
        w, path, depth, length, starts, blocks, masks, supports, widths, units, p, inverse, work,
        lift, lifted, pivots,
    ):  # fmt: skip
        return True
    wanted = owed + corank(w, path, depth, length, starts, blocks, p, inverse, work, pivots)
    required = 0
    if owed == 0 and not padded:
        for k in range(depth, length):
            required |= 1 << k
    return proves_rank_deficit(
        path, length, required, wanted, w.shape[1], starts, blocks, p, inverse, masks, supports,
        widths, free, free_rank, table, groups, unions, short,
    )  # fmt: skip


@njit(nogil=True, error_model="numpy", fastmath=EXACT)
def pairs(
    w, path, depth, lower, ra, rb, counts, starts, blocks, masks, supports, widths, free, free_rank,
    tables, p, inverse, images, minors, zero, sums, factor, owed, groups, unions, n_groups, refuted,
    noise, scratch, units, banned, conflicts, allowed, hits, n_hits, dead, n_dead, stopped,
):  # fmt: skip
    """Test all pairs of types of sizes ra <= rb that complete a path; both after ``lower``.

    What it returns once ``stopped[0]`` is set is of no meaning.
    """
    rows, parts, offsets, partner, partner_sign, partner_at = tables
    n = w.shape[1]
    block_a, block_b = (
        columns_of_size(blocks, starts, n, ra),
        columns_of_size(blocks, starts, n, rb),
    )
    q = ra + rb
    checksum = 0.0
    types_a = allowed[0, : _allowed(banned, lower, starts[ra], counts[ra], allowed[0])]
    types_b = allowed[1, : _allowed(banned, lower, starts[rb], counts[rb], allowed[1])]
    na, nb = len(types_a), len(types_b)
    at = partner_at[q, ra]
    n_subsets = partner_at[q, ra + 1] - at
    if na == 0 or nb == 0:
        return checksum, n_hits, n_dead
    state_a, state_b = np.zeros(na, dtype=np.int8), np.zeros(CHUNK, dtype=np.int8)
    left = np.empty((na, n_subsets))
    for chunk in range(0, na, CHUNK):
        stop = min(chunk + CHUNK, na)
        view = images[:q, :ra, : stop - chunk]
        take_images(w, block_a, types_a[chunk:stop], starts[ra], p, inverse, view)
        found = all_minors(view, rows, parts, offsets, p, inverse, minors[0], minors[1])
        changed, n_dead = pad_dead(
            view, found, ra, depth, types_a[chunk:stop], path, owed, starts, blocks,
            masks, supports, widths, free, free_rank, n, offsets, p, inverse, noise, scratch,
            state_a[chunk:stop], dead, n_dead,
        )  # fmt: skip
        if changed:
            found = all_minors(view, rows, parts, offsets, p, inverse, minors[0], minors[1])
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
        take_images(w, block_b, types_b[chunk:stop], starts[rb], p, inverse, view)
        found = all_minors(view, rows, parts, offsets, p, inverse, minors[0], minors[1])
        recorded = n_dead
        changed, n_dead = pad_dead(
            view, found, rb, depth, types_b[chunk:stop], path, owed, starts, blocks,
            masks, supports, widths, free, free_rank, n, offsets, p, inverse, noise[1:], scratch,
            state_b[:m], dead, n_dead,
        )  # fmt: skip
        if ra == rb:
            # Found as first types of a pair already.
            n_dead = recorded
        if changed:
            found = all_minors(view, rows, parts, offsets, p, inverse, minors[0], minors[1])
        for k in range(n_subsets):
            sign, source = partner_sign[at + k], partner[at + k]
            for t in range(m):
                right[k, t] = sign * found[source, t]
        for a in range(na if ra != rb else min(na, stop)):
            begin = 0 if ra != rb else max(a + 1 - chunk, 0)
            if begin >= m or state_a[a] == DEAD:
                continue
            if not zeros_in_products(left[a], right[:n_subsets, begin:m], p, inverse, sums, zero):
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
                if _inconsistent(
                    groups, unions, n_groups, mask_a, support_a, mask_b, support_b, refuted
                ):
                    continue
                repeated = mask_a == mask_b
                for k in range(depth):
                    repeated |= masks[path[k]] == mask_b
                if repeated:
                    continue
                path[depth], path[depth + 1] = type_a, type_b
                if not _settled(
                    w, path, depth, depth + 2, owed, state_a[a] + state_b[t] > 0, starts, blocks,
                    masks, supports, widths, units, free, free_rank, p, inverse, scratch,
                ):  # fmt: skip
                    n_hits = record(hits, n_hits, path, depth, type_a, type_b)
        if factor == 0.0:
            continue
        for t in range(m):
            if state_b[t] != ALIVE:
                right[:n_subsets, t] = 0.0
        for k in range(n_subsets):
            before, running = 0.0, 0.0
            if ra == rb:
                for t in range(m - 1, -1, -1):
                    if state_a[chunk + t] == ALIVE:
                        total[k] += reduced(left[chunk + t, k] * running, p, inverse)
                    running = reduced(running + right[k, t], p, inverse)
            else:
                for t in range(m):
                    running += right[k, t]
            for a in range(chunk if ra == rb else na):
                if state_a[a] == ALIVE:
                    before += left[a, k]
            running = reduced(running, p, inverse)
            total[k] += reduced(reduced(before, p, inverse) * running, p, inverse)
            total[k] = reduced(total[k], p, inverse)
    for k in range(n_subsets):
        checksum += total[k]
    return reduced(reduced(checksum, p, inverse) * factor, p, inverse), n_hits, n_dead


@njit(nogil=True, error_model="numpy", fastmath=EXACT)
def singles(
    w, path, depth, lower, r, counts, starts, blocks, masks, supports, widths, free, free_rank,
    tables, p, inverse, images, minors, factor, owed, groups, unions, n_groups, refuted, scratch,
    units, banned, allowed, hits, n_hits,
):  # fmt: skip
    """Test all types of one size that alone complete a path."""
    rows, parts, offsets, _, _, _ = tables
    checksum = 0.0
    block = columns_of_size(blocks, starts, w.shape[1], r)
    nothing = np.empty((0, w.shape[1]))
    types = allowed[0, : _allowed(banned, lower, starts[r], counts[r], allowed[0])]
    for chunk in range(0, len(types), CHUNK):
        stop = min(chunk + CHUNK, len(types))
        determinants = minors[2, 0]
        if r < len(offsets) - 1:
            view = images[:r, :r, : stop - chunk]
            take_images(w, block, types[chunk:stop], starts[r], p, inverse, view)
            found = all_minors(view, rows, parts, offsets, p, inverse, minors[0], minors[1])
            for t in range(stop - chunk):
                determinants[t] = found[0, t]
        else:
            for t in range(chunk, stop):
                view = images[:r, :r, :1]
                take_images(w, block, types[t : t + 1], starts[r], p, inverse, view)
                determinants[t - chunk] = eliminate(w, view[:, :, 0], p, inverse, nothing)
        for t in range(stop - chunk):
            checksum += determinants[t]
            if determinants[t] != 0.0:
                continue
            last = types[chunk + t]
            repeated = _inconsistent(
                groups, unions, n_groups, masks[last], supports[last], 0, 0, refuted
            )
            for k in range(depth):
                repeated |= masks[path[k]] == masks[last]
            if repeated:
                continue
            path[depth] = last
            if not _settled(
                w, path, depth, depth + 1, owed, False, starts, blocks, masks, supports, widths,
                units, free, free_rank, p, inverse, scratch,
            ):  # fmt: skip
                n_hits = record(hits, n_hits, path, depth, last, -1)
        checksum = reduced(checksum, p, inverse)
    return reduced(checksum * factor, p, inverse), n_hits
