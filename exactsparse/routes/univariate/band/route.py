"""Solve a univariate problem within a band: fewest knots, or the least tolerance."""

from __future__ import annotations

import time
from fractions import Fraction
from typing import cast

import numpy as np

from exactsparse.errors import TimeLimitError
from exactsparse.problem.band import Intervals, Tolerance
from exactsparse.problem.conflicts import reconciliation
from exactsparse.problem.problem import Problem
from exactsparse.progress import Deadline, Progress, Stopped, silent, until_stopped
from exactsparse.routes.univariate import ROUTE
from exactsparse.routes.univariate.band.dual import Tolerances
from exactsparse.routes.univariate.band.fewest_knots import (
    BandResult,
    Shape,
    solve_band,
    solve_windows,
)
from exactsparse.routes.univariate.band.long_dual import LongTolerances
from exactsparse.routes.univariate.band.solution import (
    BandSolution,
    ToleranceSolution,
    infeasible_argument,
    reason_of,
)
from exactsparse.routes.univariate.points import COMPILED_FROM
from exactsparse.solution import InfeasibleSolution, Status


def solve(
    problem: Problem, deadline: Deadline | None = None, progress: Progress = silent
) -> BandSolution | ToleranceSolution | InfeasibleSolution:
    """Find a law of fewest knots within a band, or the least tolerance for so many, and prove it.

    Parameters
    ----------
    problem : Problem
        One feature, affine skip; knots within a band or among shapes, or a tolerance.
    deadline : Deadline, optional
        When to stop: a law whose numbers are not simplified, or a tolerance that is not the least.
    progress : callable, optional
        Receives (task, done, total).

    Raises
    ------
    TimeLimitError
        If there was no law in time.
    """
    if problem.objective.is_tolerance:
        return _least_tolerance(problem, deadline, progress)
    began = time.perf_counter()
    progress("knots within the band", 0, 0)
    try:
        result = _fewest_knots(problem, deadline)
    except Stopped:
        raise TimeLimitError("no law was found within the time limit; allow more time") from None
    seconds = time.perf_counter() - began
    if not result.feasible:
        return _infeasible(problem, result, seconds)
    return BandSolution(
        problem=problem,
        status=Status.OPTIMAL,
        cost=result.n_knots,
        bound=result.n_knots,
        method=ROUTE.method,
        seconds=seconds,
        result=result,
    )


def _fewest_knots(problem: Problem, deadline: Deadline | None) -> BandResult:
    x, band = problem.dataset.features[0], problem.band
    shape, simplify = cast("Shape | None", problem.shape), problem.simplify
    if isinstance(band, Intervals):
        points = [x[i] for i in range(len(x))]
        return solve_windows(
            points, band.lower, band.upper, shape=shape, simplify=simplify, deadline=deadline
        )
    half_width = band.half_width if isinstance(band, Tolerance) else Fraction(0)
    return solve_band(
        x, problem.dataset.labels, half_width, shape=shape, simplify=simplify, deadline=deadline
    )


def _infeasible(problem: Problem, result: BandResult, seconds: float) -> InfeasibleSolution:
    found: tuple[int, ...] = ()
    if result.forbidding is not None:
        found = result.forbidding[1:]
    elif result.contradiction is not None:
        found = (result.contradiction.lower_row, result.contradiction.upper_row)
    numbers = [problem.dataset.origin.row_number(row) for row in found]
    reason = f"{problem.dataset.origin}: {reason_of(result, numbers, problem.shape)}"
    if result.contradiction is not None and not isinstance(problem.band, Intervals):
        reason += f"; {reconciliation(problem.dataset)}"
    return InfeasibleSolution(
        problem=problem,
        status=Status.INFEASIBLE,
        cost=float("inf"),
        bound=float("inf"),
        method=ROUTE.method,
        seconds=seconds,
        reason=reason,
        argument=infeasible_argument(problem, result),
    )


def tolerances_of(problem: Problem) -> Tolerances:
    """Least tolerances of the table of a problem, for any number of knots."""
    x, y = problem.dataset.features[0], problem.dataset.labels
    if len(x) >= COMPILED_FROM and x.is_float64 and y.is_float64:
        order = np.argsort(x.values, kind="stable")
        ascending = x.values[order]
        if bool(np.all(ascending[1:] > ascending[:-1])):
            return LongTolerances(x.take(order), y.take(order))
    rows = range(len(x))
    return Tolerances([x[i] for i in rows], [y[i] for i in rows])


def _least_tolerance(
    problem: Problem, deadline: Deadline | None, progress: Progress
) -> ToleranceSolution:
    began = time.perf_counter()
    progress("least tolerance", 0, 0)
    table = tolerances_of(problem)
    with until_stopped(deadline or Deadline()):
        table.least(_knots(problem), deadline)
    return tolerance_solution(problem, table, time.perf_counter() - began)


def _knots(problem: Problem) -> int:
    """The number of knots of a problem; as many as there are rows suffice for any law."""
    if problem.limit is None:
        raise AssertionError("a least tolerance is one for a number of knots")
    return min(problem.limit.most, len(problem.dataset))


def tolerance_solution(problem: Problem, table: Tolerances, seconds: float) -> ToleranceSolution:
    """What has been proved of the least tolerance for the number of knots of a problem.

    Parameters
    ----------
    problem : Problem
        Of objective ``"tolerance"``.
    table : Tolerances
        Of its data.
    seconds : float
        How long that took.
    """
    low, high = table.bounds(_knots(problem))
    proved, law = low.tolerance == high.tolerance, high.chain
    if proved and problem.simplify:
        dataset = problem.dataset
        law = solve_band(dataset.features[0], dataset.labels, high.tolerance).chain or law
    return ToleranceSolution(
        problem=problem,
        status=Status.OPTIMAL if proved else Status.FEASIBLE,
        cost=high.tolerance,
        bound=low.tolerance,
        method=ROUTE.method,
        seconds=seconds,
        chain=law,
        proof=low if proved else None,
    )
