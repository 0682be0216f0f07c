"""What a solution says, in words: what was found, what is proved, of what data."""

from __future__ import annotations

from fractions import Fraction

from exactsparse.exact.numbers import counted, format_rational
from exactsparse.problem.objective import NEURONS, PARAMETERS
from exactsparse.report.summary import format_tolerance, format_value, within
from exactsparse.routes.univariate.band.solution import BandSolution, LawSolution
from exactsparse.routes.univariate.route import UnivariateSolution
from exactsparse.solution import InfeasibleSolution, Solution, Status


def claim_of(solution: Solution) -> str:
    """What was found, in a sentence.

    Examples
    --------
    >>> import exactsparse as es
    >>> claim_of(es.solve([0, 1, 2], [0, 1, 0]))
    '1 knot; no interpolant has fewer'
    """
    if isinstance(solution, InfeasibleSolution):
        shape = _shape(solution)
        banded = solution.problem.band is not None
        return f"no {shape}function is within the band" if banded else f"no {shape}interpolant"
    if solution.problem.objective.is_tolerance:
        return _least_tolerance(solution)
    if isinstance(solution, UnivariateSolution):
        return _of_interpolant(solution)
    if isinstance(solution, BandSolution):
        return _of_law(solution)
    return _of_network(solution)


def proved_of(solution: Solution) -> str:
    """What is said of a lower bound; whether it is attained nobody knows before the proof."""
    if solution.status is Status.OPTIMAL:
        return "proved"
    return f"proved; this one has {format_value(solution.cost)}"


def facts_of(solution: Solution) -> list[str]:
    """Bound, uniqueness, size and time, a few words each; nothing of a proof that there is none."""
    if isinstance(solution, InfeasibleSolution):
        return []
    optimal, dataset = solution.status is Status.OPTIMAL, solution.problem.dataset
    bound = format_value(solution.cost if optimal else solution.lower_bound)
    facts = [f"lower bound {bound} ({proved_of(solution)})"]
    if isinstance(solution, UnivariateSolution):
        facts.append(f"unique {_UNIQUE[solution.unique]}")
    if isinstance(solution, BandSolution) and solution.unique is not None:
        facts.append(f"unique {_UNIQUE[solution.unique]}")
    if solution.generic_lower_bound is not None:
        facts.append(f"almost all labels need {solution.generic_lower_bound}")
    points = counted(dataset.n_points, "point")
    if not isinstance(solution, UnivariateSolution | LawSolution):
        points += f", {counted(dataset.n_features, 'feature')}"
    return [*facts, points, f"{solution.seconds:.3f} s"]


_UNIQUE = {True: "yes", False: "no", None: "not determined"}


def _shape(solution: Solution) -> str:
    return f"{solution.problem.shape} " if solution.problem.shape else ""


def _of_interpolant(solution: UnivariateSolution) -> str:
    optimal, p = solution.status is Status.OPTIMAL, solution.problem.exponent
    knots = counted(solution.law.n_knots, "knot")
    if p == 0:
        return f"{knots}; no interpolant has fewer" if optimal else knots
    claim = f"Σ|slope change|^{format_rational(p)} = {format_value(solution.cost)} with {knots}"
    return claim + ("; no interpolant has less" if optimal else "")


def _of_law(solution: BandSolution) -> str:
    knots = counted(solution.result.n_knots, "knot")
    optimal = solution.status is Status.OPTIMAL
    fewer = f"no {_shape(solution)}function has fewer" if optimal else ""
    return "; ".join(filter(None, (f"{knots} {within(solution.problem)}".strip(), fewer)))


def _of_network(solution: Solution) -> str:
    network, objective = solution.network, solution.problem.objective
    parameters = counted(network.n_parameters, "nonzero parameter")
    neurons = counted(network.n_neurons, "neuron")
    if objective == NEURONS:
        claim = f"{neurons} ({parameters})"
    elif objective == PARAMETERS:
        claim = f"{parameters} in {neurons}"
    else:
        p = solution.problem.exponent
        power = "" if p == 1 else f"^{format_rational(p)}"
        claim = f"Σ|weights and biases|{power} = {format_value(solution.cost)} with {neurons}"
    distance = within(solution.problem)
    claim += f" {distance}" if distance else ""
    if solution.status is not Status.OPTIMAL:
        return claim
    others = "network" if distance else "interpolant"
    return f"{claim}; no {others} has {'fewer' if objective.is_count else 'less'}"


def _least_tolerance(solution: Solution) -> str:
    limit, value = solution.problem.limit, solution.cost
    if limit is None or not isinstance(value, Fraction):
        raise AssertionError("a least tolerance is a rational number for a limit")
    least = "the least tolerance" if solution.status is Status.OPTIMAL else "a tolerance"
    if isinstance(solution, LawSolution):
        used, what = solution.law.n_knots, "law"
    else:
        used, what = int(limit.objective.cost_of(solution.network)), "network"
    enough = f"; this {what} has {used}" if used < limit.most else ""
    return f"{format_tolerance(value)} is {least} with {limit}{enough}"
