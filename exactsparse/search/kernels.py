"""Compiled walk over all sets of neuron types of a level, in residues modulo a prime.

All residues are float64 integers of absolute value at most p/2; sums of products stay below 2^53,
so that every operation is exact, whatever its order.  One long file, because a compiled function in
Numba's disk cache does not see changes of functions in other files.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_EXACT = {"contract", "nsz", "nnan", "ninf"}
_CHUNK = 256
_STEPS = 6
# Minors of 0/1 matrices of so many columns are at most 19^9.5 / 2^18 (Hadamard), below the primes.
_MOST_PATTERNS = 18
_ALIVE, _PADDED, _DEAD = 0, 1, 2


@njit(cache=True, nogil=True, error_model="numpy", fastmath=_EXACT)
def _reduced(x, p, inverse):
    return x - p * np.floor(x * inverse + 0.5)


@njit(cache=True, nogil=True, error_model="numpy")
def _inverse(a, p):
    """Inverse of a nonzero residue modulo the prime, by Euclid."""
    r0, r1 = np.int64(p), np.int64(a) % np.int64(p)
    s0, s1 = np.int64(0), np.int64(1)
    while r1 != 0:
        quotient = r0 // r1
        r0, r1 = r1, r0 - quotient * r1
        s0, s1 = s1, s0 - quotient * s1
    return _reduced(np.float64(s0), p, 1.0 / p)


@njit(cache=True, nogil=True, error_model="numpy")
def _block(blocks, starts, n, size):
    """Columns (n, size, count) of the types of a size."""
    at = 0
    for s in range(1, size):
        at += n * s * (starts[s + 1] - starts[s])
    count = starts[size + 1] - starts[size]
    return blocks[at : at + n * size * count].reshape(n, size, count)


@njit(cache=True, nogil=True, error_model="numpy", fastmath=_EXACT)
def _images(w, block, types, start, p, inverse, out):
    """``out[r, c, t] = Σᵢ w[r, i] block[i, c, types[t] − start]``."""
    q, n = w.shape
    m = len(types)
    columns = np.empty((n, m))
    for c in range(block.shape[1]):
        for i in range(n):
            for t in range(m):
                columns[i, t] = block[i, c, types[t] - start]
        for r in range(q):
            g = out[r, c]
            for t in range(m):
                g[t] = 0.0
            i = 0
            while i + 4 <= n:
                w0, w1, w2, w3 = w[r, i], w[r, i + 1], w[r, i + 2], w[r, i + 3]
                b0, b1, b2, b3 = columns[i], columns[i + 1], columns[i + 2], columns[i + 3]
                for t in range(m):
                    g[t] += w0 * b0[t] + w1 * b1[t] + w2 * b2[t] + w3 * b3[t]
                i += 4
            while i < n:
                w0 = w[r, i]
                b0 = columns[i]
                for t in range(m):
                    g[t] += w0 * b0[t]
                i += 1
            for t in range(m):
                g[t] = _reduced(g[t], p, inverse)


@njit(cache=True, nogil=True, error_model="numpy")
def _allowed(banned, lower, start, count, out):
    """List the types of a size after ``lower`` that are not banned; how many."""
    found = 0
    for t in range(max(lower + 1, start), start + count):
        if not banned[t]:
            out[found] = t
            found += 1
    return found


@njit(cache=True, nogil=True, error_model="numpy", fastmath=_EXACT)
def _minors(images, rows, parts, offsets, p, inverse, first, second):
    """All minors of full width of ``images`` (q, s, m), subset by subset; the buffer they are in.

    Expansion along the last column, width by width.  ``rows`` and ``parts`` list for every subset
    of rows its members and where the subset without that member stands one width below.
    """
    q, s, m = images.shape
    old, new = first, second
    for r in range(q):
        for t in range(m):
            old[r, t] = images[r, 0, t]
    for width in range(2, s + 1):
        at = offsets[q, width]
        count = (offsets[q, width + 1] - at) // width
        for subset in range(count):
            target = new[subset]
            for t in range(m):
                target[t] = 0.0
            for k in range(width):
                g = images[rows[at + subset * width + k], width - 1]
                below = old[parts[at + subset * width + k]]
                if (k + width) % 2 == 1:
                    for t in range(m):
                        target[t] += g[t] * below[t]
                else:
                    for t in range(m):
                        target[t] -= g[t] * below[t]
            for t in range(m):
                target[t] = _reduced(target[t], p, inverse)
        old, new = new, old
    return old


@njit(cache=True, nogil=True, error_model="numpy", fastmath=_EXACT)
def _eliminate(w, g, p, inverse, out):
    """Left null space of more columns, whose images ``g`` (q, s) under ``w`` (q, n) are given.

    Fills ``out`` (q − s, n) and destroys ``g``.  Returns the factor by which determinants of the
    remaining columns shrink, or 0 if the images are dependent.
    """
    q, n = w.shape
    work = w.copy()
    alive = np.ones(q, dtype=np.bool_)
    factor = 1.0
    for c in range(g.shape[1]):
        pivot, before = -1, 0
        for r in range(q):
            if alive[r]:
                if g[r, c] != 0.0:
                    pivot = r
                    break
                before += 1
        if pivot < 0:
            return 0.0
        alive[pivot] = False
        factor = _reduced(factor * g[pivot, c], p, inverse)
        if before % 2 == 1:
            factor = -factor
        scale = _inverse(g[pivot, c], p)
        for r in range(q):
            if alive[r] and g[r, c] != 0.0:
                ratio = _reduced(g[r, c] * scale, p, inverse)
                for i in range(n):
                    work[r, i] = _reduced(work[r, i] - ratio * work[pivot, i], p, inverse)
                for i in range(c + 1, g.shape[1]):
                    g[r, i] = _reduced(g[r, i] - ratio * g[pivot, i], p, inverse)
    k = 0
    for r in range(q):
        if alive[r]:
            for i in range(n):
                out[k, i] = work[r, i]
            k += 1
    return factor


@njit(cache=True, nogil=True, error_model="numpy", fastmath=_EXACT)
def _zeros_in_products(a, b, p, inverse, sums, zero):
    """Which inner products ``a · b[:, j]`` vanish modulo p; how many."""
    m = b.shape[1]
    for j in range(m):
        sums[j] = 0.0
    k = 0
    while k + 4 <= len(a):
        a0, a1, a2, a3 = a[k], a[k + 1], a[k + 2], a[k + 3]
        b0, b1, b2, b3 = b[k], b[k + 1], b[k + 2], b[k + 3]
        for j in range(m):
            sums[j] += a0 * b0[j] + a1 * b1[j] + a2 * b2[j] + a3 * b3[j]
        k += 4
    while k < len(a):
        a0 = a[k]
        b0 = b[k]
        for j in range(m):
            sums[j] += a0 * b0[j]
        k += 1
    found = 0
    for j in range(m):
        zero[j] = _reduced(sums[j], p, inverse) == 0.0
        found += zero[j]
    return found


@njit(cache=True, nogil=True, error_model="numpy")
def _record(buffer, used, path, depth, a, b):
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


@njit(cache=True, nogil=True, error_model="numpy")
def _bits(x):
    count = 0
    while x:
        x &= x - 1
        count += 1
    return count


@njit(cache=True, nogil=True, error_model="numpy", fastmath=_EXACT)
def _corank(w, path, first, last, starts, blocks, p, inverse, work):
    """Number of rows minus rank of the images of some types under ``w``, modulo p."""
    q, n = w.shape
    columns = 0
    for k in range(first, last):
        size = 1
        while path[k] >= starts[size + 1]:
            size += 1
        block, t = _block(blocks, starts, n, size), path[k] - starts[size]
        for c in range(size):
            for r in range(q):
                total = 0.0
                for i in range(n):
                    total += w[r, i] * block[i, c, t]
                work[columns, r] = _reduced(total, p, inverse)
            columns += 1
    found = 0
    for r in range(q):
        pivot = found
        while pivot < columns and work[pivot, r] == 0.0:
            pivot += 1
        if pivot == columns:
            continue
        for j in range(r, q):
            work[pivot, j], work[found, j] = work[found, j], work[pivot, j]
        lead = work[found, r]
        for k in range(found + 1, columns):
            other = work[k, r]
            if other != 0.0:
                for j in range(r, q):
                    below = _reduced(work[k, j] * lead, p, inverse)
                    above = _reduced(work[found, j] * other, p, inverse)
                    work[k, j] = _reduced(below - above, p, inverse)
        found += 1
    return q - found


@njit(cache=True, nogil=True, error_model="numpy", fastmath=_EXACT)
def _dependent_columns(path, length, n, starts, blocks, p, inverse):
    """Number of columns of the types of a path minus their rank modulo p."""
    columns = 0
    for k in range(length):
        size = 1
        while path[k] >= starts[size + 1]:
            size += 1
        columns += size
    work = np.empty((columns, n))
    at = 0
    for k in range(length):
        size = 1
        while path[k] >= starts[size + 1]:
            size += 1
        block, t = _block(blocks, starts, n, size), path[k] - starts[size]
        for c in range(size):
            for i in range(n):
                work[at, i] = block[i, c, t]
            at += 1
    found = 0
    for i in range(n):
        pivot = found
        while pivot < columns and work[pivot, i] == 0.0:
            pivot += 1
        if pivot == columns:
            continue
        for j in range(i, n):
            work[pivot, j], work[found, j] = work[found, j], work[pivot, j]
        scale = _inverse(work[found, i], p)
        for k in range(found + 1, columns):
            if work[k, i] != 0.0:
                ratio = _reduced(work[k, i] * scale, p, inverse)
                for j in range(i, n):
                    work[k, j] = _reduced(work[k, j] - ratio * work[found, j], p, inverse)
        found += 1
        if found == columns:
            break
    return columns - found


@njit(cache=True, nogil=True, error_model="numpy")
def _shortfall(path, members, masks, supports, widths, all_rows, free, free_rank, groups, unions):
    """Columns of some types of a path minus the most that their rows can tell apart.

    Rows that see the same of these types depend on the inputs of those only; so many rows, or so
    many inputs, bound the rank that they contribute.
    """
    n_groups, columns = 1, free_rank
    groups[0], unions[0] = all_rows, free
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
        bound += min(_bits(groups[g]), _bits(unions[g]))
    return columns - bound


@njit(cache=True, nogil=True, error_model="numpy")
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
        total += min(bound, _bits(union))
    return total


@njit(cache=True, nogil=True, error_model="numpy")
def _pattern_rank(seen_groups, n_groups, left_out, length, width, inputs, work):
    """Rank of what the types can tell the groups not left out, input by input.

    Minors of these 0/1 matrices are far smaller than the prime, so that the rank is exact.
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


