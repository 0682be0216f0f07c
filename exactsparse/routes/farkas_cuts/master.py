"""CP-SAT as the 0-1 master: a cheapest set of types that meets all cuts, as a suggestion."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from exactsparse.packages import require_package
from exactsparse.progress import Deadline, Stopped
from exactsparse.routes.farkas_cuts.budget import BUDGET


@dataclass(frozen=True)
class MasterAnswer:
    """What CP-SAT says about the cuts so far.

    Parameters
    ----------
    chosen : list of int or None
        A set that meets all cuts, by its word.
    bound : float
        Its lower bound of the cost of such a set.
    status : str
        Its own word.
    """

    chosen: list[int] | None
    bound: float
    status: str


class CpSatMaster:
    """The solver CP-SAT of OR-Tools on a growing list of cuts.

    Parameters
    ----------
    costs : sequence of int
        Of every element.
    seed : int
        Random seed.
    presolve : bool
        Whether it may simplify the cuts first.
    threads : int
        Workers.
    """

    def __init__(
        self, costs: Sequence[int], seed: int = 0, presolve: bool = True, threads: int = 1
    ) -> None:
        self._package = require_package("ortools.sat.python.cp_model", "milp")
        self._model = self._package.CpModel()
        self._elements = [self._model.new_bool_var("") for _ in costs]
        self._model.minimize(
            sum(cost * element for cost, element in zip(costs, self._elements, strict=True))
        )
        self._settings = {
            "num_workers": threads,
            "random_seed": seed,
            "cp_model_presolve": presolve,
            # Its word "optimal" covers these gaps.
            "relative_gap_limit": 0.0,
            "absolute_gap_limit": 0.0,
            "catch_sigint_signal": False,
        }

    def add(self, cut: Iterable[int]) -> None:
        """Ask for one of some elements."""
        self._model.add_bool_or([self._elements[k] for k in cut])

    def solve(self, deadline: Deadline) -> MasterAnswer:
        """Minimise the cost.

        Parameters
        ----------
        deadline : Deadline
            When to stop.

        Raises
        ------
        Stopped
            If CP-SAT is still at work after the deadline.
        """
        solver = self._package.CpSolver()
        for name, setting in self._settings.items():
            setattr(solver.parameters, name, setting)
        if math.isfinite(deadline.seconds_left):
            solver.parameters.max_time_in_seconds = deadline.seconds_left
        statuses: list[Any] = []
        # In a thread, so that Ctrl-C and a solver that overruns its limit are noticed.
        work = threading.Thread(
            target=lambda: statuses.append(solver.solve(self._model)), daemon=True
        )
        work.start()
        limit = Deadline(deadline.seconds_left + BUDGET.grace_seconds)
        try:
            while work.is_alive():
                limit.check()
                work.join(BUDGET.poll_seconds)
        except (KeyboardInterrupt, Stopped):
            solver.stop_search()
            work.join(BUDGET.grace_seconds)
            raise
        if not statuses:
            raise RuntimeError("CP-SAT ended without an answer")
        found = statuses[0] in (self._package.OPTIMAL, self._package.FEASIBLE)
        chosen = [k for k, element in enumerate(self._elements) if found and solver.value(element)]
        return MasterAnswer(
            chosen if found else None, solver.best_objective_bound, solver.status_name(statuses[0])
        )
