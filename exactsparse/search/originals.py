"""Which neuron types a surviving set of representatives stands for.

On its rows, a network is reduced to a set of representatives: neurons that do nothing there are
dropped, neurons of equal pattern merge into one of the union of their supports, a type whose space
lies in the unit vectors of a kept type gives way to that type, and neurons that are not needed to
reach the labels are dropped.  Here these steps are undone, at a given cost of the whole network.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from itertools import product

from exactsparse.search.rows import IntegerTable
from exactsparse.search.types import NeuronType, Support, TypeSpace, types_on


class Originals:
    """All neuron types on the rows of a level, and the representatives that they reduce to.

    Parameters
    ----------
    space : TypeSpace
        Rows and representatives.
    objective : {"parameters", "neurons"}
        What a type costs.
    """

    def __init__(self, space: TypeSpace, objective: str) -> None:
        self._space = space
        self._objective = objective

    def cost(self, t: NeuronType) -> int:
        """What a neuron of a type costs."""
        return 1 if self._objective == "neurons" else len(t.support)

    @cached_property
    def _by_pattern(self) -> dict[int, list[NeuronType]]:
        """Types by pattern, one of each pair of complements standing for both under a skip."""
        found: dict[int, list[NeuronType]] = {}
        for t in self._space.everything:
            found.setdefault(self._space.visible_mask(t), []).append(t)
        return found

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
            spent = sum(self.cost(t) for part in parts for t in part)
            if spent > cost:
                continue
            for extra in self._extras(cost - spent):
                types = tuple(sorted((*(t for part in parts for t in part), *extra), key=_order))
                if types not in seen:
                    seen.add(types)
                    yield types

    def _of_one(self, representative: int, most: int) -> list[tuple[NeuronType, ...]]:
        """Multisets of types of equal pattern that may merge into a representative."""
        kept = self._space.types[representative]
        span = self._space.spans[representative]
        own = self.cost(kept)
        found = []
        for mask, types in self._by_pattern.items():
            if mask == 0 or (mask & ~kept.mask if span is not None else mask != kept.mask):
                continue
            inside = [t for t in types if span is not None or set(t.support) <= set(kept.support)]
            for several in self._multisets(inside, 0, most):
                union = set().union(*(t.support for t in several))
                if len(union) >= len(kept.support) and sum(map(self.cost, several)) >= own:
                    found.append(several)
        return found

    def _multisets(
        self, types: list[NeuronType], start: int, most: int
    ) -> Iterator[tuple[NeuronType, ...]]:
        """Nonempty multisets of some types, from a position on, that cost no more than ``most``."""
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
    table: IntegerTable, supports: tuple[Support, ...], objective: str, skip: bool, cost: int
) -> Iterator[tuple[NeuronType, ...]]:
    """Multisets of types on all rows that a network of some cost may have.

    No pattern occurs more than twice, once for each sign of the output weight; every row with a
    nonzero label is seen, unless a skip sees it.
    """
    types = []
    for support in supports:
        nonzero = sum(
            1 << i for i, row in enumerate(table.points[:, list(support)].tolist()) if any(row)
        )
        for t in types_on(table, support):
            # With a skip, what is active wherever it can be is no neuron.
            if t.mask and not (skip and t.mask == nonzero):
                types.append(t)
    costs = [1 if objective == "neurons" else len(t.support) for t in types]
    needed = 0 if skip else sum(1 << i for i, label in enumerate(table.labels) if label)

    def extend(
        start: int, left: int, chosen: tuple[NeuronType, ...], covered: int
    ) -> Iterator[tuple[NeuronType, ...]]:
        if left == 0:
            if needed & ~covered == 0:
                yield chosen
            return
        for k in range(start, len(types)):
            t = types[k]
            if costs[k] > left:
                return
            if sum(other.mask == t.mask for other in chosen) < 2:
                yield from extend(k, left - costs[k], (*chosen, t), covered | t.mask)

    yield from extend(0, cost, (), 0)
