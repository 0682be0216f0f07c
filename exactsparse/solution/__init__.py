"""What every route returns."""

from exactsparse.solution.infeasible import InfeasibleSolution
from exactsparse.solution.solution import Solution, Status, Value, json_number

__all__ = ["InfeasibleSolution", "Solution", "Status", "Value", "json_number"]
