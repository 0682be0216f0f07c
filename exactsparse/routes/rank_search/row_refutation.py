"""Whether what survives on the rows of a level survives further rows, and which rows it does not.

A set of types that determines its weights can only give a row the sums of some of its neurons'
values there.  If none of them is the label, the set is refuted by that row.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import product

import numpy as np
from numpy.typing import NDArray

from exactsparse.exact.cones import solve_equations
from exactsparse.patterns.neuron_types import NeuronType, Support, types_on
from exactsparse.problem.integer_table import IntegerTable

_FEW_ROWS = 40

Activity = tuple[bool, ...]


def columns_on(
    table: IntegerTable,
    types: Sequence[NeuronType],
    active: NDArray[np.bool_],
    skip: Sequence[int],
) -> list[list[int]]:
    """Columns of neurons, ``active`` (rows, neurons), and of a skip's inputs, on all given rows."""
    columns = [
        np.where(active[:, j], table.points[:, c], 0).tolist()
        for j, t in enumerate(types)
        for c in t.support
    ]
    return [*columns, *table.points[:, list(skip)].T.tolist()]


def refuting_rows(
    table: IntegerTable, rows: Sequence[int], types: Sequence[NeuronType], skip: bool
) -> NDArray[np.bool_]:
    """Rows of the table that a set of types on some of its rows cannot meet.

    All of them if the set does not meet its own rows; none if it leaves weights open.
    """
    own = table.take(list(rows))
    active = np.array([t.active(len(rows)) for t in types], dtype=bool).reshape(len(types), -1).T
    affine = list(table.basis) if skip else []
    space = solve_equations(columns_on(own, types, active, affine), own.labels.tolist())
    if space is None:
        return np.ones(len(table), dtype=bool)
    if space.directions:
        return np.zeros(len(table), dtype=bool)
    weights = np.array(space.point, dtype=object)
    at, values = 0, []
    for t in types:
        width = len(t.support)
        values.append(table.points[:, list(t.support)].dot(weights[at : at + width]))
        at += width
    target = table.labels * space.denominator - table.points[:, affine].dot(weights[at:])
    possible = [_possible_activity(table, rows, t) for t in types]
    missed = np.ones(len(table), dtype=bool)
    for pattern in product((0, 1), repeat=len(types)):
        total = np.zeros(len(table), dtype=object)
        allowed = np.ones(len(table), dtype=bool)
        for value, on, choices in zip(values, pattern, possible, strict=True):
            total = total + value * on
            allowed &= choices[on]
        missed &= ~(allowed & np.asarray(total == target, dtype=bool))
    return missed


def _possible_activity(
    table: IntegerTable, rows: Sequence[int], t: NeuronType
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """On which rows a neuron of a type may be inactive, and on which active."""
    choices = (np.ones(len(table), dtype=bool), np.ones(len(table), dtype=bool))
    if len(table) <= _FEW_ROWS or len(t.support) == 1:
        for row in range(len(table)):
            possible = {e[0] for e in _extensions(table, tuple(rows), (row,), t)}
            choices[0][row], choices[1][row] = False in possible, True in possible
    return choices


def _extensions(
    table: IntegerTable, rows: tuple[int, ...], further: tuple[int, ...], t: NeuronType
) -> set[Activity]:
    """What a neuron of a type on some rows may do on further ones."""
    return _extensions_by_mask(table, rows, further, t.support).get(t.mask, set())


@lru_cache(maxsize=1 << 12)
def _extensions_by_mask(
    table: IntegerTable, rows: tuple[int, ...], further: tuple[int, ...], support: Support
) -> dict[int, set[Activity]]:
    n = len(rows)
    found: dict[int, set[Activity]] = {}
    for t in types_on(table.take([*rows, *further]), support):
        activity = tuple(bool(t.mask >> n + k & 1) for k in range(len(further)))
        found.setdefault(t.mask & ((1 << n) - 1), set()).add(activity)
    return found


def is_refuted(
    table: IntegerTable,
    rows: Sequence[int],
    further: Sequence[int],
    types: Sequence[NeuronType],
    skip: bool,
) -> bool:
    """Whether no activity on further rows lets a set of types on some rows meet all labels."""
    affine = table.basis if skip else ()
    possible = [_extensions(table, tuple(rows), tuple(further), t) for t in types]
    n = len(rows)
    order = [*rows, *further]
    start = [tuple(bool(t.mask >> i & 1) for t in types) for i in range(n)]

    def survives(activity: list[Activity], done: tuple[Activity, ...]) -> bool:
        reached = len(activity)
        own = table.take(order[:reached])
        active = np.array(activity, dtype=bool).reshape(reached, len(types))
        if solve_equations(columns_on(own, types, active, affine), own.labels.tolist()) is None:
            return False
        if reached == len(order):
            return True
        k = reached - n
        choices = [
            {e[: k + 1] for e in extensions if e[:k] == so_far}
            for extensions, so_far in zip(possible, done, strict=True)
        ]
        return any(
            survives([*activity, tuple(e[k] for e in pattern)], pattern)
            for pattern in product(*map(sorted, choices))
        )

    return not survives(start, ((),) * len(types))
