"""The compiled walk over all sets of neuron types of a level.

Test all sets of types that complete a prefix to the full number of columns.

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
    From :func:`exactsparse.routes.rank_search.laplace_tables.minor_tables`.
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

Notes
-----
Only the walk is kept in Numba's disk cache, which sees no changes of what it calls in other files:
the contents of these files are part of its key, as a value that the function closes over.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np

from exactsparse.compiling import njit
from exactsparse.routes.rank_search.kernels.leaves import CHUNK, pairs, singles
from exactsparse.routes.rank_search.kernels.padding import pad_dependent, record
from exactsparse.routes.rank_search.kernels.residues import (
    EXACT,
    columns_of_size,
    eliminate,
    reduced,
    size_of,
    take_images,
)
from exactsparse.routes.rank_search.kernels.row_group_rank import proves_rank_deficit, split_groups


def _compiled():
    files = sorted(Path(__file__).parent.glob("*.py"))
    sources = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()

    @njit(cache=True, nogil=True, error_model="numpy", fastmath=EXACT)
    def walk(
        w, factor, owed, prefix, given, lowest, highest, here, counts, starts, blocks, masks,
        supports, widths, units, free, free_rank, tables, in_pairs, splits, refuted, conflicts,
        noise, p, hits, dead, cut, stopped,
    ):  # fmt: skip
        """Walk; see the module."""
        _ = sources
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
        images = np.empty((q, sizes, CHUNK))
        minors = np.empty((3, widest, CHUNK))
        zero = np.zeros(CHUNK, dtype=np.bool_)
        sums = np.empty(CHUNK)
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
            np.zeros(n, dtype=np.int64),
        )
        depth = 0
        arriving = True
        while depth >= 0 and not stopped[0]:
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
                n_groups = split_groups(
                    path, d, masks, supports, (1 << n) - 1, free, groups, unions
                )
                alone = tested and d == 0
                if tested and d > 0:
                    size = size_of(starts, after)
                    alone = rest <= sizes and not in_pairs[size, rest]
                if alone and rest <= sizes and counts[rest] > 0:
                    part, n_hits = singles(
                        space, path, d, after, rest, counts, starts, blocks, masks, supports,
                        widths, free, free_rank, tables, p, inverse, images, minors, factors[depth],
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
                    part, n_hits, n_dead = pairs(
                        space, path, d, after, ra, rb, counts, starts, blocks, masks, supports,
                        widths, free, free_rank, tables, p, inverse, images, minors, zero, sums,
                        factors[depth], debts[depth], groups, unions, n_groups, refuted, noise,
                        scratch, units, banned[depth], conflicts, allowed, hits, n_hits, dead,
                        n_dead, stopped,
                    )  # fmt: skip
                    checksum += part
                checksum = reduced(checksum, p, inverse)
            t = following[depth]
            end = end_of_types
            if d == len(prefix):
                end = min(end, highest)
            elif d < len(prefix):
                end = prefix[d] + 1
            if t >= end:
                depth -= 1
                continue
            size = size_of(starts, t)
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
            take_images(
                space, columns_of_size(blocks, starts, n, size), one, starts[size], p, inverse, view
            )
            work[:] = view[:, :, 0]
            child = spaces[depth + 1, : rest - size]
            shrink = eliminate(space, work, p, inverse, child)
            debt = debts[depth]
            if shrink == 0.0:
                repeated = False
                for k in range(d):
                    repeated |= masks[path[k]] == masks[t]
                if repeated:
                    continue
                missing = pad_dependent(view, 0, noise[2:], p, inverse, scratch[0])
                if not proves_rank_deficit(
                    path, d + 1, 0 if debt else 1 << d, debt + missing, n, starts, blocks, p,
                    inverse, masks, supports, widths, free, free_rank, scratch[4], scratch[1],
                    scratch[2], scratch[3],
                ):  # fmt: skip
                    n_cut = record(cut, n_cut, path, d, t, -1)
                    continue
                debt += missing
                eliminate(space, view[:, :, 0], p, inverse, child)
            factors[depth + 1] = reduced(factors[depth] * shrink, p, inverse)
            debts[depth + 1] = debt
            banned[depth + 1] = banned[depth]
            if len(conflicts) > 1:
                banned[depth + 1] |= conflicts[t]
            depth += 1
            left[depth] = rest - size
            arriving = True
        return checksum, n_hits, n_dead, n_cut

    return walk


walk = _compiled()
