"""What was found and what is proved, in words for those who were not there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from exactsparse.problem.band import Tolerance
from exactsparse.problem.objective import NEURONS, PARAMETERS, PATH_NORM
from exactsparse.problem.problem import Problem
from exactsparse.report.html.numbers import exact_text, value_text
from exactsparse.report.verdict import claim_of
from exactsparse.solution import InfeasibleSolution, Solution, Status

_OF_STATUS = {
    Status.OPTIMAL: "Proved optimal",
    Status.FEASIBLE: "Found, not proved to be the best",
    Status.INFEASIBLE: "Proved impossible",
}


@dataclass(frozen=True)
class Verdict:
    """The head of a report.

    Parameters
    ----------
    status : str
        ``"optimal"``, ``"feasible"`` or ``"infeasible"``.
    title, claim : str
        A few words, and a sentence.
    sentences : tuple of str
        What that means.
    """

    status: str
    title: str
    claim: str
    sentences: tuple[str, ...]

    @classmethod
    def of(cls, solution: Solution) -> Verdict:
        """The verdict on a solution."""
        claim = claim_of(solution)
        sentences = tuple(_meaning(solution))
        return cls(str(solution.status), _OF_STATUS[solution.status], claim, sentences)


def _meaning(solution: Solution) -> Iterator[str]:
    problem = solution.problem
    if isinstance(solution, InfeasibleSolution):
        yield f"The reason: {solution.reason}."
        yield "That is proved in exact arithmetic; it is no failure of a search."
        return
    met = _met(problem)
    if problem.objective.is_tolerance:
        met = f"is at most {value_text(solution.cost)} from every label"
    yield f"The function below {met}: that was evaluated in exact arithmetic at every row."
    if solution.status is Status.OPTIMAL:
        yield f"No {_functions(problem)} {_less(problem)}. That is proved, in exact arithmetic."
        if solution.unique is True:
            yield "It is the only such function."
        elif solution.unique is False:
            yield "Other functions are as good; this is one of them."
    else:
        yield from _gap(solution)


def _functions(problem: Problem) -> str:
    """Among which functions nothing is better."""
    shape = f"{problem.shape} " if problem.shape else ""
    one = problem.dataset.n_features == 1 and problem.skip == "affine"
    what = (
        f"continuous piecewise-linear {shape}function" if one else "one-hidden-layer ReLU network"
    )
    if not one and problem.skip == "affine":
        what += " with a free affine part"
    if problem.objective.is_tolerance:
        return f"{what} with at most {problem.limit}"
    return f"{what} that {_met(problem)}"


def _met(problem: Problem) -> str:
    """What the function does at every row."""
    if problem.band is None:
        return "meets every label exactly"
    if isinstance(problem.band, Tolerance):
        return f"stays within {exact_text(problem.band.half_width)} of every label"
    return "stays within the interval of every row"


def _less(problem: Problem) -> str:
    if problem.objective.is_tolerance:
        return "comes nearer to all labels"
    if problem.objective == PATH_NORM and problem.exponent:
        return "has a smaller path norm"
    one = problem.dataset.n_features == 1 and problem.skip == "affine"
    if one and problem.objective in (NEURONS, PATH_NORM):
        return "has fewer knots"
    return f"has fewer {'nonzero parameters' if problem.objective == PARAMETERS else 'neurons'}"


def _gap(solution: Solution) -> Iterator[str]:
    """What is known where nothing is proved optimal."""
    problem = solution.problem
    found, bound = value_text(solution.cost), value_text(solution.bound)
    what = "cost"
    if problem.objective.is_count:
        what = "number of " + (
            "nonzero parameters" if problem.objective == PARAMETERS else "neurons"
        )
    elif problem.objective.is_tolerance:
        what = "tolerance"
    yield (
        f"The least {what} lies between {bound}, which is proved, and {found}, which this "
        "function attains."
    )
    if isinstance(solution.cost, int) and isinstance(solution.bound, int):
        yield f"The gap is {solution.cost - solution.bound}: a better function may exist."
