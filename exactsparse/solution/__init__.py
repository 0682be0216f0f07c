"""What every route returns."""

from exactsparse.solution.history import Stage
from exactsparse.solution.infeasible import InfeasibleSolution
from exactsparse.solution.solution import Solution, Status, Value, json_number

__all__ = ["InfeasibleSolution", "Solution", "Stage", "Status", "Value", "json_number"]
