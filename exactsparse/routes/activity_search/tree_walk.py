"""All trees of the kinds of networks of a cost, gone through by several threads.

The trees are gone through by compiled code that closes a path by proof only
(:mod:`exactsparse.routes.activity_search.kernels.tree`); what it leaves is decided in rationals, by
the search that walks.
"""

from __future__ import annotations

import os
import threading
import time
from abc import ABC, abstractmethod
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import count
from typing import NamedTuple

import numpy as np

from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.objective import Objective
from exactsparse.progress import Deadline, Progress, Stopped
from exactsparse.routes.activity_search.budget import BUDGET
from exactsparse.routes.activity_search.exact_path import Path
from exactsparse.routes.activity_search.float_rows import data_of, shape_of, with_free_columns
from exactsparse.routes.activity_search.kernels.arguments import DEPTH, Data, Found, Scratch
from exactsparse.routes.activity_search.kernels.arguments import Path as Rows
from exactsparse.routes.activity_search.kernels.tree import HARD, N_LEFT, NODES, PROGRAMS, explore
from exactsparse.routes.activity_search.kinds import Kind, kinds


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


class TreeWalk(ABC):
    """Goes through all kinds of a cost until something ends it.

    Parameters
    ----------
    table : IntegerTable
        All rows, with the bounds that paths are closed by.
    objective : Objective
        What is counted.
    skip : bool
        Whether an affine part is free.
    deadline : Deadline
        When to stop.
    progress : callable
        Receives (task, done, total).
    workers : int
        Threads.
    """

    def __init__(
        self,
        table: IntegerTable,
        objective: Objective,
        skip: bool,
        deadline: Deadline,
        progress: Progress,
        workers: int,
    ) -> None:
        self.table, self.objective, self.skip = table, objective, skip
        self.deadline, self.progress, self.workers = deadline, progress, workers
        self._lock = threading.Lock()
        self._stop = threading.Event()

    @cached_property
    def _data(self) -> Data | None:
        return data_of(self.table)

    @abstractmethod
    def _decide(self, kind: Kind, path: Path, level: Level) -> list[Path]:
        """Decide a path in rationals; its children, if it is not closed."""

    @abstractmethod
    def _is_over(self, cost: int) -> bool:
        """Whether nothing more is to be found at a cost."""

    @abstractmethod
    def _tell(self, level: Level, total: int) -> None:
        """Say how far a cost is gone through."""

    @abstractmethod
    def _keep(self, level: Level, undone: dict[int, Job]) -> None:
        """Keep what is done of a cost, where that is wanted."""

    @abstractmethod
    def _kept(self, cost: int, listed: list[Kind]) -> tuple[Level, list[Job]]:
        """What is known to be done of a cost, and what of it is open."""

    def go_through(self, cost: int) -> Level | None:
        """Go through all kinds of a cost; None if that was over before the end.

        Raises
        ------
        Stopped
            If the deadline has passed, or networks would have too many neurons.
        """
        self.deadline.check()
        listed = self._kinds(cost)
        self._compile()
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
                if self._is_over(cost):
                    return None
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
        return level

    def _compile(self) -> None:
        """Have the kernels compiled here: a thread that does would not hear Ctrl-C."""
        if self._data is not None:
            kind = Kind((), (), False)
            shape, data = shape_of(kind), with_free_columns(self._data, kind)
            rows = Rows(np.zeros(DEPTH, dtype=np.int64), np.zeros(DEPTH, dtype=np.int64))
            explore(data, shape, rows, 0, 0, Scratch.of(shape), Found.of(8))

    def _kinds(self, cost: int) -> list[Kind]:
        if self.table.width > BUDGET.most_inputs:
            raise Stopped
        found: list[Kind] = []
        for kind in kinds(self.table, self.objective, self.skip, cost):
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
            try:
                left += [path] if self._stop.is_set() else self._explore(job.kind, path, level)
            except Stopped:
                # By what another thread has found, which ends the walk.
                if not self._stop.is_set():
                    raise
                left.append(path)
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
        # Every node may look at all rows, and the clock is asked between calls only.
        nodes = max(min(BUDGET.nodes_at_once, BUDGET.rows_at_once // len(self.table)), 1)
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

    def _pause(self) -> None:
        if self._stop.is_set():
            raise Stopped