@njit(cache=True, nogil=True, error_model="numpy")
def _few_groups(
    path, length, most, wanted, n, starts, blocks, p, inverse, masks, supports, free, groups,
    n_groups, width, sizes, table,
):  # fmt: skip
    """Whether the rank is at most ``most``: rows of some groups, plus what the others see.

    The bound is submodular in the choice of groups, so that it is improved group by group; only
    then are all choices tried.  ``wanted`` is how far that is below the number of columns.
    """
    seen_groups, inputs, rows = table[-3], table[-2], table[-1]
    count = length
    for k in range(length):
        inputs[k] = supports[path[k]]
        seen_groups[k] = 0
        for g in range(n_groups):
            if groups[g] & masks[path[k]]:
                seen_groups[k] |= 1 << g
    if free:
        inputs[count], seen_groups[count] = free, (1 << n_groups) - 1
        count += 1
    for g in range(n_groups):
        sizes[g] = _bits(groups[g])
    for exact in (False, True):
        if exact and not free:
            # Before the slow part: with more rank modulo p there is nothing to be proved.
            found = _dependent_columns(path, length, n, starts, blocks, p, inverse)
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


@njit(cache=True, nogil=True, error_model="numpy")
def _split_groups(path, depth, masks, supports, all_rows, free, groups, unions):
    """Rows by the neurons of a path that they see; how many groups."""
    n_groups = 1
    groups[0], unions[0] = all_rows, free
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


