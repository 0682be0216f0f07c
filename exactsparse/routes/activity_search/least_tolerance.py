"""The least tolerance with which a network of a cost suffices: trials between two bounds.

The upper bound is what a known network attains.  A trial at a tolerance goes through all kinds of
networks of the cost and below (:mod:`exactsparse.routes.activity_search.tolerance_search`): it ends
with a nearer network, or with the proof that there is none, which raises the lower bound.  Where
the bounds are near each other the trial is at the upper bound itself, and its proof ends the
search: the least tolerance is a residual of a network, exact.
"""

from __future__ import annotations

import os
from fractions import Fraction
from math import sqrt

from exactsparse.exact.numbers import rounded, to_float
from exactsparse.problem.conflicts import reconciling_tolerance
from exactsparse.problem.dataset import Dataset
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.network import Network, Skip
from exactsparse.problem.objective import Objective
from exactsparse.problem.problem import Problem
from exactsparse.progress import WORK_CLOCK, Deadline, Progress
from exactsparse.routes.activity_search.budget import BUDGET
from exactsparse.routes.activity_search.exact_tolerance import (
    Farthest,
    Fitted,
    farthest,
    labels_of,
)
from exactsparse.routes.activity_search.improvement import improved, nearest_affine
from exactsparse.routes.activity_search.tolerance_search import ToleranceSearch
from exactsparse.solution import Stage
from exactsparse.upper_bounds.portfolio import first_incumbent, sparse_network

# Bounds whose quotient is above this are closed by a trial at the upper one.
_NEAR = Fraction(4, 5)


