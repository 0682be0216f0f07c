"""One level: every set of neuron types with k columns in all is tested against the labels.

Rows R are as many as k columns, the skip columns and the labels together, or more.  For a set of
types with columns B, ``[labels | skip | B]`` of full column rank modulo a prime proves that no
weights fit, in closed or open cells alike.  The walk over all sets is compiled
(:mod:`exactsparse.routes.rank_search.kernels`): the left null space W of labels, skip and all but
the last two blocks is shared by all sets that begin alike, and for the last two blocks,

    det W [A | B] = Σ_S ± det (W A)_S det (W B)_{complement of S}        (Laplace),

so that all pairs of last blocks are one matrix product of their minors: 20 multiplications for two
blocks of width 3, in place of a determinant.

Sets of determinant 0 whose columns depend on each other are settled by ranks that hold over the
rationals: the weights of the dependence, taken apart by inputs, make 0/1 patterns cancel on all
rows but a few (:mod:`exactsparse.routes.rank_search.kernels.pattern_rank`); or rows that see the
same neurons are grouped, and each group contributes at most its number of rows, or of inputs seen.
Many such sets are never met: pairs of types that depend on each other are kept apart where lower
levels on fewer rows allow it (:mod:`exactsparse.routes.rank_search.excluded_pairs`).  The remaining
sets, and prefixes whose columns depend on each other, come back to be decided in integers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from math import comb
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from exactsparse.exact.rank import independent, rank
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.routes.rank_search.budget import BUDGET
from exactsparse.routes.rank_search.laplace_tables import in_pairs
from exactsparse.routes.rank_search.modular import left_null_space, prime_below
from exactsparse.routes.rank_search.type_spans import TypeSpans

# Sums of 127, and of 1023, products stay below 2^53; as many as pairs of blocks of width 4, or of
# any width, have minors.
PRIME = 16_777_213
SMALLER_PRIME = 5_931_641


class Shard(NamedTuple):
    """Sets that begin with ``prefix`` and go on with a type in a range.

    Parameters
    ----------
    prefix : tuple of int
        First types.
    lowest, highest : int
        Range of the next type, in sets with at least one more.
    here : bool
        Whether sets of one or two types after the prefix belong to it, too.
    """

    prefix: tuple[int, ...]
    lowest: int
    highest: int
    here: bool


class Survivors(NamedTuple):
    """What one shard found.

    Parameters
    ----------
    leaves : int
        Sets tested.
    checksum : int
        Sum modulo p of the determinants of ``[labels | skip | B]``.
    sets : tuple of tuple of int
        Sets whose span, over the rationals, contains the labels.
    """

    leaves: int
    checksum: int
    sets: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, eq=False)
class Level:
    """The sets of types of a level on some rows.

    Parameters
    ----------
    space : TypeSpans
        Rows and types.
    columns : int
        Columns of every set, k; at most rows − 1 − rank of the skip.
    """

    space: TypeSpans
    columns: int

    @property
    def table(self) -> IntegerTable:
        """The rows."""
        return self.space.table

    @cached_property
    def prime(self) -> int:
        """Modulus of the walk, small enough for the sums of products that occur.

        Labels and skip columns are independent modulo it.
        """
        prime = PRIME if self.widest <= 4 else SMALLER_PRIME
        columns = [self.table.labels.tolist(), *self.skip_columns]
        while len(left_null_space(columns, len(self.table), prime)) > len(self.table) - len(
            columns
        ):
            prime = prime_below(prime)
        return prime

    @cached_property
    def widest(self) -> int:
        """Columns of the widest type."""
        return int(self.space.sizes.max(initial=1))

    @cached_property
    def skip_columns(self) -> list[list[int]]:
        """Independent columns of the free affine part."""
        return independent(self.table.points.T.tolist()) if self.space.skip else []

    @cached_property
    def counts(self) -> NDArray[np.int64]:
        """Number of types of every size."""
        counts = np.zeros(self.widest + 2, dtype=np.int64)
        for size in self.space.sizes:
            counts[size] += 1
        return counts

    @cached_property
    def starts(self) -> NDArray[np.int64]:
        """First type of every size."""
        return np.concatenate([[0], np.cumsum(self.counts)[:-1]])

    @cached_property
    def splits(self) -> NDArray[np.bool_]:
        """``[s, q]``: whether a type of size s may be followed by more, of q columns in all."""
        present = [s for s in range(1, self.widest + 1) if self.counts[s]]
        table = np.zeros((self.widest + 2, self.columns + 2), dtype=bool)
        for s in present:
            parts = [r for r in present if r >= s]
            reachable = [{0}]
            for _ in range(self.columns):
                reachable.append(
                    {a + r for a in reachable[-1] for r in parts if a + r <= self.columns}
                )
            several = set().union(*reachable[2:]) if len(reachable) > 2 else set()
            for q in range(self.columns + 1):
                table[s, q] = q in several or (q in parts and not in_pairs(s, q))
        return table

    @cached_property
    def _sets_after(self) -> list[list[int]]:
        """``[i][q]``: number of sets of types from i on with q columns in all."""
        rows = [[1] + [0] * self.columns]
        for size in self.space.sizes[::-1].tolist():
            after = rows[-1]
            rows.append([n + (after[q - size] if q >= size else 0) for q, n in enumerate(after)])
        return rows[::-1]

    @cached_property
    def leaves(self) -> int:
        """Number of sets of the level."""
        return self._sets_after[0][self.columns]

    def shards(self, pause: Callable[[], object] = lambda: None) -> list[Shard]:
        """The level in parts of limited size that depend on each other in nothing.

        ``pause`` is called for every part; it may raise to end the work.
        """
        found = []
        for shard in self._split((), self.columns):
            pause()
            found.append(shard)
        return found

    @cached_property
    def _shard_leaves(self) -> int:
        """Sets of a shard at most: enough shards for all workers, of a fraction of a second."""
        return min(max(self.leaves // BUDGET.shards, BUDGET.fewest_leaves), BUDGET.most_leaves)

    def leaves_of(self, shard: Shard) -> int:
        """Number of sets of a shard."""
        rest = self.columns - sum(int(self.space.sizes[t]) for t in shard.prefix)
        total = self._leaves_at(shard.prefix, rest) if shard.here else 0
        after = shard.prefix[-1] if shard.prefix else -1
        first = max(shard.lowest, after + 1)
        return total + sum(self._leaves_below(t, rest) for t in range(first, shard.highest))

    def _split(self, prefix: tuple[int, ...], rest: int) -> Iterator[Shard]:
        here, lowest, gathered = True, (prefix[-1] + 1 if prefix else 0), 0
        for t in range(lowest, len(self.space)):
            below = self._leaves_below(t, rest)
            if below > self._shard_leaves:
                yield Shard(prefix, lowest, t, here)
                yield from self._split((*prefix, t), rest - int(self.space.sizes[t]))
                here, lowest, gathered = False, t + 1, 0
            elif gathered + below > self._shard_leaves:
                yield Shard(prefix, lowest, t, here)
                here, lowest, gathered = False, t, below
            else:
                gathered += below
        yield Shard(prefix, lowest, len(self.space), here)

    def _leaves_below(self, t: int, rest: int) -> int:
        """Sets that go on with a type and at least one more, pairs apart."""
        size = int(self.space.sizes[t])
        left = rest - size
        if left < 1 or not self.splits[size, left]:
            return 0
        total = self._sets_after[t + 1][left]
        if left <= self.widest and in_pairs(size, left):
            total -= self._after(t, left)
        return total

    def _leaves_at(self, prefix: tuple[int, ...], rest: int) -> int:
        """Sets of one or two types after a prefix that are tested there."""
        after = prefix[-1] if prefix else -1
        total = 0
        if rest <= self.widest and (not prefix or not in_pairs(int(self.space.sizes[after]), rest)):
            total += self._after(after, rest)
        for a in range(1, rest // 2 + 1):
            b = rest - a
            if b <= self.widest and in_pairs(a, b):
                n_a = self._after(after, a)
                total += comb(n_a, 2) if a == b else n_a * self._after(after, b)
        return total

    def _after(self, t: int, size: int) -> int:
        """Number of types of a size after a type."""
        first = max(t + 1, int(self.starts[size]))
        return max(int(self.starts[size] + self.counts[size]) - first, 0)

    def in_span(self, types: Iterable[int]) -> bool:
        """Whether the labels lie in the span of some types and the skip, over the rationals."""
        columns = self.columns_of(types)
        return rank([*columns, self.table.labels.tolist()]) == rank(columns)

    def columns_of(self, types: Iterable[int]) -> list[list[int]]:
        """Columns of the skip and of some types."""
        return [*self.skip_columns, *(c for t in types for c in self.space.columns(t))]
