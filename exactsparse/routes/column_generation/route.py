"""The route of extreme rays: the least ℓ¹ path norm, with a rigorous bound."""

from __future__ import annotations

import time
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from exactsparse.errors import UnsupportedProblemError
from exactsparse.exact.numbers import rational_text
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.network import Network
from exactsparse.problem.problem import Problem
from exactsparse.problem.rows import windows_in_doubt
from exactsparse.progress import Deadline, Progress, Stopped, silent, until_stopped
from exactsparse.routes.column_generation import ROUTE
from exactsparse.routes.column_generation.budget import BUDGET
from exactsparse.routes.column_generation.column_generation import ColumnGeneration
from exactsparse.routes.column_generation.lower_bound import DualBound, DualProof
from exactsparse.solution import InfeasibleSolution, Solution
from exactsparse.upper_bounds.incumbent import Incumbent
from exactsparse.upper_bounds.portfolio import affine_alone, first_incumbent

__all__ = ["RaysSolution", "solve"]


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class RaysSolution(Solution):
    """Solution of least ℓ¹ path norm.

    ``cost`` and ``bound`` are exact: the least path norm lies between them.

    Parameters
    ----------
    interpolant : Network
        The network of least cost that was found.
    duals : tuple of n Fractions
        Prices of the distinct points that prove the bound; within a band positive ones stand on
        lower bounds, negative ones on upper bounds.

    Examples
    --------
    >>> import exactsparse as es
    >>> solution = es.solve([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0], p=1)
    >>> str(solution.value), str(solution.lower_bound)
    ('4', '4')
    >>> points = [[0, 0], [0, 1], [1, 0], [1, 1]]
    >>> str(es.solve(points, [0, 1, 1, 0], p=1, tolerance="1/4").value)
    '9/4'
    """

    interpolant: Network
    duals: tuple[Fraction, ...]

    @property
    def network(self) -> Network:
        """The interpolating network, exact."""
        return self.interpolant

    def _argument(self) -> dict[str, Any]:
        return {"kind": "ray_dual", "duals": [rational_text(dual) for dual in self.duals]}


def solve(
    problem: Problem, deadline: Deadline | None = None, progress: Progress = silent
) -> RaysSolution | InfeasibleSolution:
    """Minimise ``Σ ‖vₖ(wₖ, bₖ)‖₁`` over all networks that meet the labels or keep within the band.

    The linear program over extreme rays, which are generated as they are needed; its last basis is
    solved in rationals, and its duals are proved feasible over all rays.

    Parameters
    ----------
    problem : Problem
        A path norm with p = 1 that counts biases: two features or more, or no skip.
    deadline : Deadline, optional
        When to stop with a ``feasible`` result.
    progress : callable, optional
        Receives (task, done, total).

    Returns
    -------
    RaysSolution or InfeasibleSolution
        Optimal if the proved bound equals the network's cost.  On nearly degenerate data floats may
        end beside the best basis: then feasible, with a bound that is below by next to nothing.
        Infeasible if the bounds at a point leave no number.

    Raises
    ------
    ConflictingLabelsError
        If, without a band, equal points carry different labels.
    UnsupportedProblemError
        If the problem is another one.

    Notes
    -----
    J. Nakhleh and R. D. Nowak 2025, Proposition 4.1 and Lemma 4.1, with p = 1.
    """
    began = time.perf_counter()
    if not ROUTE.solves(problem):
        raise UnsupportedProblemError(f"method {ROUTE.method!r} {ROUTE.does}")
    deadline = deadline or Deadline()
    windows = windows_in_doubt(problem)
    if windows is not None:
        empty = InfeasibleSolution.of_empty_window(problem, ROUTE.method, windows)
        if empty is not None:
            return empty
    table, skip = IntegerTable.of_problem(problem, windows), problem.skip == "affine"
    # Labels or bounds that the affine part meets, or that 0 meets, need no program.
    incumbent, proved = Incumbent(problem, table), DualBound.nothing(table)
    if not incumbent.offer(affine_alone(table, skip), "the affine part alone"):
        incumbent = first_incumbent(problem, table)
        proved = _by_columns(table, skip, incumbent, deadline, progress)
    settled = incumbent.settle(proved.value)
    return RaysSolution(
        problem=problem,
        status=settled.status,
        cost=settled.cost,
        bound=proved.value,
        method=ROUTE.method,
        seconds=time.perf_counter() - began,
        history=settled.history,
        interpolant=settled.network,
        # A row of the table is its point times the last entry.
        duals=tuple(
            dual * int(row[-1]) for dual, row in zip(proved.duals, table.points, strict=True)
        ),
    )


def _by_columns(
    table: IntegerTable,
    skip: bool,
    incumbent: Incumbent,
    deadline: Deadline,
    progress: Progress,
) -> DualBound:
    """Offer networks; return a lower bound of all costs."""
    bounds = [DualBound.nothing(table) if skip else DualBound.of_one_row(table)]
    generation = ColumnGeneration(table, skip, deadline, progress)
    finished = False
    with until_stopped(deadline):
        generation.run()
        finished = True
    left = deadline.seconds_left
    limit = Deadline(left if finished else min(left, BUDGET.seconds_when_stopped))
    with until_stopped(deadline):
        proof = None
        if generation.priced is not None:
            proof = DualProof(table, skip, generation.pricing, generation.priced)
            bounds.append(proof.without_rays())
        if not finished and len(table) > BUDGET.most_rows_when_stopped:
            # Rational solutions of so many rows take long.
            raise Stopped
        if not finished:
            generation.settle(limit.seconds_left)
        incumbent.offer(generation.network(), "a basis of the linear program")
        if proof is not None:
            bounds.append(proof.over_all_rays(limit, progress))
    return max(bounds, key=lambda bound: bound.value)