@njit(cache=True, nogil=True, error_model="numpy")
def _falls_short(
    path, length, required, wanted, n, starts, blocks, p, inverse, masks, supports, widths, free,
    free_rank, table, groups, unions, short,
):  # fmt: skip
    """Whether the types of a path have, over the rationals, rank <= columns − wanted.

    Tried in turn: the last types by themselves, in
    pairs, with more of the path, disjoint parts together; at last, over unions of groups of rows,
    the rows inside plus the rank of what is seen outside.  The path without any of the
    ``required`` types is known to fall short by less.
    """
    all_rows = (1 << n) - 1
    for a in range(length - 1, 0, -1):
        for b in range(a - 1, -1, -1):
            pair = (1 << a) | (1 << b)
            if pair & required != required:
                continue
            own = _shortfall(
                path, pair, masks, supports, widths, all_rows, free, free_rank, groups, unions
            )
            if own >= wanted:
                return True
    if length > 8:
        return False
    short[0] = 0
    for members in range(1, 1 << length):
        if members & required != required:
            continue
        own = _shortfall(
            path, members, masks, supports, widths, all_rows, free, free_rank, groups, unions
        )
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
    n_groups = _split_groups(path, length, masks, supports, all_rows, free, groups, unions)
    width = 0
    for g in range(n_groups):
        while unions[g] >> width:
            width += 1
    columns = free_rank
    for k in range(length):
        columns += widths[path[k]]
    return _few_groups(
        path, length, columns - wanted, wanted, n, starts, blocks, p, inverse, masks, supports,
        free, groups, n_groups, width, short, table,
    )  # fmt: skip


@njit(cache=True, nogil=True, error_model="numpy", fastmath=_EXACT)
def _lift_path(path, depth, n, starts, blocks, widths, p, inverse, lift, lifted):
    """Prepare to find weights of a path from values on some rows.

    ``lifted`` receives whether there are such rows, and then them; ``lift`` (c, ≥ n + c) an inverse
    of the c columns of the path there, transposed, from column n on.
    """
    columns = 0
    lifted[0] = -1
    for k in range(depth):
        size = 1
        while path[k] >= starts[size + 1]:
            size += 1
        if widths[path[k]] < size:
            return
        block, t = _block(blocks, starts, n, size), path[k] - starts[size]
        for c in range(size):
            for i in range(n):
                lift[columns + c, i] = block[i, c, t]
        columns += size
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
        scale = _inverse(lift[found, i], p)
        for j in range(i, n + columns):
            lift[found, j] = _reduced(lift[found, j] * scale, p, inverse)
        for k in range(columns):
            if k != found and lift[k, i] != 0.0:
                ratio = lift[k, i]
                for j in range(i, n + columns):
                    lift[k, j] = _reduced(lift[k, j] - ratio * lift[found, j], p, inverse)
        found += 1
        lifted[found] = i
    if found == columns:
        lifted[0] = 1


