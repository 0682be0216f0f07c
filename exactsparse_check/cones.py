"""A level where all sets of types on all points are gone through, and cones decide.

Take a network of cost c through all points; none costs less. Write u = |v| (w, b) for a neuron, so
that it adds s (u . x)_+ at x = (x, 1), with s = 1 or -1. On the points it is s times a linear
function of u, as long as u stays in the closure of one chamber (arrangement.py) of its support:
u . x >= 0 on the points of the mask, and u . x <= 0 on the others. With a skip, (u . x)_+ may be
replaced by u . x + (-u . x)_+: of two complementary masks one will do.

A neuron with an empty mask could be left out. Two neurons of equal mask and sign could be merged
into one with the sum of their u, in the union of their supports: it is in the chamber of equal
mask. Both would make the network no dearer; as none is cheaper, we may take it that all neurons
differ in mask or sign, and have non-empty masks. So the level is excluded if for no set of types
and signs of cost c, without repetitions, there are u in the closed chambers and a skip that give
all labels. That is a linear program without an objective, over the rationals.
"""

from collections.abc import Callable, Iterator
from itertools import product
from operator import mul

from exactsparse_check.inequalities import is_feasible, relations
from exactsparse_check.linear import Vector
from exactsparse_check.neuron_types import Support, Supports, Table, masks_on
from exactsparse_check.schema import Rejected

Kind = tuple[Support, int]
Signs = tuple[int, ...]


class Cones:
    """The sets of types of a cost on all points, and how many of them are done."""

    def __init__(
        self,
        table: Table,
        supports: Supports,
        cost: int,
        skip: bool,
        pause: Callable[[], object] = lambda: None,
    ) -> None:
        self._table, self._skip, self._cost, self.done = table, skip, cost, 0
        self._skip_columns = table.skip_columns(skip)
        self._kinds = [
            (support, mask)
            for support in supports.of_cost(cost)
            for mask in masks_on(table, support, skip, pause)
        ]
        self._costs = [supports.cost(support) for support, _ in self._kinds]

    def count(self) -> int:
        """Number of sets of types, of which each may occur with both signs, of this cost."""
        counts = [1] + [0] * self._cost
        for price in self._costs:
            counts = [
                sum(counts[left] for left in (c, c - price, c - 2 * price) if left >= 0)
                for c in range(self._cost + 1)
            ]
        return counts[self._cost]

    def check(self, pause: Callable[[], object]) -> None:
        """Reject the level if some set fits the labels. `pause` is called often, and may raise."""
        for kinds in self._sets(0, self._cost, ()):
            pause()
            self.done += 1
            if signs := self._fitting_signs(kinds):
                raise Rejected(
                    f"neurons of inputs and mask {kinds}, of signs {signs}, fit the labels"
                )

    def _sets(self, start: int, left: int, chosen: tuple[Kind, ...]) -> Iterator[tuple[Kind, ...]]:
        if left == 0:
            yield chosen
        for k in range(start, len(self._kinds)):
            mask = self._kinds[k][1]
            if self._costs[k] <= left and sum(mask == other for _, other in chosen) < 2:
                yield from self._sets(k, left - self._costs[k], (*chosen, self._kinds[k]))

    def _fitting_signs(self, kinds: tuple[Kind, ...]) -> Signs | None:
        table = self._table
        if not any(self._signs(kinds)):
            return None
        columns = [x for support, mask in kinds for x in table.columns(support, mask)]
        solutions = relations([*columns, *self._skip_columns, table.labels])
        if not solutions or not solutions[-1][-1]:
            return None
        # Coefficients that add up to 0 with the last: those of the labels, to be negative.
        *directions, point = solutions
        point = [-x for x in point] if point[-1] > 0 else point
        chambers, at = [], 0
        for support, mask in kinds:
            place = slice(at, at + len(support))
            at += len(support)
            chambers.append(
                [
                    [sum(map(mul, row, move[place])) for move in (point, *directions)]
                    for row in self._outward(support, mask)
                ]
            )
        for signs in self._signs(kinds):
            inequalities = [
                [sign * x for x in row]
                for sign, rows in zip(signs, chambers, strict=True)
                for row in rows
            ]
            if is_feasible(inequalities):
                return signs
        return None

    def _outward(self, support: Support, mask: int) -> list[Vector]:
        """Return rows that are to be nonnegative on the u of a chamber."""
        rows = [[row[c] for c in support] for row in self._table.rows]
        return [row if mask >> i & 1 else [-x for x in row] for i, row in enumerate(rows)]

    def _signs(self, kinds: tuple[Kind, ...]) -> Iterator[Signs]:
        """Give the signs without repetitions, so that neurons of their signs reach all labels."""
        for signs in product((1, -1), repeat=len(kinds)):
            if len({(mask, sign) for (_, mask), sign in zip(kinds, signs, strict=True)}) == len(
                kinds
            ) and (self._skip or self._cover(kinds, signs)):
                yield signs

    def _cover(self, kinds: tuple[Kind, ...], signs: Signs) -> bool:
        seen = {1: 0, -1: 0}
        for (_, mask), sign in zip(kinds, signs, strict=True):
            seen[sign] |= mask
        return all(seen[1 if y > 0 else -1] >> i & 1 for i, y in enumerate(self._table.labels) if y)
