"""The one entry point: data and options in, a proved solution out."""

from __future__ import annotations

import math
from typing import Any

from exactsparse.dataset import Dataset
from exactsparse.errors import ProblemError, UnsupportedProblemError
from exactsparse.problem import Exponent, Problem, parse_exponent
from exactsparse.progress import Deadline, Progress, silent
from exactsparse.univariate import UnivariateSolution, solve_univariate

METHODS = ("auto", "univariate")
OBJECTIVES = ("neurons",)
SKIPS = ("affine",)


def solve(
    X: Any,
    y: Any = None,
    *,
    objective: str | None = None,
    p: Exponent | None = None,
    skip: str | None = None,
    method: str = "auto",
    time_limit: float | None = None,
    progress: Progress = silent,
) -> UnivariateSolution:
    """Find the sparsest ReLU network that interpolates the data, and prove it.

    Parameters
    ----------
    X : Dataset or array_like, shape (n,) or (n, 1)
        A dataset from :func:`exactsparse.read`, or the points: floats (read as the dyadic
        rationals that they are), integers, Fractions, or decimal strings.
    y : array_like, shape (n,)
        Labels; omitted if ``X`` is a dataset.
    objective : {"neurons"}, optional
        Count knots (the default).
    p : number or str, optional
        Minimise the path norm ``Σ |vₖwₖ|ᵖ`` instead, ``0 <= p <= 1``; ``0.1`` means 1/10.
    skip : {"affine"}, optional
        The free affine part, never counted.
    method : {"auto", "univariate"}
        The route.
    time_limit : float, optional
        Seconds after which the best interpolant so far is returned as ``feasible``.
    progress : callable, optional
        Receives (task, done, total) now and then.

    Returns
    -------
    UnivariateSolution
        ``status`` is ``"optimal"`` only with an exact proof.

    Raises
    ------
    DataError
        If the data are not finite numbers, or equal points have different labels.
    ProblemError
        If an option is out of range.
    UnsupportedProblemError
        If the data have several features: this version solves one.
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
    return solve_univariate(problem, Deadline(time_limit), progress)


def _problem(
    dataset: Dataset, objective: str | None, p: Exponent | None, skip: str | None
) -> Problem:
    if objective is not None and p is not None:
        raise ProblemError("objective and p exclude each other: p asks for the path norm")
    _require(objective is None or objective in OBJECTIVES, "objective", objective, OBJECTIVES)
    _require(skip is None or skip in SKIPS, "skip", skip, SKIPS)
    exponent = None if p is None else parse_exponent(p)
    if dataset.n_features != 1:
        raise UnsupportedProblemError(
            f"{dataset.origin} has {dataset.n_features} features; this version solves data with "
            "one feature: keep one column besides y"
        )
    kind = "neurons" if exponent is None else "path_norm"
    return Problem(dataset, kind, exponent, skip or "affine")


def _require(condition: bool, option: str, value: object, allowed: tuple[str, ...]) -> None:
    if not condition:
        names = ", ".join(map(repr, allowed))
        raise ProblemError(f"{option} must be one of {names}, but it is {value!r}")
