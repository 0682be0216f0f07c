"""The one entry point: data and options in, a proved solution out."""

from __future__ import annotations

import importlib
import logging
import os
import warnings
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import numpy as np

from exactsparse.errors import ProblemError, ToleranceHint
from exactsparse.problem.dataset import Dataset
from exactsparse.problem.decimals import FLOATS
from exactsparse.problem.limit import require_time_limit, whole_number
from exactsparse.problem.network import Network
from exactsparse.problem.problem import (
    Exponent,
    Problem,
    names_a_column,
    require_choice,
)
from exactsparse.progress import WORK_CLOCK, Deadline, Progress
from exactsparse.progress_bar import reports
from exactsparse.routes.declaration import Route
from exactsparse.routes.registry import able, choose

if TYPE_CHECKING:
    from exactsparse.routes.activity_search.route import TreeSolution
    from exactsparse.routes.activity_search.tolerance_solution import NetworkToleranceSolution
    from exactsparse.routes.column_generation.route import RaysSolution
    from exactsparse.routes.concave_vertices.route import VerticesSolution
    from exactsparse.routes.rank_search.route import SearchSolution
    from exactsparse.routes.univariate.band.solution import (
        BandSolution,
        ToleranceSolution,
    )
    from exactsparse.routes.univariate.route import UnivariateSolution
    from exactsparse.solution import InfeasibleSolution
    from exactsparse.upper_bounds.claims import ClaimedSolution

    AnySolution: TypeAlias = (
        UnivariateSolution
        | BandSolution
        | ToleranceSolution
        | InfeasibleSolution
        | SearchSolution
        | TreeSolution
        | NetworkToleranceSolution
        | RaysSolution
        | VerticesSolution
        | ClaimedSolution
    )

_logger = logging.getLogger(__name__)
INTERRUPTS = ("raise", "return")
# The hint about longer tables takes longer than their solution, and waits to be asked for.
_MOST_POINTS_OF_A_WARNING = 200_000


