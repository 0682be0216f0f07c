"""The search over activities: every kind of network of a cost, cost after cost.

No network of a kind meets all rows if every path of a tree over its activities ends in a
contradiction.  The trees are gone through by compiled code that closes a path by proof only
(:mod:`exactsparse.routes.activity_search.kernels.tree`); what it leaves is decided in rationals
(:mod:`exactsparse.routes.activity_search.exact_path`).  As costs are gone through one after the
other, the first network that is found is a sparsest one.

Compared with levels of neuron types, whose sets number ``N^k`` on k + 1 rows and are tested one by
one, here the signs of the outputs and the cones of the weights take part from the first row on: a
path survives only if an actual network of its activities meets its rows.
"""

from __future__ import annotations

import json
import os
import threading
import time
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from typing import NamedTuple

import numpy as np

from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.problem import Problem
from exactsparse.progress import WORK_CLOCK, Deadline, Progress, Stopped
from exactsparse.routes.activity_search.budget import BUDGET
from exactsparse.routes.activity_search.exact_path import Path, children, settle
from exactsparse.routes.activity_search.float_rows import data_of, shape_of, with_free_columns
from exactsparse.routes.activity_search.kernels.arguments import DEPTH, Found, Scratch
from exactsparse.routes.activity_search.kernels.arguments import Path as Rows
from exactsparse.routes.activity_search.kernels.tree import HARD, N_LEFT, NODES, PROGRAMS, explore
from exactsparse.routes.activity_search.kinds import Kind, kinds
from exactsparse.routes.checkpoint import CheckpointFile
from exactsparse.upper_bounds.incumbent import Incumbent
from exactsparse.upper_bounds.portfolio import offer_sparse

# A cost in a checkpoint.
_NAME = "activities of cost {}"


class Job(NamedTuple):
    """Paths of one kind that are to be gone through; number: of the kind among those of a cost."""

    number: int
    kind: Kind
    paths: list[Path]


@dataclass
class Level:
    """What was done for a cost.

    Parameters
    ----------
    cost : int
        Of the networks.
    kinds : int
        Kinds of networks.
    nodes, programs, exact : int
        Nodes of the trees, linear programs in floats, and paths decided in rationals.
    """

    cost: int
    kinds: int = 0
    nodes: int = 0
    programs: int = 0
    exact: int = 0