@njit(cache=True, nogil=True, error_model="numpy", fastmath=_EXACT)
def _echelon(images, p, inverse, pivots):
    """Reduce ``images`` (q, q) by rows; the corank.  ``pivots``: row of each column, or −1."""
    q = len(images)
    found = 0
    for c in range(q):
        pivots[c] = -1
        pivot = found
        while pivot < q and images[pivot, c] == 0.0:
            pivot += 1
        if pivot == q:
            continue
        if pivot != found:
            for j in range(c, q):
                images[pivot, j], images[found, j] = images[found, j], images[pivot, j]
        lead = images[found, c]
        for r in range(found + 1, q):
            other = images[r, c]
            if other != 0.0:
                for j in range(c + 1, q):
                    below = _reduced(images[r, j] * lead, p, inverse)
                    above = _reduced(images[found, j] * other, p, inverse)
                    images[r, j] = _reduced(below - above, p, inverse)
        pivots[c] = found
        found += 1
    return q - found


@njit(cache=True, nogil=True, error_model="numpy", fastmath=_EXACT)
def _null_weights(echelon, pivots, free, p, inverse, weights):
    """Weights, that of column ``free`` not 0, with which columns of an echelon form add up to 0."""
    weights[: len(echelon)] = 0.0
    weights[free] = 1.0
    for c in range(free - 1, -1, -1):
        if pivots[c] < 0:
            continue
        row = echelon[pivots[c]]
        total = 0.0
        for j in range(c + 1, free + 1):
            total += row[j] * weights[j]
        for j in range(c + 1, free + 1):
            weights[j] = _reduced(weights[j] * row[c], p, inverse)
        weights[c] = -_reduced(total, p, inverse)


@njit(cache=True, nogil=True, error_model="numpy", fastmath=_EXACT)
def _rank_is_structural(
    w, path, depth, length, starts, blocks, masks, supports, widths, units, p, inverse, work, lift,
    lifted, pivots,
):  # fmt: skip
    """Whether the rank is as low over the rationals as the images under ``w`` are modulo p.

    Weights z with B z = 0 modulo p are taken apart by inputs: those of the neurons' input c make
    the patterns of its neurons, 0/1 vectors, cancel on all rows but some.  The rank of these
    patterns on the other rows is the same over the rationals, as minors of 0/1 matrices of so few
    columns are smaller than p; so there are rational weights of input c, as many as types less that
    rank, which cancel there.  All inputs together, these are combinations that leave something on
    few rows only; as many more as they are than those rows cancel on all.  Rows of which the unit
    vector belongs to some neuron do not count.
    """
    q, n = w.shape
    columns = 0
    for k in range(depth, length):
        size = 1
        while path[k] >= starts[size + 1]:
            size += 1
        if widths[path[k]] < size:
            return False
        block, t = _block(blocks, starts, n, size), path[k] - starts[size]
        for c in range(size):
            for r in range(q):
                total = 0.0
                for i in range(n):
                    total += w[r, i] * block[i, c, t]
                work[r, columns] = _reduced(total, p, inverse)
            columns += 1
    missing = _echelon(work[:q, :q], p, inverse, pivots)
    if lifted[0] == 0:
        _lift_path(path, depth, n, starts, blocks, widths, p, inverse, lift, lifted)
    if lifted[0] < 0:
        return False
    weights, values = work[q], work[q + 1]
    inputs, cancelled, spared = 0, (1 << n) - 1, 0
    for k in range(length):
        spared |= units[path[k]]
    cancelled &= ~spared
    for free in range(q):
        if pivots[free] >= 0:
            continue
        _null_weights(work[:q, :q], pivots, free, p, inverse, weights)
        for i in range(n):
            values[i] = 0.0
        columns = 0
        for k in range(depth, length):
            size = 1
            while path[k] >= starts[size + 1]:
                size += 1
            block, t = _block(blocks, starts, n, size), path[k] - starts[size]
            for c in range(size):
                weight = weights[columns]
                for i in range(n):
                    values[i] += weight * block[i, c, t]
                columns += 1
        for i in range(n):
            values[i] = _reduced(values[i], p, inverse)
        found, rows = _what_is_left(
            path, depth, length, n, weights, values, masks, supports, widths, units, p, inverse,
            lift, lifted, work[q + 2 :],
        )  # fmt: skip
        inputs |= found
        cancelled &= ~rows
    rows = n - _bits(cancelled | spared)
    combinations = _bits(inputs) if missing == 1 else 0
    c = 0
    while inputs >> c and combinations < rows + missing:
        if inputs >> c & 1:
            if missing == 1:
                combinations -= 1
            combinations += _pattern_nullity(
                path, length, c, cancelled, masks, supports, units, p, inverse, work
            )
        c += 1
    return combinations >= rows + missing


@njit(cache=True, nogil=True, error_model="numpy", fastmath=_EXACT)
def _what_is_left(
    path, depth, length, n, weights, values, masks, supports, widths, units, p, inverse, lift,
    lifted, left,
):  # fmt: skip
    """Inputs with nonzero weights, and rows on which their patterns do not cancel, as bits.

    ``weights`` are those of the types after ``depth``, and ``values`` what they add up to, which
    the types before have to balance.
    """
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
                    weight = _reduced(weight, p, inverse)
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
            if inputs >> c & 1 and _reduced(left[c, i], p, inverse) != 0.0:
                rows |= 1 << i
    return inputs, rows


