"""The one entry point: data and options in, a proved solution out."""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from exactsparse.errors import ProblemError, UnsupportedProblemError
from exactsparse.problem.dataset import Dataset
from exactsparse.problem.problem import Exponent, Problem, parse_exponent
from exactsparse.progress import Deadline, Progress, silent
from exactsparse.routes.univariate.route import UnivariateSolution, solve_univariate

if TYPE_CHECKING:
    from exactsparse.routes.big_m.solution import MilpSolution
    from exactsparse.routes.column_generation.route import ConvexSolution
    from exactsparse.routes.rank_search.route import SearchSolution

METHODS = ("auto", "univariate", "search", "convex", "milp")
OBJECTIVES = ("neurons", "parameters")
SKIPS = ("affine", "none")


def solve(
    X: Any,
    y: Any = None,
    *,
    objective: str | None = None,
    p: Exponent | None = None,
    skip: str | None = None,
    method: str = "auto",
    solver: str | None = None,
    big_m: float | None = None,
    time_limit: float | None = None,
    workers: int | None = None,
    checkpoint: str | os.PathLike[str] | None = None,
    start: Any = None,
    progress: Progress = silent,
) -> UnivariateSolution | SearchSolution | ConvexSolution | MilpSolution:
    """Find the sparsest ReLU network that interpolates the data, and prove it.

    Parameters
    ----------
    X : Dataset or array_like, shape (n, d), or (n,) for one feature
        A dataset from :func:`exactsparse.read`, or the points: floats (read as the dyadic
        rationals that they are), integers, Fractions, or decimal strings.
    y : array_like, shape (n,)
        Labels; omitted if ``X`` is a dataset.
    objective : {"neurons", "parameters"}, optional
        Count neurons, or their nonzero input weights and biases.  By default neurons (knots) for
        one feature with an affine part, else parameters.
    p : number or str, optional
        Minimise a path norm instead; ``0.1`` means 1/10.  One feature with an affine part:
        ``Σ |vₖwₖ|ᵖ``, ``0 <= p <= 1``.  Otherwise ``Σ ‖vₖ(wₖ, bₖ)‖₁``, ``p = 1`` only.
    skip : {"affine", "none"}, optional
        A free affine part, never counted, or none.  By default affine for one feature, else none.
    method : {"auto", "univariate", "search", "convex", "milp"}
        The route; ``auto`` takes the univariate one where it applies, and otherwise the search
        for counts, the convex one for path norms.
    solver : {"cpsat", "highs", "scip", "scip-indicator"}, optional
        Of method ``milp``.  ``cpsat``, the default, proves optimality by exact cuts; what the
        others say is a claim, of which only exact networks are kept.
    big_m : float, optional
        Bound of every weight in the programs of ``highs`` and ``scip``; 10⁴ by default.
    workers : int, optional
        Threads of a search; as many as processors if omitted.
    checkpoint : path, optional
        File in which a search keeps finished work; a run that was killed goes on from there.
    start : Network, str, path or torch.nn.Module, optional
        A model for a search to begin with, as :func:`exactsparse.verify` takes it.  It is rounded
        to an exact interpolant first, and left aside if that fails.  Other routes need none.
    time_limit : float, optional
        Seconds after which the best interpolant so far is returned as ``feasible``; compiling
        kernels, once after installation, does not count.
    progress : callable, optional
        Receives (task, done, total) now and then.

    Returns
    -------
    UnivariateSolution, SearchSolution, ConvexSolution or MilpSolution
        ``status`` is ``"optimal"`` only with an exact proof.

    Raises
    ------
    DataError
        If the data are not finite numbers, equal points have different labels, or ``start`` cannot
        be read.
    ProblemError
        If an option is out of range, the checkpoint is one of another problem, or ``start`` takes
        another number of features or has a linear part that the problem has not.
    UnsupportedProblemError
        If the route does not solve the problem, or none does, or the program of a route is too
        large.
    MissingPackageError
        If the solver of method ``milp`` or the package that reads ``start`` is not installed.
    OutputError
        If the checkpoint cannot be written.
    """
    dataset = as_dataset(X, y)
    problem = _problem(dataset, objective, p, skip)
    require(method in METHODS, "method", method, METHODS)
    if time_limit is not None and not (time_limit > 0 and math.isfinite(time_limit)):
        raise ProblemError(f"time_limit must be a positive number of seconds, not {time_limit}")
    if workers is not None and workers < 1:
        raise ProblemError(f"workers must be at least 1, not {workers}")
    if method != "milp" and (solver is not None or big_m is not None):
        raise ProblemError("solver and big_m are options of method 'milp'")
    route = _route(problem, method)
    if route == "univariate":
        return solve_univariate(problem, Deadline(time_limit), progress)
    if route == "convex":
        from exactsparse.routes.column_generation.pricing import load_ray_kernels
        from exactsparse.routes.column_generation.route import solve_convex

        return solve_convex(problem, _started(time_limit, load_ray_kernels, progress), progress)
    if route == "milp":
        from exactsparse.routes.big_m.program import DEFAULT_M
        from exactsparse.routes.big_m.route import EXACT_SOLVER, solve_milp

        bound = DEFAULT_M if big_m is None else big_m
        deadline = Deadline(time_limit)
        return solve_milp(problem, solver or EXACT_SOLVER, deadline, progress, big_m=bound)
    # The search compiles and loads more; small univariate problems need not wait for it.
    from exactsparse.routes.rank_search.route import load_kernels, solve_search
    from exactsparse.upper_bounds.portfolio import rounded_model

    deadline = _started(time_limit, load_kernels, progress)

    begin = None if start is None else rounded_model(problem, start, deadline)
    return solve_search(problem, deadline, progress, workers, checkpoint, begin)


