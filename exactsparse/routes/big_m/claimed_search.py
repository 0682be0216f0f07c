"""A float backend on the big-M program: its claims, replayed as they come."""

from __future__ import annotations

from contextlib import closing
from fractions import Fraction

from exactsparse.patterns.type_cones import all_types
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.multipliers import first_cuts, on_points
from exactsparse.problem.problem import Problem
from exactsparse.progress import Deadline, Progress
from exactsparse.routes.big_m.backend import Backend
from exactsparse.routes.big_m.budget import BUDGET
from exactsparse.routes.big_m.program import BigMProgram, build_program
from exactsparse.routes.big_m.solver_process import claims
from exactsparse.upper_bounds.claims import Claim, ClaimStatus
from exactsparse.upper_bounds.incumbent import Incumbent
from exactsparse.upper_bounds.replay import replay


class ClaimedSearch:
    """Asks a backend and keeps what exact arithmetic leaves of its claims.

    Parameters
    ----------
    backend : Backend
        The solver.
    big_m : float
        Bound of every weight.
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
    """

    def __init__(
        self,
        backend: Backend,
        big_m: float,
        problem: Problem,
        table: IntegerTable,
        incumbent: Incumbent,
        deadline: Deadline,
        progress: Progress,
    ) -> None:
        self._backend, self._big_m, self._problem, self._table = backend, big_m, problem, table
        self._incumbent, self._deadline, self._progress = incumbent, deadline, progress
        cuts = first_cuts(table, problem.skip == "affine")[:1]
        self.bound = len(cuts)
        self.cuts = tuple(on_points(table, cut) for cut in cuts)
        self.proof = "no network of cost 0 interpolates" if cuts else "no cost is less than 0"
        self.claim = Claim(ClaimStatus.STOPPED, message="the solver was not asked")
        self.replayed: int | Fraction | None = None

    def run(self) -> None:
        """Go on until the backend has made its last claim.

        Raises
        ------
        Stopped
            If the deadline has passed.
        """
        objective, skip = self._problem.objective, self._problem.skip == "affine"
        pause = self._deadline.check
        types = all_types(self._table, objective, skip, pause)
        program = build_program(self._table, types, objective, skip, self._big_m, pause)
        with closing(claims(self._backend, program, self._deadline, self._pulse)) as made:
            for claim in made:
                self._take(claim, program)

    def _pulse(self) -> None:
        best = self._problem.objective.amount(self._incumbent.cost)
        self._progress(f"{self._backend.name} at work; best exact network so far: {best}", 0, 0)

    def _take(self, claim: Claim, program: BigMProgram) -> None:
        """Note a claim; a failure does not make the ones before it unsaid."""
        values = claim.values if claim.values is not None else self.claim.values
        if values is self.claim.values:
            value, replayed = self.claim.value, self.replayed
        else:
            value, replayed = claim.value, None
        self.claim = Claim(claim.status, values, value, claim.bound, claim.seconds, claim.message)
        self.replayed = replayed
        if values is not None and replayed is None:
            left = self._deadline.seconds_left + BUDGET.replay_seconds
            sets = program.chosen(values)
            self.replayed = replay(
                self._incumbent, self._problem, self._table, program.types, sets, Deadline(left)
            )
