"""The compiled walk over all sets of neuron types of a level.

Test all sets of types that complete a prefix to the full number of columns.

Parameters
----------
level : LevelArrays
    What the walks of the level share.
start : Start
    Where it begins, and the range that it goes through.
undecided : Undecided
    Buffers for what is left to integers.
stopped : ndarray of int, shape (1,)
    The walk ends soon after it is set; what it returns then is of no meaning.

Returns
-------
tuple
    Sum of the determinants modulo p; how many entries there were for each of the buffers, which
    may be more than they hold.

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
from exactsparse.routes.rank_search.kernels.arguments import Buffers, Node, Scratch
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
    def walk(level, start, undecided, stopped):
        """Walk; see the module."""
        _ = sources
        types, field, in_pairs, splits = level.types, level.field, level.in_pairs, level.splits
        counts, starts, masks, supports = types.counts, types.starts, types.masks, types.supports
        prefix, given = start.prefix, start.given
        q, n = start.w.shape
        sizes = len(types.counts) - 2
        checksum, n_sets, n_dependent_last, n_dependent_prefix = 0.0, 0, 0, 0
        path = np.zeros(given + q + len(prefix) + 2, dtype=np.int64)
        for k in range(len(prefix)):
            path[k] = prefix[k]
        spaces = np.empty((q + 1, q, n))
        for r in range(q):
            for i in range(n):
                spaces[0, r, i] = start.w[r, i]
        left = np.zeros(q + 1, dtype=np.int64)
        factors = np.ones(q + 1)
        following = np.zeros(q + 1, dtype=np.int64)
        padded = np.zeros(q + 1, dtype=np.int64)
        end_of_types = starts[sizes + 1]
        n_inputs = sizes
        for t in range(end_of_types):
            while supports[t] >> n_inputs:
                n_inputs += 1
        banned = np.zeros((q + 1, end_of_types), dtype=np.bool_)
        one = np.empty(1, dtype=np.int64)
        left[0], factors[0], padded[0] = q, start.factor, start.n_padded
        widest = 1
        for k in range(1, sizes + 1):
            widest = max(widest, level.tables.partner_at[-1, k])
        buffers = Buffers(
            np.empty((q, sizes, CHUNK)),
            np.empty((3, widest, CHUNK)),
            np.zeros(CHUNK, dtype=np.bool_),
            np.empty(CHUNK),
            np.empty((2, end_of_types), dtype=np.int64),
        )
        groups = np.zeros(n + 1, dtype=np.int64)
        unions = np.zeros(n + 1, dtype=np.int64)
        scratch = Scratch(
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
                scratch.lifted[0] = 0
                after = path[d - 1] if d > 0 else -1
                following[depth] = after + 1
                if d == len(prefix):
                    following[depth] = max(after + 1, start.lowest)
                elif d < len(prefix):
                    following[depth] = prefix[d]
                tested = d > len(prefix) or (d == len(prefix) and start.here)
                n_groups = split_groups(path, d, types, (1 << n) - 1, groups, unions)
                node = Node(
                    space, path, d, after, factors[depth], padded[depth], banned[depth], n_groups,
                    groups, unions,
                )  # fmt: skip
                alone = tested and d == 0
                if tested and d > 0:
                    size = size_of(types, after)
                    alone = rest <= sizes and not in_pairs[size, rest]
                if alone and rest <= sizes and counts[rest] > 0:
                    part, n_sets = singles(node, level, rest, buffers, scratch, undecided, n_sets)
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
                    part, n_sets, n_dependent_last = pairs(
                        node, level, ra, rb, buffers, scratch, undecided, n_sets,
                        n_dependent_last, stopped,
                    )  # fmt: skip
                    checksum += part
                checksum = reduced(checksum, field)
            t = following[depth]
            end = end_of_types
            if d == len(prefix):
                end = min(end, start.highest)
            elif d < len(prefix):
                end = prefix[d] + 1
            if t >= end:
                depth -= 1
                continue
            size = size_of(types, t)
            if size > rest or not splits[size, rest - size]:
                # Larger types leave even less.
                following[depth] = starts[size + 1]
                continue
            following[depth] = t + 1
            if banned[depth, t]:
                continue
            path[d] = t
            view = buffers.images[:rest, :size, :1]
            work = scratch.images[:rest, :size]
            one[0] = t
            take_images(space, columns_of_size(types, n, size), one, starts[size], field, view)
            for r in range(rest):
                for c in range(size):
                    work[r, c] = view[r, c, 0]
            child = spaces[depth + 1, : rest - size]
            shrink = eliminate(space, work, field, child)
            n_padded = padded[depth]
            if shrink == 0.0:
                repeated = False
                for k in range(d):
                    repeated |= masks[path[k]] == masks[t]
                if repeated:
                    continue
                missing = pad_dependent(view, 0, level.noise[2:], field, scratch.work)
                required = 0 if n_padded else 1 << d
                if not proves_rank_deficit(
                    path, d + 1, required, n_padded + missing, n, types, field, scratch
                ):
                    n_dependent_prefix = record(
                        undecided.dependent_prefix, n_dependent_prefix, path, d, t, -1
                    )
                    continue
                n_padded += missing
                eliminate(space, view[:, :, 0], field, child)
            factors[depth + 1] = reduced(factors[depth] * shrink, field)
            padded[depth + 1] = n_padded
            for k in range(end_of_types):
                banned[depth + 1, k] = banned[depth, k]
                if len(level.conflicts) > 1:
                    banned[depth + 1, k] |= level.conflicts[t, k]
            depth += 1
            left[depth] = rest - size
            arriving = True
        return checksum, n_sets, n_dependent_last, n_dependent_prefix

    return walk


walk = _compiled()
