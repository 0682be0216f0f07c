"""The search over activities as a route: a Problem in, a proved Solution out."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from typing import Any

from exactsparse.errors import ProblemError
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.network import Network
from exactsparse.problem.problem import Problem
from exactsparse.problem.rows import windows_in_doubt
from exactsparse.progress import Deadline, Progress, silent, until_stopped
from exactsparse.routes.activity_search import ROUTE
from exactsparse.routes.activity_search.activity_search import ActivitySearch
from exactsparse.routes.activity_search.lower_bound import lower_bound
from exactsparse.routes.activity_search.tolerance_solution import (
    NetworkToleranceSolution,
    least_tolerance,
)
from exactsparse.routes.activity_search.tree_walk import Level
from exactsparse.routes.checkpoint import CheckpointFile
from exactsparse.solution import InfeasibleSolution, Solution
from exactsparse.upper_bounds.portfolio import first_incumbent, prefer_few_digits, rounded_model


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class TreeSolution(Solution):
    """Solution of a search over activities.

    Parameters
    ----------
    best : Network
        The network of least cost that was found.
    levels : tuple of Level
        What was gone through for every cost.

    Examples
    --------
    >>> import exactsparse as es
    >>> X, y = [[0, 0], [0, 1], [1, 0], [1, 1]], ["0.02", "0.98", "1.01", "-0.03"]
    >>> solution = es.solve(X, y, tolerance="0.05")
    >>> solution.value, solution.status
    (4, <Status.OPTIMAL: 'optimal'>)
    """

    best: Network
    levels: tuple[Level, ...]

    @property
    def network(self) -> Network:
        """The network, which meets every row in rationals."""
        return self.best

    def _argument(self) -> dict[str, Any]:
        table = IntegerTable.of_problem(self.problem)
        skip = self.problem.skip == "affine"
        return lower_bound(table, self.problem.objective, skip, len(self.levels))


def solve(
    problem: Problem,
    deadline: Deadline | None = None,
    progress: Progress = silent,
    *,
    workers: int | None = None,
    checkpoint: str | os.PathLike[str] | None = None,
    start: Any = None,
) -> TreeSolution | NetworkToleranceSolution | InfeasibleSolution:
    """Find a network of fewest parameters or neurons within the bounds, and prove it.

    Or, of objective ``"tolerance"``, a network nearest to the labels.

    Parameters
    ----------
    problem : Problem
        Objective ``"parameters"`` or ``"neurons"``, any skip, a band or labels; or the least
        tolerance for so many.
    deadline : Deadline, optional
        When to stop with a ``feasible`` result.
    progress : callable, optional
        Receives (task, done, total).
    workers : int, optional
        Threads; as many as processors if omitted.
    checkpoint : path, optional
        File that keeps what is done.
    start : Network, str, path or torch.nn.Module, optional
        As :func:`exactsparse.verify` takes it: rounded within the bounds, a network to begin with.

    Raises
    ------
    ConflictingLabelsError
        If, without a band, equal points carry different labels.
    DataError
        If the model cannot be read.
    ProblemError
        If the checkpoint belongs to another problem, or the model takes another number of
        features, or has a linear part that the problem has not.
    OutputError
        If the checkpoint cannot be written.
    """
    began = time.perf_counter()
    deadline, workers = deadline or Deadline(), workers or os.cpu_count() or 1
    if problem.objective.is_tolerance:
        for option, value in (("checkpoint", checkpoint), ("start", start)):
            if value is not None:
                raise ProblemError(
                    f"method {ROUTE.method!r} does not use {option} where the least tolerance is "
                    "asked for: leave it out"
                )
        return least_tolerance(problem, deadline, progress, workers)
    windows = windows_in_doubt(problem)
    if windows is not None:
        nothing = InfeasibleSolution.of_empty_window(problem, ROUTE.method, windows)
        if nothing is not None:
            return nothing
    table = IntegerTable.of_problem(problem, windows)
    with CheckpointFile(checkpoint, problem) as kept:
        incumbent = first_incumbent(problem, table)
        search = ActivitySearch(
            problem=problem,
            table=table,
            incumbent=incumbent,
            deadline=deadline,
            progress=progress,
            workers=workers,
            checkpoint=kept,
        )
        with until_stopped(deadline):
            if start is not None:
                incumbent.offer(rounded_model(problem, start, deadline), "the start")
            search.run()
    with until_stopped(deadline):
        prefer_few_digits(incumbent, problem, table, deadline)
    settled = incumbent.settle(search.bound)
    return TreeSolution(
        problem=problem,
        status=settled.status,
        cost=settled.cost,
        bound=search.bound,
        method=ROUTE.method,
        seconds=time.perf_counter() - began,
        history=settled.history,
        best=settled.network,
        levels=tuple(search.levels),
    )
