"""Replays the leaves of a shard: a determinant modulo p for each, and more where that is 0.

Let W be the rows of the root: they annihilate the labels and the skip columns modulo p, and these
are independent modulo p. If W B is regular for the columns B of a leaf, then no combination of B
and the skip columns S is the labels. For let a labels = B u + S s in integers without a common
divisor. Modulo p, 0 = W B u, so u = 0, and hence a = 0 and s = 0: p is a common divisor. This
needs no more of B than its own independence: arbitrary columns may be added, or left out that
depend on the others over Q.

Going down the tree, Gauss's algorithm makes of W rows that annihilate the prefix, too. For two last
types A and B, det (W [A | B]) is expanded along A (Laplace): for one A and all B at once, that is
a sum of products of a number and a list of numbers (minors.py).
"""

from collections.abc import Callable
from itertools import accumulate
from operator import mul
from typing import NamedTuple

from exactsparse_check.level import Level, Prefix, mixed
from exactsparse_check.minors import BITS, Matrices, combine, minors, pack, splits
from exactsparse_check.schema import require
from exactsparse_check.zeros import Group, Zeros


class Shard(NamedTuple):
    """Leaves at the node of a prefix, if `here`, and below through a type in [lowest, highest)."""

    prefix: Prefix
    lowest: int
    highest: int
    here: bool
    leaves: int
    checksum: int


class Node(NamedTuple):
    """A prefix, rows that annihilate labels, skip and prefix, and a factor of determinants."""

    prefix: Prefix
    rows: list[list[int]]
    factor: int


class Replay:
    """Replays shards of a level, and counts leaves. `pause` is called often, and may raise."""

    def __init__(self, level: Level, pause: Callable[[], object]) -> None:
        self._level, self._pause, self._p = level, pause, level.prime
        self._zeros, self.tested = Zeros(level), 0
        self._columns = [
            [[x % level.prime for x in column] for column in level.padded(t)]
            for t in range(len(level.types))
        ]
        # Entry by entry of a column, lists over the types of a size.
        self._packed = {
            size: [
                [
                    pack((self._columns[t][c][i] for t in level.of_size(size)), self._p)
                    for i in range(level.n)
                ]
                for c in range(size)
            ]
            for size in set(level.sizes)
        }

    def check(self, shard: Shard) -> None:
        """Refute all leaves of a shard, and compare their number and checksum; or reject."""
        before = self.tested
        *_, node = accumulate(shard.prefix, self._descend, initial=Node((), self._level.root, 1))
        checksum = self._walk(node, shard.lowest, shard.highest, shard.here)
        name = f"the shard {(*shard.prefix, shard.lowest)}"
        require(self.tested - before == shard.leaves, f"{name} has another number of leaves")
        require(checksum == shard.checksum, f"{name} has the checksum {checksum}")

    def _walk(self, node: Node, lowest: int, highest: int, here: bool) -> int:
        """Sum up the determinants of the leaves at and below a node."""
        self._pause()
        total, missing = self._here(node) if here else 0, self._level.rest(node.prefix)
        for t in range(lowest, highest):
            if self._level.n_below(t, missing):
                total += self._walk(self._descend(node, t), t + 1, len(self._level.types), True)
        return total % self._p

    def _descend(self, node: Node, t: int) -> Node:
        """Annihilate the columns of a type, too, but for those that depend on the ones before.

        If there are such columns, the determinants of all leaves below are 0, and the factor is.
        """
        p, rows, factor, left_out = self._p, node.rows[:], node.factor, list[int]()
        images = [[sum(map(mul, w, column)) % p for column in self._columns[t]] for w in rows]
        for c in range(self._level.sizes[t]):
            at = next((r for r, image in enumerate(images) if image[c]), None)
            if at is None:
                left_out.append(c)
                factor = 0
                continue
            top, pivots = rows.pop(at), images.pop(at)
            factor = (-1) ** at * factor * pivots[c] % p
            inverse = pow(pivots[c], -1, p)
            for r, image in enumerate(images):
                if b := image[c] * inverse % p:
                    images[r] = [(x - b * y) % p for x, y in zip(image, pivots, strict=True)]
                    rows[r] = [(x - b * y) % p for x, y in zip(rows[r], top, strict=True)]
        # Columns that depend on others just modulo p may not be left out. Without rows, each leaf
        # below has the determinant 0, and is decided by itself.
        exact = self._zeros.depend(node.prefix, t, left_out)
        return Node((*node.prefix, t), rows if exact else [], factor)

    def _here(self, node: Node) -> int:
        """Sum up the determinants of the leaves that belong to a node."""
        level, p, q, total = self._level, self._p, self._level.rest(node.prefix), 0
        rows = node.rows if len(node.rows) == q else mixed(node.rows, q, p)
        groups = self._zeros.groups(node.prefix)
        for last, b in level.singles(node.prefix):
            if types := level.of_size(b, last):
                (values,) = minors(self._images(rows, types, b), p).values()
                zeros = [t for t, value in zip(types, values, strict=True) if not value]
                self._zeros.refute(groups, zeros, lambda: (node.prefix, node.rows))
                self.tested += len(types)
                total += sum(values)
        for last, a, b in level.pairs(node.prefix):
            firsts, seconds = level.of_size(a, last), level.of_size(b, last)
            if firsts and seconds:
                of_b = minors(self._images(rows, seconds, b), p)
                of_a = of_b if a == b else minors(self._images(rows, firsts, a), p)
                packed = [pack(of_b[rest], p) for _, rest, _ in splits(q, a)]
                signed = [[sign * x % p for x in of_a[s]] for s, _, sign in splits(q, a)]
                for t, weights in zip(firsts, zip(*signed, strict=True), strict=True):
                    if a == b:
                        packed, seconds = [digits >> BITS for digits in packed], seconds[1:]
                    total += self._pairs(node, groups, t, weights, seconds, packed)
        return total * node.factor % p

    def _pairs(
        self,
        node: Node,
        groups: list[Group],
        a: int,
        weights: tuple[int, ...],
        seconds: range,
        packed: list[int],
    ) -> int:
        """Sum up the determinants of the leaves with two more types, of which the first is given.

        Their minors are `weights`, with the signs of Laplace's expansion, and `packed`.
        """
        values = combine(weights, packed, len(seconds), self._p)
        zeros = [t for t, value in zip(seconds, values, strict=True) if not value]
        if zeros:
            groups = self._zeros.split(groups, a)
            self._zeros.refute(groups, zeros, lambda: self._descend(node, a)[:2])
        self.tested += len(seconds)
        return sum(values)

    def _images(self, rows: list[list[int]], types: range, size: int) -> Matrices:
        """Return W B for the columns B of each of some types of a size."""
        skipped = BITS * (types.start - self._level.of_size(size).start)
        columns = [[digits >> skipped for digits in column] for column in self._packed[size]]
        return [[combine(w, column, len(types), self._p) for w in rows] for column in columns]
