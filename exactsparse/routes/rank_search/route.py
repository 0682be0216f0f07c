"""The search route: a Problem in, a proved Solution out."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from typing import Any

from exactsparse.patterns.neuron_types import generic_lower_bound
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.network import Network
from exactsparse.problem.problem import Problem
from exactsparse.progress import Deadline, Progress, silent, until_stopped
from exactsparse.routes.rank_search import ROUTE
from exactsparse.routes.rank_search.checkpoint import Checkpoint
from exactsparse.routes.rank_search.level_search import LevelSearch
from exactsparse.routes.rank_search.lower_bound import LevelRecord, lower_bound
from exactsparse.solution import Solution
from exactsparse.upper_bounds.portfolio import first_incumbent, rounded_model


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class SearchSolution(Solution):
    """Solution of a search.

    Parameters
    ----------
    interpolant : Network
        The network of least cost that was found.
    levels : tuple of LevelRecord
        The levels that were gone through.

    Examples
    --------
    >>> import exactsparse as es
    >>> solution = es.solve([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0])
    >>> solution.value, solution.lower_bound, [level.cost for level in solution.levels]
    (4, 4, [1, 2, 3])
    """

    interpolant: Network
    levels: tuple[LevelRecord, ...]

    @property
    def network(self) -> Network:
        """The interpolating network, exact."""
        return self.interpolant

    def _argument(self) -> dict[str, Any]:
        table = IntegerTable.of(self.problem.dataset)
        below = (record for record in self.levels if record.cost < self.value)
        with Checkpoint(None, self.problem) as nowhere:
            return lower_bound(below, table, self.problem.objective, nowhere)


def solve(
    problem: Problem,
    deadline: Deadline | None = None,
    progress: Progress = silent,
    *,
    workers: int | None = None,
    checkpoint: str | os.PathLike[str] | None = None,
    start: Any = None,
) -> SearchSolution:
    """Round a model to begin with, if there is one, and search as :func:`solve_search` does.

    Parameters
    ----------
    problem, deadline, progress, workers, checkpoint
        As for the search.
    start : Network, str, path or torch.nn.Module, optional
        As :func:`exactsparse.verify` takes it.

    Raises
    ------
    DataError
        If the model cannot be read.
    ProblemError
        If it takes another number of features, or has a linear part that the problem has not.
    """
    deadline = deadline or Deadline()
    begin = None
    if start is not None:
        rounding = True
        with until_stopped(deadline):
            begin = rounded_model(problem, start, deadline)
            rounding = False
        if rounding:
            # Ctrl-C ended it: the search is to end with what is at hand.
            deadline = Deadline(0, interrupts_count=True)
    return solve_search(problem, deadline, progress, workers, checkpoint, begin)


def solve_search(
    problem: Problem,
    deadline: Deadline | None = None,
    progress: Progress = silent,
    workers: int | None = None,
    checkpoint: str | os.PathLike[str] | None = None,
    start: Network | None = None,
) -> SearchSolution:
    """Find an interpolant of fewest parameters or neurons, and prove that none has fewer.

    Parameters
    ----------
    problem : Problem
        Objective ``"parameters"`` or ``"neurons"``, any skip.
    deadline : Deadline, optional
        When to stop with a ``feasible`` result.
    progress : callable, optional
        Receives (task, leaves done, leaves in all).
    workers : int, optional
        Threads; as many as processors if omitted.
    checkpoint : path, optional
        File that keeps finished shards.
    start : Network, optional
        A network to begin with, if it interpolates.

    Raises
    ------
    ConflictingLabelsError
        If equal points carry different labels.
    ProblemError
        If the checkpoint belongs to another problem.
    OutputError
        If the checkpoint cannot be written.
    """
    began = time.perf_counter()
    deadline = deadline or Deadline()
    table = IntegerTable.of(problem.dataset)
    skip = problem.skip == "affine"
    with Checkpoint(checkpoint, problem) as kept:
        incumbent = first_incumbent(problem, table)
        incumbent.offer(start, "the start")
        search = LevelSearch(
            problem=problem,
            table=table,
            deadline=deadline,
            progress=progress,
            workers=workers or os.cpu_count() or 1,
            checkpoint=kept,
            incumbent=incumbent,
        )
        with until_stopped(deadline):
            search.run()
    settled = incumbent.settle(search.bound)
    return SearchSolution(
        problem=problem,
        status=settled.status,
        cost=settled.cost,
        bound=search.bound,
        method=ROUTE.method,
        seconds=time.perf_counter() - began,
        history=settled.history,
        generic_lower_bound=generic_lower_bound(table, problem.objective, skip),
        interpolant=settled.network,
        levels=tuple(search.levels),
    )
