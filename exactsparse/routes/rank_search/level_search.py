"""Search by level: no network of cost 1, 2, …, k − 1, and one of cost k.

Let a network of cost k interpolate the data, and f(c) the least cost of a set of neuron types on
the rows R_c of level c that the network reduces to
(:mod:`exactsparse.routes.rank_search.represented_types`) and whose columns span the labels there,
with R_1 ⊂ R_2 ⊂ ….  Types restricted to fewer rows are types, and their spaces keep their
inclusions. As f does not decrease and f(k) <= k, some c has f(c) = c; so every network of cost k is
met, for some c <= k, among the sets of cost c that survive on R_c, and completed from there with k
− c to spare. A set that survives on R_c but not on R_{c+1}, whatever its neurons do on the further
rows, need not be kept: let c be the largest with f(c) = c. If c < k, then f(c + 1) = c, for else f
would map c + 1, …, k into itself and have another fixed point there; so what the network reduces to
on R_{c+1} reduces on R_c to a set that survives both.

Where the rows are too few for a rank test, k columns or more, all sets of types on all rows are
gone through, and the cone conditions decide.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from exactsparse.patterns.interpolant_of_types import interpolant_of_types
from exactsparse.patterns.neuron_types import NeuronType, Support, useful_supports
from exactsparse.patterns.supports import generic_count
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.problem import Problem
from exactsparse.progress import Deadline, Progress, Stopped
from exactsparse.routes.rank_search.budget import BUDGET
from exactsparse.routes.rank_search.checkpoint import Checkpoint
from exactsparse.routes.rank_search.excluded_pairs import ExcludedPairs
from exactsparse.routes.rank_search.level import Level, Survivors
from exactsparse.routes.rank_search.lower_bound import LevelRecord
from exactsparse.routes.rank_search.modular import MOST_BITS
from exactsparse.routes.rank_search.rank_test import TooManySurvivors
from exactsparse.routes.rank_search.represented_types import RepresentedTypes, multisets
from exactsparse.routes.rank_search.row_order import order_of_rows
from exactsparse.routes.rank_search.row_refutation import RowRefutation
from exactsparse.routes.rank_search.shards import run_shards
from exactsparse.routes.rank_search.type_spans import TypeSpans
from exactsparse.upper_bounds.affine_pieces import from_affine_pieces
from exactsparse.upper_bounds.incumbent import Incumbent
from exactsparse.upper_bounds.portfolio import affine_alone, offer_sparse
from exactsparse.upper_bounds.square_systems import square_systems

KeptSet = tuple[list[int], RepresentedTypes, tuple[int, ...]]
Kept = list[KeptSet]


@dataclass(eq=False)
class LevelSearch:
    """Levels from 1 on, until the bound meets the incumbent.

    Parameters
    ----------
    problem : Problem
        What is solved.
    table : IntegerTable
        All rows.
    deadline : Deadline
        When to stop.
    progress : callable
        Receives (task, leaves done, leaves in all).
    workers : int
        Threads.
    checkpoint : Checkpoint
        Keeps finished shards.
    incumbent : Incumbent
        Receives the networks.
    bound : int
        No network costs less; raised level by level.
    levels : list of LevelRecord
        The levels that were gone through.
    """

    problem: Problem
    table: IntegerTable
    deadline: Deadline
    progress: Progress
    workers: int
    checkpoint: Checkpoint
    incumbent: Incumbent
    bound: int = 0
    levels: list[LevelRecord] = field(default_factory=list)

    @property
    def skip(self) -> bool:
        """Whether an affine part is free."""
        return self.problem.skip == "affine"

    @cached_property
    def order(self) -> list[int]:
        """Rows in the order in which levels take them in."""
        return order_of_rows(self.table, self.skip)

    def columns(self, cost: int) -> int:
        """Columns of the neurons of a network of some cost, together."""
        return self.problem.objective.columns(cost, len(self.table.basis))

    def run(self) -> None:
        """Raise the bound, or lower the incumbent, until they meet."""
        self.progress("first interpolants", 0, 0)
        table, objective = self.table, self.problem.objective
        # Labels that are all 0 were met by the first incumbent.
        self.incumbent.offer(affine_alone(table, self.skip), "the affine part alone", decides=True)
        self._prove(0 if self.incumbent.cost == 0 else 1)
        found = square_systems(table, objective, self.skip, self.deadline)
        self.incumbent.offer(found, "square systems")
        found = from_affine_pieces(table, objective, self.skip, self.deadline)
        self.incumbent.offer(found, "affine pieces")
        may_be_sparser = True
        skip_rank = len(self.table.basis) if self.skip else 0
        rows: list[int] = []
        kept: Kept = []
        while self.bound < self.incumbent.cost:
            cost = self.bound
            columns = self.columns(cost)
            by_cones = len(self.table) <= columns + skip_rank
            if may_be_sparser and self._wants_incumbents(by_cones):
                self.progress("sparse interpolants", 0, 0)
                offer_sparse(self.incumbent, self.problem, self.table, self.deadline)
                may_be_sparser = False
                continue
            self.deadline.check()
            self._require_room(columns)
            supports = useful_supports(self.table, self.problem.objective, columns)
            if by_cones:
                self.by_cones(supports, cost)
                if self.incumbent.cost == cost:
                    break
                self.levels.append(LevelRecord(cost))
                self._prove(cost + 1)
                continue
            wanted = min(columns + 1 + skip_rank, len(self.table))
            rows = (
                rows + [row for row in self.order if row not in rows][: max(wanted - len(rows), 0)]
            )
            rows, level, results = self._test(cost, rows, supports)
            represented = self._represented(level)
            survivors = [types for result in results for types in result.sets]
            kept.extend((rows, represented, types) for types in survivors)
            for own_rows, source, types in kept:
                for multiset in source.of_set(types, cost):
                    if self.incumbent.cost == cost:
                        break
                    self._complete(own_rows, multiset)
            if self.incumbent.cost == cost:
                break
            # Ahead of the bound, which a stop must not leave without its proof.
            record = LevelRecord(cost, level, tuple(rows), tuple(results), None)
            self.levels.append(record)
            self._prove(cost + 1)
            if not survivors:
                self.lower_levels.note(cost, rows)
            further, kept = self._refute(rows, kept)
            if not kept:
                self.levels[-1] = replace(record, refuting=tuple(further))
            rows = rows + further

    def _prove(self, bound: int) -> None:
        self.bound = bound
        self.incumbent.note(bound)

    def _wants_incumbents(self, by_cones: bool) -> bool:
        """Whether better incumbents are worth an effort, whatever the clock says."""
        cost = self.incumbent.cost
        if isinstance(cost, int) and 2 * self.columns(cost) < len(self.table):
            # So few parameters fit so many rows by no chance.
            return False
        sets = sum(record.level.leaves for record in self.levels if record.level is not None)
        return sets > BUDGET.easy_sets or (by_cones and self.bound >= BUDGET.easy_cost)

    def _test(
        self, cost: int, rows: list[int], supports: tuple[Support, ...]
    ) -> tuple[list[int], Level, list[Survivors]]:
        """Test all sets of a level, again on a further row while it leaves much open."""
        while True:
            self._require_size(rows, supports)
            space = TypeSpans.build(self.table.take(rows), supports, self.skip, self.deadline)
            level = Level(space, self.columns(cost))
            all_rows = len(rows) == len(self.table)
            conflicts = self.lower_levels.conflicts(level, rows)
            try:
                results = run_shards(
                    level, cost, rows, self.workers, self.checkpoint, self.deadline, self.progress,
                    self.incumbent.level(cost),
                    math.inf if all_rows else BUDGET.many_survivors, conflicts,
                )  # fmt: skip
            except TooManySurvivors:
                rows = [*rows, next(row for row in self.order if row not in rows)]
                continue
            survivors = [types for result in results for types in result.sets]
            if all_rows or (
                len(survivors) <= BUDGET.many_survivors
                and not self._stand_for_many(level, cost, survivors)
            ):
                return rows, level, results
            sample = survivors[:: -(-len(survivors) // BUDGET.many_survivors)]
            further = np.zeros(len(self.table), dtype=np.int64)
            for types in sample:
                chosen = [space.types[t] for t in types]
                further += self.refutation.missed(rows, chosen, pause=self.deadline.check)
            further[rows] = -1
            rows = [*rows, int(np.argmax(further))]

    def _stand_for_many(self, level: Level, cost: int, survivors: list[tuple[int, ...]]) -> bool:
        """Whether so many sets reduce to the survivors that further rows are the cheaper way."""
        if len(level.table) > level.columns + len(level.skip_columns) + BUDGET.most_spare_rows:
            return False
        represented = self._represented(level)
        every = (o for types in survivors for o in represented.of_set(types, cost))
        return sum(1 for _ in islice(every, BUDGET.many_represented + 1)) > BUDGET.many_represented

    def _represented(self, level: Level) -> RepresentedTypes:
        """What the sets of a level stand for."""
        return RepresentedTypes(level.space, self.problem.objective, self.deadline.check)

    @cached_property
    def lower_levels(self) -> ExcludedPairs:
        """What is known about subsets of the rows."""

        def is_refuted(
            level: Level, cost: int, rows: Sequence[int], conflicts: NDArray[np.bool_]
        ) -> bool:
            try:
                results = run_shards(
                    level, cost, rows, self.workers, self.checkpoint, self.deadline,
                    # Of many short searches nobody wants to see every end.
                    lambda task, *_: self.progress(task, 0, 0),
                    f"level {self.bound}: shortening it by smaller ones", 0, conflicts,
                )  # fmt: skip
            except TooManySurvivors:
                return False
            return not any(result.sets for result in results)

        return ExcludedPairs(
            self.table, self.problem.objective, self.skip, is_refuted, self.deadline
        )

    def by_cones(self, supports: tuple[Support, ...], cost: int) -> None:
        """Go through all sets of types of a cost on all rows."""
        everything = range(len(self.table))
        task = self.incumbent.level(cost)
        for done, types in enumerate(
            multisets(
                self.table, supports, self.problem.objective, self.skip, cost, self.deadline.check
            )
        ):
            if done % 64 == 0:
                self.progress(task, done, 0)
            self._complete(everything, types)
            if self.incumbent.cost <= cost:
                return

    def _complete(self, rows: Sequence[int], types: Sequence[NeuronType]) -> None:
        """Offer the network of some types; that there is none is part of the proof."""
        network = interpolant_of_types(self.table, rows, types, self.skip, self.deadline)
        self.incumbent.offer(network, "types that were not refuted", decides=True)
        if network is not None and self.incumbent.cost > self.bound:
            # It cannot be one of these types: nothing was decided about them.
            raise Stopped

    def _refute(self, rows: list[int], kept: Kept) -> tuple[list[int], Kept]:
        """Find rows that refute what survived on the last ones, and drop what they refute."""
        cost = self.bound - 1
        stale = [entry for entry in kept if entry[0] is not rows]
        fresh = [entry for entry in kept if entry[0] is rows]
        sources: list[tuple[list[tuple[NeuronType, ...]], KeptSet]] = []
        left = BUDGET.most_refuted
        for entry in fresh:
            _, source, survivor = entry
            multisets_of_entry = []
            for multiset in islice(source.of_set(survivor, cost), left):
                self.deadline.check()
                multisets_of_entry.append(multiset)
            sources.append((multisets_of_entry, entry))
            left -= len(multisets_of_entry)
            if left <= 0:
                return [], kept
        every = [multiset for multisets_of_entry, _ in sources for multiset in multisets_of_entry]
        further = self._refuting_rows(rows, every)
        for multisets_of_entry, entry in sources:
            for types in multisets_of_entry:
                self.deadline.check()
                if not self.refutation.is_refuted(rows, further, types, self.deadline.check):
                    stale.append(entry)
                    break
        return further, stale

    def _refuting_rows(self, rows: list[int], sets: list[tuple[NeuronType, ...]]) -> list[int]:
        """A few rows that refute as many sets as is found by looking at some of them in full."""
        chosen: list[int] = []
        while sets and len(chosen) < BUDGET.most_extra_rows:
            sample = sets[:: -(-len(sets) // BUDGET.sampled_sets)]
            missed = [
                self.refutation.missed(rows, types, pause=self.deadline.check) for types in sample
            ]
            counts = np.sum(missed, axis=0)
            row = int(np.argmax(counts))
            if not counts[row]:
                # No row refutes any of these.
                looked_at = set(map(id, sample))
                sets = [types for types in sets if id(types) not in looked_at]
                continue
            chosen.append(row)
            sets = [
                types
                for types in sets
                if not self.refutation.missed(rows, types, [row], self.deadline.check)[0]
            ]
        return [row for row in chosen if row not in rows]

    @cached_property
    def refutation(self) -> RowRefutation:
        """What further rows say of sets that survived."""
        return RowRefutation(self.table, self.skip)

    def _require_room(self, columns: int) -> None:
        """Stop before inputs that no word has bits for, or supports too many to be listed."""
        width = self.table.width
        most = 0 if self.problem.objective.inputs_are_free else min(len(self.table.basis), columns)
        sizes = range(1, most + 1)
        if width > MOST_BITS or sum(math.comb(width, size) for size in sizes) > BUDGET.most_cells:
            raise Stopped

    def _require_size(self, rows: list[int], supports: tuple[Support, ...]) -> None:
        """Stop before types that would take too long to enumerate."""
        cells = sum(generic_count(len(rows), len(support)) for support in supports)
        if len(rows) > BUDGET.most_rows or cells > BUDGET.most_cells:
            raise Stopped
