"""The MILP route: a Problem in, a Solution out; what solvers say is a claim until it is replayed.

With a float backend, the network is exact and the bound is the trivial one; its own bound is
reported as claimed.  With CP-SAT, bounds come of exact Farkas cuts.
"""

from __future__ import annotations

import math
import time

from exactsparse.errors import ProblemError, UnsupportedProblemError
from exactsparse.packages import require_package
from exactsparse.patterns.neuron_types import generic_lower_bound
from exactsparse.patterns.type_cones import require_few_types
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.problem import Problem
from exactsparse.progress import Deadline, Progress, silent, until_stopped
from exactsparse.routes.big_m.backend import Backend
from exactsparse.routes.big_m.backends.highs import Highs
from exactsparse.routes.big_m.backends.scip import Scip
from exactsparse.routes.big_m.claimed_search import ClaimedSearch
from exactsparse.routes.big_m.program import DEFAULT_M
from exactsparse.routes.big_m.solution import MilpSolution
from exactsparse.routes.farkas_cuts.cut_search import CutSearch
from exactsparse.upper_bounds.portfolio import affine_alone, first_incumbent

BACKENDS: dict[str, Backend] = {
    backend.name: backend for backend in (Highs(), Scip(), Scip(indicator=True))
}
EXACT_SOLVER = "cpsat"
SOLVERS = (EXACT_SOLVER, *BACKENDS)


def solve_milp(
    problem: Problem,
    solver: str | Backend = EXACT_SOLVER,
    deadline: Deadline | None = None,
    progress: Progress = silent,
    *,
    big_m: float = DEFAULT_M,
) -> MilpSolution:
    """Find a sparsest interpolant by the program over neuron types.

    Parameters
    ----------
    problem : Problem
        Objective ``"parameters"`` or ``"neurons"``, any skip.
    solver : str or Backend
        ``"cpsat"`` proves optimality by exact cuts and has no M.  ``"highs"`` and ``"scip"`` solve
        the big-M program in floats; ``"scip-indicator"`` has indicator constraints instead, with
        which SCIP 10.0.2 was seen to claim wrong optima.  A backend of your own is welcome.
    deadline : Deadline, optional
        When to stop with a ``feasible`` result.  Ctrl-C does the same.
    progress : callable, optional
        Receives (task, done, total).
    big_m : float
        Bound of every weight in the big-M program, which ``cpsat`` has not.

    Raises
    ------
    ConflictingLabelsError
        If equal points carry different labels.
    MissingPackageError
        If the solver is not installed.
    ProblemError
        If the solver is unknown, or M is no positive number.
    UnsupportedProblemError
        If the objective is a path norm, or there are too many neuron types.
    """
    began = time.perf_counter()
    deadline = deadline or Deadline()
    if problem.objective not in ("parameters", "neurons"):
        raise UnsupportedProblemError("method 'milp' counts parameters or neurons: leave p out")
    if not (big_m > 0 and math.isfinite(big_m)):
        raise ProblemError(f"M must be a positive number, but it is {big_m}")
    backend = _backend(solver)
    table = IntegerTable.of(problem.dataset)
    require_few_types(table, problem.objective)
    skip = problem.skip == "affine"
    incumbent = first_incumbent(problem, table)
    incumbent.offer(affine_alone(table, skip), "the affine part alone")
    search: CutSearch | ClaimedSearch
    if backend is None:
        search = CutSearch(problem, table, incumbent, deadline, progress)
    else:
        search = ClaimedSearch(backend, big_m, problem, table, incumbent, deadline, progress)
    if search.bound < incumbent.cost:
        with until_stopped():
            search.run()
    bound = search.bound
    settled = incumbent.settle(bound)
    return MilpSolution(
        problem=problem,
        status=settled.status,
        cost=settled.cost,
        bound=bound,
        method="milp",
        seconds=time.perf_counter() - began,
        generic_lower_bound=generic_lower_bound(table, problem.objective, skip),
        interpolant=settled.network,
        solver=EXACT_SOLVER if backend is None else backend.name,
        claim=search.claim,
        replayed=search.replayed,
        proof=search.proof,
        cuts=search.cuts,
    )


def _backend(solver: str | Backend) -> Backend | None:
    """The backend of a name, None for the exact solver; it must be installed."""
    if solver == EXACT_SOLVER:
        for module in ("highspy", "ortools.sat.python.cp_model"):
            require_package(module, "milp")
        return None
    if isinstance(solver, str):
        if solver not in BACKENDS:
            names = ", ".join(map(repr, SOLVERS))
            raise ProblemError(f"solver must be one of {names}, but it is {solver!r}")
        solver = BACKENDS[solver]
    require_package(solver.capabilities.module, solver.capabilities.extra)
    return solver
