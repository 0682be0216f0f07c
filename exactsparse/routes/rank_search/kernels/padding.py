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
def pad_dependent(images, t, noise, field, work):
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
                        below = reduced(work[c, r] * lead, field)
                        above = reduced(work[k, r] * other, field)
                        work[c, r] = reduced(below - above, field)
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
    node, level, view, minors, chosen, noise, scratch, state, dependent_last, n_dependent_last
):
    """Replace columns of types all of whose minors vanish, where a rank bound allows it.

    ``state`` becomes ``PADDED`` for those and ``DEAD`` for the others, which are recorded unless
    their pattern occurs in the path.  Returns whether any was replaced, in which case minors have
    to be taken anew, and how many are recorded.
    """
    types, field, path, depth = level.types, level.field, node.path, node.depth
    masks = types.masks
    offsets, n = level.tables.offsets, node.w.shape[1]
    q, size, _ = view.shape
    changed = False
    n_minors = (offsets[q, size + 1] - offsets[q, size]) // size
    for t in range(view.shape[2]):
        state[t] = DEAD
        for k in range(n_minors):
            if minors[k, t] != 0.0:
                state[t] = ALIVE
                break
        if state[t] == ALIVE:
            continue
        path[depth] = chosen[t]
        repeated = False
        for k in range(depth):
            repeated |= masks[path[k]] == masks[chosen[t]]
        if repeated:
            continue
        kept = view[:, :, t].copy()
        missing = pad_dependent(view, t, noise, field, scratch.work)
        required = 0 if node.n_padded else 1 << depth
        if proves_rank_deficit(
            path, depth + 1, required, node.n_padded + missing, n, types, field, scratch
        ):
            state[t] = PADDED
            changed = True
        else:
            for r in range(q):
                for c in range(size):
                    view[r, c, t] = kept[r, c]
            n_dependent_last = record(dependent_last, n_dependent_last, path, depth, chosen[t], -1)
    return changed, n_dependent_last
