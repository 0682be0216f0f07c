"""Proves optimality without M: a 0-1 master proposes types, exact Farkas cuts refute them.

An implicit hitting set method: a master proposes a cheapest set of signed types that meets all
cuts.  If exact arithmetic finds a network of these types, no network is cheaper; if not, it gives a
cut.  Before the master is asked again, the set is enlarged by a type that meets the new cut, until
it has a network: most cuts come at no cost for the master (E. Moreno-Centeno and R. M. Karp, *The
implicit hitting set approach*, 2013).

The master is :class:`HittingSets`, exact branch and bound, as long as few nodes decide: seven
generic points took 4 s in place of 27 s with CP-SAT.  Beyond, CP-SAT proposes.  It is exact on
integers, but a solver's word is not a proof: every lower bound comes of the branch and bound, and
what CP-SAT says, which is asked about the final cuts in any case, is reported as claimed.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from exactsparse.patterns.type_cones import TypeCones, all_types
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.multipliers import Vector, first_cuts, on_points
from exactsparse.problem.network import Network
from exactsparse.problem.problem import Problem
from exactsparse.progress import Deadline, Progress, Stopped
from exactsparse.routes.farkas_cuts.budget import BUDGET
from exactsparse.routes.farkas_cuts.cuts import FarkasCuts
from exactsparse.routes.farkas_cuts.lower_bound import HittingSets, NodeLimit, minimal_cuts
from exactsparse.routes.farkas_cuts.master import CpSatMaster, MasterAnswer
from exactsparse.upper_bounds.claims import Claim, ClaimStatus
from exactsparse.upper_bounds.incumbent import Incumbent


class CutSearch:
    """The master, its cuts, and the bound that they prove.

    Parameters
    ----------
    problem : Problem
        Data and objective.
    table : IntegerTable
        The data.
    incumbent : Incumbent
        Receives the networks.
    deadline : Deadline
        When to stop.
    progress : callable
        Receives (task, done, total).
    **settings
        Options of :class:`CpSatMaster`, which change its way but no verdict.
    """

    def __init__(
        self,
        problem: Problem,
        table: IntegerTable,
        incumbent: Incumbent,
        deadline: Deadline,
        progress: Progress,
        **settings: Any,
    ) -> None:
        self._problem, self._table, self._incumbent = problem, table, incumbent
        self._deadline, self._progress, self._settings = deadline, progress, settings
        self._multipliers: list[Vector] = first_cuts(table, problem.skip == "affine")
        self._cuts: list[int] = []
        self._nodes = 0
        self.bound = min(1, len(self._multipliers))
        self.claim = Claim(ClaimStatus.STOPPED, message="the solver was not asked")
        self.replayed: int | Fraction | None = None

    @property
    def cuts(self) -> tuple[Vector, ...]:
        """Multipliers of cuts that prove the bound, for the points as they are."""
        if not self._cuts:
            return tuple(on_points(self._table, cut) for cut in self._multipliers[: self.bound])
        kept = minimal_cuts(self._cuts)
        return tuple(on_points(self._table, self._multipliers[k]) for k in kept)

    @property
    def proof(self) -> str:
        """Where the bound comes from."""
        if not self._cuts:
            return "no network of cost 0 meets all rows" if self.bound else "no cost is less than 0"
        return (
            f"{len(self._cuts)} exact Farkas cuts, {self._nodes:,} nodes of exact branch and bound"
        )

    def run(self) -> None:
        """Go on until the bound meets the incumbent.

        Raises
        ------
        Stopped
            If the deadline has passed.
        """
        objective, skip = self._problem.objective, self._problem.skip == "affine"
        types = all_types(self._table, objective, skip, self._deadline.check)
        cones = TypeCones.of(self._table, types, self._deadline.check)
        farkas = FarkasCuts(self._table, cones, skip, self._deadline.check)
        costs = [objective.cost_of_type(len(t.support)) for t in types for _ in (0, 1)]
        master = CpSatMaster(costs, **self._settings)
        first, self._multipliers = self._multipliers, []
        for multipliers in first:
            self._add(farkas, master, multipliers)
        hitting = HittingSets(costs)
        while self.bound < self._incumbent.cost:
            most = self._problem.objective.amount(self._incumbent.cost)
            task = f"at least {self.bound}, at most {most}: looking for exact cuts"
            self._progress(task, len(self._cuts), 0)
            chosen = self._propose(hitting, master)
            if chosen is not None:
                self._refine(farkas, master, costs, chosen)
        left = min(self._deadline.seconds_left, BUDGET.cross_check_seconds)
        self._ask(master, Deadline(left))

    def _propose(self, hitting: HittingSets, master: CpSatMaster) -> list[int] | None:
        """A set that meets all cuts within the bound, or None after the bound was raised."""
        try:
            return self._within_bound(hitting, BUDGET.easy_nodes)
        except NodeLimit:
            answer = self._ask(master, self._deadline)
        if answer.chosen is None:
            raise Stopped
        if round(answer.bound) > self.bound:
            return self._within_bound(hitting, None)
        return answer.chosen

    def _within_bound(self, hitting: HittingSets, most_nodes: int | None) -> list[int] | None:
        try:
            found = hitting.any_within(self._cuts, self.bound, self._deadline.check, most_nodes)
        finally:
            self._nodes = hitting.nodes
        if found is None:
            self.bound += 1
            self._incumbent.note(self.bound)
        return found

    def _ask(self, master: CpSatMaster, deadline: Deadline) -> MasterAnswer:
        """Let CP-SAT say what meeting all cuts costs."""
        answer = master.solve(deadline)
        self.claim = Claim(
            ClaimStatus.OPTIMAL if answer.status == "OPTIMAL" else ClaimStatus.STOPPED,
            bound=answer.bound,
            message=f"CP-SAT: {answer.status} on {len(self._cuts)} cuts",
        )
        return answer

    def _refine(
        self, farkas: FarkasCuts, master: CpSatMaster, costs: list[int], chosen: list[int]
    ) -> None:
        """Cut off a set, and larger ones, until some set has a network."""
        meets = np.zeros(len(costs))
        while True:
            self._deadline.check()
            found = farkas.decide(chosen, costs)
            if isinstance(found, Network):
                self._incumbent.offer(found, "types that meet all cuts", decides=True)
                if not meets.any() and self._incumbent.cost > self.bound:
                    # It cannot be one of these types, which would be proposed again.
                    raise Stopped
                return
            outside = self._add(farkas, master, found)
            meets[outside] += 1 / np.array(costs)[outside]
            # The type that meets most of the new cuts for its cost.
            chosen = [*chosen, int(outside[np.argmax(meets[outside])])]

    def _add(self, farkas: FarkasCuts, master: CpSatMaster, multipliers: Vector) -> Any:
        """Add a cut; the signed types of which it asks one."""
        outside = np.flatnonzero(farkas.outside(multipliers))
        self._multipliers.append(multipliers)
        self._cuts.append(sum(1 << int(k) for k in outside))
        master.add(map(int, outside))
        return outside
