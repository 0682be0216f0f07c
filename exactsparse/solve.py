"""The one entry point: data and options in, a proved solution out."""

from __future__ import annotations

import math
import os
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from exactsparse.dataset import Dataset
from exactsparse.errors import ProblemError, UnsupportedProblemError
from exactsparse.exact.numbers import to_float
from exactsparse.network import Network, Skip
from exactsparse.problem import Exponent, Problem, parse_exponent
from exactsparse.progress import Deadline, Progress, silent
from exactsparse.univariate import UnivariateSolution, solve_univariate

if TYPE_CHECKING:
    from exactsparse.reformulation import ConvexSolution
    from exactsparse.reformulation.milp import MilpSolution
    from exactsparse.search import SearchSolution

METHODS = ("auto", "univariate", "search", "convex", "milp")
OBJECTIVES = ("neurons", "parameters")
SKIPS = ("affine", "none")

_INCUMBENT_SECONDS = 20.0
_INCUMBENT_SHARE = 0.25


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
    start: Network | None = None,
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
    start : Network, optional
        An exact interpolant, which a search begins with; other routes do without.
    time_limit : float, optional
        Seconds after which the best interpolant so far is returned as ``feasible``.
    progress : callable, optional
        Receives (task, done, total) now and then.

    Returns
    -------
    UnivariateSolution, SearchSolution, ConvexSolution or MilpSolution
        ``status`` is ``"optimal"`` only with an exact proof.

    Raises
    ------
    DataError
        If the data are not finite numbers, or equal points have different labels.
    ProblemError
        If an option is out of range, the checkpoint is one of another problem, or ``start`` does
        not interpolate.
    UnsupportedProblemError
        If the route does not solve the problem, or none does, or the program of a route is too
        large.
    MissingPackageError
        If the solver of method ``milp`` is not installed.
    OutputError
        If the checkpoint cannot be written.
    """
    if isinstance(X, Dataset):
        if y is not None:
            raise ProblemError("pass either a dataset or X and y, not both")
        dataset = X
    else:
        if y is None:
            raise ProblemError("y is missing: pass X and y, or a dataset from exactsparse.read")
        dataset = Dataset.from_arrays(X, y)
    problem = _problem(dataset, objective, p, skip)
    _require(method in METHODS, "method", method, METHODS)
    if time_limit is not None and not (time_limit > 0 and math.isfinite(time_limit)):
        raise ProblemError(f"time_limit must be a positive number of seconds, not {time_limit}")
    if workers is not None and workers < 1:
        raise ProblemError(f"workers must be at least 1, not {workers}")
    if method != "milp" and (solver is not None or big_m is not None):
        raise ProblemError("solver and big_m are options of method 'milp'")
    first = None if start is None else _checked(start, problem)
    deadline = Deadline(time_limit)
    route = _route(problem, method)
    if route == "univariate":
        return solve_univariate(problem, deadline, progress)
    if route == "convex":
        from exactsparse.reformulation import solve_convex

        return solve_convex(problem, deadline, progress)
    if route == "milp":
        from exactsparse.reformulation.milp import DEFAULT_M, EXACT_SOLVER, solve_milp

        bound = DEFAULT_M if big_m is None else big_m
        return solve_milp(problem, solver or EXACT_SOLVER, deadline, progress, big_m=bound)
    # The search compiles and loads more; small univariate problems need not wait for it.
    from exactsparse.search import solve_search

    def sparse(below: int) -> Network | None:
        return _sparse(problem, deadline, below)

    return solve_search(problem, deadline, progress, workers, checkpoint, sparse, first)


def _checked(start: Network, problem: Problem) -> Network:
    """A network to start with, which must interpolate."""
    points = problem.dataset.canonical
    if start.skip is not None and problem.skip == "none":
        raise ProblemError("start has an affine part, but the problem has none: pass skip='affine'")
    for i in range(len(points)):
        *features, label = points.row(i)
        value = start.evaluate(features)
        if value != label:
            row = points.origin.row_number(i)
            off = f"{to_float(value - label):.3g}"
            raise ProblemError(f"start does not interpolate: at row {row} it is off by {off}")
    zero = Skip((Fraction(0),) * start.n_features, Fraction(0))
    return replace(start, skip=start.skip or zero) if problem.skip == "affine" else start


def _sparse(problem: Problem, deadline: Deadline, below: int) -> Network | None:
    """An incumbent for the search, in a share of its time."""
    from exactsparse.patterns import IntegerTable
    from exactsparse.reformulation.reweighted import sparse_interpolant

    share = Deadline(min(_INCUMBENT_SECONDS, _INCUMBENT_SHARE * deadline.seconds_left))
    table = IntegerTable.of(problem.dataset)
    return sparse_interpolant(table, problem.objective, problem.skip == "affine", share, below)


def _problem(
    dataset: Dataset, objective: str | None, p: Exponent | None, skip: str | None
) -> Problem:
    if objective is not None and p is not None:
        raise ProblemError("objective and p exclude each other: p asks for the path norm")
    _require(objective is None or objective in OBJECTIVES, "objective", objective, OBJECTIVES)
    _require(skip is None or skip in SKIPS, "skip", skip, SKIPS)
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


def _require(condition: bool, option: str, value: object, allowed: tuple[str, ...]) -> None:
    if not condition:
        names = ", ".join(map(repr, allowed))
        raise ProblemError(f"{option} must be one of {names}, but it is {value!r}")