def _started(time_limit: float | None, load: Callable[[], None], progress: Progress) -> Deadline:
    """The deadline, from when the kernels are there: compiling them is no part of the work."""
    if time_limit is not None:
        progress("loading kernels, compiled once", 0, 0)
        load()
    return Deadline(time_limit)


def as_dataset(X: Any, y: Any) -> Dataset:
    """The dataset that is passed, or one of arrays.

    Raises
    ------
    ProblemError
        If labels are missing, or given twice.
    DataError
        As :meth:`exactsparse.Dataset.from_arrays`.
    """
    if isinstance(X, Dataset):
        if y is not None:
            raise ProblemError("pass either a dataset or X and y, not both")
        return X
    if y is None:
        raise ProblemError("y is missing: pass X and y, or a dataset from exactsparse.read")
    return Dataset.from_arrays(X, y)


def _problem(
    dataset: Dataset, objective: str | None, p: Exponent | None, skip: str | None
) -> Problem:
    if objective is not None and p is not None:
        raise ProblemError("objective and p exclude each other: p asks for the path norm")
    require(objective is None or objective in OBJECTIVES, "objective", objective, OBJECTIVES)
    require(skip is None or skip in SKIPS, "skip", skip, SKIPS)
    exponent = None if p is None else parse_exponent(p)
    skip = skip or ("affine" if dataset.n_features == 1 else "none")
    counted = "neurons" if dataset.n_features == 1 and skip == "affine" else "parameters"
    kind = "path_norm" if exponent is not None else objective or counted
    return Problem(dataset, kind, exponent, skip)


def _route(problem: Problem, method: str) -> str:
    """The route that solves a problem."""
    univariate = (
        problem.dataset.n_features == 1
        and problem.skip == "affine"
        and problem.objective != "parameters"
    )
    convex = problem.objective == "path_norm" and problem.p == 1 and not univariate
    if method == "univariate" and not univariate:
        raise UnsupportedProblemError(
            "the univariate route solves one feature with skip 'affine', objective 'neurons' or a "
            "path norm: use method 'search'"
        )
    if method == "convex" and not convex:
        raise UnsupportedProblemError(
            "the convex route minimises the path norm with p = 1, of two features or more or "
            "without skip: pass p=1, or use method 'auto'"
        )
    if problem.objective != "path_norm":
        if method in ("search", "milp"):
            return method
        return "univariate" if univariate else "search"
    if method in ("search", "milp") or not (univariate or convex):
        raise UnsupportedProblemError(
            "a path norm is minimised for one feature with skip 'affine', by the univariate route, "
            "and for p = 1, by the convex one; the other routes count parameters or neurons"
        )
    return "univariate" if univariate else "convex"


def require(condition: bool, option: str, value: object, allowed: tuple[str, ...]) -> None:
    """Refuse an option that is none of the allowed values.

    Raises
    ------
    ProblemError
        Unless the condition holds.
    """
    if not condition:
        names = ", ".join(map(repr, allowed))
        raise ProblemError(f"{option} must be one of {names}, but it is {value!r}")