def solve(
    X: Any,
    y: Any = None,
    *,
    objective: str | None = None,
    p: Exponent | None = None,
    skip: str | None = None,
    tolerance: Any = None,
    lower: Any = None,
    upper: Any = None,
    knots: int | None = None,
    parameters: int | None = None,
    neurons: int | None = None,
    shape: str | None = None,
    simplify: bool = True,
    method: str = "auto",
    solver: str | None = None,
    big_m: float | None = None,
    time_limit: float | None = None,
    workers: int | None = None,
    checkpoint: str | os.PathLike[str] | None = None,
    start: Any = None,
    floats: str | None = None,
    on_interrupt: str = "raise",
    progress: Progress | bool = False,
) -> AnySolution:
    """Find the sparsest ReLU network through the data, or near enough, and prove it.

    Parameters
    ----------
    X : Dataset or array_like, shape (n, d), or (n,) for one feature
        A dataset from :func:`exactsparse.read`, or the points: floats (read as the shortest
        decimals that round to them), integers, Fractions, or decimal strings.
    y : array_like, shape (n,), or str
        Labels, or the name of their column where ``X`` is a data frame (pandas, polars, pyarrow);
        omitted if ``X`` is a dataset.
    objective : {"neurons", "parameters"}, optional
        Count neurons, or their nonzero input weights and biases.  By default neurons (knots) for
        one feature with an affine part, else parameters.
    p : number or str, optional
        Minimise a path norm instead; ``0.1`` means 1/10.  One feature with an affine part:
        ``Σ |vₖwₖ|ᵖ``, ``0 <= p <= 1``.  Otherwise ``Σ ‖vₖ(wₖ, bₖ)‖ₚᵖ``, ``0 < p <= 1``; with
        p < 1 for skip none and few points: 7 of two features, 5 of three.
    skip : {"affine", "none"}, optional
        A free affine part, never counted, or none.  By default affine for one feature, else none.
    tolerance : number, str or array_like of shape (n,), optional
        How far the network may be from every label: one number (``0.1`` and ``"0.1"`` mean 1/10),
        ``"auto"`` for half a unit in the last digit that the labels are written with, or a
        half-width for every row, also as the name of a column of the frame.
    lower, upper : array_like, shape (n,), or str, optional
        In the place of ``y``: bounds of every label, or names of columns; None, NaN or an infinity
        for no bound.
    knots : int, optional
        One feature: find the least tolerance with which so many knots suffice.
    parameters, neurons : int, optional
        Any number of features: find the least tolerance with which a network of so many nonzero
        parameters, or of so many neurons, suffices.
    shape : {"convex", "concave"}, optional
        One feature: the fewest knots of such functions.
    simplify : bool
        Within a band: whether to return the law of simplest numbers among those of fewest knots,
        or weights of few digits.
    method : {"auto", "univariate", "search", "tree", "rays", "vertices", "cuts", "big-m"}
        ``auto`` takes ``univariate`` where it applies, and otherwise ``search`` for counts,
        ``tree`` for counts within a band, ``rays`` for path norms
        with p = 1 and ``vertices`` for p < 1.  ``cuts`` proves counts in
        another way; ``big-m`` asks a solver in floats, whose word is a claim, and keeps exact
        networks only.
    solver : {"highs", "scip", "scip-indicator"}, optional
        Of method ``big-m``; ``highs`` by default.
    big_m : float, optional
        Of method ``big-m``: bound of every weight; 10⁴ by default.
    time_limit : float, optional
        Seconds after which the best interpolant so far is returned as ``feasible``; compiling
        kernels, once after installation, does not count.
    workers : int, optional
        Of ``search``, ``tree`` and ``vertices``: threads; as many as processors if omitted.
    checkpoint : path, optional
        Of ``search`` and ``tree``: file that keeps finished work; a run that was killed goes on
        from there.
    start : Network, str, path or torch.nn.Module, optional
        Of ``search`` and ``tree``: a model to begin with, as :func:`exactsparse.verify` takes it.
        It is rounded to an exact interpolant, or within the band, first, and left aside if that
        fails.
    floats : {"decimal", "binary"}, optional
        Whether floats of arrays are the shortest decimals that round to them, in their own
        precision, so that a table gives the same answer however it is read; or the dyadic rationals
        that they hold.  By default decimals.
    on_interrupt : {"raise", "return"}
        What Ctrl-C does: raise KeyboardInterrupt, so that it ends a loop over problems too, or
        return the best interpolant so far as ``feasible``.
    progress : bool or callable
        True shows a bar; a callable receives (task, done, total), also from other threads.

    Returns
    -------
    Solution
        Of the kind of the method; ``status`` is ``"optimal"`` only with an exact proof, and
        ``"infeasible"`` is proved, too.

    Raises
    ------
    DataError
        If the data are not finite numbers, equal points have different labels, or ``start`` cannot
        be read.
    ProblemError
        If an option is out of range or not used by the method, the checkpoint is one of another
        problem, or ``start`` takes another number of features or has a linear part that the
        problem has not.
    UnsupportedProblemError
        If the method does not solve the problem, or none does, or its program is too large.
    MissingPackageError
        If the solver or the package that reads ``start`` is not installed.
    OutputError
        If the checkpoint cannot be written.
    TimeLimitError
        If the limit has passed before there was any law within a band.

    Warns
    -----
    ToleranceHint
        If an exact law of one feature has knots nearly everywhere, and few within a small
        tolerance.

    Examples
    --------
    >>> import exactsparse as es
    >>> es.solve([0, 1, 2, 3], [0, 0, 1, 2]).value
    1
    >>> es.solve([0, 1, 2, 3], [0, 0.4, 1, 1.6], tolerance=0.1).value
    0
    """
    tolerance, half_widths = _tolerance(tolerance, X)
    dataset = as_dataset(X, y, floats, lower, upper, half_widths)
    problem = Problem.of(
        dataset,
        objective=objective,
        p=p,
        skip=skip,
        tolerance=tolerance,
        knots=knots,
        parameters=parameters,
        neurons=neurons,
        shape=shape,
        simplify=simplify,
    )
    options = {
        "solver": solver,
        "big_m": big_m,
        "workers": workers,
        "checkpoint": checkpoint,
        "start": start,
    }
    route = choose(problem, method)
    with reports(progress) as told:
        solution = _solve(problem, route, time_limit, options, on_interrupt, told)
    try:
        hint = solution.hint if len(dataset) <= _MOST_POINTS_OF_A_WARNING else None
    except KeyboardInterrupt:
        if on_interrupt != "return":
            raise
        hint = None
    if hint is not None:
        warnings.warn(hint, ToleranceHint, stacklevel=2)
    return solution


