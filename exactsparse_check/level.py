"""A level of the search: the sets of types that are to be excluded, and their numbers.

A leaf is a set of types t_1 < t_2 < ... with a given number of columns in all. The tree of leaves
has a node for each prefix t_1, ..., t_j. A leaf belongs to the node that lacks its last two types,
if these are a pair (see is_pair), and else to the node that lacks its last one; a leaf of a single
type belongs to the root.
"""

from functools import cached_property
from math import comb
from operator import mul

from exactsparse_check.linear import Vector, annihilators
from exactsparse_check.neuron_types import NeuronType, Table
from exactsparse_check.schema import require

Prefix = tuple[int, ...]


def is_pair(a: int, b: int) -> bool:
    """Whether two last types of a and b columns are taken together, as the certificate does."""
    return a + b <= 14 and comb(a + b, a) <= 1000


def mixed(rows: list[list[int]], count: int, p: int) -> list[list[int]]:
    """Combine rows into a given number of others, as the certificate does at the root."""
    weights = [[pow(j + 2, 3 + i, p) for j in range(len(rows))] for i in range(count)]
    columns = list(zip(*rows, strict=True))
    return [[sum(map(mul, w, column)) % p for column in columns] for w in weights]


class Level:
    """The leaves of some types with a number of columns in all."""

    def __init__(
        self, table: Table, types: list[NeuronType], columns: int, skip: bool, prime: int
    ) -> None:
        self.table, self.types, self.columns, self.prime = table, types, columns, prime
        self.n, self.skip_columns = len(table.labels), table.skip_columns(skip)
        self.sizes = [len(t.support) for t in types]
        null = annihilators([table.labels, *self.skip_columns], self.n, prime)
        independent = len(null) == self.n - 1 - len(self.skip_columns)
        require(independent, f"labels and skip depend on each other modulo the prime {prime}")
        require(len(null) >= columns, f"{self.n} rows are too few for {columns} columns")
        self.root = null if len(null) == columns else mixed(null, columns, prime)

    def padded(self, t: int) -> list[Vector]:
        """Return the columns of a type, and arbitrary ones up to the size of its support."""
        columns, widest = list[Vector](self.types[t].columns), max(self.sizes)
        for j in range(self.sizes[t] - len(columns)):
            exponent = 5 + t * widest + j
            columns.append([pow(i + 2, exponent, self.prime) for i in range(self.n)])
        return columns

    def rest(self, prefix: Prefix) -> int:
        """Return the number of columns that a prefix lacks."""
        return self.columns - sum(self.sizes[t] for t in prefix)

    def of_size(self, size: int, after: int = -1) -> range:
        """Return the types of a size that come after one; they stand together in the list."""
        start, stop = self._ranges.get(size, (0, 0))
        return range(max(start, after + 1), max(stop, after + 1))

    @cached_property
    def _ranges(self) -> dict[int, tuple[int, int]]:
        starts = {size: self.sizes.index(size) for size in set(self.sizes)}
        return {size: (at, at + self.sizes.count(size)) for size, at in starts.items()}

    def singles(self, prefix: Prefix) -> list[tuple[int, int]]:
        """Return (last of the prefix, size) if one more type may complete a leaf of the node."""
        last, b = prefix[-1] if prefix else -1, self.rest(prefix)
        return [] if prefix and is_pair(self.sizes[last], b) else [(last, b)]

    def pairs(self, prefix: Prefix) -> list[tuple[int, int, int]]:
        """Return all (last of the prefix, a, b) so that two types may complete a leaf."""
        last, q = prefix[-1] if prefix else -1, self.rest(prefix)
        return [(last, a, q - a) for a in range(1, q // 2 + 1) if is_pair(a, q - a)]

    @property
    def n_minors(self) -> int:
        """Most minors of a node that are kept at a time, of any width up to that of the types."""
        numbers = {size: stop - start for size, (start, stop) in self._ranges.items()}

        def kept(q: int, size: int) -> int:
            return numbers[size] * comb(q, min(size, q // 2))

        pairs = [
            kept(a + b, a) + kept(a + b, b)
            for a in numbers
            for b in numbers
            if a <= b and a + b <= self.columns and is_pair(a, b)
        ]
        return max([*pairs, *(kept(size, size) for size in numbers if size <= self.columns)] or [0])

    @cached_property
    def _sets(self) -> list[list[int]]:
        """Number of sets of types from i on with q columns in all, at [i][q]."""
        counts = [[1] + [0] * self.columns]
        for size in reversed(self.sizes):
            after = counts[-1]
            counts.append([n + (after[q - size] if q >= size else 0) for q, n in enumerate(after)])
        return counts[::-1]

    @property
    def n_leaves(self) -> int:
        """Number of leaves."""
        return self._sets[0][self.columns]

    def n_here(self, prefix: Prefix) -> int:
        """Number of leaves that belong to the node of a prefix."""
        total = sum(len(self.of_size(b, last)) for last, b in self.singles(prefix))
        for last, a, b in self.pairs(prefix):
            n_a, n_b = len(self.of_size(a, last)), len(self.of_size(b, last))
            total += comb(n_a, 2) if a == b else n_a * n_b
        return total

    def n_below(self, t: int, missing: int) -> int:
        """Number of leaves below the node that lacks `missing` columns, through the type t."""
        q = missing - self.sizes[t]
        if q < 1:
            return 0
        pairs = len(self.of_size(q, t)) if is_pair(self.sizes[t], q) else 0
        return self._sets[t + 1][q] - pairs
