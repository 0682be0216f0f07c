"""The route of exact cuts: CP-SAT proposes, rational Farkas cuts prove."""

from __future__ import annotations

import time

from exactsparse.packages import require_package
from exactsparse.patterns.neuron_types import generic_lower_bound
from exactsparse.patterns.type_cones import require_few_types
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.problem import Problem
from exactsparse.problem.rows import windows_in_doubt
from exactsparse.progress import Deadline, Progress, silent, until_stopped
from exactsparse.routes.farkas_cuts import ROUTE
from exactsparse.routes.farkas_cuts.cut_search import CutSearch
from exactsparse.solution import InfeasibleSolution
from exactsparse.upper_bounds.claims import ClaimedSolution
from exactsparse.upper_bounds.portfolio import (
    affine_alone,
    first_incumbent,
    offer_sparse,
    prefer_few_digits,
)

SOLVER = "cpsat"


def solve(
    problem: Problem, deadline: Deadline | None = None, progress: Progress = silent
) -> ClaimedSolution | InfeasibleSolution:
    """Find a sparsest network, and prove it by exact cuts; no weight is bounded.

    Parameters
    ----------
    problem : Problem
        Objective ``"parameters"`` or ``"neurons"``, any skip, a band or labels.
    deadline : Deadline, optional
        When to stop with a ``feasible`` result.
    progress : callable, optional
        Receives (task, done, total).

    Returns
    -------
    ClaimedSolution or InfeasibleSolution
        Infeasible if the bounds at a point leave no number.

    Raises
    ------
    ConflictingLabelsError
        If, without a band, equal points carry different labels.
    MissingPackageError
        If CP-SAT or HiGHS is not installed.
    UnsupportedProblemError
        If there are too many neuron types.
    """
    began = time.perf_counter()
    deadline = deadline or Deadline()
    for module in ("highspy", "ortools.sat.python.cp_model"):
        require_package(module, "milp")
    exact = problem.band is None
    windows = windows_in_doubt(problem)
    if windows is not None:
        nothing = InfeasibleSolution.of_empty_window(problem, ROUTE.method, windows)
        if nothing is not None:
            return nothing
    table, skip = IntegerTable.of_problem(problem, windows), problem.skip == "affine"
    require_few_types(table, problem.objective)
    incumbent = first_incumbent(problem, table)
    incumbent.offer(affine_alone(table, skip), "the affine part alone")
    search = CutSearch(problem, table, incumbent, deadline, progress)
    with until_stopped(deadline):
        if not exact and search.bound < incumbent.cost:
            progress("sparse networks", 0, 0)
            offer_sparse(incumbent, problem, table, deadline)
        if search.bound < incumbent.cost:
            search.run()
    with until_stopped(deadline):
        prefer_few_digits(incumbent, problem, table, deadline)
    settled = incumbent.settle(search.bound)
    return ClaimedSolution(
        problem=problem,
        status=settled.status,
        cost=settled.cost,
        bound=search.bound,
        method=ROUTE.method,
        seconds=time.perf_counter() - began,
        history=settled.history,
        generic_lower_bound=(
            generic_lower_bound(table, problem.objective, skip) if exact else None
        ),
        interpolant=settled.network,
        solver=SOLVER,
        claim=search.claim,
        replayed=search.replayed,
        proof=search.proof,
        cuts=search.cuts,
    )