def solve_beside(
    problem: Problem,
    model: Network | None,
    *,
    time_limit: float | None,
    workers: int | None,
    on_interrupt: str,
    progress: Progress,
) -> AnySolution:
    """Solve a problem of which a network is known, which helps some methods and not others.

    Parameters
    ----------
    problem : Problem
        What is solved, by the method that ``auto`` takes.
    model : Network or None
        Where a search begins.
    time_limit : float or None
        As in :func:`solve`.
    workers : int or None
        Threads of a search.
    on_interrupt : {"raise", "return"}
        As in :func:`solve`.
    progress : callable
        Receives (task, done, total).
    """
    route = choose(problem)
    options = {"start": model, "workers": workers}
    taken = {option: options[option] for option in options if option in route.options}
    return _solve(problem, route, time_limit, taken, on_interrupt, progress)


def _solve(
    problem: Problem,
    route: Route,
    time_limit: float | None,
    options: dict[str, Any],
    on_interrupt: str,
    progress: Progress,
) -> AnySolution:
    require_choice("on_interrupt", on_interrupt, INTERRUPTS)
    workers = options.get("workers")
    require_time_limit(time_limit)
    if workers is not None and whole_number("workers", workers) < 1:
        raise ProblemError(f"workers must be at least 1, not {workers}")
    route.require_options(options, able(problem))
    given = {option: value for option, value in options.items() if value is not None}
    # A route loads what it needs, some a compiler or a solver, when it is chosen.
    room = importlib.import_module(f"exactsparse.routes.{route.package}.route")
    deadline = Deadline(time_limit, interrupts_count=on_interrupt == "return")
    _logger.info("%s, %d points: %s", problem.description, len(problem.dataset), route.method)
    with WORK_CLOCK.pauses_told_to(progress), deadline.hears_interrupts():
        solution = cast("AnySolution", room.solve(problem, deadline, progress, **given))
    _logger.info("%r after %.3f s", solution, solution.seconds)
    return solution


def _tolerance(tolerance: Any, X: Any) -> tuple[Any, Any]:
    """A tolerance as one for all rows, or as a column or name of a column."""
    if tolerance is None or np.ndim(tolerance) > 0:
        return None, tolerance
    names = getattr(X, "columns", getattr(X, "column_names", ()))
    named = isinstance(tolerance, str) and len(names)
    if named and (tolerance in list(names) or names_a_column(tolerance)):
        return None, tolerance
    return tolerance, None


def as_dataset(
    X: Any,
    y: Any,
    floats: str | None = None,
    lower: Any = None,
    upper: Any = None,
    half_widths: Any = None,
) -> Dataset:
    """The dataset that is passed, or one of arrays.

    Raises
    ------
    ProblemError
        If labels are missing, or given twice, or a dataset is to be read in another way.
    DataError
        As :meth:`exactsparse.Dataset.from_arrays`.
    """
    if isinstance(X, Dataset):
        if y is not None:
            raise ProblemError("pass either a dataset or X and y, not both")
        given = {
            "floats": floats,
            "lower": lower,
            "upper": upper,
            "a tolerance per row": half_widths,
        }
        for what, value in given.items():
            if value is not None:
                raise ProblemError(f"{what} belongs to arrays: pass it to exactsparse.read instead")
        return X
    if isinstance(X, str | os.PathLike):
        raise ProblemError(f"X is a name of a file: pass exactsparse.read({os.fspath(X)!r})")
    if y is None and lower is None and upper is None:
        raise ProblemError(
            "y is missing: pass X and y, a data frame and the name of its label, lower and upper "
            "bounds, or a dataset from exactsparse.read"
        )
    floats = floats or "decimal"
    require_choice("floats", floats, FLOATS)
    return Dataset.from_arrays(X, y, floats, lower=lower, upper=upper, half_widths=half_widths)
