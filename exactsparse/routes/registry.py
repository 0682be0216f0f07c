"""All routes, in the order in which method ``auto`` asks them."""

from __future__ import annotations

from exactsparse.errors import UnsupportedProblemError
from exactsparse.problem.problem import Problem, require_choice, require_one_feature
from exactsparse.routes import (
    activity_search,
    big_m,
    column_generation,
    concave_vertices,
    farkas_cuts,
    rank_search,
    univariate,
)
from exactsparse.routes.declaration import Route

ROUTES: tuple[Route, ...] = tuple(
    room.ROUTE
    for room in (
        univariate,
        rank_search,
        activity_search,
        column_generation,
        concave_vertices,
        farkas_cuts,
        big_m,
    )
)
INSTEAD_OF_KNOTS = "; or ask for parameters (--parameters K, parameters=K) or neurons"
METHODS = ("auto", *(route.method for route in ROUTES))


def able(problem: Problem) -> tuple[Route, ...]:
    """The routes that solve a problem."""
    return tuple(route for route in ROUTES if route.solves(problem))


def choose(problem: Problem, method: str = "auto") -> Route:
    """The route of a method, or the one that is best for a problem.

    Parameters
    ----------
    problem : Problem
        What is to be solved.
    method : str
        Its name, or ``"auto"``.

    Raises
    ------
    ProblemError
        If no route has that name.
    UnsupportedProblemError
        If it does not solve the problem, or none does; the message names those that do.
    """
    require_choice("method", method, METHODS)
    fit = able(problem)
    for route in fit:
        if route.method == method or (method == "auto" and route.automatic):
            return route
    if not fit:
        for what, asked in (
            ("knots are", problem.limit is not None and problem.limit.counted == "knots"),
            ("shapes are", problem.shape is not None),
        ):
            if asked:
                instead = "" if problem.limit is None else INSTEAD_OF_KNOTS
                require_one_feature(problem.dataset, what, instead)
        does = "; ".join(f"{route.method!r} {route.does}" for route in ROUTES if route.automatic)
        raise UnsupportedProblemError(f"no method solves {problem.description}: {does}")
    does = next(route.does for route in ROUTES if route.method == method)
    others = " or ".join(repr(route.method) for route in fit)
    raise UnsupportedProblemError(
        f"method {method!r} {does}, but this is {problem.description}: use method {others}"
    )
