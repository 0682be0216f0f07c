"""All trees of the kinds of networks of a cost, gone through by several threads.

The trees are gone through by compiled code that closes a path by proof only
(:mod:`exactsparse.routes.activity_search.kernels.tree`); what it leaves is decided in rationals, by
the search that walks.

Paths that a compiled call leaves become jobs of their own, in an order that depends on the data
only, not on the threads.  The network that comes first in this order ends the walk, after all jobs
before it: so it is the same at every run, however many threads there are, and however often the
walk is interrupted and goes on.
"""

from __future__ import annotations

import os
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import cache, cached_property
from heapq import heapify, heappop, heappush
from typing import NamedTuple

import numpy as np

from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.network import Network
from exactsparse.problem.objective import Objective
from exactsparse.progress import Deadline, Progress, Stopped
from exactsparse.routes.activity_search.budget import BUDGET
from exactsparse.routes.activity_search.exact_path import Path
from exactsparse.routes.activity_search.float_rows import data_of, shape_of, with_free_columns
from exactsparse.routes.activity_search.kernels.arguments import DEPTH, Data, Found, Scratch
from exactsparse.routes.activity_search.kernels.arguments import Path as Rows
from exactsparse.routes.activity_search.kernels.tree import EXPLORE, HARD, N_LEFT, NODES, PROGRAMS
from exactsparse.routes.activity_search.kinds import Kind, kinds


class Job(NamedTuple):
    """Paths of one kind that are to be gone through.

    Parameters
    ----------
    order : tuple of int
        Number of the kind among those of a cost, and places among the jobs that were left of it, of
        those, and so on: none of two jobs is alike.
    kind : Kind
        Neurons.
    paths : list of Path
        One after the other.
    """

    order: tuple[int, ...]
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
        # The first network of the walk that was found, and where.
        self.first: tuple[tuple[int, ...], Network] | None = None
        self.table, self.objective, self.skip = table, objective, skip
        self.deadline, self.progress, self.workers = deadline, progress, workers
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._form: Callable[..., bool] | None = None

    @cached_property
    def _data(self) -> Data | None:
        return data_of(self.table)

    @abstractmethod
    def _decide(self, job: Job, path: Path, level: Level) -> list[Path]:
        """Decide a path of a job in rationals; its children, if it is not closed."""

    @abstractmethod
    def _tell(self, level: Level, total: int) -> None:
        """Say how far a cost is gone through."""

    @abstractmethod
    def _keep(self, level: Level, undone: dict[tuple[int, ...], Job]) -> None:
        """Keep what is done of a cost, where that is wanted."""

    @abstractmethod
    def _kept(self, cost: int, listed: list[Kind]) -> tuple[Level, list[Job]]:
        """What is known to be done of a cost, and what of it is open."""

    def _is_needless(self, order: tuple[int, ...]) -> bool:
        """Whether a job of this place, and all after it, may be left undone."""
        return self._stop.is_set() or (self.first is not None and self.first[0] <= order)

    def _found(self, job: Job, network: Network) -> None:
        """Take a network that was found, if it is the first of the walk so far."""
        with self._lock:
            if self.first is None or job.order < self.first[0]:
                self.first = job.order, network

    def go_through(self, cost: int) -> Level:
        """Go through all kinds of a cost, or those before the first network that is found.

        Raises
        ------
        Stopped
            If the deadline has passed, or networks would have too many neurons.
        """
        self.deadline.check()
        listed = self._kinds(cost)
        level, jobs = self._kept(cost, listed)
        # Whatever ends this, all that is not done is in here.
        undone = {job.order: job for job in jobs}
        waiting = list(undone)
        heapify(waiting)
        self._stop.clear()
        running: dict[Future[list[Job]], tuple[int, ...]] = {}
        pool = _pool(max(self.workers, os.cpu_count() or 1))
        told = kept = time.monotonic()
        try:
            while True:
                while len(running) < self.workers:
                    if not waiting:
                        order: tuple[int, ...] = (level.kinds,)
                        if level.kinds == len(listed) or self._is_needless(order):
                            break
                        undone[order] = Job(order, listed[level.kinds], [()])
                        level.kinds += 1
                        waiting.append(order)
                    order = heappop(waiting)
                    if not self._is_needless(order):
                        self._choose_form()
                        running[pool.submit(self._work, undone[order], level)] = order
                if not running:
                    break
                finished, _ = wait(
                    running, timeout=BUDGET.poll_seconds, return_when=FIRST_COMPLETED
                )
                for future in finished:
                    parts = future.result()
                    del undone[running.pop(future)]
                    for part in parts:
                        undone[part.order] = part
                        heappush(waiting, part.order)
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

    def _choose_form(self) -> None:
        """Have the kernels compiled here, if so: a thread that does would not hear Ctrl-C."""
        form = EXPLORE.form()
        if form != self._form and self._data is not None:
            kind = Kind((), (), False)
            shape, data = shape_of(kind), with_free_columns(self._data, kind)
            rows = Rows(np.zeros(DEPTH, dtype=np.int64), np.zeros(DEPTH, dtype=np.int64))
            form(data, shape, rows, 0, 0, Scratch.of(shape), Found.of(8))
        self._form = form

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
        """Go through some paths; those that are left open, or the job if it is needless now.

        A job that is needless, or has become so, is left whole: begun anew it does the same.
        """
        left: list[Path] = []
        for path in job.paths:
            try:
                left += [] if self._is_needless(job.order) else self._explore(job, path, level)
            except Stopped:
                # By what another thread has found, which makes this needless.
                if not self._is_needless(job.order):
                    raise
        if self._is_needless(job.order):
            return [job]
        half = len(left) // 2
        parts = [part for part in (left[:half], left[half:]) if part]
        return [Job((*job.order, place), job.kind, part) for place, part in enumerate(parts)]

    def _explore(self, job: Job, path: Path, level: Level) -> list[Path]:
        """Go through the tree below a path of a job; paths that are left open."""
        if self._data is None or len(path) >= DEPTH:
            return self._decide(job, path, level)
        kind = job.kind
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
        assert self._form is not None
        while not self._form(data, shape, Rows(rows, patterns), len(path), nodes, scratch, found):
            nodes //= 4
            if nodes == 0:
                return self._decide(job, path, level)
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
                open_paths += self._decide(job, one, level)
            else:
                open_paths.append(one)
        return open_paths

    def _pause(self, job: Job) -> Callable[[], None]:
        """What raises Stopped once a job is needless."""

        def pause() -> None:
            if self._is_needless(job.order):
                raise Stopped

        return pause
