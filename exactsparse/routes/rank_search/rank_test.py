"""Runs the compiled walk over a shard and decides in integers what it leaves open."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from itertools import combinations
from math import comb
from typing import NamedTuple

import flint
import numpy as np
from numpy.typing import NDArray

from exactsparse.compiling import QuickStart
from exactsparse.exact.rank import independent
from exactsparse.progress import Stopped
from exactsparse.routes.rank_search.budget import BUDGET
from exactsparse.routes.rank_search.kernels.arguments import (
    Field,
    LevelArrays,
    Start,
    TypeBlocks,
    Undecided,
)
from exactsparse.routes.rank_search.kernels.walk import walk
from exactsparse.routes.rank_search.laplace_tables import in_pairs, minor_tables
from exactsparse.routes.rank_search.level import Level, Shard, Survivors
from exactsparse.routes.rank_search.modular import (
    MOST_BITS,
    left_null_space,
    longest_sum,
    prime_below,
    residues,
)

Floats = NDArray[np.float64]

_WALK = QuickStart(walk)


class _Open(NamedTuple):
    """Paths that a walk leaves open, as in the buffers of ``Undecided``."""

    sets: list[tuple[int, ...]]
    dependent_last: list[tuple[int, ...]]
    dependent_prefix: list[tuple[int, ...]]


class TooManySurvivors(Exception):
    """The rows of a level refute too few of its sets."""


class RankTest:
    """Everything that the shards of a level share, in the form that the kernels take.

    Parameters
    ----------
    level : Level
        The sets to be tested.
    most_survivors : float
        A shard with more gives up.
    prime : int, optional
        Modulus; that of the level if omitted.
    conflicts : ndarray of bool, shape (types, types), optional
        Pairs of types that no set contains that reaches the labels.

    Raises
    ------
    ValueError
        If rows or inputs do not fit the bits of a word, or sums of products modulo the prime the
        53 bits of a float.
    """

    def __init__(
        self,
        level: Level,
        most_survivors: float = math.inf,
        prime: int | None = None,
        conflicts: NDArray[np.bool_] | None = None,
    ) -> None:
        self.level = level
        self._most_survivors = most_survivors
        self.prime = prime or level.prime
        self._conflicts = np.zeros((1, 1), dtype=bool) if conflicts is None else conflicts
        self._n = len(level.table)
        self._require_exact()
        # Read by the compiled walk, between blocks of sets.
        self._stopped = np.zeros(1, dtype=np.uint8)
        # Bits of minimal sets that reach the labels; what contains one need not be tested.
        self._minimal: list[int] = []

    def _require_exact(self) -> None:
        """Refuse what words and floats of the kernels do not hold."""
        bits = max(self._n, self.level.table.width)
        if bits > MOST_BITS:
            raise ValueError(f"{bits} rows or inputs are more than {MOST_BITS} bits of a word")
        if len(self.level.space) >= 2**31:
            raise ValueError("types are numbered by int32")
        sizes = range(1, self.level.widest + 1)
        minors = (comb(a + b, a) for a in sizes for b in sizes if in_pairs(a, b))
        products = max(self._n, self.level.columns, *minors)
        if products > longest_sum(self.prime):
            raise ValueError(f"sums of {products} products modulo {self.prime} are not exact")

    def stop(self) -> None:
        """End what other threads are doing within a moment, and whatever is begun later."""
        self._stopped[0] = 1

    def _look(self) -> None:
        if self._stopped[0]:
            raise Stopped

    def run(self, shard: Shard) -> Survivors:
        """Test all sets of a shard; exact.

        Raises
        ------
        Stopped
            After a stop.
        TooManySurvivors
            If more than ``most_survivors`` are left, or a large multiple to be looked at.
        """
        checksum, open_paths = self._walk(self._begin(self._root, 1.0, 0, shard.prefix, 0, shard))
        found = set()
        for types in self._decide(open_paths, shard):
            found.add(types)
            if len(found) > self._most_survivors:
                raise TooManySurvivors
        return Survivors(self.level.leaves_of(shard), checksum % self.prime, tuple(sorted(found)))

    def _decide(self, open_paths: _Open, shard: Shard) -> Iterator[tuple[int, ...]]:
        """Minimal sets among those left open whose span contains the labels."""
        for types in open_paths.sets:
            self._look()
            if self._reaches(types) and _bits(types) in self._minimal:
                yield types
        for path in open_paths.dependent_last:
            yield from self._pairs_with(path)
        for prefix in open_paths.dependent_prefix:
            self._look()
            yield from self._walk_dependent(prefix, shard)

    def _reaches(self, types: tuple[int, ...]) -> bool:
        """Whether the span of some types contains the labels, over the rationals."""
        bits = _bits(types)
        if any(known & ~bits == 0 for known in self._minimal):
            return True
        if not self.level.in_span(types):
            return False
        kept = list(types)
        for t in types:
            rest = [other for other in kept if other != t]
            if self.level.in_span(rest):
                kept = rest
        self._minimal.append(_bits(kept))
        return True

    def _pairs_with(self, path: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        """Minimal sets of a path and one more type after all but its last."""
        if self._reaches(path):
            return
        sizes = self.level.space.sizes
        left = self.level.columns - sum(int(sizes[t]) for t in path)
        lower = path[-2] if len(path) > 1 else -1
        for t in np.flatnonzero(sizes == left).tolist():
            self._look()
            types = tuple(sorted((*path, t)))
            if t <= lower or t == path[-1] or not self._reaches(types):
                continue
            if _bits(types) in self._minimal:
                yield types

    def _begin(
        self,
        w: Floats,
        factor: float,
        n_padded: int,
        prefix: tuple[int, ...],
        given: int,
        shard: Shard,
    ) -> Start:
        """Where a walk begins that stays inside a shard."""
        inside = len(prefix) <= len(shard.prefix)
        lowest, highest = (shard.lowest, shard.highest) if inside else (0, len(self.level.space))
        first, here = np.array(prefix, dtype=np.int64), shard.here or not inside
        return Start(w, factor, n_padded, first, given, lowest, highest, here)

    def _walk(self, start: Start) -> tuple[int, _Open]:
        """Sum of determinants, and what has to be decided in integers."""
        size = BUDGET.first_buffer
        while True:
            buffers = [np.empty((size, self.level.columns + 2), dtype=np.int32) for _ in range(3)]
            checksum, *used = self._walk_of_sets(
                self.arrays, start, Undecided(*buffers), self._stopped
            )
            self._look()
            if max(used) <= size:
                paths = (_paths(buffer[:n]) for buffer, n in zip(buffers, used, strict=True))
                return int(checksum), _Open(*paths)
            if max(used) > BUDGET.most_open * self._most_survivors:
                raise TooManySurvivors
            size = 2 * max(used)

    def _walk_dependent(self, prefix: tuple[int, ...], shard: Shard) -> Iterator[tuple[int, ...]]:
        """Go on after a prefix whose columns depend on each other modulo the prime."""
        if self._reaches(prefix):
            # A part of every set that begins so reaches the labels already: a lower level's task.
            return
        columns = self.level.columns_of(prefix)
        kept = independent(columns)
        labels = self.level.table.labels.tolist()
        modulus = self.prime
        null = left_null_space([labels, *kept], self._n, modulus)
        if len(null) > self._n - len(kept) - 1:
            # The prime divides a minor by accident.
            other = RankTest(
                self.level, self._most_survivors, prime_below(self.prime), self._conflicts
            )
            other._stopped = self._stopped
            yield from other._walk_dependent(prefix, shard)
            return
        left = self.level.columns - sum(int(self.level.space.sizes[t]) for t in prefix)
        whole = max(prefix, shard.prefix, key=len)
        w = residues(self._mixed(null, left), modulus)
        n_padded = len(columns) - len(kept)
        start = self._begin(w, 0.0, n_padded, whole, len(prefix), shard)
        _, open_paths = self._walk(start)
        yield from self._decide(open_paths, shard)

    def _mixed(self, null: list[list[int]], wanted: int) -> list[list[int]]:
        """As many combinations of null vectors as there are columns to come."""
        if len(null) == wanted:
            return null
        rows = []
        for i in range(wanted):
            weights = [pow(j + 2, 3 + i, self.prime) for j in range(len(null))]
            mixed = [
                sum(a * v for a, v in zip(weights, column, strict=True)) % self.prime
                for column in zip(*null, strict=True)
            ]
            rows.append(mixed)
        return rows

    @cached_property
    def _walk_of_sets(self) -> Callable[..., tuple[float, int, int, int]]:
        return _WALK.form(self.level.leaves)

    @cached_property
    def _root(self) -> Floats:
        columns = [self.level.table.labels.tolist(), *self.level.skip_columns]
        null = left_null_space(columns, self._n, self.prime)
        return residues(self._mixed(null, self.level.columns), self.prime)

    @cached_property
    def arrays(self) -> LevelArrays:
        """What the walks of the level share."""
        return LevelArrays(
            self._types, Field.of(self.prime), minor_tables(self.level.widest), self._in_pairs,
            self.level.splits, self._refuted, self._conflicts, self._noise,
        )  # fmt: skip

    @cached_property
    def _types(self) -> TypeBlocks:
        level, space = self.level, self.level.space
        blocks = []
        widths = np.zeros(len(space), dtype=np.int64)
        for size in range(1, level.widest + 1):
            block = np.zeros((self._n, size, int(level.counts[size])))
            for k in range(int(level.counts[size])):
                self._look()
                t = int(level.starts[size]) + k
                columns = space.columns(t)
                widths[t] = len(columns)
                for j in range(size - len(columns)):
                    exponent = 5 + t * level.widest + j
                    columns = [*columns, [pow(i + 2, exponent, self.prime) for i in range(self._n)]]
                block[:, :, k] = residues(columns, self.prime).T
            blocks.append(block.ravel())
        free = (1 << level.table.width) - 1 if space.skip else 0
        return TypeBlocks(
            level.counts, level.starts, np.concatenate(blocks), space.masks, space.inputs, widths,
            space.unit_rows, free, len(level.skip_columns),
        )  # fmt: skip

    @cached_property
    def _in_pairs(self) -> NDArray[np.bool_]:
        sizes = range(self.level.widest + 2)
        table = np.zeros((len(sizes), self.level.columns + len(sizes)), dtype=bool)
        for a in sizes[1:-1]:
            for b in sizes[1:-1]:
                table[a, b] = in_pairs(a, b)
        return table

    @cached_property
    def _refuted(self) -> NDArray[np.bool_]:
        """``[inputs, rows]``: proof that the labels of the rows are no linear function of them.

        A single entry if the table would be too large.
        """
        table, width = self.level.table, self.level.table.width
        if width > BUDGET.table_inputs or width + self._n > BUDGET.table_bits:
            return np.zeros((1, 1), dtype=bool)
        refuted = np.zeros((1 << width, 1 << self._n), dtype=bool)
        free, supports = self._types.free, set(self._types.supports.tolist())
        if len(supports) == 1:
            unions = {free, free | supports.pop()}
        else:
            unions = {union | free for union in range(1 << width)}
        for union in unions:
            self._look()
            inputs = [c for c in range(width) if union >> c & 1]
            rows_of = [[*table.points[i, inputs], table.labels[i]] for i in range(self._n)]
            for rows in combinations(range(self._n), len(inputs) + 1):
                entries = [int(v) % self.prime for i in rows for v in rows_of[i]]
                matrix = flint.nmod_mat(len(rows), len(rows), entries, self.prime)
                if int(matrix.det()):
                    refuted[union, sum(1 << i for i in rows)] = True
            for i in range(self._n):
                # Rows that contain refuted rows are refuted.
                halves = refuted[union].reshape(-1, 2, 1 << i)
                halves[:, 1] |= halves[:, 0]
        return refuted

    @cached_property
    def _noise(self) -> Floats:
        generator = np.random.default_rng(0)
        half = self.prime // 2
        shape = (BUDGET.noise, self.level.columns + 1)
        return generator.integers(-half, half, shape, endpoint=True).astype(np.float64)


def _bits(types: Iterable[int]) -> int:
    return sum(1 << t for t in types)


def _paths(records: NDArray[np.int32]) -> list[tuple[int, ...]]:
    return [tuple(t for t in record if t >= 0) for record in records.tolist()]