@njit(cache=True, nogil=True, error_model="numpy", fastmath=_EXACT)
def _pattern_nullity(path, length, c, rows, masks, supports, units, p, inverse, work):
    """Number of types of a path with input c minus the rank of their patterns on some rows."""
    count, n_rows = 0, _bits(rows)
    for k in range(length):
        if supports[path[k]] >> c & 1 and not units[path[k]]:
            at, i = 0, 0
            while rows >> i:
                if rows >> i & 1:
                    work[count, at] = float(masks[path[k]] >> i & 1)
                    at += 1
                i += 1
            count += 1
    rank = 0
    for i in range(n_rows):
        pivot = rank
        while pivot < count and work[pivot, i] == 0.0:
            pivot += 1
        if pivot == count:
            continue
        if pivot != rank:
            for j in range(i, n_rows):
                work[pivot, j], work[rank, j] = work[rank, j], work[pivot, j]
        lead = work[rank, i]
        for k in range(rank + 1, count):
            other = work[k, i]
            if other != 0.0:
                for j in range(i, n_rows):
                    work[k, j] = _reduced(work[k, j] * lead - work[rank, j] * other, p, inverse)
        rank += 1
    return count - rank


@njit(cache=True, nogil=True, error_model="numpy", fastmath=_EXACT)
def _settled(
    w, path, depth, length, owed, padded, starts, blocks, masks, supports, widths, units, free,
    free_rank, p, inverse, scratch,
):  # fmt: skip
    """Whether a set of determinant 0 is proved to miss the labels nevertheless.

    If c columns of the images are missing to full rank modulo p, then the columns with the labels
    have rank >= k + 1 − c; the columns without them must have rank <= k − c.
    """
    work, groups, unions, short, table, _, lift, lifted, pivots = scratch
    simple = owed == 0 and not padded and free == 0 and length <= _MOST_PATTERNS
    if simple and _rank_is_structural(
        w, path, depth, length, starts, blocks, masks, supports, widths, units, p, inverse, work,
        lift, lifted, pivots,
    ):  # fmt: skip
        return True
    wanted = owed + _corank(w, path, depth, length, starts, blocks, p, inverse, work)
    required = 0
    if owed == 0 and not padded:
        for k in range(depth, length):
            required |= 1 << k
    return _falls_short(
        path, length, required, wanted, w.shape[1], starts, blocks, p, inverse, masks, supports,
        widths, free, free_rank, table, groups, unions, short,
    )  # fmt: skip


@njit(cache=True, nogil=True, error_model="numpy", fastmath=_EXACT)
def _pad(images, t, noise, p, inverse, work):
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
                        below = _reduced(work[c, r] * lead, p, inverse)
                        above = _reduced(work[k, r] * other, p, inverse)
                        work[c, r] = _reduced(below - above, p, inverse)
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


@njit(cache=True, nogil=True, error_model="numpy", fastmath=_EXACT)
def _pad_dead(
    view, found, size, depth, types, path, owed, starts, blocks, masks, supports, widths, free,
    free_rank, n, offsets, p, inverse, noise, scratch, state, dead, n_dead,
):  # fmt: skip
    """Replace columns of types all of whose minors vanish, where a rank bound allows it.

    ``state`` becomes ``_PADDED`` for those and ``_DEAD`` for the others, which are recorded unless
    their pattern occurs in the path.  Returns whether any was replaced, in which case minors have
    to be taken anew, and how many are recorded.
    """
    work, groups, unions, short, table = scratch[0], scratch[1], scratch[2], scratch[3], scratch[4]
    changed = False
    n_minors = (offsets[view.shape[0], size + 1] - offsets[view.shape[0], size]) // size
    for t in range(view.shape[2]):
        state[t] = _DEAD
        for k in range(n_minors):
            if found[k, t] != 0.0:
                state[t] = _ALIVE
                break
        if state[t] == _ALIVE:
            continue
        path[depth] = types[t]
        repeated = False
        for k in range(depth):
            repeated |= masks[path[k]] == masks[types[t]]
        if repeated:
            continue
        kept = view[:, :, t].copy()
        missing = _pad(view, t, noise, p, inverse, work)
        if _falls_short(
            path, depth + 1, 0 if owed else 1 << depth, owed + missing, n, starts, blocks, p,
            inverse, masks, supports, widths, free, free_rank, table, groups, unions, short,
        ):  # fmt: skip
            state[t] = _PADDED
            changed = True
        else:
            view[:, :, t] = kept
            n_dead = _record(dead, n_dead, path, depth, types[t], -1)
    return changed, n_dead


@njit(cache=True, nogil=True, error_model="numpy")
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


