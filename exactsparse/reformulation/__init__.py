"""The finite program of Lemma 4.1 and the solvers that are asked about it."""

from exactsparse.reformulation.big_m import DEFAULT_M
from exactsparse.reformulation.claim import Backend, Capabilities, Claim, ClaimStatus
from exactsparse.reformulation.highs import Highs
from exactsparse.reformulation.route import EXACT_SOLVER, SOLVERS, solve_milp
from exactsparse.reformulation.scip import Scip
from exactsparse.reformulation.solution import MilpSolution

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
