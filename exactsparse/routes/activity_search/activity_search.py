"""The search over activities: every kind of network of a cost, cost after cost.

No network of a kind meets all rows if every path of a tree over its activities ends in a
contradiction (:mod:`exactsparse.routes.activity_search.tree_walk`); what compiled code leaves is
decided in rationals (:mod:`exactsparse.routes.activity_search.exact_path`).  As costs are gone
through one after the other, the first network that is found is a sparsest one.  Of several that
threads find, the one of the first kind is returned, and of these the first in the order of the
walk: what comes before it is gone through to the end.

Compared with levels of neuron types, whose sets number ``N^k`` on k + 1 rows and are tested one by
one, here the signs of the outputs and the cones of the weights take part from the first row on: a
path survives only if an actual network of its activities meets its rows.
"""

from __future__ import annotations

import json

from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.problem import Problem
from exactsparse.progress import WORK_CLOCK, Deadline, Progress
from exactsparse.routes.activity_search.budget import BUDGET
from exactsparse.routes.activity_search.exact_path import Path, children, settle
from exactsparse.routes.activity_search.kinds import Kind
from exactsparse.routes.activity_search.tree_walk import Job, Level, TreeWalk
from exactsparse.routes.checkpoint import CheckpointFile
from exactsparse.upper_bounds.incumbent import Incumbent
from exactsparse.upper_bounds.portfolio import offer_sparse

# A cost in a checkpoint.
_NAME = "jobs of cost {}"


class ActivitySearch(TreeWalk):
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
        Keeps, for every cost, how many kinds were begun and which jobs are open.
    """

    def __init__(
        self,
        problem: Problem,
        table: IntegerTable,
        incumbent: Incumbent,
        deadline: Deadline,
        progress: Progress,
        workers: int,
        checkpoint: CheckpointFile,
    ) -> None:
        super().__init__(
            table, problem.objective, problem.skip == "affine", deadline, progress, workers
        )
        self.problem, self.incumbent, self.checkpoint = problem, incumbent, checkpoint
        self.bound = 0
        self.levels: list[Level] = []

    def run(self) -> None:
        """Raise the bound until the incumbent costs no more.

        Raises
        ------
        Stopped
            If the deadline has passed, or networks would have too many neurons.
        """
        quick = BUDGET.quick_costs
        if self.problem.objective.inputs_are_free:
            # A neuron of many inputs is as many numbers to be found.
            quick = max(quick // max(self.table.width - 2, 1), 1)
        while self.bound < self.incumbent.cost:
            if self.bound == quick:
                self.progress("sparse networks", 0, 0)
                offer_sparse(self.incumbent, self.problem, self.table, self.deadline)
                if self.incumbent.cost <= self.bound:
                    return
            try:
                level = self.go_through(self.bound)
            finally:
                if self.first is not None:
                    _, network = self.first
                    self.incumbent.offer(network, "the search over activities", decides=True)
            if self.first is not None:
                return
            self.levels.append(level)
            self.bound += 1
            self.incumbent.note(self.bound)

    def _tell(self, level: Level, total: int) -> None:
        """Say how far a cost is gone through."""
        if WORK_CLOCK.reason:
            self.progress(WORK_CLOCK.reason, 0, 0)
            return
        self.progress(self.incumbent.level(level.cost), level.kinds, total)

    def _keep(self, level: Level, undone: dict[tuple[int, ...], Job]) -> None:
        """Keep what is done of a cost."""
        jobs = [[job.order, job.paths] for job in undone.values()]
        counts = [level.nodes, level.programs, level.exact]
        text = json.dumps([counts, jobs])
        self.checkpoint.keep(_NAME.format(level.cost), ("state", 0, level.kinds, 0, text))

    def _kept(self, cost: int, listed: list[Kind]) -> tuple[Level, list[Job]]:
        """What is known to be done of a cost, and what of it is open."""
        level, jobs = Level(cost), list[Job]()
        for _, _, begun, _, text in self.checkpoint.rows(_NAME.format(cost)):
            (level.nodes, level.programs, level.exact), kept = json.loads(text)
            level.kinds = begun
            for order, paths in kept:
                steps = [tuple((q, p) for q, p in path) for path in paths]
                jobs.append(Job(tuple(order), listed[order[0]], steps))
        return level, jobs

    def _decide(self, job: Job, path: Path, level: Level) -> list[Path]:
        """Decide a path of a job in rationals; its children, if it is not closed."""
        with self._lock:
            level.exact += 1
        network, missed, _ = settle(self.table, job.kind, path, self._pause(job))
        if network is None:
            return []
        if missed is not None:
            return list(children(job.kind, path, missed))
        if self.problem.cost(network) > level.cost:
            raise AssertionError("a network of a kind costs no more than the kind")
        self._found(job, network)
        return []
