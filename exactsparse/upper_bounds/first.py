"""The networks that every search of a count begins with."""

from __future__ import annotations

from exactsparse.patterns.interpolant_of_types import interpolant_of_types
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.problem import Problem
from exactsparse.progress import Deadline
from exactsparse.upper_bounds.directional_interpolant import directional_interpolant
from exactsparse.upper_bounds.incumbent import Incumbent


def first_incumbent(problem: Problem, table: IntegerTable) -> Incumbent:
    """The affine part alone, where that will do, or interpolation along a direction.

    Parameters
    ----------
    problem : Problem
        Objective ``"parameters"`` or ``"neurons"``, any skip.
    table : IntegerTable
        All rows.
    """
    skip = problem.skip == "affine"
    incumbent = Incumbent(table, skip, lambda network: network.count(problem.objective))
    if not incumbent.offer(interpolant_of_types(table, range(len(table)), (), skip, Deadline())):
        incumbent.offer(directional_interpolant(table, problem.objective, skip))
    return incumbent
