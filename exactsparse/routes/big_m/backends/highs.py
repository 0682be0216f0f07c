"""HiGHS on the big-M program."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import Any

import numpy as np

from exactsparse.packages import require_package
from exactsparse.routes.big_m.backend import Capabilities, Report
from exactsparse.routes.big_m.program import BigMProgram
from exactsparse.upper_bounds.claims import Claim, ClaimStatus


@dataclass(frozen=True)
class Highs:
    """The solver HiGHS (Q. Huangfu and J. A. J. Hall, 2018) with big-M switches.

    Parameters
    ----------
    seed : int
        Its random seed.
    presolve : bool
        Whether it may simplify the program first.
    """

    seed: int = 0
    presolve: bool = True

    @property
    def name(self) -> str:
        """What users call it."""
        return "highs"

    @property
    def capabilities(self) -> Capabilities:
        """What it needs."""
        return Capabilities(module="highspy", extra="milp", reports_incumbents=True)

    def solve(self, program: BigMProgram, seconds: float, report: Report) -> Claim:
        """Run HiGHS on one thread with both gaps 0."""
        began = time.perf_counter()
        highspy = require_package("highspy", "milp")
        solver = highspy.Highs()
        options = {
            "output_flag": False,
            "threads": 1,
            "random_seed": self.seed,
            "presolve": "choose" if self.presolve else "off",
            "mip_rel_gap": 0.0,
            "mip_abs_gap": 0.0,
        }
        if math.isfinite(seconds):
            options["time_limit"] = seconds
        for name, setting in options.items():
            solver.setOptionValue(name, setting)
        if solver.passModel(_model(highspy, program)) == highspy.HighsStatus.kError:
            return Claim(ClaimStatus.FAILED, message="HiGHS refused the program")

        def improved(event: Any) -> None:
            values = tuple(event.data_out.mip_solution)
            value, spent = event.data_out.mip_primal_bound, time.perf_counter() - began
            report(Claim(ClaimStatus.STOPPED, values, value, None, spent))

        solver.cbMipImprovingSolution.subscribe(improved)
        solver.run()
        status, info = solver.getModelStatus(), solver.getInfo()
        found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        ends = {
            highspy.HighsModelStatus.kOptimal: ClaimStatus.OPTIMAL,
            highspy.HighsModelStatus.kInfeasible: ClaimStatus.INFEASIBLE,
        }
        return Claim(
            status=ends.get(status, ClaimStatus.STOPPED),
            values=tuple(solver.getSolution().col_value) if found else None,
            value=info.objective_function_value if found else None,
            bound=info.mip_dual_bound,
            seconds=time.perf_counter() - began,
            message=f"HiGHS: {solver.modelStatusToString(status)}",
        )


def _model(highspy: Any, program: BigMProgram) -> Any:
    base, switches = program.rows, program.switch_rows()
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(program.cost), len(base) + len(switches)
    model.col_cost_ = program.cost
    model.col_lower_, model.col_upper_ = program.lower, program.upper
    model.row_lower_ = np.array(base.lower + switches.lower)
    model.row_upper_ = np.array(base.upper + switches.upper)
    kinds = highspy.HighsVarType
    continuous = len(program.cost) - program.n_binaries
    model.integrality_ = [kinds.kInteger] * program.n_binaries + [kinds.kContinuous] * continuous
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    offset = base.starts[-1]
    model.a_matrix_.start_ = np.array(base.starts + [offset + s for s in switches.starts[1:]])
    model.a_matrix_.index_ = np.array(base.indices + switches.indices)
    model.a_matrix_.value_ = np.array(base.values + switches.values)
    return model
