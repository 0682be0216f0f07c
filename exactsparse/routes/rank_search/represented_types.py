"""Which neuron types a surviving set of representatives stands for.

On its rows, a network is reduced to a set of representatives: neurons that do nothing there are
dropped, neurons of equal pattern merge into one of the union of their supports, a type whose space
lies in the unit vectors of a kept type gives way to that type, and neurons that are not needed to
reach the labels are dropped.  What is not dropped keeps its space inside that of what takes its
place; here the steps are undone by these inclusions, at a given cost of the whole network.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from itertools import product

import numpy as np
from numpy.typing import NDArray

from exactsparse.exact.rank import independent, rank
from exactsparse.patterns.neuron_types import NeuronType, Support, rows_seen, types_on
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.objective import Objective
from exactsparse.routes.rank_search.budget import BUDGET
from exactsparse.routes.rank_search.level import PRIME
from exactsparse.routes.rank_search.modular import left_null_space
from exactsparse.routes.rank_search.type_spans import TypeSpans


class RepresentedTypes:
    """All neuron types on the rows of a level, and the representatives that they reduce to.

    Parameters
    ----------
    space : TypeSpans
        Rows and representatives.
    objective : Objective
        What a type costs.
    pause : callable
        Called now and then, also where sets are gone through that are of no use; may raise to end
        the work.
    """

    def __init__(
        self, space: TypeSpans, objective: Objective, pause: Callable[[], object] = lambda: None
    ) -> None:
        self._space = space
        self._objective = objective
        self._pause = pause

    def cost(self, t: NeuronType) -> int:
        """What a neuron of a type costs."""
        return self._objective.cost_of_type(len(t.support))

    @cached_property
    def _columns(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Columns of all types modulo the prime, (n, columns), and the type of each."""
        points = self._space.table.points
        n = len(points)
        residues = (points % PRIME).astype(np.int64)
        parts, owners = [np.zeros((n, 0), dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
        for k, t in enumerate(self._space.everything):
            if k % BUDGET.types_between_pauses == 0:
                self._pause()
            parts.append(residues[:, list(t.support)] * t.active(n)[:, None])
            owners.append(np.full(len(t.support), k))
        return np.concatenate(parts, axis=1), np.concatenate(owners)

    def _inside(self, columns: list[list[int]]) -> NDArray[np.bool_]:
        """Which types have their space inside the span of some columns and the skip.

        Modulo a prime that keeps the rank of those columns, so that none is missed.
        """
        n = len(self._space.table)
        skip = self._space.table.points.T.tolist() if self._space.skip else []
        basis = independent([*skip, *columns])
        null = left_null_space(basis, n, PRIME) if basis else np.eye(n, dtype=np.int64).tolist()
        every, owners = self._columns
        inside = np.ones(len(self._space.everything), dtype=bool)
        if len(null) == n - len(basis):
            for row in null:
                # At most MOST_BITS products of residues below 2^24.
                outside = (np.array(row, dtype=np.int64) @ every) % PRIME != 0
                inside[owners[outside]] = False
        return inside

    @cached_property
    def _idle(self) -> NDArray[np.bool_]:
        """Types that do nothing on the rows."""
        return self._inside([])

    def of_set(
        self, representatives: tuple[int, ...], cost: int
    ) -> Iterator[tuple[NeuronType, ...]]:
        """Multisets of types of a total cost that may reduce to some representatives.

        Yields
        ------
        tuple of NeuronType
        """
        seen = set()
        costs = [self.cost(self._space.types[r]) for r in representatives]
        slack = cost - sum(costs)
        per_one = [
            self._of_one(r, own + slack) for r, own in zip(representatives, costs, strict=True)
        ]
        for parts in product(*per_one):
            self._pause()
            spent = sum(self.cost(t) for part in parts for t in part)
            if spent > cost:
                continue
            for extra in self._extras(cost - spent):
                types = tuple(sorted((*(t for part in parts for t in part), *extra), key=_order))
                if types not in seen:
                    seen.add(types)
                    yield types

    def _of_one(self, representative: int, most: int) -> list[tuple[NeuronType, ...]]:
        """Multisets of types that may merge into a representative, or give way to it."""
        own = self.cost(self._space.types[representative])
        free = self._space.spans[representative] is not None
        space = self._space.columns(representative)
        inside = [
            t
            for t, fits in zip(
                self._space.everything, self._inside(space) & ~self._idle, strict=True
            )
            if fits
        ]
        groups = [inside]
        if free and not self._space.skip:
            # Neurons merge only if their patterns are equal; with a skip, up to complements.
            by_mask: dict[int, list[NeuronType]] = {}
            for t in inside:
                by_mask.setdefault(t.mask, []).append(t)
            groups = list(by_mask.values())
        return [
            several
            for group in groups
            for several in self._multisets(group, 0, most)
            if sum(map(self.cost, several)) >= own and (free or self._reaches(several, space))
        ]

    def _reaches(self, types: tuple[NeuronType, ...], space: list[list[int]]) -> bool:
        """Whether types inside a space span it, together with the skip."""
        if sum(len(t.support) for t in types) < len(space):
            return False
        table = self._space.table
        n = len(table)
        columns = table.points.T.tolist() if self._space.skip else []
        for t in types:
            active = t.active(n)
            columns.extend(np.where(active, table.points[:, c], 0).tolist() for c in t.support)
        return rank([*columns, *space]) == rank(columns)

    def _multisets(
        self, types: list[NeuronType], start: int, most: int
    ) -> Iterator[tuple[NeuronType, ...]]:
        """Nonempty multisets of some types, from a position on, that cost no more than ``most``."""
        self._pause()
        for k in range(start, len(types)):
            left = most - self.cost(types[k])
            if left >= 0:
                yield (types[k],)
                for rest in self._multisets(types, k, left):
                    yield (types[k], *rest)

    def _extras(self, cost: int) -> Iterator[tuple[NeuronType, ...]]:
        """Multisets of any types of a total cost."""
        if cost == 0:
            yield ()
        for types in self._multisets(self._space.everything, 0, cost):
            if sum(map(self.cost, types)) == cost:
                yield types


def _order(t: NeuronType) -> tuple[int, tuple[int, ...], int]:
    return len(t.support), t.support, t.mask


def multisets(
    table: IntegerTable,
    supports: tuple[Support, ...],
    objective: Objective,
    skip: bool,
    cost: int,
    pause: Callable[[], object] = lambda: None,
) -> Iterator[tuple[NeuronType, ...]]:
    """Multisets of types on all rows that a network of some cost may have.

    No pattern occurs more than twice, once for each sign of the output weight; every row with a
    nonzero label is seen, unless a skip sees it.  ``pause`` is called before every support and now
    and then between types, and may raise to end the work.
    """
    types = []
    for support in supports:
        pause()
        nonzero = rows_seen(table, support)
        for t in types_on(table, support):
            # With a skip, what is active wherever it can be is no neuron.
            if t.mask and not (skip and t.mask == nonzero):
                types.append(t)
    costs = [objective.cost_of_type(len(t.support)) for t in types]
    needed = 0 if skip else sum(1 << i for i, label in enumerate(table.labels) if label)

    def extend(
        start: int, left: int, chosen: tuple[NeuronType, ...], covered: int
    ) -> Iterator[tuple[NeuronType, ...]]:
        if left == 0:
            if needed & ~covered == 0:
                yield chosen
            return
        for k in range(start, len(types)):
            if k % BUDGET.types_between_pauses == 0 or k == start:
                pause()
            t = types[k]
            if costs[k] > left:
                return
            if sum(other.mask == t.mask for other in chosen) < 2:
                yield from extend(k, left - costs[k], (*chosen, t), covered | t.mask)

    yield from extend(0, cost, (), 0)
