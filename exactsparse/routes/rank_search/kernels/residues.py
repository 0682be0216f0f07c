"""Arithmetic of residues modulo a prime, in float64.

Residues are integers of absolute value at most p/2, and a few units more where a quotient near 1/2
was rounded the other way.  Sums have no more products than
:func:`exactsparse.routes.rank_search.modular.longest_sum` allows, so that they stay below 2^53 and
every operation is exact, whatever its order.
"""

from __future__ import annotations

import numpy as np

from exactsparse.compiling import njit

EXACT = {"contract", "nsz", "nnan", "ninf"}


@njit(nogil=True, error_model="numpy", fastmath=EXACT)
def reduced(x, field):
    """The residue of absolute value at most p/2, or little more; 0 for multiples of p."""
    return x - field.p * np.floor(x * field.inverse + 0.5)


@njit(nogil=True, error_model="numpy")
def inverse_of(a, field):
    """Inverse of a nonzero residue modulo the prime, by Euclid."""
    r0, r1 = np.int64(field.p), np.int64(a) % np.int64(field.p)
    s0, s1 = np.int64(0), np.int64(1)
    while r1 != 0:
        quotient = r0 // r1
        r0, r1 = r1, r0 - quotient * r1
        s0, s1 = s1, s0 - quotient * s1
    return reduced(np.float64(s0), field)


@njit(nogil=True, error_model="numpy")
def count_bits(x):
    """Number of ones of a nonnegative integer."""
    count = 0
    while x:
        x &= x - 1
        count += 1
    return count


@njit(nogil=True, error_model="numpy", inline="always")
def columns_of_size(types, n, size):
    """Columns (n, size, count) of the types of a size."""
    starts, blocks = types.starts, types.blocks
    at = 0
    for s in range(1, size):
        at += n * s * (starts[s + 1] - starts[s])
    count = starts[size + 1] - starts[size]
    return blocks[at : at + n * size * count].reshape(n, size, count)


@njit(nogil=True, error_model="numpy", inline="always")
def size_of(types, t):
    """Number of columns of a type."""
    starts = types.starts
    size = 1
    while t >= starts[size + 1]:
        size += 1
    return size


@njit(nogil=True, error_model="numpy")
def columns_of(path, first, last, n, types, out):
    """Columns of some types of a path, as rows of ``out`` (c, n); how many."""
    starts = types.starts
    count = 0
    for k in range(first, last):
        size = size_of(types, path[k])
        block, t = columns_of_size(types, n, size), path[k] - starts[size]
        for c in range(size):
            for i in range(n):
                out[count, i] = block[i, c, t]
            count += 1
    return count


@njit(nogil=True, error_model="numpy", fastmath=EXACT)
def images_of(w, path, first, last, types, field, out):
    """Columns of some types of a path under ``w`` (q, n), as columns of ``out`` (q, c)."""
    starts = types.starts
    q, n = w.shape
    at = 0
    for k in range(first, last):
        size = size_of(types, path[k])
        block, t = columns_of_size(types, n, size), path[k] - starts[size]
        for c in range(size):
            for r in range(q):
                total = 0.0
                for i in range(n):
                    total += w[r, i] * block[i, c, t]
                out[r, at] = reduced(total, field)
            at += 1


@njit(nogil=True, error_model="numpy", fastmath=EXACT)
def echelon(matrix, field, pivots):
    """Reduce a matrix by rows; its rank.  ``pivots``: row of each column, or −1."""
    rows, columns = matrix.shape
    found = 0
    for c in range(columns):
        pivots[c] = -1
        pivot = found
        while pivot < rows and matrix[pivot, c] == 0.0:
            pivot += 1
        if pivot == rows:
            continue
        if pivot != found:
            for j in range(c, columns):
                matrix[pivot, j], matrix[found, j] = matrix[found, j], matrix[pivot, j]
        lead = matrix[found, c]
        for r in range(found + 1, rows):
            other = matrix[r, c]
            if other != 0.0:
                for j in range(c + 1, columns):
                    below = reduced(matrix[r, j] * lead, field)
                    above = reduced(matrix[found, j] * other, field)
                    matrix[r, j] = reduced(below - above, field)
        pivots[c] = found
        found += 1
    return found


@njit(nogil=True, error_model="numpy", fastmath=EXACT)
def take_images(w, block, chosen, start, field, out):
    """``out[r, c, t] = Σᵢ w[r, i] block[i, c, types[t] − start]``."""
    q, n = w.shape
    m = len(chosen)
    columns = np.empty((n, m))
    for c in range(block.shape[1]):
        for i in range(n):
            for t in range(m):
                columns[i, t] = block[i, c, chosen[t] - start]
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
                g[t] = reduced(g[t], field)


@njit(nogil=True, error_model="numpy", fastmath=EXACT)
def all_minors(images, rows, parts, offsets, field, first, second):
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
                target[t] = reduced(target[t], field)
        old, new = new, old
    return old


@njit(nogil=True, error_model="numpy", fastmath=EXACT)
def eliminate(w, g, field, out):
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
        factor = reduced(factor * g[pivot, c], field)
        if before % 2 == 1:
            factor = -factor
        scale = inverse_of(g[pivot, c], field)
        for r in range(q):
            if alive[r] and g[r, c] != 0.0:
                ratio = reduced(g[r, c] * scale, field)
                for i in range(n):
                    work[r, i] = reduced(work[r, i] - ratio * work[pivot, i], field)
                for i in range(c + 1, g.shape[1]):
                    g[r, i] = reduced(g[r, i] - ratio * g[pivot, i], field)
    k = 0
    for r in range(q):
        if alive[r]:
            for i in range(n):
                out[k, i] = work[r, i]
            k += 1
    return factor


@njit(nogil=True, error_model="numpy", fastmath=EXACT)
def zeros_in_products(a, b, field, sums, zero):
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
        zero[j] = reduced(sums[j], field) == 0.0
        found += zero[j]
    return found
