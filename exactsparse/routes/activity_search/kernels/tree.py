"""Branch and bound over activities, row after row, compiled.

A node holds rows on which it is decided which neurons are active.  On them the network is linear in
its weights, so that the bounds of these rows and the inequalities that say which neurons are active
are a linear program.  If that has no solution, the node is closed; if the network of a solution
misses a row, the activities there are branched on.  Activities that no weights of the cell have are
left out, and of neurons that are alike the one before is active first.

A node is closed by proof only (:mod:`exactsparse.routes.activity_search.kernels.refutation`).  One
that floats would close and cannot prove is handed out, to be decided in rationals, and so is one on
which there is nothing left to branch.

Where ``found.record`` has room, the tree is written into it in preorder, and nothing is handed out:

* ``NODE``, the row, the number of claims, and each claim that a neuron is never active, or never
  inactive: neuron, 0 or 1, number of rows, places of the rows on the path that bound its cell; then
  every child, its pattern first, and -1 after the last;
* ``LEAF``, and how many and which bounds and cones contradict each other: ``q (k + 1)`` for the
  bounds of the q-th row of the path, ``q (k + 1) + 1 + j`` for the cone of neuron j there;
* ``LEFT``: to be decided in rationals.
"""

from __future__ import annotations

import numpy as np

from exactsparse.compiling import QuickStart, njit
from exactsparse.routes.activity_search.kernels.activities import (
    N_RECORD,
    free_value,
    next_pattern,
    open_activities,
    put,
    tie,
)
from exactsparse.routes.activity_search.kernels.arguments import DEPTH
from exactsparse.routes.activity_search.kernels.dual_simplex import (
    POSITIVE,
    SOLVED,
    STUCK,
    Tableau,
    minimise,
    start,
)
from exactsparse.routes.activity_search.kernels.refutation import contradict, select

OPEN, HARD = 0, 1
# Entries of the counts, and of the record.
NODES, PROGRAMS, UNPROVED, N_LEFT = 0, 1, 2, 3
NODE, LEAF, LEFT = 0, 1, 2

# A row is missed from here on.
_MISSED = 1e-9
_AT_ONCE = 64


@njit(cache=True, nogil=True, error_model="numpy")
def explore(data, shape, path, depth, most_nodes, scratch, found):
    """Go through the tree below a path, as far as ``most_nodes`` nodes.

    Parameters
    ----------
    data : Data
        Rows.
    shape : Shape
        Neurons.
    path : Path
        Decided rows; changed below ``depth``.
    depth : int
        How many.
    most_nodes : int
        When to hand out what is open.
    scratch : Scratch
        For this shape.
    found : Found
        Receives what is left, and is added up in.

    Returns
    -------
    bool
        False if there was no room for what is left: then nothing is proved.
    """
    k = len(shape.sizes)
    n = len(data.lower)
    unknowns = shape.columns + 1
    tied = np.zeros((DEPTH + 1, k), dtype=np.int64)
    decided = np.zeros(n, dtype=np.bool_)
    branch = np.zeros(DEPTH + 1, dtype=np.int64)
    waiting = np.zeros(DEPTH + 1, dtype=np.int64)
    may_be_on = np.zeros(DEPTH + 1, dtype=np.int64)
    may_be_off = np.zeros(DEPTH + 1, dtype=np.int64)
    g, b = scratch.g, scratch.b
    for c in range(unknowns):
        g[0, c] = 0.0
    g[0, unknowns - 1] = -1.0
    b[0] = -data.floor
    start(_tableau(scratch, 0), unknowns, 0, data.floor)
    for j in range(k):
        tied[0, j] = shape.twins[j]
    level = 0
    fresh = True
    for q in range(depth):
        state = _decide(data, shape, path, level, scratch)
        tie(path, level, tied)
        decided[path.rows[q]] = True
        level += 1
        if state == POSITIVE and _is_closed(data, shape, path, level, scratch):
            _record_leaf(shape, level, scratch, found)
            return True
        if state != SOLVED:
            # The whole path, also where it fails before its end: what is left must be below it.
            return _leave(path, depth, HARD, found)
    first = level
    nodes = 0
    while level >= first:
        if fresh:
            fresh = False
            nodes += 1
            found.counts[NODES] += 1
            row = -1 if level >= DEPTH else _missed(data, shape, decided, scratch.point[level])
            if row < 0:
                if not _leave(path, level, HARD, found):
                    return False
                level -= 1
                if level >= first:
                    decided[path.rows[level]] = False
                continue
            branch[level] = row
            put(found, NODE)
            put(found, row)
            open_activities(
                data, shape, path, level, row, may_be_on, may_be_off, tied, scratch, found
            )
            waiting[level] = may_be_on[level] & may_be_off[level]
        if nodes > most_nodes:
            break
        pattern = next_pattern(data, shape, level, branch, waiting, may_be_on, may_be_off, tied)
        put(found, pattern)
        if pattern < 0:
            level -= 1
            if level >= first:
                decided[path.rows[level]] = False
            continue
        path.rows[level], path.patterns[level] = branch[level], pattern
        state = _decide(data, shape, path, level, scratch)
        found.counts[PROGRAMS] += 1
        if state == STUCK:
            if not _leave(path, level + 1, HARD, found):
                return False
            continue
        if state == POSITIVE:
            if _is_closed(data, shape, path, level + 1, scratch):
                _record_leaf(shape, level + 1, scratch, found)
                continue
            found.counts[UNPROVED] += 1
            if not _leave(path, level + 1, HARD, found):
                return False
            continue
        tie(path, level, tied)
        decided[path.rows[level]] = True
        level += 1
        fresh = True
    while level >= first:
        # Out of nodes: what waits is left open.
        while True:
            pattern = next_pattern(data, shape, level, branch, waiting, may_be_on, may_be_off, tied)
            if pattern < 0:
                break
            path.rows[level], path.patterns[level] = branch[level], pattern
            if not _leave(path, level + 1, OPEN, found):
                return False
        level -= 1
    return True