@cache
def _pool(size: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(size)


if hasattr(os, "register_at_fork"):
    # Threads do not survive a fork.
    os.register_at_fork(after_in_child=_pool.cache_clear)


@dataclass(eq=False)
class ActivitySearch:
    """Goes through costs, one after the other, until the incumbent is proved to be sparsest.

    Parameters
    ----------
    problem : Problem
        Objective ``"parameters"`` or ``"neurons"``.
    table : IntegerTable
        All rows.
    incumbent : Incumbent
        The best network so far.
    deadline : Deadline
        When to stop.
    progress : callable
        Receives (task, done, total).
    workers : int
        Threads.
    checkpoint : CheckpointFile
        Keeps, for every cost, how many kinds were begun and which paths are open.
    """

    problem: Problem
    table: IntegerTable
    incumbent: Incumbent
    deadline: Deadline
    progress: Progress
    workers: int
    checkpoint: CheckpointFile
    bound: int = 0
    levels: list[Level] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._data = data_of(self.table)
        self._lock = threading.Lock()
        self._stop = threading.Event()

    def run(self) -> None:
        """Raise the bound until the incumbent costs no more.

        Raises
        ------
        Stopped
            If the deadline has passed, or networks would have too many neurons.
        """
        self._compile()
        while self.bound < self.incumbent.cost:
            if self.bound == BUDGET.quick_costs:
                self.progress("sparse networks", 0, 0)
                offer_sparse(self.incumbent, self.problem, self.table, self.deadline)
                if self.incumbent.cost <= self.bound:
                    return
            self._go_through(self.bound)
            if self.incumbent.cost <= self.bound:
                return
            self.bound += 1

    def _compile(self) -> None:
        """Have the kernels compiled here: a thread that does would not hear Ctrl-C."""
        if self._data is not None:
            kind = Kind((), (), False)
            shape, data = shape_of(kind), with_free_columns(self._data, kind)
            rows = Rows(np.zeros(DEPTH, dtype=np.int64), np.zeros(DEPTH, dtype=np.int64))
            explore(data, shape, rows, 0, 0, Scratch.of(shape), Found.of(8))

    def _go_through(self, cost: int) -> None:
        """Go through all kinds of a cost, until a network is found."""
        listed = self._kinds(cost)
        level, jobs = self._kept(cost, listed)
        # Whatever ends this, all that is not done is in here.
        undone = dict(enumerate(jobs))
        waiting, numbers = list(undone), count(len(undone))
        self._stop.clear()
        running: dict[Future[list[Job]], int] = {}
        pool = _pool(max(self.workers, os.cpu_count() or 1))
        told = kept = time.monotonic()
        try:
            while True:
                while len(running) < self.workers:
                    if not waiting:
                        if level.kinds == len(listed):
                            break
                        undone[key := next(numbers)] = Job(level.kinds, listed[level.kinds], [()])
                        level.kinds += 1
                        waiting.append(key)
                    key = waiting.pop()
                    running[pool.submit(self._work, undone[key], level)] = key
                if not running:
                    break
                finished, _ = wait(
                    running, timeout=BUDGET.poll_seconds, return_when=FIRST_COMPLETED
                )
                for future in finished:
                    for part in future.result():
                        undone[key := next(numbers)] = part
                        waiting.append(key)
                    del undone[running.pop(future)]
                if self.incumbent.cost <= cost:
                    return
                now = time.monotonic()
                if now - told > BUDGET.poll_seconds:
                    self._tell(level, len(listed))
                    told = now
                if now - kept > BUDGET.keep_seconds:
                    self._keep(level, undone)
                    kept = now
                self.deadline.check()
        except BaseException:
            self._keep(level, undone)
            raise
        finally:
            self._stop.set()
            for future in running:
                future.cancel()
            wait(running)
        self._keep(level, undone)
        self.levels.append(level)

    def _tell(self, level: Level, total: int) -> None:
        """Say how far a cost is gone through."""
        if WORK_CLOCK.reason:
            self.progress(WORK_CLOCK.reason, 0, 0)
            return
        best = self.incumbent.cost
        self.progress(f"cost {level.cost} of at most {best}: no network so far", level.kinds, total)

    def _keep(self, level: Level, undone: dict[int, Job]) -> None:
        """Keep what is done of a cost."""
        open_paths = [[job.number, path] for job in undone.values() for path in job.paths]
        counts = [level.nodes, level.programs, level.exact]
        text = json.dumps([counts, open_paths])
        self.checkpoint.keep(_NAME.format(level.cost), ("state", 0, level.kinds, 0, text))

    def _kept(self, cost: int, listed: list[Kind]) -> tuple[Level, list[Job]]:
        """What is known to be done of a cost, and what of it is open."""
        level, jobs = Level(cost), list[Job]()
        for _, _, begun, _, text in self.checkpoint.rows(_NAME.format(cost)):
            (level.nodes, level.programs, level.exact), open_paths = json.loads(text)
            level.kinds = begun
            for number, path in open_paths:
                jobs.append(Job(number, listed[number], [tuple((q, p) for q, p in path)]))
        return level, jobs

    def _kinds(self, cost: int) -> list[Kind]:
        if self.table.width > BUDGET.most_inputs:
            raise Stopped
        found: list[Kind] = []
        for kind in kinds(self.table, self.problem.objective, self.problem.skip == "affine", cost):
            if len(found) % 1024 == 0:
                self.deadline.check()
            if len(found) == BUDGET.most_kinds or len(kind.neurons) > BUDGET.most_neurons:
                raise Stopped
            found.append(kind)
        return found

    def _work(self, job: Job, level: Level) -> list[Job]:
        """Go through some paths; those that are left open."""
        left: list[Path] = []
        for path in job.paths:
            left += [path] if self._stop.is_set() else self._explore(job.kind, path, level)
        half = len(left) // 2
        return [Job(job.number, job.kind, part) for part in (left[:half], left[half:]) if part]

    def _explore(self, kind: Kind, path: Path, level: Level) -> list[Path]:
        """Go through the tree below a path; paths that are left open."""
        if self._data is None or len(path) >= DEPTH:
            return self._decide(kind, path, level)
        shape, data = shape_of(kind), with_free_columns(self._data, kind)
        rows = np.zeros(DEPTH, dtype=np.int64)
        patterns = np.zeros(DEPTH, dtype=np.int64)
        for q, (row, pattern) in enumerate(path):
            rows[q], patterns[q] = row, pattern
        nodes = BUDGET.nodes_at_once
        room = max(BUDGET.most_left, 4 << len(kind.neurons))
        found = Found.of(room)
        scratch = Scratch.of(shape)
        while not explore(data, shape, Rows(rows, patterns), len(path), nodes, scratch, found):
            nodes //= 4
            if nodes == 0:
                return self._decide(kind, path, level)
            found = Found.of(room)
        with self._lock:
            level.nodes += int(found.counts[NODES])
            level.programs += int(found.counts[PROGRAMS])
        open_paths: list[Path] = []
        for at in range(int(found.counts[N_LEFT])):
            depth = int(found.depths[at])
            steps = zip(found.rows[at].tolist(), found.patterns[at].tolist(), strict=True)
            one = tuple(steps)[:depth]
            if found.kinds[at] == HARD:
                open_paths += self._decide(kind, one, level)
            else:
                open_paths.append(one)
        return open_paths

    def _decide(self, kind: Kind, path: Path, level: Level) -> list[Path]:
        """Decide a path in rationals; its children, if it is not closed."""
        with self._lock:
            level.exact += 1
        network, missed, _ = settle(self.table, kind, path, self._pause)
        if network is None:
            return []
        if missed is not None:
            return list(children(kind, path, missed))
        with self._lock:
            self.incumbent.offer(network, "the search over activities", decides=True)
        if self.incumbent.cost > level.cost:
            raise AssertionError("a network of a kind costs no more than the kind")
        self._stop.set()
        return [path]

    def _pause(self) -> None:
        if self._stop.is_set():
            raise Stopped
