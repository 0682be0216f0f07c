"""Whether what survives on the rows of a level survives further rows, and which rows it does not.

A set of types that determines its weights can only give a row the sums of some of its neurons'
values there.  If none of them is the label, the set is refuted by that row.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import product

import numpy as np
from numpy.typing import NDArray

from exactsparse.exact.cones import solve_equations
from exactsparse.patterns.neuron_types import NeuronType, Support, types_on
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.routes.rank_search.budget import BUDGET

# Below 2^31, so that products of residues, and their sums with one more, fit into int64.
_PRIME = 2_147_483_629

Integers = NDArray[np.int64]

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


class RowRefutation:
    """Which rows of a table refute sets of types on a few of its rows.

    Parameters
    ----------
    table : IntegerTable
        All rows.
    skip : bool
        Whether an affine part is free.
    """

    def __init__(self, table: IntegerTable, skip: bool) -> None:
        self._table, self._skip = table, skip
        self._affine = list(table.basis) if skip else []
        self._points = (table.points % _PRIME).astype(np.int64)
        self._labels = (table.labels % _PRIME).astype(np.int64)
        self._choices = lru_cache(maxsize=1 << 8)(self._possible_activity)

    def missed(
        self,
        rows: Sequence[int],
        types: Sequence[NeuronType],
        among: Sequence[int] | None = None,
        pause: Callable[[], object] = lambda: None,
    ) -> NDArray[np.bool_]:
        """Rows that a set of types on some rows cannot meet, whatever its neurons do there.

        All of them if the set does not meet its own rows; none if it leaves weights open.  Values
        are compared modulo a prime: different residues prove different numbers, and equal ones
        leave a row out of the answer.  Linear in the rows.

        Parameters
        ----------
        rows : sequence of int
            Rows on which the types are given.
        types : sequence of NeuronType
            The set.
        among : sequence of int, optional
            Rows to look at; all if omitted.
        pause : callable
            Called now and then; may raise to end the work.

        Returns
        -------
        ndarray of bool, shape (n,) or (len(among),)
        """
        own = self._table.take(list(rows))
        active = np.array([t.active(len(rows)) for t in types], dtype=bool)
        active = active.reshape(len(types), -1).T
        columns = columns_on(own, types, active, self._affine)
        space = solve_equations(columns, own.labels.tolist())
        every = slice(None) if among is None else list(among)
        points, labels = self._points[every], self._labels[every]
        if space is None:
            return np.ones(len(labels), dtype=bool)
        if space.directions or len(types) > BUDGET.most_neurons:
            return np.zeros(len(labels), dtype=bool)
        weights = [weight % _PRIME for weight in space.point]
        at, values = 0, []
        for t in types:
            width = len(t.support)
            values.append(_dot(points, t.support, weights[at : at + width]))
            at += width
        affine = _dot(points, self._affine, weights[at:])
        target = (labels * (space.denominator % _PRIME) - affine) % _PRIME
        possible = [self._choices(tuple(rows), t) for t in types]
        missed = np.ones(len(labels), dtype=bool)
        for pattern in product((0, 1), repeat=len(types)):
            pause()
            total = np.zeros(len(labels), dtype=np.int64)
            allowed = np.ones(len(labels), dtype=bool)
            for value, on, choices in zip(values, pattern, possible, strict=True):
                if on:
                    total += value
                if choices is not None:
                    allowed &= choices[on][every]
            missed &= ~(allowed & (total % _PRIME == target))
        return missed

    def _possible_activity(
        self, rows: tuple[int, ...], t: NeuronType
    ) -> tuple[NDArray[np.bool_], NDArray[np.bool_]] | None:
        """On which rows a neuron of a type may be inactive, and on which active; None: on all."""
        if len(t.support) == 1:
            return self._of_one_input(rows, t)
        if len(self._table) > BUDGET.few_rows:
            return None
        choices = np.zeros((2, len(self._table)), dtype=bool)
        for row in range(len(self._table)):
            for (on,) in _extensions(self._table, rows, (row,), t):
                choices[int(on), row] = True
        return choices[0], choices[1]

    def _of_one_input(
        self, rows: tuple[int, ...], t: NeuronType
    ) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """The same for ``(w x_c)₊``: the sign of w decides."""
        column = self._table.points[:, t.support[0]]
        choices = np.zeros((2, len(column)), dtype=bool)
        for active in (column > 0, column < 0):
            on = active.astype(bool)
            if sum(1 << i for i, row in enumerate(rows) if on[row]) == t.mask:
                choices[1] |= on
                choices[0] |= ~on
        return choices[0], choices[1]

    def is_refuted(
        self,
        rows: Sequence[int],
        further: Sequence[int],
        types: Sequence[NeuronType],
        pause: Callable[[], object] = lambda: None,
    ) -> bool:
        """Whether no activity on further rows lets a set of types on some rows meet all labels.

        ``pause`` is called before every system of equations; it may raise to end the work.
        """
        if self.missed(rows, types, further, pause).any():
            return True
        return _is_refuted(self._table, rows, further, types, self._skip, pause)


def _dot(points: Integers, inputs: Sequence[int], weights: Sequence[int]) -> Integers:
    """``Σ points[:, inputs[k]] weights[k]`` of residues: products stay below 2^62."""
    total = np.zeros(len(points), dtype=np.int64)
    for c, weight in zip(inputs, weights, strict=True):
        total = (total + points[:, c] * weight) % _PRIME
    return total


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


def _is_refuted(
    table: IntegerTable,
    rows: Sequence[int],
    further: Sequence[int],
    types: Sequence[NeuronType],
    skip: bool,
    pause: Callable[[], object] = lambda: None,
) -> bool:
    """Whether no activity on further rows lets a set of types on some rows meet all labels."""
    affine = table.basis if skip else ()
    possible = [_extensions(table, tuple(rows), tuple(further), t) for t in types]
    n = len(rows)
    order = [*rows, *further]
    start = [tuple(bool(t.mask >> i & 1) for t in types) for i in range(n)]

    def survives(activity: list[Activity], done: tuple[Activity, ...]) -> bool:
        pause()
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
