"""SCIP on the big-M program, or with indicator constraints."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import Any

from exactsparse.packages import require_package
from exactsparse.routes.big_m.backend import Capabilities, Report
from exactsparse.routes.big_m.program import BigMProgram
from exactsparse.upper_bounds.claims import Claim, ClaimStatus


@dataclass(frozen=True)
class Scip:
    """The solver SCIP through PySCIPOpt.

    Parameters
    ----------
    indicator : bool
        Switch weights by indicator constraints in place of big-M rows, with weights that have no
        bound.  SCIP 10.0.2 was seen to claim wrong optima for such programs.
    seed : int
        Shift of its random seeds.
    presolve : bool
        Whether it may simplify the program first.
    """

    indicator: bool = False
    seed: int = 0
    presolve: bool = True

    @property
    def name(self) -> str:
        """What users call it."""
        return "scip-indicator" if self.indicator else "scip"

    @property
    def capabilities(self) -> Capabilities:
        """What it needs."""
        return Capabilities(module="pyscipopt", extra="scip", reports_incumbents=True)

    def solve(self, program: BigMProgram, seconds: float, report: Report) -> Claim:
        """Run SCIP on one thread with gap 0."""
        began = time.perf_counter()
        pyscipopt = require_package("pyscipopt", "scip")
        solver = pyscipopt.Model()
        solver.hideOutput()
        solver.setParams({"parallel/maxnthreads": 1, "randomization/randomseedshift": self.seed})
        if not self.presolve:
            solver.setPresolve(pyscipopt.SCIP_PARAMSETTING.OFF)
        # Indicator constraints need no M: weights are free.
        free = program.n_binaries if self.indicator else len(program.cost)
        variables = [
            solver.addVar(
                lb=None if lower == -math.inf or k >= free else lower,
                ub=None if upper == math.inf or k >= free else upper,
                obj=cost,
                vtype="B" if k < program.n_binaries else "C",
            )
            for k, (lower, upper, cost) in enumerate(
                zip(
                    program.lower.tolist(),
                    program.upper.tolist(),
                    program.cost.tolist(),
                    strict=True,
                )
            )
        ]
        for row in program.rows:
            _add_row(pyscipopt, solver, variables, *row)
        if self.indicator:
            for binary, column in program.switches():
                for side in (1.0, -1.0):
                    solver.addConsIndicator(
                        side * variables[column] <= 0, variables[binary], activeone=False
                    )
        else:
            for row in program.switch_rows():
                _add_row(pyscipopt, solver, variables, *row)

        def values_of(solution: Any) -> tuple[float, ...]:
            return tuple(solver.getSolVal(solution, variable) for variable in variables)

        def improved(model: Any, event: Any) -> None:
            best = model.getBestSol()
            value, spent = model.getSolObjVal(best), time.perf_counter() - began
            report(Claim(ClaimStatus.STOPPED, values_of(best), value, None, spent))

        solver.attachEventHandlerCallback(improved, [pyscipopt.SCIP_EVENTTYPE.BESTSOLFOUND])
        if math.isfinite(seconds):
            # Building the program counts, too.
            solver.setParam("limits/time", max(seconds - (time.perf_counter() - began), 0.0))
        solver.optimize()
        status, bound = solver.getStatus(), solver.getDualbound()
        found = solver.getNSols() > 0
        ends = {"optimal": ClaimStatus.OPTIMAL, "infeasible": ClaimStatus.INFEASIBLE}
        return Claim(
            status=ends.get(status, ClaimStatus.STOPPED),
            values=values_of(solver.getBestSol()) if found else None,
            value=solver.getObjVal() if found else None,
            bound=bound if abs(bound) < solver.infinity() else None,
            seconds=time.perf_counter() - began,
            message=f"SCIP: {status}",
        )


def _add_row(
    pyscipopt: Any,
    solver: Any,
    variables: list[Any],
    indices: list[int],
    values: list[float],
    lower: float,
    upper: float,
) -> None:
    total = pyscipopt.quicksum(v * variables[j] for j, v in zip(indices, values, strict=True))
    solver.addCons(
        pyscipopt.ExprCons(
            total,
            None if lower == -math.inf else lower,
            None if upper == math.inf else upper,
        )
    )