@njit(cache=True, nogil=True, error_model="numpy", fastmath=_EXACT)
def _pairs(
    w, path, depth, lower, ra, rb, counts, starts, blocks, masks, supports, widths, free, free_rank,
    tables, p, inverse, images, minors, zero, sums, factor, owed, groups, unions, n_groups, refuted,
    noise, scratch, units, banned, conflicts, allowed, hits, n_hits, dead, n_dead,
):  # fmt: skip
    """Test all pairs of types of sizes ra <= rb that complete a path; both after ``lower``."""
    rows, parts, offsets, partner, partner_sign, partner_at = tables
    n = w.shape[1]
    block_a, block_b = _block(blocks, starts, n, ra), _block(blocks, starts, n, rb)
    q = ra + rb
    checksum = 0.0
    types_a = allowed[0, : _allowed(banned, lower, starts[ra], counts[ra], allowed[0])]
    types_b = allowed[1, : _allowed(banned, lower, starts[rb], counts[rb], allowed[1])]
    na, nb = len(types_a), len(types_b)
    at = partner_at[q, ra]
    n_subsets = partner_at[q, ra + 1] - at
    if na == 0 or nb == 0:
        return checksum, n_hits, n_dead
    state_a, state_b = np.zeros(na, dtype=np.int8), np.zeros(_CHUNK, dtype=np.int8)
    left = np.empty((na, n_subsets))
    for chunk in range(0, na, _CHUNK):
        stop = min(chunk + _CHUNK, na)
        view = images[:q, :ra, : stop - chunk]
        _images(w, block_a, types_a[chunk:stop], starts[ra], p, inverse, view)
        found = _minors(view, rows, parts, offsets, p, inverse, minors[0], minors[1])
        changed, n_dead = _pad_dead(
            view, found, ra, depth, types_a[chunk:stop], path, owed, starts, blocks,
            masks, supports, widths, free, free_rank, n, offsets, p, inverse, noise, scratch,
            state_a[chunk:stop], dead, n_dead,
        )  # fmt: skip
        if changed:
            found = _minors(view, rows, parts, offsets, p, inverse, minors[0], minors[1])
        for k in range(n_subsets):
            for t in range(stop - chunk):
                left[chunk + t, k] = found[k, t]
    total = np.zeros(n_subsets)
    right = minors[2]
    for chunk in range(0, nb, _CHUNK):
        stop = min(chunk + _CHUNK, nb)
        m = stop - chunk
        view = images[:q, :rb, :m]
        _images(w, block_b, types_b[chunk:stop], starts[rb], p, inverse, view)
        found = _minors(view, rows, parts, offsets, p, inverse, minors[0], minors[1])
        recorded = n_dead
        changed, n_dead = _pad_dead(
            view, found, rb, depth, types_b[chunk:stop], path, owed, starts, blocks,
            masks, supports, widths, free, free_rank, n, offsets, p, inverse, noise[1:], scratch,
            state_b[:m], dead, n_dead,
        )  # fmt: skip
        if ra == rb:
            # Found as first types of a pair already.
            n_dead = recorded
        if changed:
            found = _minors(view, rows, parts, offsets, p, inverse, minors[0], minors[1])
        for k in range(n_subsets):
            sign, source = partner_sign[at + k], partner[at + k]
            for t in range(m):
                right[k, t] = sign * found[source, t]
        for a in range(na if ra != rb else min(na, stop)):
            begin = 0 if ra != rb else max(a + 1 - chunk, 0)
            if begin >= m or state_a[a] == _DEAD:
                continue
            if not _zeros_in_products(left[a], right[:n_subsets, begin:m], p, inverse, sums, zero):
                continue
            type_a = types_a[a]
            mask_a, support_a = masks[type_a], supports[type_a]
            repeated = False
            for k in range(depth):
                repeated |= masks[path[k]] == mask_a
            if repeated:
                continue
            for t in range(begin, m):
                if not zero[t - begin] or state_b[t] == _DEAD:
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
                    n_hits = _record(hits, n_hits, path, depth, type_a, type_b)
        if factor == 0.0:
            continue
        for t in range(m):
            if state_b[t] != _ALIVE:
                right[:n_subsets, t] = 0.0
        for k in range(n_subsets):
            before, running = 0.0, 0.0
            if ra == rb:
                for t in range(m - 1, -1, -1):
                    if state_a[chunk + t] == _ALIVE:
                        total[k] += _reduced(left[chunk + t, k] * running, p, inverse)
                    running = _reduced(running + right[k, t], p, inverse)
            else:
                for t in range(m):
                    running += right[k, t]
            for a in range(chunk if ra == rb else na):
                if state_a[a] == _ALIVE:
                    before += left[a, k]
            running = _reduced(running, p, inverse)
            total[k] += _reduced(_reduced(before, p, inverse) * running, p, inverse)
            total[k] = _reduced(total[k], p, inverse)
    for k in range(n_subsets):
        checksum += total[k]
    return _reduced(_reduced(checksum, p, inverse) * factor, p, inverse), n_hits, n_dead


