"""Types whose columns depend on a path, or on each other: padded with noise, or left open."""

from __future__ import annotations

from exactsparse.compiling import njit
from exactsparse.routes.rank_search.kernels.residues import EXACT, reduced
from exactsparse.routes.rank_search.kernels.row_group_rank import proves_rank_deficit

ALIVE, PADDED, DEAD = 0, 1, 2


@njit(nogil=True, error_model="numpy")
def record(buffer, used, path, depth, a, b):
    """Append a path and up to two more types to a buffer; full buffers only count."""
    if used < len(buffer):
        row = buffer[used]
        row[:] = -1
        for k in range(depth):
            row[k] = path[k]
        row[depth] = a
        if b >= 0:
            row[depth + 1] = b
    return used + 1


@njit(nogil=True, error_model="numpy", fastmath=EXACT)
def pad_dependent(images, t, noise, p, inverse, work):
    """Replace those columns of one type's images that depend on earlier ones by noise; how many."""
    q, s, _ = images.shape
    replaced = 0
    for c in range(s):
        for attempt in range(len(noise)):
            for r in range(q):
                work[c, r] = images[r, c, t]
            # Reduce the column by the echelon form of the columns before it.
            for k in range(c):
                pivot = 0
                while work[k, pivot] == 0.0:
                    pivot += 1
                if work[c, pivot] != 0.0:
                    lead, other = work[k, pivot], work[c, pivot]
                    for r in range(q):
                        below = reduced(work[c, r] * lead, p, inverse)
                        above = reduced(work[k, r] * other, p, inverse)
                        work[c, r] = reduced(below - above, p, inverse)
            independent = False
            for r in range(q):
                independent |= work[c, r] != 0.0
            if independent:
                break
            if attempt == 0:
                replaced += 1
            for r in range(q):
                images[r, c, t] = noise[(c + attempt) % len(noise), r]
    return replaced


@njit(nogil=True, error_model="numpy", fastmath=EXACT)
def pad_dead(
    view, found, size, depth, types, path, owed, starts, blocks, masks, supports, widths, free,
    free_rank, n, offsets, p, inverse, noise, scratch, state, dead, n_dead,
):  # fmt: skip
    """Replace columns of types all of whose minors vanish, where a rank bound allows it.

    ``state`` becomes ``PADDED`` for those and ``DEAD`` for the others, which are recorded unless
    their pattern occurs in the path.  Returns whether any was replaced, in which case minors have
    to be taken anew, and how many are recorded.
    """
    work, groups, unions, short, table = scratch[0], scratch[1], scratch[2], scratch[3], scratch[4]
    changed = False
    n_minors = (offsets[view.shape[0], size + 1] - offsets[view.shape[0], size]) // size
    for t in range(view.shape[2]):
        state[t] = DEAD
        for k in range(n_minors):
            if found[k, t] != 0.0:
                state[t] = ALIVE
                break
        if state[t] == ALIVE:
            continue
        path[depth] = types[t]
        repeated = False
        for k in range(depth):
            repeated |= masks[path[k]] == masks[types[t]]
        if repeated:
            continue
        kept = view[:, :, t].copy()
        missing = pad_dependent(view, t, noise, p, inverse, work)
        if proves_rank_deficit(
            path, depth + 1, 0 if owed else 1 << depth, owed + missing, n, starts, blocks, p,
            inverse, masks, supports, widths, free, free_rank, table, groups, unions, short,
        ):  # fmt: skip
            state[t] = PADDED
            changed = True
        else:
            view[:, :, t] = kept
            n_dead = record(dead, n_dead, path, depth, types[t], -1)
    return changed, n_dead
