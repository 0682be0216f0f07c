"""The least tolerance for a number of parameters or neurons as a solution."""

from __future__ import annotations

import time
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from exactsparse.problem.network import Network
from exactsparse.problem.problem import Problem
from exactsparse.progress import Deadline, Progress, until_stopped
from exactsparse.routes.activity_search import ROUTE
from exactsparse.routes.activity_search.exact_tolerance import farthest, labels_of
from exactsparse.routes.activity_search.least_tolerance import LeastTolerances
from exactsparse.routes.activity_search.lower_bound import tolerance_bound
from exactsparse.solution import Solution, Status


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class NetworkToleranceSolution(Solution):
    """The least tolerance with which a network of so many parameters or neurons suffices.

    Parameters
    ----------
    best : Network
        Within the tolerance, of at most so many.

    Examples
    --------
    >>> import exactsparse as es
    >>> X, y = [[0, 0], [0, 1], [1, 0], [1, 1]], ["0.02", "0.98", "1.01", "-0.03"]
    >>> solution = es.solve(X, y, parameters=4)
    >>> solution.status.value, str(solution.tolerance)
    ('optimal', '1/50')
    """

    best: Network

    @property
    def network(self) -> Network:
        """The network, as far from the labels as the tolerance says, in rationals."""
        return self.best

    @property
    def tolerance(self) -> Fraction:
        """Largest ``|f(xᵢ) − yᵢ|`` of the network: the least of all, if the status is optimal."""
        if not isinstance(self.cost, Fraction):
            raise AssertionError("a tolerance is a rational number")
        return self.cost

    def _argument(self) -> dict[str, Any]:
        return tolerance_bound(self.problem, self.tolerance)


def least_tolerance(
    problem: Problem, deadline: Deadline, progress: Progress, workers: int
) -> NetworkToleranceSolution:
    """Find the least tolerance of a problem, or what encloses it when the time is over.

    Parameters
    ----------
    problem : Problem
        Objective ``"tolerance"``, for parameters or neurons.
    deadline, progress, workers
        As for :class:`~exactsparse.routes.activity_search.least_tolerance.LeastTolerances`.
    """
    if problem.limit is None:
        raise AssertionError("a least tolerance is one for a number of parameters or neurons")
    began = time.perf_counter()
    tolerances = LeastTolerances.of(problem, deadline, progress, workers)
    with until_stopped(deadline):
        tolerances.prove(problem.limit.most)
    return tolerance_solution(problem, tolerances, time.perf_counter() - began)


def tolerance_solution(
    problem: Problem, tolerances: LeastTolerances, seconds: float
) -> NetworkToleranceSolution:
    """What has been proved of the least tolerance of a problem.

    Parameters
    ----------
    problem : Problem
        Objective ``"tolerance"``, for parameters or neurons.
    tolerances : LeastTolerances
        Of its data.
    seconds : float
        How long that took.
    """
    if problem.limit is None:
        raise AssertionError("a least tolerance is one for a number of parameters or neurons")
    most, objective = problem.limit.most, problem.limit.objective
    low, (network, high) = tolerances.lower(most), tolerances.upper(most)
    # Once more, from the data.
    if (
        objective.cost_of(network) > most
        or high != farthest(labels_of(problem.dataset), network).residual
    ):
        raise AssertionError("the network that was found is not what it was taken for")
    return NetworkToleranceSolution(
        problem=problem,
        status=Status.OPTIMAL if low == high else Status.FEASIBLE,
        cost=high,
        bound=low,
        method=ROUTE.method,
        seconds=seconds,
        history=tolerances.history(most),
        best=network,
    )