@njit(cache=True, nogil=True, error_model="numpy")
def _tableau(scratch, level):
    return Tableau(
        scratch.basis[level],
        scratch.inverse[level],
        scratch.multipliers[level],
        scratch.point[level],
    )


@njit(cache=True, nogil=True, error_model="numpy")
def _decide(data, shape, path, level, scratch):
    """Solve the linear program of a path of ``level + 1`` rows from that of the rows before."""
    k = len(shape.sizes)
    unknowns = shape.columns + 1
    last = shape.columns
    n_free = len(data.free_inputs)
    g, b = scratch.g, scratch.b
    row, pattern = path.rows[level], path.patterns[level]
    base = 1 + level * (k + 2)
    for r in range(base, base + k + 2):
        b[r] = 0.0
        for c in range(unknowns):
            g[r, c] = 0.0
    for j in range(k):
        active = (pattern >> j) & 1
        side = -shape.sides[j] if active else shape.sides[j]
        for c in range(shape.sizes[j]):
            value = data.points[row, shape.inputs[j, c]]
            at = shape.offsets[j] + c
            g[base + 2 + j, at] = side * value
            if active:
                g[base, at] = value
                g[base + 1, at] = -value
    for c in range(n_free):
        at = last - n_free + c
        value = free_value(data, row, c)
        g[base, at] = value
        g[base + 1, at] = -value
    g[base, last] = -1.0
    g[base + 1, last] = -1.0
    b[base] = data.upper[row]
    b[base + 1] = -data.lower[row]
    for r in range(unknowns):
        scratch.basis[level + 1, r] = scratch.basis[level, r]
        scratch.multipliers[level + 1, r] = scratch.multipliers[level, r]
        scratch.point[level + 1, r] = scratch.point[level, r]
        for c in range(unknowns):
            scratch.inverse[level + 1, r, c] = scratch.inverse[level, r, c]
    return minimise(g, b, base + k + 2, _tableau(scratch, level + 1), unknowns, scratch.alpha)


@njit(cache=True, nogil=True, error_model="numpy")
def _is_closed(data, shape, path, depth, scratch):
    """Whether it is proved that no weights have the decided activities and meet the bounds."""
    if not select(_tableau(scratch, depth), shape, depth, scratch.selection):
        return False
    return contradict(data, shape, path, depth, scratch.selection, scratch.system)


@njit(cache=True, nogil=True, error_model="numpy")
def _missed(data, shape, decided, point):
    """The row that a network misses most among the first that has such rows; -1 for none."""
    k = len(shape.sizes)
    n = len(data.lower)
    n_free = len(data.free_inputs)
    order = data.order
    worst, found = _MISSED, -1
    for at in range(n):
        if at % _AT_ONCE == 0 and found >= 0:
            break
        row = order[at]
        if decided[row]:
            continue
        value = 0.0
        for c in range(n_free):
            value += free_value(data, row, c) * point[shape.columns - n_free + c]
        for j in range(k):
            height = 0.0
            for c in range(shape.sizes[j]):
                height += data.points[row, shape.inputs[j, c]] * point[shape.offsets[j] + c]
            if height * shape.sides[j] > 0.0:
                value += height
        excess = max(value - data.upper[row], data.lower[row] - value)
        if excess > worst:
            worst, found = excess, at
    if found < 0:
        return -1
    row = order[found]
    if found >= _AT_ONCE:
        # From now on looked at among the first, in the place of one of these.
        other = found % _AT_ONCE
        order[found], order[other] = order[other], row
    return row


@njit(cache=True, nogil=True, error_model="numpy")
def _leave(path, depth, kind, found):
    """Hand a path out; False if there is no room."""
    if len(found.record) > 0:
        put(found, LEFT)
        return True
    at = found.counts[N_LEFT]
    if at == len(found.depths):
        return False
    for q in range(depth):
        found.rows[at, q], found.patterns[at, q] = path.rows[q], path.patterns[q]
    found.depths[at], found.kinds[at] = depth, kind
    found.counts[N_LEFT] += 1
    return True


@njit(cache=True, nogil=True, error_model="numpy")
def _record_leaf(shape, depth, scratch, found):
    """Write which bounds and cones contradict each other."""
    if len(found.record) == 0:
        return
    k = len(shape.sizes)
    band, cone = scratch.selection.band, scratch.selection.cone
    put(found, LEAF)
    place = found.counts[N_RECORD]
    put(found, 0)
    many = 0
    for q in range(depth):
        for which in range(k + 1):
            if (band[q] if which == 0 else cone[q, which - 1]) != 0:
                put(found, q * (k + 1) + which)
                many += 1
    if place < len(found.record):
        found.record[place] = many


EXPLORE = QuickStart(explore)
