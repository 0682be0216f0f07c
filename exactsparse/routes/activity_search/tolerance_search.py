"""All kinds of networks of a cost, gone through for one that is nearer to the labels than others.

Paths are closed by bounds at the threshold: what contradicts these contradicts all nearer ones.  A
path that compiled code leaves is closed if its least tolerance, exact, is not below the threshold.
"""

from __future__ import annotations

from fractions import Fraction

from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.objective import Objective
from exactsparse.progress import WORK_CLOCK, Deadline, Progress
from exactsparse.routes.activity_search.exact_path import Path, children
from exactsparse.routes.activity_search.exact_tolerance import farthest, least_within
from exactsparse.routes.activity_search.kinds import Kind
from exactsparse.routes.activity_search.tree_walk import Job, Level, TreeWalk


class ToleranceSearch(TreeWalk):
    """Looks for networks whose largest residual is below a threshold.

    Parameters
    ----------
    labels : IntegerTable
        As of :func:`~exactsparse.routes.activity_search.exact_tolerance.labels_of`.
    table : IntegerTable
        The same rows with bounds at the threshold.
    objective, skip, deadline, progress, workers
        As for :class:`~exactsparse.routes.activity_search.tree_walk.TreeWalk`.
    threshold : Fraction
        Only smaller residuals count.
    least : Fraction
        No residual is smaller.
    begin : int
        Kinds of the cost, from the first on, that are known to have no such network.
    """

    def __init__(
        self,
        labels: IntegerTable,
        table: IntegerTable,
        objective: Objective,
        skip: bool,
        threshold: Fraction,
        least: Fraction,
        begin: int,
        deadline: Deadline,
        progress: Progress,
        workers: int,
    ) -> None:
        super().__init__(table, objective, skip, deadline, progress, workers)
        self._labels, self._threshold, self._least = labels, threshold, least
        self._begin = begin

    def _tell(self, level: Level, total: int) -> None:
        """Say how far a cost is gone through."""
        reason = WORK_CLOCK.reason
        task = f"no nearer network of {self.objective.amount(level.cost)} so far"
        self.progress(reason or task, 0 if reason else level.kinds, 0 if reason else total)

    def _keep(self, level: Level, undone: dict[tuple[int, ...], Job]) -> None:
        """Nothing: bounds are found anew."""

    def _kept(self, cost: int, listed: list[Kind]) -> tuple[Level, list[Job]]:
        """Kinds that are known to have no such network."""
        return Level(cost, self._begin), []

    def _decide(self, job: Job, path: Path, level: Level) -> list[Path]:
        """Decide a path of a job in rationals; its children, if it is not closed."""
        with self._lock:
            level.exact += 1
        kind, threshold = job.kind, self._threshold
        fitted = least_within(self._labels, kind, path, self._least, threshold, self._pause(job))
        if fitted is None:
            return []
        far = farthest(self._labels, fitted.network)
        if far.residual >= threshold:
            return list(children(kind, path, far.row))
        self._found(job, fitted.network)
        return []
