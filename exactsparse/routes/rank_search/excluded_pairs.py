"""Pairs of neuron types that lower levels on fewer rows keep apart.

Let V_b lie in the sum of V_a and of the unit vectors of some rows Δ, as it does where the supports
are nested and the patterns of a and b differ on Δ only.  If a set of k columns that contains a and
b reached the labels on R, then the set without b would reach them on R ∖ Δ, with k − |T_b| columns.
If it is known that no set of so few columns does, a and b need not be tried together.  Where |Δ| is
less than the number of columns saved, a and b depend on each other: their determinants, all 0,
would have been settled one by one.

One proof on rows S ⊂ R serves all Δ outside S, so that few S are enough: a covering design.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from math import comb

import numpy as np
from numpy.typing import NDArray

from exactsparse.exact.rank import rank
from exactsparse.patterns.neuron_types import rows_seen, useful_supports
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.objective import Objective
from exactsparse.progress import Deadline
from exactsparse.routes.rank_search.budget import BUDGET
from exactsparse.routes.rank_search.level import Level
from exactsparse.routes.rank_search.row_order import order_of_rows
from exactsparse.routes.rank_search.type_spans import TypeSpans

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Dependence:
    """Pairs of types of which the second lies in the first and few unit vectors.

    Parameters
    ----------
    first, second : ndarray of int, shape (m,)
        Types.
    saved : ndarray of int, shape (m,)
        Columns that the union costs more than what takes its place.
    rows : ndarray of int, shape (m,)
        Rows Δ of the unit vectors, as bits; fewer than ``saved``.
    """

    first: Integers
    second: Integers
    saved: Integers
    rows: Integers


def dependent_pairs(space: TypeSpans, deadline: Deadline | None = None) -> Dependence:
    """All pairs of types that depend on each other by a few rows.

    Types whose columns depend on each other are left out.
    """
    masks, supports, units = space.masks, space.inputs, space.unit_rows
    everything = (1 << len(space.table)) - 1
    seen = [rows_seen(space.table, t.support) for t in space.types]
    zeros = everything & ~np.array(seen, dtype=np.int64)
    regular = np.array([len(space.columns(t)) == size for t, size in enumerate(space.sizes)])
    parts = [(np.zeros(0, dtype=np.int64),) * 4]
    deadline = deadline or Deadline()
    for a in np.flatnonzero(regular).tolist():
        deadline.check()
        union = np.bitwise_count(supports | supports[a]).astype(np.int64)
        saved = space.sizes + space.sizes[a] - union
        differing = (masks ^ masks[a]) & ~zeros
        rest = masks & ~units[a]
        if space.skip:
            # Modulo the skip, a pattern and its complement are the same.
            differing = _fewer(differing, everything & ~(masks ^ masks[a]) & ~zeros)
            rest = _fewer(rest, everything & ~masks & ~units[a])
        nested = union == space.sizes[a]
        # Where the first support has to grow, the first type must be a pattern of the larger one.
        differing[~nested & (zeros[a] != 0)] = everything
        for rows, gain in ((differing, saved), (rest & ~zeros, space.sizes)):
            fits = regular & (np.bitwise_count(rows) < gain)
            fits[a] = False
            b = np.flatnonzero(fits)
            parts.append((np.full(len(b), a), b, gain[b], rows[b]))
    first, second, saved, rows = map(np.concatenate, zip(*parts, strict=True))
    return Dependence(first, second, saved, rows)


def _fewer(a: Integers, b: Integers) -> Integers:
    return np.where(np.bitwise_count(a) <= np.bitwise_count(b), a, b)


@dataclass(eq=False)
class ExcludedPairs:
    """What is known about few columns on few rows; tested when it is asked for.

    Parameters
    ----------
    table : IntegerTable
        All rows.
    objective : Objective
        What is counted.
    skip : bool
        Whether an affine part is free.
    is_refuted : callable
        Tests a level of some cost on some rows, with some conflicts: whether nothing survives.
    deadline : Deadline
        Asked between types, and between sets of rows; Stopped is raised once it has passed.
    """

    table: IntegerTable
    objective: Objective
    skip: bool
    is_refuted: Callable[[Level, int, Sequence[int], NDArray[np.bool_]], bool]
    deadline: Deadline = field(default_factory=Deadline)
    _known: dict[tuple[int, tuple[int, ...]], bool] = field(default_factory=dict)

    def note(self, cost: int, rows: Sequence[int]) -> None:
        """Keep that a level finds nothing on some rows."""
        self._known[cost, tuple(sorted(rows))] = True

    @cached_property
    def _width(self) -> int:
        """Columns of one unit of cost."""
        return self.objective.columns(1, len(self.table.basis))

    def conflicts(self, level: Level, rows: Sequence[int]) -> NDArray[np.bool_]:
        """Pairs of types of a level that do not occur together in a set that reaches the labels.

        Parameters
        ----------
        level : Level
            On the rows.
        rows : sequence of int
            Positions in the table.

        Returns
        -------
        ndarray of bool, shape (types, types)
            Symmetric; a single False where it is not worth the effort.
        """
        if (
            level.leaves < BUDGET.worthwhile_leaves
            or len(level.space) > BUDGET.most_paired_types
            or len(rows) > BUDGET.most_paired_rows
        ):
            return np.zeros((1, 1), dtype=bool)
        pairs = dependent_pairs(level.space, self.deadline)
        found = np.zeros((len(level.space), len(level.space)), dtype=bool)
        for saved in sorted(set(pairs.saved.tolist()), reverse=True):
            columns = level.columns - saved
            if columns < 1 or columns % self._width:
                continue
            own = np.flatnonzero(pairs.saved == saved)
            for refuted_by in self._proofs(level, rows, columns, pairs.rows[own]):
                held = own[(pairs.rows[own] & refuted_by) == 0]
                found[pairs.first[held], pairs.second[held]] = True
                found[pairs.second[held], pairs.first[held]] = True
        return found

    def _proofs(
        self, level: Level, rows: Sequence[int], columns: int, wanted: Integers
    ) -> Iterator[int]:
        """Sets of rows, as bits, on which so few columns reach nothing.

        ``wanted`` are rows to be spared, once for every pair; sets that serve many come first.
        """
        n = len(rows)
        pairs = np.bincount(wanted, minlength=1 << n)
        candidates = _subsets(n, level.columns - columns)
        price, total = 0, 0
        for _ in range(BUDGET.most_proofs):
            self.deadline.check()
            served = _sums_over_subsets(pairs)[candidates]
            best = int(np.argmax(served))
            if not served[best]:
                return
            spared = int(candidates[best])
            chosen = tuple(row for i, row in enumerate(rows) if not spared >> i & 1)
            price = price or self._level(columns // self._width, chosen).leaves
            total += price
            if total > BUDGET.share_of_proofs * level.leaves:
                return
            if self._reach_nothing(columns // self._width, chosen):
                yield ((1 << n) - 1) & ~spared
                pairs[(np.arange(1 << n) & ~spared) == 0] = 0
            candidates = np.delete(candidates, best)
            if not len(candidates):
                return

    def _reach_nothing(self, cost: int, rows: tuple[int, ...]) -> bool:
        """Whether no set of types of at most some cost reaches the labels on some rows.

        A level finds minimal sets of its own cost only; what costs less is for the levels below.
        Let g(j) be the least cost of a set that reaches the labels on R_j, with R_1 ⊂ R_2 ⊂ … and
        the given rows last.  As g does not decrease, g(cost) <= cost makes g(j) = j for the first j
        with g(j) <= j: nothing is found on any level only if nothing is there.
        """
        order = order_of_rows(self.table.take(list(rows)), self.skip)
        skip_rank = len(self.table.basis) if self.skip else 0
        for lower in range(1, cost + 1):
            wanted = lower * self._width + 1 + skip_rank if lower < cost else len(rows)
            chosen = tuple(sorted(rows[i] for i in order[:wanted]))
            if (lower, chosen) not in self._known:
                self._known[lower, chosen] = self._test(lower, chosen)
            if not self._known[lower, chosen]:
                return False
        return True

    def _test(self, cost: int, rows: tuple[int, ...]) -> bool:
        level = self._level(cost, rows)
        skip = level.skip_columns
        if rank([*skip, level.table.labels.tolist()]) == len(skip):
            return False
        return self.is_refuted(level, cost, rows, self.conflicts(level, rows))

    def _level(self, cost: int, rows: tuple[int, ...]) -> Level:
        columns = cost * self._width
        supports = useful_supports(self.table, self.objective, columns)
        own = self.table.take(list(rows))
        return Level(TypeSpans.build(own, supports, self.skip, self.deadline), columns)


def _sums_over_subsets(values: Integers) -> Integers:
    """Sum of the values, indexed by the bits of a set, over all subsets of every set."""
    sums = values.copy()
    for i in range(len(values).bit_length() - 1):
        halves = sums.reshape(-1, 2, 1 << i)
        halves[:, 1] += halves[:, 0]
    return sums


def _subsets(n: int, size: int) -> Integers:
    """Subsets of n rows of some size, as bits; a draw of them where they are many."""
    if comb(n, size) <= BUDGET.most_candidates:
        return np.array([sum(1 << i for i in c) for c in combinations(range(n - 1, -1, -1), size)])
    generator = np.random.default_rng(0)
    drawn = (generator.permutation(n)[:size].tolist() for _ in range(BUDGET.most_candidates))
    return np.array(sorted({sum(1 << i for i in c) for c in drawn}))
