"""A network as a formula, a line for every neuron."""

from __future__ import annotations

from collections.abc import Sequence

from exactsparse.exact.numbers import counted, linear_text
from exactsparse.problem.network import Network

MOST_NEURONS = 20
_MOST_TERMS = 30


def formula_lines(
    network: Network, label: str, names: Sequence[str], remedy: str, most: int = MOST_NEURONS
) -> list[str]:
    """Write ``label = neurons + affine part``, one term below the other.

    Parameters
    ----------
    network : Network
        Of any size; so many neurons, and 30 terms of each, are written.
    label : str
        Name of the value.
    names : sequence of str
        Names of the features.
    remedy : str
        What shows the neurons that are left out.
    most : int
        How many are written.

    Examples
    --------
    >>> import exactsparse as es
    >>> xor = es.solve([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0])
    >>> len(formula_lines(xor.network, "y", ["a", "b"], "--json"))
    2
    """
    terms = []
    for neuron in network.neurons[:most]:
        # One unit as sign · (|v| w · x + |v| b)₊: the same function with one number less.
        size = abs(neuron.output)
        inside = linear_text(
            [size * w for w in neuron.weights], size * neuron.bias, names, _MOST_TERMS
        )
        constant = not any(neuron.weights) and neuron.bias > 0
        terms.append(
            f"{'+' if neuron.output > 0 else '-'} {inside if constant else f'({inside})₊'}"
        )
    if network.skip is not None:
        skip = linear_text(network.skip.weights, network.skip.bias, names, _MOST_TERMS)
        after = f"- {skip[1:]}" if skip.startswith("-") else f"+ {skip}"
        terms.append(after if terms else skip)
    head = f"{label} = "
    lines = [head + (terms[0].removeprefix("+ ") if terms else "0")]
    lines += [" " * len(head) + term for term in terms[1:]]
    more = len(network.neurons) - most
    if more > 0:
        lines.append(f"{' ' * len(head)}… and {counted(more, 'more neuron')}; {remedy}")
    return lines
