"""Which kinds of networks a cost allows: inputs and output signs of the neurons.

A neuron with a single input is ``α (x_c)₊`` or ``α (-x_c)₊``, whatever the signs of its weights:
where it is active is known, and α has any sign.  Two of one kind are one neuron, which costs less.
With a free affine part ``(-x_c)₊ = (x_c)₊ - x_c``, so that one kind per input is enough, and a
neuron may be turned round, ``(t)₊ = t + (-t)₊``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import combinations, combinations_with_replacement, product
from typing import NamedTuple

from exactsparse.patterns.neuron_types import Support, useful_supports
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.objective import Objective

# An input, and 1 for (x_c)₊, -1 for (-x_c)₊, 0 for x_c.
FreeColumn = tuple[int, int]


class Kind(NamedTuple):
    """Inputs and signs of a network's neurons.

    Parameters
    ----------
    neurons : tuple of (support, sign)
        Sorted; sign of the output, 1 or -1.
    free : tuple of (input, kind)
        Columns whose weights have any sign.
    turned : bool
        Whether neurons may be turned round.
    """

    neurons: tuple[tuple[Support, int], ...]
    free: tuple[FreeColumn, ...]
    turned: bool

    @property
    def columns(self) -> int:
        """Number of weights."""
        return sum(len(support) for support, _ in self.neurons) + len(self.free)


def kinds(table: IntegerTable, objective: Objective, skip: bool, cost: int) -> Iterator[Kind]:
    """All kinds of networks of a cost that a sparsest network may be of.

    Parameters
    ----------
    table : IntegerTable
        All rows.
    objective : Objective
        What is counted.
    skip : bool
        Whether an affine part is free.
    cost : int
        Of the network.

    Examples
    --------
    >>> from exactsparse import Dataset
    >>> from exactsparse.problem.objective import NEURONS, PARAMETERS
    >>> table = IntegerTable.of(Dataset.from_arrays([[1, -2], [-1, 3]], [0, 1]))
    >>> [len(list(kinds(table, PARAMETERS, False, cost))) for cost in (1, 2, 3)]
    [5, 16, 40]
    >>> [kind.neurons for kind in kinds(table, NEURONS, True, 1)]
    [(((0, 1), -1),), (((0, 1), 1),)]
    """
    affine = tuple((c, 0) for c in table.basis) if skip else ()
    if objective.inputs_are_free:
        for signs in combinations_with_replacement((-1, 1), cost):
            yield Kind(tuple((table.basis, sign) for sign in signs), affine, skip)
        return
    supports = [s for s in useful_supports(table, objective, cost) if len(s) > 1]
    single = list(_single_inputs(table, skip))
    for several in range(min(cost, len(single)) + 1):
        sets = list(_multisets(supports, 0, cost - several))
        for free in combinations(single, several):
            for chosen in sets:
                for neurons in _signed(chosen):
                    yield Kind(neurons, (*free, *affine), skip)


def _single_inputs(table: IntegerTable, skip: bool) -> Iterator[FreeColumn]:
    """Neurons of one input that do something on the rows."""
    for c in range(table.width):
        column = table.points[:, c]
        rises, falls = bool((column > 0).any()), bool((column < 0).any())
        if skip:
            if rises and falls:
                yield c, 1
            continue
        if rises:
            yield c, 1
        if falls:
            yield c, -1


def _multisets(supports: list[Support], start: int, cost: int) -> Iterator[tuple[Support, ...]]:
    if cost == 0:
        yield ()
    for k in range(start, len(supports)):
        if len(supports[k]) > cost:
            # By size: no later one is smaller.
            return
        for rest in _multisets(supports, k, cost - len(supports[k])):
            yield (supports[k], *rest)


def _signed(supports: tuple[Support, ...]) -> Iterator[tuple[tuple[Support, int], ...]]:
    """All signs, those of equal supports in order."""
    counts = Counter(supports)
    per_support = [
        [tuple((support, sign) for sign in signs)
         for signs in combinations_with_replacement((-1, 1), count)]
        for support, count in counts.items()
    ]  # fmt: skip
    for parts in product(*per_support):
        yield tuple(neuron for part in parts for neuron in part)
