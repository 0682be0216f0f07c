"""Fewest parameters or neurons as a MILP: claims of solvers, replayed exactly, and exact cuts."""

from exactsparse.reformulation.milp.big_m import DEFAULT_M
from exactsparse.reformulation.milp.claim import Backend, Capabilities, Claim, ClaimStatus
from exactsparse.reformulation.milp.highs import Highs
from exactsparse.reformulation.milp.route import EXACT_SOLVER, SOLVERS, solve_milp
from exactsparse.reformulation.milp.scip import Scip
from exactsparse.reformulation.milp.solution import MilpSolution

__all__ = [
    "DEFAULT_M",
    "EXACT_SOLVER",
    "SOLVERS",
    "Backend",
    "Capabilities",
    "Claim",
    "ClaimStatus",
    "Highs",
    "MilpSolution",
    "Scip",
    "solve_milp",
]