class LeastTolerances:
    """Least tolerances of a table for costs; what is proved for one serves the next.

    Parameters
    ----------
    dataset : Dataset
        Without intervals.
    objective : Objective
        What is counted.
    skip : bool
        Whether an affine part is free.
    deadline : Deadline
        When to stop.
    progress : callable
        Receives (task, done, total).
    workers : int
        Threads.
    """

    def __init__(
        self,
        dataset: Dataset,
        objective: Objective,
        skip: bool,
        deadline: Deadline,
        progress: Progress,
        workers: int,
    ) -> None:
        self._dataset, self._objective, self._skip = dataset, objective, skip
        self._deadline, self._progress, self._workers = deadline, progress, workers
        self._began = WORK_CLOCK.now()
        self._history: dict[int, list[Stage]] = {}
        self._labels = labels_of(dataset)
        self.floor = reconciling_tolerance(dataset)
        # By cost: no network of exactly that cost has a smaller residual; the best one found.
        self._lower: dict[int, Fraction] = {}
        self._found: dict[int, Fitted] = {}
        nothing = (Fraction(0),) * dataset.n_features
        network = Network((), Skip(nothing, Fraction(0)) if skip else None, dataset.n_features)
        self._keep(network, farthest(self._labels, network))
        self._has_affine = self._has_nearest = False

    @classmethod
    def of(
        cls,
        problem: Problem,
        deadline: Deadline,
        progress: Progress,
        workers: int | None = None,
    ) -> LeastTolerances:
        """Those of the table of a problem that has a limit; as many threads as processors."""
        if problem.limit is None:
            raise AssertionError("a least tolerance is one for a number of something")
        return cls(
            problem.dataset, problem.limit.objective, problem.skip == "affine", deadline, progress,
            workers or os.cpu_count() or 1,
        )  # fmt: skip

    def upper(self, most: int) -> Fitted:
        """The nearest network of at most a cost that was found, and its largest residual."""
        known = [fitted for cost, fitted in self._found.items() if cost <= most]
        return min(known, key=lambda fitted: fitted.tolerance)

    def lower(self, most: int) -> Fraction:
        """A tolerance that every network of at most a cost needs, proved."""
        if len(self._lower) <= most:
            # They are the first ones, cost after cost.
            return self.floor
        return max(self.floor, min(self._lower[cost] for cost in range(most + 1)))

    def history(self, most: int) -> tuple[Stage, ...]:
        """How the bounds for at most a cost came together."""
        return tuple(self._history.get(most, ()))

    def prove(self, most: int) -> None:
        """Bring the bounds for a cost together.

        Raises
        ------
        Stopped
            If the deadline has passed, or networks would have too many neurons.
        """
        self._begin_affine()
        self._begin_nearest(most)
        for few in range(min(most, BUDGET.easy_costs)):
            # Quick, and their networks are where to begin from.
            self._prove(few)
        self._prove(most)

    def _begin_affine(self) -> None:
        """Keep an affine function that is about as near as any, if it costs nothing."""
        known = self._found[0].tolerance
        if self._has_affine or not self._skip or not known:
            return
        affine = nearest_affine(self._table_at(known), self._deadline)
        if affine is not None:
            self._keep(affine, farthest(self._labels, affine))
        self._has_affine = True

    def _begin_nearest(self, most: int) -> None:
        """Keep a network that is as near as any, unless there are few neurons for many rows."""
        few = most * BUDGET.rows_per_neuron < len(self._labels) > BUDGET.many_rows
        if self._has_nearest or few:
            return
        problem = self._problem(self.floor)
        nearest = first_incumbent(problem, IntegerTable.of_problem(problem)).network
        if nearest is not None:
            self._keep(nearest, farthest(self._labels, nearest))
        self._has_nearest = True

    def _prove(self, most: int) -> None:
        self._improve(self.upper(most).network)
        while True:
            self._deadline.check()
            low, high = self.lower(most), self.upper(most).tolerance
            if low > high:
                raise AssertionError("a network is nearer to the labels than is possible")
            stage = Stage(WORK_CLOCK.now() - self._began, low, high)
            self._history.setdefault(most, []).append(stage)
            if low == high:
                return
            self._try(most, _between(low, high))

    def _try(self, most: int, tolerance: Fraction) -> None:
        """Look for a network of less than a tolerance; without one the lower bounds are raised."""
        closing = tolerance == self.upper(most).tolerance
        if most >= BUDGET.quick_costs and not closing and self._sparse(most, tolerance):
            return
        for cost in range(most + 1):
            kinds_done = 0
            while self._lower.get(cost, self.floor) < tolerance:
                low, high = self.lower(most), self.upper(most).tolerance
                search = ToleranceSearch(
                    self._labels, self._table_at(tolerance), self._objective, self._skip, tolerance,
                    low, kinds_done, self._deadline, self._told(low, high), self._workers,
                )  # fmt: skip
                try:
                    search.go_through(cost)
                finally:
                    if search.first is not None:
                        (kinds_done, *_), network = search.first
                        self._keep(network, farthest(self._labels, network))
                if search.first is None:
                    self._lower[cost] = tolerance
                    continue
                self._improve(network)
                reached = self.upper(most).tolerance
                if reached >= tolerance:
                    raise AssertionError("a network of a kind costs no more than the kind")
                # All is over where the residual is the least of the costs up to the greatest.
                if not closing or reached <= low:
                    return
                # The kinds before have no network of less than the greater tolerance.
                tolerance = reached

    def _sparse(self, most: int, tolerance: Fraction) -> bool:
        """Whether reweighting finds a network of less than a tolerance."""
        self._progress(f"sparse networks within {_short(tolerance)}", 0, 0)
        network = sparse_network(
            self._table_at(tolerance), self._objective, self._skip, self._deadline, most + 1
        )
        if network is None:
            return False
        self._keep(network, farthest(self._labels, network))
        self._improve(network)
        return self.upper(most).tolerance < tolerance

    def _improve(self, network: Network) -> None:
        """Keep a nearer network of the supports and signs of one."""
        far = farthest(self._labels, network)
        cost = int(self._objective.cost_of(network))
        least = self.lower(cost)
        if far.residual <= least:
            return
        found = improved(self._labels, self._table_at(far.residual), network, least, self._deadline)
        if found is not None:
            self._keep(*found)

    def _keep(self, network: Network, far: Farthest) -> None:
        cost = int(self._objective.cost_of(network))
        known = self._found.get(cost)
        if known is None or far.residual < known.tolerance:
            self._found[cost] = Fitted(network, far.residual)

    def _table_at(self, tolerance: Fraction) -> IntegerTable:
        """The rows with bounds at a tolerance."""
        return IntegerTable.of_problem(self._problem(tolerance))

    def _problem(self, tolerance: Fraction) -> Problem:
        return Problem.of(
            self._dataset,
            objective=self._objective,
            skip="affine" if self._skip else "none",
            tolerance=tolerance,
        )

    def _told(self, low: Fraction, high: Fraction) -> Progress:
        """Progress that says first between which bounds the tolerance is."""

        def tell(task: str, done: int, total: int) -> None:
            between = f"least tolerance between {_short(low)} and {_short(high)}"
            self._progress(f"{between}: {task}", done, total)

        return tell


def _short(value: Fraction) -> str:
    return rounded(value, 4)


def _between(low: Fraction, high: Fraction) -> Fraction:
    """A tolerance to try next, short where the distance allows it; the upper bound if near."""
    if low >= _NEAR * high:
        return high
    if not low:
        middle = to_float(high) / 8
    elif 4 * low < high:
        middle = sqrt(to_float(low)) * sqrt(to_float(high))
    else:
        middle = to_float(low + high) / 2
    short = Fraction(f"{middle:.3g}")
    return short if low < short < high else (low + high) / 2
