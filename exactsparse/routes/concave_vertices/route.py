"""The route of vertices: the least path norm for 0 < p < 1 that counts biases."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from exactsparse.errors import (
    NoCertificateError,
    TimeLimitError,
    UndecidedError,
    UnsupportedProblemError,
)
from exactsparse.exact.numbers import to_float
from exactsparse.exact.powers import Enclosure, sum_of_powers
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.network import Network
from exactsparse.problem.problem import Problem
from exactsparse.progress import Deadline, Progress, Stopped, silent, until_stopped
from exactsparse.routes.concave_vertices import ROUTE
from exactsparse.routes.concave_vertices.budget import BUDGET
from exactsparse.routes.concave_vertices.kernels.leaf_costs import Limit
from exactsparse.routes.concave_vertices.lower_bound import NOTHING, price_bound
from exactsparse.routes.concave_vertices.networks import (
    Candidate,
    candidates_of,
    difference,
)
from exactsparse.routes.concave_vertices.p_path import NetworkPath, p_path, trivial_path
from exactsparse.routes.concave_vertices.rays import RaySystem, require_few_lines
from exactsparse.routes.concave_vertices.search import VertexSearch
from exactsparse.solution import Solution, Status

__all__ = ["VerticesSolution", "solve"]


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class VerticesSolution(Solution):
    """Solution of least path norm for 0 < p < 1.

    Parameters
    ----------
    minimisers : tuple of Network
        If optimal, every network of least cost; of a sum of neurons with the same direction the
        sum.  Else the cheapest network that was found.
    functions : int
        How many different functions these are.

    Examples
    --------
    >>> import exactsparse as es
    >>> solution = es.solve([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0], p="1/2")
    >>> solution.status.value, solution.value, solution.unique, len(solution.minimisers)
    ('optimal', 4.0, True, 1)
    """

    minimisers: tuple[Network, ...]
    functions: int

    @property
    def network(self) -> Network:
        """A network of least cost, exact."""
        return self.minimisers[0]

    @property
    def unique(self) -> bool | None:
        """Whether the minimiser is the only one as a function; None if not determined."""
        return self.functions == 1 if self.status is Status.OPTIMAL else None

    def p_path(self, time_limit: float | None = None) -> NetworkPath:
        """Minimisers for every p in (0, 1), with rigorous breakpoints and p*.

        Parameters
        ----------
        time_limit : float, optional
            Seconds after which to give up.

        Raises
        ------
        TimeLimitError
            If the limit has passed.
        UndecidedError
            If breakpoints cannot be told apart.
        UnsupportedProblemError
            If there are too many vertices: for more than 6 points of two features.
        """
        n_features = self.problem.dataset.n_features
        table = IntegerTable.of_problem(self.problem)
        if not any(table.labels):
            return trivial_path(n_features)
        try:
            require_few_lines(table)
            search = _search_of(RaySystem.of(table), Deadline(time_limit), silent, None)
            return p_path(search, n_features)
        except Stopped:
            raise TimeLimitError(f"the path over p was not finished in {time_limit} s") from None

    @cached_property
    def p_star(self) -> Enclosure:
        """Largest exponent below which every ℓᵖ minimiser has fewest parameters."""
        return self.p_path().p_star

    def _argument(self) -> dict[str, Any]:
        raise NoCertificateError(
            f"method {ROUTE.method!r} writes no certificates yet: its proof is to go through all "
            "vertices"
        )


class _Incumbents:
    """The cheapest networks so far, all that cost the same."""

    def __init__(self, system: RaySystem, p: Fraction) -> None:
        self.system, self.p = system, p
        self.best: set[Candidate] = set()
        self.upper: Fraction | None = None
        self.most = math.inf
        self._seen: set[tuple[int, ...]] = set()

    def offer(self, chosen: Sequence[int]) -> None:
        """Keep the networks on some rays if none is cheaper."""
        if tuple(chosen) in self._seen:
            return
        self._seen.add(tuple(chosen))
        for candidate in candidates_of(self.system, chosen):
            enclosed = sum_of_powers(candidate.sizes, self.p)
            if self.upper is not None and enclosed.lower > self.upper:
                continue
            sign = -1
            if self.best:
                sign = difference(candidate, next(iter(self.best))).sign_at(self.p)
            if sign < 0:
                self.best = set()
                self.upper = enclosed.upper
                self.most = math.nextafter(to_float(self.upper), math.inf)
            if sign <= 0:
                self.best.add(candidate)

    @property
    def cost(self) -> Enclosure:
        """What they cost."""
        return sum_of_powers(next(iter(self.best)).sizes, self.p)


def solve(
    problem: Problem,
    deadline: Deadline | None = None,
    progress: Progress = silent,
    *,
    workers: int | None = None,
) -> VerticesSolution:
    """Minimise ``Σ ‖vₖ(wₖ, bₖ)‖ₚᵖ``, ``0 < p < 1``, over all networks that interpolate.

    The cost is concave where activation patterns and signs of weights stay the same, so that some
    minimiser is a vertex of the program over extreme rays: all are gone through, those left out
    whose cost is proved to be larger than that of a known network.

    Parameters
    ----------
    problem : Problem
        A path norm with 0 < p < 1, skip ``"none"``, any number of features.
    deadline : Deadline, optional
        When to stop with a ``feasible`` result.
    progress : callable, optional
        Receives (task, done, total).
    workers : int, optional
        Threads; as many as processors if omitted.

    Returns
    -------
    VerticesSolution
        Optimal if all vertices were gone through.  If they are too many, or the time is over, the
        best network that exchanges of single rays find, with a proved bound.

    Raises
    ------
    ConflictingLabelsError
        If equal points carry different labels.
    UnsupportedProblemError
        If the problem is another one, or its rays are too many to be listed.

    Notes
    -----
    J. Nakhleh and R. D. Nowak 2025, Lemma 4.1 and Theorem 4.1.
    """
    began = time.perf_counter()
    if not ROUTE.solves(problem):
        raise UnsupportedProblemError(f"method {ROUTE.method!r} {ROUTE.does}")
    deadline = deadline or Deadline()
    table, p = IntegerTable.of_problem(problem), problem.exponent
    n_features = problem.dataset.n_features
    if not any(table.labels):
        return VerticesSolution(
            problem=problem,
            status=Status.OPTIMAL,
            cost=NOTHING,
            bound=NOTHING,
            method=ROUTE.method,
            seconds=time.perf_counter() - began,
            minimisers=(Network((), None, n_features),),
            functions=1,
        )
    require_few_lines(table)
    system = RaySystem.of(table)
    incumbents = _Incumbents(system, p)
    search = _search_of(system, deadline, progress, workers)
    bound, proved = NOTHING, False
    with until_stopped(deadline):
        search.local(float(p), incumbents.offer)
        if system.sets() <= BUDGET.most_sets:
            coordinates = search.table.coordinates
            try:
                search.walk(
                    lambda: Limit.of(coordinates, float(p), incumbents.most),
                    incumbents.offer,
                    "going through vertices",
                )
                proved = True
            except UndecidedError:
                pass
    if not incumbents.best:
        incumbents.offer(_any_basis(system))
    cost = incumbents.cost
    if not proved:
        bound = price_bound(system, search.table, p, BUDGET.seconds_for_bound)
    splits = {split for best in incumbents.best for split in best.splits(system.rows)}
    chosen = splits if proved else incumbents.best
    ordered = sorted(chosen, key=lambda c: (len(c.neurons), c.neurons))
    return VerticesSolution(
        problem=problem,
        status=Status.OPTIMAL if proved else Status.FEASIBLE,
        cost=cost,
        bound=cost if proved else bound,
        method=ROUTE.method,
        seconds=time.perf_counter() - began,
        minimisers=tuple(candidate.network(n_features) for candidate in ordered),
        functions=len({candidate.function for candidate in splits}),
    )


def _search_of(
    system: RaySystem, deadline: Deadline, progress: Progress, workers: int | None
) -> VertexSearch:
    try:
        table = system.float_table()
    except OverflowError:
        raise UnsupportedProblemError(
            "numbers of the points exceed float64: rescale features and label"
        ) from None
    return VertexSearch(system, table, deadline, progress, workers or os.cpu_count() or 1)


def _any_basis(system: RaySystem) -> list[int]:
    """The first rays with independent columns."""
    import flint

    reduced, _, rank = flint.fmpz_mat(system.columns).transpose().rref()
    return [next(j for j in range(len(system)) if reduced[i, j]) for i in range(rank)]