@njit(cache=True, nogil=True, error_model="numpy", fastmath=_EXACT)
def _singles(
    w, path, depth, lower, r, counts, starts, blocks, masks, supports, widths, free, free_rank,
    tables, p, inverse, images, minors, factor, owed, groups, unions, n_groups, refuted, scratch,
    units, banned, allowed, hits, n_hits,
):  # fmt: skip
    """Test all types of one size that alone complete a path."""
    rows, parts, offsets, _, _, _ = tables
    checksum = 0.0
    block = _block(blocks, starts, w.shape[1], r)
    nothing = np.empty((0, w.shape[1]))
    types = allowed[0, : _allowed(banned, lower, starts[r], counts[r], allowed[0])]
    for chunk in range(0, len(types), _CHUNK):
        stop = min(chunk + _CHUNK, len(types))
        determinants = minors[2, 0]
        if r < len(offsets) - 1:
            view = images[:r, :r, : stop - chunk]
            _images(w, block, types[chunk:stop], starts[r], p, inverse, view)
            found = _minors(view, rows, parts, offsets, p, inverse, minors[0], minors[1])
            for t in range(stop - chunk):
                determinants[t] = found[0, t]
        else:
            for t in range(chunk, stop):
                view = images[:r, :r, :1]
                _images(w, block, types[t : t + 1], starts[r], p, inverse, view)
                determinants[t - chunk] = _eliminate(w, view[:, :, 0], p, inverse, nothing)
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
                n_hits = _record(hits, n_hits, path, depth, last, -1)
        checksum = _reduced(checksum, p, inverse)
    return _reduced(checksum * factor, p, inverse), n_hits


