"""The kinds of networks of a cost to which a network is brought, if no cheaper one does as well.

Let x = (x, 1) be the inputs of a point. A neuron adds s (u . x)_+ with s = 1 or -1 and uses the
inputs T on which u is not zero. A network of cost c shall meet all points, or their windows, and
none that costs less shall do so.

Parameters. If the columns of T depend on each other on all points, a multiple of the relation can
be taken from u so that an entry of it becomes zero while all u . x stay: the network would cost
less. A neuron of a single input c adds a multiple, of any sign, of (x_c)_+ or of (-x_c)_+. Two of
these with the same column would be one, and one whose column is zero on all points none, at less
cost. With a skip, (-x_c)_+ is (x_c)_+ - x_c, so that only (x_c)_+ is needed, once for each c; if
x_c has one sign on all points, as the bias has, it is part of the skip, and the neuron would be
none. So the network is of a kind: some different columns of single inputs, and some neurons, each
of two or more independent inputs and of a sign, with as many inputs in all as it costs.

Neurons. All of them may use the same inputs with independent columns that span the columns of all
inputs: a kind is the number of neurons of either sign.

A kind stands for all weights of its neurons and columns, be they zero or not.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, combinations, combinations_with_replacement, product
from typing import NamedTuple

from exactsparse_check.neuron_types import Support, Supports, Table


class NetworkKind(NamedTuple):
    """Inputs and signs of neurons, and columns (c, 1) for (x_c)_+ or (c, -1) for (-x_c)_+."""

    neurons: tuple[tuple[Support, int], ...]
    free: tuple[tuple[int, int], ...]

    @property
    def in_order(self) -> "NetworkKind":
        """The kind, its neurons and columns sorted."""
        return NetworkKind(tuple(sorted(self.neurons)), tuple(sorted(self.free)))


class NetworkKinds:
    """The kinds, cost by cost from 0 on. `pause` is called often, and may raise."""

    def __init__(self, table: Table, kind: str, skip: bool, pause: Callable[[], object]) -> None:
        self._supports, self._kind, self._pause = Supports(table, kind), kind, pause
        self._smaller = list[Support]()
        signs = [(max(x) > 0, min(x) < 0) for x in zip(*table.rows, strict=True)]
        if skip:
            self._single = [(c, 1) for c, both in enumerate(signs) if all(both)]
        else:
            ways = [(c, 1) for c, (up, _) in enumerate(signs) if up]
            self._single = sorted([*ways, *((c, -1) for c, (_, down) in enumerate(signs) if down)])

    def of_cost(self, cost: int) -> Iterator[NetworkKind]:
        """Give each kind of a cost once; those of lower costs must have been given before.

        The first ones are those of a single neuron, so that no more inputs are kept than given.
        """
        if self._kind == "neurons":
            for signs in combinations_with_replacement((-1, 1), cost):
                yield NetworkKind(tuple((self._supports.basis, sign) for sign in signs), ())
            return
        smaller = self._smaller[:]
        for support in self._supports.of_size(cost, self._pause) if cost > 1 else ():
            self._smaller.append(support)
            for sign in (-1, 1):
                yield NetworkKind(((support, sign),), ())
        for several in range(min(cost, len(self._single)) + 1):
            for free in combinations(self._single, several):
                for supports in self._multisets(smaller, cost - several):
                    for neurons in _signed(supports):
                        yield NetworkKind(neurons, free).in_order

    def _multisets(self, supports: Sequence[Support], cost: int) -> Iterator[tuple[Support, ...]]:
        """Give the supports, in order and as often as may be, with so many inputs in all."""
        self._pause()
        if cost == 0:
            yield ()
        for k, support in enumerate(supports):
            if len(support) > cost:
                return
            for rest in self._multisets(supports[k:], cost - len(support)):
                yield (support, *rest)


def _signed(supports: tuple[Support, ...]) -> Iterator[tuple[tuple[Support, int], ...]]:
    """Give neurons of these inputs, with each number of positive ones among equal inputs."""
    parts = [
        combinations_with_replacement([(support, -1), (support, 1)], count)
        for support, count in Counter(supports).items()
    ]
    for neurons in product(*parts):
        yield tuple(chain(*neurons))
