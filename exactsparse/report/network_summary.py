"""A short text summary for any number of features: status, value, bounds, network."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from rich.console import Console
from rich.text import Text

from exactsparse.exact.numbers import counted, format_rational
from exactsparse.problem.objective import NEURONS, PARAMETERS, PATH_NORM, TOLERANCE
from exactsparse.report.data_summary import fitted
from exactsparse.report.summary import format_tolerance, format_value, within
from exactsparse.solution import Solution, Status

MOST_NEURONS = 20


def print_network_summary(solution: Solution, console: Console) -> None:
    """Print status, value, bounds, timing, and the network as a formula."""
    dataset, optimal = solution.problem.dataset, solution.status is Status.OPTIMAL
    style = "bold green" if optimal else "bold yellow"
    console.print(
        Text(f"{solution.status}", style),
        Text(claim_of_network(solution), "bold"),
        sep="  ",
        soft_wrap=True,
    )
    console.print(fitted(dataset), highlight=False, markup=False, soft_wrap=True)
    bound = format_value(solution.cost if optimal else solution.bound)
    generic = solution.generic_lower_bound
    almost = "" if generic is None else f"almost all labels need {generic}   "
    console.print(
        f"lower bound {bound} ({'proved' if optimal else 'proved, not attained'})   {almost}"
        f"{counted(dataset.n_points, 'point')}, {counted(dataset.n_features, 'feature')}   "
        f"{solution.seconds:.3f} s",
        highlight=False,
        soft_wrap=True,
    )
    for remark in solution.remarks:
        console.print(remark, highlight=False, soft_wrap=True)
    console.print()
    for line in formula(solution):
        console.print(line, highlight=False, soft_wrap=True)


def claim_of_network(solution: Solution) -> str:
    """What was found, in a sentence."""
    network = solution.network
    parameters = counted(network.n_parameters, "nonzero parameter")
    neurons = counted(network.n_neurons, "neuron")
    objective = solution.problem.objective
    claim = {
        TOLERANCE: _least_tolerance(solution),
        NEURONS: f"{neurons} ({parameters})",
        PARAMETERS: f"{parameters} in {neurons}",
        PATH_NORM: f"Σ|weights and biases| = {format_value(solution.cost)} with {neurons}",
    }[objective]
    optimal = solution.status is Status.OPTIMAL
    least = "fewer" if objective.is_count else "less"
    distance = within(solution.problem)
    claim += f" {distance}" if distance else ""
    others = "network" if distance else "interpolant"
    more = f"; no {others} has {least}" if optimal and not objective.is_tolerance else ""
    return claim + more


def _least_tolerance(solution: Solution) -> str:
    """What is said of a tolerance; empty for another objective."""
    limit, value = solution.problem.limit, solution.cost
    if limit is None or not isinstance(value, Fraction):
        return ""
    least = "the least tolerance" if solution.status is Status.OPTIMAL else "a tolerance"
    used = limit.objective.cost_of(solution.network)
    enough = f"; this network has {used}" if used < limit.most else ""
    return f"{format_tolerance(value)} is {least} with {limit}{enough}"


def formula(solution: Solution) -> list[str]:
    """The network as a sum of units, a line for each of the first 20."""
    network, dataset = solution.network, solution.problem.dataset
    names = dataset.feature_names
    terms = []
    for neuron in network.neurons[:MOST_NEURONS]:
        # One unit as sign · (|v| w · x + |v| b)₊: the same function with one number less.
        size = abs(neuron.output)
        inside = _affine([size * w for w in neuron.weights], size * neuron.bias, names)
        constant = not any(neuron.weights) and neuron.bias > 0
        terms.append(
            f"{'+' if neuron.output > 0 else '-'} {inside if constant else f'({inside})₊'}"
        )
    if network.skip is not None:
        skip = _affine(network.skip.weights, network.skip.bias, names)
        after = f"- {skip[1:]}" if skip.startswith("-") else f"+ {skip}"
        terms.append(after if terms else skip)
    head = f"{dataset.label_name} = "
    lines = [head + (terms[0].removeprefix("+ ") if terms else "0")]
    lines += [" " * len(head) + term for term in terms[1:]]
    more = len(network.neurons) - MOST_NEURONS
    if more > 0:
        lines.append(f"{' ' * len(head)}… and {counted(more, 'more neuron')}; --json prints all")
    return lines


def _affine(weights: Sequence[Fraction], bias: Fraction, names: Sequence[str]) -> str:
    terms = [(w, f" {name}") for w, name in zip(weights, names, strict=True) if w]
    if bias or not terms:
        terms.append((bias, ""))
    text = ""
    for value, name in terms:
        size = abs(value)
        amount = name.strip() if size == 1 and name else format_rational(size) + name
        sign = "-" if value < 0 else "+"
        text += f" {sign} {amount}" if text else f"{'-' if value < 0 else ''}{amount}"
    return text