@njit(cache=True, nogil=True, error_model="numpy", fastmath=_EXACT)
def walk(
    w, factor, owed, prefix, given, lowest, highest, here, counts, starts, blocks, masks, supports,
    widths, units, free, free_rank, tables, in_pairs, splits, refuted, conflicts, noise, p, hits,
    dead, cut,
):  # fmt: skip
    """Test all sets of types that complete a prefix to the full number of columns.

    Parameters
    ----------
    w : ndarray, shape (q, n)
        Left null space of labels, skip and given types; q columns are still to come.
    factor : float
        Determinants of the full matrix over those of the images under ``w``.
    owed : int
        How many columns of the given types depend on the others and were replaced, with proof.
    prefix : ndarray of int
        First types of all sets, ascending.
    given : int
        How many of them ``w`` has taken in.
    lowest, highest : int
        Range of the type after the prefix, where at least one more follows it.
    here : bool
        Test single types and pairs that complete the prefix, too.
    counts, starts : ndarray of int, shape (size + 2,)
        Number of types of every size, and the first of them.
    blocks : ndarray
        Columns (n, size, count) of the types of each size, one after the other.
    masks, supports : ndarray of int
        Activation pattern and support of every type, as bits.  Sets that repeat a pattern are not
        reported.
    widths : ndarray of int
        Number of independent columns of every type.
    units : ndarray of int
        Rows, as bits, whose unit vectors are the columns of a type; 0 if they are masked inputs.
    free, free_rank : int
        Inputs that every row sees through the skip, as bits, and the rank of their columns.
    tables : tuple of ndarray
        From :func:`exactsparse.search.minors.minor_tables`.
    in_pairs : ndarray of bool
        ``[ra, rb]``: whether these sizes are tested pair by pair.
    splits : ndarray of bool
        ``[s, q]``: whether a type of size s may be followed by more, of q columns in all.
    refuted : ndarray of bool
        ``[inputs, rows]``: proof that the labels of the rows are no linear function of the inputs;
        of one entry if there is no such table.
    conflicts : ndarray of bool, shape (types, types)
        Pairs of types that depend on each other and are proved not to occur together in a set that
        reaches the labels: such sets are left out, their determinants are 0.  Of one entry if there
        is no such table.
    noise : ndarray, shape (m, k)
        Residues that replace dependent columns.
    p : float
        The prime.
    hits, dead, cut : ndarray of int
        Buffers for sets of determinant 0 that no rank bound settles; for paths whose last type
        depends on the others and the labels, all pairs with which, after the type before, are left
        out; and for such paths whose longer completions are left out.

    Returns
    -------
    tuple
        Sum of the determinants modulo p; how many hits, dead and cut paths there were.
    """
    inverse = 1.0 / p
    q, n = w.shape
    sizes = len(counts) - 2
    checksum, n_hits, n_dead, n_cut = 0.0, 0, 0, 0
    path = np.zeros(given + q + len(prefix) + 2, dtype=np.int64)
    path[: len(prefix)] = prefix
    spaces = np.empty((q + 1, q, n))
    spaces[0] = w
    left = np.zeros(q + 1, dtype=np.int64)
    factors = np.ones(q + 1)
    following = np.zeros(q + 1, dtype=np.int64)
    debts = np.zeros(q + 1, dtype=np.int64)
    end_of_types = starts[sizes + 1]
    n_inputs = sizes
    for t in range(end_of_types):
        while supports[t] >> n_inputs:
            n_inputs += 1
    banned = np.zeros((q + 1, end_of_types), dtype=np.bool_)
    allowed = np.empty((2, end_of_types), dtype=np.int64)
    one = np.empty(1, dtype=np.int64)
    left[0], factors[0], debts[0] = q, factor, owed
    widest = 1
    for k in range(1, sizes + 1):
        widest = max(widest, tables[5][-1, k])
    images = np.empty((q, sizes, _CHUNK))
    minors = np.empty((3, widest, _CHUNK))
    zero = np.zeros(_CHUNK, dtype=np.bool_)
    sums = np.empty(_CHUNK)
    groups = np.zeros(n + 1, dtype=np.int64)
    unions = np.zeros(n + 1, dtype=np.int64)
    scratch = (
        np.empty((len(path) + q + 2 + n_inputs, max(q, n) + sizes)),
        np.zeros(2 * n + 2, dtype=np.int64),
        np.zeros(2 * n + 2, dtype=np.int64),
        np.zeros(1 << 8, dtype=np.int64),
        np.zeros((len(path) + 4, max(n, len(path)) + 2), dtype=np.int64),
        np.empty((q, sizes)),
        np.empty((2 * len(path) * sizes, max(n, 2 * len(path) * sizes))),
        np.zeros(n + 1, dtype=np.int64),
        np.zeros(q, dtype=np.int64),
    )
    depth = 0
    arriving = True
    while depth >= 0:
        space = spaces[depth, : left[depth]]
        rest, d = left[depth], given + depth
        if arriving:
            arriving = False
            scratch[7][0] = 0
            after = path[d - 1] if d > 0 else -1
            following[depth] = after + 1
            if d == len(prefix):
                following[depth] = max(after + 1, lowest)
            elif d < len(prefix):
                following[depth] = prefix[d]
            tested = d > len(prefix) or (d == len(prefix) and here)
            n_groups = _split_groups(path, d, masks, supports, (1 << n) - 1, free, groups, unions)
            alone = tested and d == 0
            if tested and d > 0:
                size = 1
                while after >= starts[size + 1]:
                    size += 1
                alone = rest <= sizes and not in_pairs[size, rest]
            if alone and rest <= sizes and counts[rest] > 0:
                part, n_hits = _singles(
                    space, path, d, after, rest, counts, starts, blocks, masks, supports, widths,
                    free, free_rank, tables, p, inverse, images, minors, factors[depth],
                    debts[depth], groups, unions, n_groups, refuted, scratch, units,
                    banned[depth], allowed, hits, n_hits,
                )  # fmt: skip
                checksum += part
            for ra in range(1, rest // 2 + 1):
                rb = rest - ra
                if (
                    not tested
                    or rb > sizes
                    or counts[ra] == 0
                    or counts[rb] == 0
                    or not in_pairs[ra, rb]
                ):
                    continue
                part, n_hits, n_dead = _pairs(
                    space, path, d, after, ra, rb, counts, starts, blocks, masks, supports, widths,
                    free, free_rank, tables, p, inverse, images, minors, zero, sums,
                    factors[depth], debts[depth], groups, unions, n_groups, refuted, noise, scratch,
                    units, banned[depth], conflicts, allowed, hits, n_hits, dead, n_dead,
                )  # fmt: skip
                checksum += part
            checksum = _reduced(checksum, p, inverse)
        t = following[depth]
        end = end_of_types
        if d == len(prefix):
            end = min(end, highest)
        elif d < len(prefix):
            end = prefix[d] + 1
        if t >= end:
            depth -= 1
            continue
        size = 1
        while t >= starts[size + 1]:
            size += 1
        if size > rest or not splits[size, rest - size]:
            # Larger types leave even less.
            following[depth] = starts[size + 1]
            continue
        following[depth] = t + 1
        if banned[depth, t]:
            continue
        path[d] = t
        view = images[:rest, :size, :1]
        work = scratch[5][:rest, :size]
        one[0] = t
        _images(space, _block(blocks, starts, n, size), one, starts[size], p, inverse, view)
        work[:] = view[:, :, 0]
        child = spaces[depth + 1, : rest - size]
        shrink = _eliminate(space, work, p, inverse, child)
        debt = debts[depth]
        if shrink == 0.0:
            repeated = False
            for k in range(d):
                repeated |= masks[path[k]] == masks[t]
            if repeated:
                continue
            missing = _pad(view, 0, noise[2:], p, inverse, scratch[0])
            if not _falls_short(
                path, d + 1, 0 if debt else 1 << d, debt + missing, n, starts, blocks, p, inverse,
                masks, supports, widths, free, free_rank, scratch[4], scratch[1], scratch[2],
                scratch[3],
            ):  # fmt: skip
                n_cut = _record(cut, n_cut, path, d, t, -1)
                continue
            debt += missing
            _eliminate(space, view[:, :, 0], p, inverse, child)
        factors[depth + 1] = _reduced(factors[depth] * shrink, p, inverse)
        debts[depth + 1] = debt
        banned[depth + 1] = banned[depth]
        if len(conflicts) > 1:
            banned[depth + 1] |= conflicts[t]
        depth += 1
        left[depth] = rest - size
        arriving = True
    return checksum, n_hits, n_dead, n_cut
