"""Runs the shards of a level on a pool of threads; what is finished is kept."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from functools import cache

import numpy as np
from numpy.typing import NDArray

from exactsparse.progress import WORK_CLOCK, Deadline, Progress
from exactsparse.routes.rank_search.budget import BUDGET
from exactsparse.routes.rank_search.checkpoint import Checkpoint, level_name
from exactsparse.routes.rank_search.level import Level, Shard, Survivors
from exactsparse.routes.rank_search.rank_test import RankTest


@cache
def _pool(size: int) -> ThreadPoolExecutor:
    """Threads for all searches of a process: what FLINT caches in a thread is never freed."""
    return ThreadPoolExecutor(size)


if hasattr(os, "register_at_fork"):
    # Threads do not survive a fork.
    os.register_at_fork(after_in_child=_pool.cache_clear)


def run_shards(
    level: Level,
    cost: int,
    rows: Sequence[int],
    workers: int,
    checkpoint: Checkpoint,
    deadline: Deadline,
    progress: Progress,
    task: str,
    most_survivors: float = math.inf,
    conflicts: NDArray[np.bool_] | None = None,
) -> list[Survivors]:
    """Test all sets of a level; the result does not depend on the number of workers.

    Parameters
    ----------
    level : Level
        What to test.
    cost : int
        Cost of the networks of the level.
    rows : sequence of int
        Its rows, as positions in the canonical data.
    workers : int
        Number of threads; the compiled walk runs outside the interpreter's lock.
    checkpoint : Checkpoint
        Finished shards are read from it, and written to it one by one.
    deadline : Deadline
        When to stop.
    progress : callable
        Receives (task, leaves done, leaves in all).
    task : str
        What is being done.
    most_survivors : float
        A shard with more gives up.
    conflicts : ndarray of bool, optional
        From :mod:`exactsparse.routes.rank_search.excluded_pairs`.

    Returns
    -------
    list of Survivors
        In the order of ``level.shards()``.

    Raises
    ------
    Stopped
        If the deadline has passed; finished shards are in the checkpoint.
    TooManySurvivors
        If a shard gave up.
    """
    shards, name = level.shards(deadline.check), level_name(cost, rows)
    test = RankTest(level, most_survivors, conflicts=conflicts)
    known = checkpoint.finished(name)
    results: dict[Shard, Survivors] = {}
    for shard in shards:
        result = known.get((shard.prefix, shard.lowest))
        if result is not None and result.leaves == level.leaves_of(shard):
            results[shard] = result
    done = sum(result.leaves for result in results.values())
    open_shards = [shard for shard in shards if shard not in results]
    pool = _pool(max(workers, os.cpu_count() or 1))
    running: dict[Future[Survivors], Shard] = {}
    reported = 0.0
    try:
        while open_shards or running:
            # A short queue, so that a stop waits for no more than the shards that run.
            while open_shards and len(running) < workers:
                shard = open_shards.pop(0)
                running[pool.submit(test.run, shard)] = shard
            finished, _ = wait(running, timeout=BUDGET.poll_seconds, return_when=FIRST_COMPLETED)
            for future in finished:
                shard = running.pop(future)
                results[shard] = future.result()
                checkpoint.add(name, shard, results[shard])
                done += results[shard].leaves
            if time.monotonic() - reported > BUDGET.poll_seconds or not running:
                if WORK_CLOCK.reason:
                    progress(WORK_CLOCK.reason, 0, 0)
                else:
                    progress(task, done, level.leaves)
                reported = time.monotonic()
            deadline.check()
    finally:
        test.stop()
        # Shards may wait for those of other searches.
        for future in running:
            future.cancel()
        wait(running)
    return [results[shard] for shard in shards]
