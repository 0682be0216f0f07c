"""The search over all vertices: good ones first, then a walk that leaves none out."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exactsparse.errors import UndecidedError
from exactsparse.progress import Deadline, Progress
from exactsparse.routes.concave_vertices.budget import BUDGET
from exactsparse.routes.concave_vertices.kernels.leaf_costs import Limit
from exactsparse.routes.concave_vertices.kernels.local_search import descend
from exactsparse.routes.concave_vertices.kernels.walk import RayTable, walk
from exactsparse.routes.concave_vertices.rays import RaySystem

Chosen = tuple[int, ...]
Offer = Callable[[Chosen], None]


@dataclass(eq=False)
class VertexSearch:
    """Sets of rays for a limit of costs, which may fall while they are found.

    Parameters
    ----------
    system : RaySystem
        All rays.
    table : RayTable
        The same for kernels.
    deadline : Deadline
        When to stop.
    progress : callable
        Receives (task, done, total).
    workers : int
        Threads.
    """

    system: RaySystem
    table: RayTable
    deadline: Deadline
    progress: Progress
    workers: int = 1

    def __post_init__(self) -> None:
        self._stop = np.zeros(1, dtype=np.int64)

    def local(self, p: float, offer: Offer, starts: int = BUDGET.starts) -> None:
        """Offer bases that no exchange of a ray makes cheaper.

        Raises
        ------
        Stopped
            If the deadline has passed.
        """

        def task(seed: int) -> Chosen | None:
            chosen = np.zeros(len(self.system.labels), dtype=np.int64)
            found = descend(self.table, p, seed, chosen, self._stop)
            return tuple(chosen.tolist()) if found else None

        for chosen in set(self._each(task, range(starts))):
            self.deadline.check()
            if chosen is not None:
                offer(chosen)

    def walk(self, limit: Callable[[], Limit], offer: Offer, what: str) -> None:
        """Offer all sets that may be within the limit, which is asked for again as it may fall.

        Raises
        ------
        Stopped
            If the deadline has passed.
        UndecidedError
            If floats could not go through all of them.
        """
        n, m = len(self.system.labels), len(self.system)
        total, done = math.comb(m, n), 0
        for ray in range(m):
            self.deadline.check()
            offer((ray,))
        firsts = [(a, a) for a in range(m)] if n == 1 else []
        pairs = firsts or [(a, b) for a in range(m) for b in range(a + 1, m)]
        room = dict.fromkeys(pairs, BUDGET.most_found)
        undecided = np.zeros(1, dtype=np.int64)

        def task(pair: tuple[int, int]) -> tuple[tuple[int, int], int, Any, Any]:
            most = room[pair]
            sets = np.empty((most, n), dtype=np.int64)
            sizes = np.empty(most, dtype=np.int64)
            count = walk(self.table, limit(), *pair, sets, sizes, undecided, self._stop)
            return pair, count, sets, sizes

        while pairs:
            again: list[tuple[int, int]] = []
            for pair, count, sets, sizes in self._each(task, pairs):
                for chosen in _listed(sets, sizes, min(count, room[pair])):
                    self.deadline.check()
                    offer(chosen)
                if count > room[pair]:
                    room[pair] *= 4
                    again.append(pair)
                else:
                    done += math.comb(m - 1 - pair[1], max(n - 2, 0))
                    self.progress(what, done, total)
            pairs = again
        if undecided[0]:
            raise UndecidedError(f"{undecided[0]} branches of the walk need more digits")

    def _each(self, task: Callable[[Any], Any], items: Any) -> Iterator[Any]:
        """Results of a task on several threads, a few items ahead, in any order."""
        self._stop[0] = 0
        waiting = iter(items)
        with ThreadPoolExecutor(self.workers) as pool:
            running: set[Future[Any]] = set()
            try:
                while True:
                    while len(running) < 2 * self.workers:
                        item = next(waiting, None)
                        if item is None:
                            break
                        running.add(pool.submit(task, item))
                    if not running:
                        return
                    finished, running = wait(running, BUDGET.seconds_between_looks, FIRST_COMPLETED)
                    self.deadline.check()
                    for future in finished:
                        yield future.result()
            finally:
                self._stop[0] = 1


def _listed(sets: NDArray[np.int64], sizes: NDArray[np.int64], count: int) -> list[Chosen]:
    return [tuple(sets[k, : sizes[k]].tolist()) for k in range(count)]
