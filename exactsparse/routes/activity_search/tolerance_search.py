"""All kinds of networks of a cost, gone through for one that is nearer to the labels than others.

Paths are closed by bounds at the threshold: what contradicts these contradicts all nearer ones.  A
path that compiled code leaves is closed if its least tolerance, exact, is not below the threshold.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.network import Network
from exactsparse.problem.objective import Objective
from exactsparse.progress import WORK_CLOCK, Deadline, Progress
from exactsparse.routes.activity_search.exact_path import Path, children
from exactsparse.routes.activity_search.exact_tolerance import farthest, least_within
from exactsparse.routes.activity_search.float_rows import data_of
from exactsparse.routes.activity_search.kinds import Kind
from exactsparse.routes.activity_search.tree_walk import Job, Level, TreeWalk


class ToleranceSearch(TreeWalk):
    """Looks for networks whose largest residual is below a threshold.

    Parameters
    ----------
    labels : IntegerTable
        As of :func:`~exactsparse.routes.activity_search.exact_tolerance.labels_of`.
    table : callable
        The table with bounds at a tolerance.
    objective, skip, deadline, progress, workers
        As for :class:`~exactsparse.routes.activity_search.tree_walk.TreeWalk`.
    threshold : Fraction
        Only smaller residuals count.
    least : Fraction
        No residual is smaller.
    offer : callable
        Receives a network, from any thread; returns the threshold from then on.
    first : bool
        Whether the first network ends the search.
    """

    def __init__(
        self,
        labels: IntegerTable,
        table: Callable[[Fraction], IntegerTable],
        objective: Objective,
        skip: bool,
        threshold: Fraction,
        least: Fraction,
        offer: Callable[[Network, Callable[[], object]], Fraction],
        first: bool,
        deadline: Deadline,
        progress: Progress,
        workers: int,
    ) -> None:
        super().__init__(table(threshold), objective, skip, deadline, progress, workers)
        self._labels, self._table_at, self._offer = labels, table, offer
        self.threshold, self._least, self._first = threshold, least, first
        self._ended = False

    def _is_over(self, cost: int) -> bool:
        return self._ended

    def _tell(self, level: Level, total: int) -> None:
        """Say how far a cost is gone through."""
        reason = WORK_CLOCK.reason
        task = f"no nearer network of {self.objective.amount(level.cost)} so far"
        self.progress(reason or task, 0 if reason else level.kinds, 0 if reason else total)

    def _keep(self, level: Level, undone: dict[tuple[int, ...], Job]) -> None:
        """Nothing: bounds are found anew."""

    def _kept(self, cost: int, listed: list[Kind]) -> tuple[Level, list[Job]]:
        """Nothing is done when a cost begins."""
        return Level(cost), []

    def _decide(self, job: Job, path: Path, level: Level) -> list[Path]:
        """Decide a path of a job in rationals; its children, if it is not closed."""
        with self._lock:
            level.exact += 1
        kind, pause = job.kind, self._pause(job)
        while True:
            threshold = self.threshold
            fitted = least_within(self._labels, kind, path, self._least, threshold, pause)
            if fitted is None:
                return []
            far = farthest(self._labels, fitted.network)
            if far.residual >= threshold:
                return list(children(kind, path, far.row))
            reached = self._offer(fitted.network, pause)
            if reached > far.residual:
                raise AssertionError("a network of a kind costs no more than the kind")
            with self._lock:
                self._ended |= self._first or reached <= self._least
                if self._ended:
                    self._stop.set()
                    return []
                if reached < self.threshold:
                    self.threshold = reached
                    self._data = data_of(self._table_at(reached))
