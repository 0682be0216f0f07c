"""The route of float solvers: what they say is a claim until it is replayed.

The network is exact and the bound is the trivial one; the solver's own is reported as claimed.
"""

from __future__ import annotations

import math
import time

from exactsparse.errors import ProblemError
from exactsparse.packages import require_package
from exactsparse.patterns.neuron_types import generic_lower_bound
from exactsparse.patterns.type_cones import require_few_types
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.problem import Problem, require_choice
from exactsparse.progress import Deadline, Progress, silent, until_stopped
from exactsparse.routes.big_m import ROUTE
from exactsparse.routes.big_m.backend import Backend
from exactsparse.routes.big_m.backends.highs import Highs
from exactsparse.routes.big_m.backends.scip import Scip
from exactsparse.routes.big_m.claimed_search import ClaimedSearch
from exactsparse.routes.big_m.program import DEFAULT_M
from exactsparse.upper_bounds.claims import ClaimedSolution
from exactsparse.upper_bounds.portfolio import affine_alone, first_incumbent

BACKENDS: dict[str, Backend] = {
    backend.name: backend for backend in (Highs(), Scip(), Scip(indicator=True))
}
SOLVERS = tuple(BACKENDS)


def solve(
    problem: Problem,
    deadline: Deadline | None = None,
    progress: Progress = silent,
    *,
    solver: str | Backend | None = None,
    big_m: float | None = None,
) -> ClaimedSolution:
    """Find a sparse interpolant by the big-M program over neuron types.

    Parameters
    ----------
    problem : Problem
        Objective ``"parameters"`` or ``"neurons"``, any skip.
    deadline : Deadline, optional
        When to stop with a ``feasible`` result.
    progress : callable, optional
        Receives (task, done, total).
    solver : str or Backend, optional
        ``"highs"``, the default, and ``"scip"`` solve the big-M program in floats;
        ``"scip-indicator"`` has indicator constraints instead, with which SCIP 10.0.2 was seen to
        claim wrong optima.  A backend of your own is welcome.
    big_m : float, optional
        Bound of every weight in the big-M program; 10⁴ by default.

    Raises
    ------
    ConflictingLabelsError
        If equal points carry different labels.
    MissingPackageError
        If the solver is not installed.
    ProblemError
        If the solver is unknown, or M is no positive number.
    UnsupportedProblemError
        If there are too many neuron types.
    """
    began = time.perf_counter()
    deadline = deadline or Deadline()
    bound = DEFAULT_M if big_m is None else big_m
    if not (bound > 0 and math.isfinite(bound)):
        raise ProblemError(f"big_m must be a positive number, but it is {bound}")
    backend = _backend("highs" if solver is None else solver)
    table, skip = IntegerTable.of(problem.dataset), problem.skip == "affine"
    require_few_types(table, problem.objective)
    incumbent = first_incumbent(problem, table)
    incumbent.offer(affine_alone(table, skip), "the affine part alone")
    search = ClaimedSearch(backend, bound, problem, table, incumbent, deadline, progress)
    if search.bound < incumbent.cost:
        with until_stopped(deadline):
            search.run()
    settled = incumbent.settle(search.bound)
    return ClaimedSolution(
        problem=problem,
        status=settled.status,
        cost=settled.cost,
        bound=search.bound,
        method=ROUTE.method,
        seconds=time.perf_counter() - began,
        history=settled.history,
        generic_lower_bound=generic_lower_bound(table, problem.objective, skip),
        interpolant=settled.network,
        solver=backend.name,
        claim=search.claim,
        replayed=search.replayed,
        proof=search.proof,
        cuts=search.cuts,
    )


def _backend(solver: str | Backend) -> Backend:
    """The backend of a name; it must be installed."""
    if isinstance(solver, str):
        require_choice("solver", solver, SOLVERS)
        solver = BACKENDS[solver]
    require_package(solver.capabilities.module, solver.capabilities.extra)
    return solver
