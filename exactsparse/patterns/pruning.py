"""Neurons that a network does not need, wherever it is evaluated.

A unit ``v (w · x + b)₊`` is dead if it is 0 for every x, and units whose ``(w, b)`` are positive
multiples of one another are one.  Constant units go into the affine part where there is one; where
that is linear already, so does one of two opposite units, by ``(−a)₊ = (a)₊ − a``.  What is left
are different hyperplanes, each with one unit: no unit can be left out of such a network unless a
linear function takes its place.
"""

from __future__ import annotations

import math
from collections import Counter
from fractions import Fraction

from exactsparse.exact.numbers import over_common_denominator
from exactsparse.problem.network import Network, Neuron, Skip

_Vector = tuple[Fraction, ...]
_Direction = tuple[int, ...]
_Line = tuple[int, int, Fraction]


def prune(network: Network) -> Network:
    """The same function with dead units removed and equal ones merged.

    Parameters
    ----------
    network : Network
        Any.

    Returns
    -------
    Network
        Equal at every point.  Units that are not merged are kept as they are; merged ones add up
        products of parameters, which keeps dyadic numbers dyadic.
    """
    linear = network.skip is not None and any(network.skip.weights)
    affine = [*network.skip.weights, network.skip.bias] if network.skip else None
    units: list[tuple[_Line, Neuron]] = []
    for neuron in network.neurons:
        if not neuron.output or (not any(neuron.weights) and neuron.bias <= 0):
            continue
        if affine is not None and not any(neuron.weights):
            affine[-1] += neuron.output * neuron.bias
            continue
        units.append((_line(neuron), neuron))
    counts = Counter(line for line, _ in units)
    kept = [neuron for line, neuron in units if counts[line] == 1]
    groups: dict[_Direction, list[Neuron]] = {}
    for line, neuron in units:
        if counts[line] > 1:
            groups.setdefault(_direction(neuron), []).append(neuron)
    for direction, alike in groups.items():
        opposite = groups.get(tuple(-w for w in direction), []) if linear else []
        if not opposite:
            kept += _merged(alike, _sum(alike))
        elif direction > tuple(-w for w in direction):
            assert affine is not None
            moved = _sum(opposite)
            affine = [a + m for a, m in zip(affine, moved, strict=True)]
            total = tuple(a - m for a, m in zip(_sum(alike), moved, strict=True))
            kept += _merged([*alike, *opposite], total)
    skip = None if affine is None else Skip(tuple(affine[:-1]), affine[-1])
    return Network(tuple(kept), skip, network.n_features)


def _line(neuron: Neuron) -> _Line:
    """The same for all units of one hyperplane, and told at once for others nearly always."""
    vector = (*neuron.weights, neuron.bias)
    nonzero = [k for k, entry in enumerate(vector) if entry]
    first, last = nonzero[0], nonzero[-1]
    return first, last, vector[last] / vector[first]


def _direction(neuron: Neuron) -> _Direction:
    """``(w, b)`` as the shortest vector of integers of its direction."""
    integers, _ = over_common_denominator((*neuron.weights, neuron.bias))
    divisor = math.gcd(*integers)
    return tuple(entry // divisor for entry in integers)


def _sum(neurons: list[Neuron]) -> _Vector:
    """``Σ v (w, b)``."""
    vectors = ([n.output * w for w in (*n.weights, n.bias)] for n in neurons)
    return tuple(sum(entries, Fraction(0)) for entries in zip(*vectors, strict=True))


def _merged(neurons: list[Neuron], total: _Vector) -> list[Neuron]:
    """One unit for units of one hyperplane, on the side of the first; none if they cancel."""
    if len(neurons) == 1 or not any(total):
        return neurons if len(neurons) == 1 else []
    direction = _direction(neurons[0])
    leading = next(k for k, entry in enumerate(direction) if entry)
    sign = 1 if total[leading] * direction[leading] > 0 else -1
    return [Neuron(tuple(sign * w for w in total[:-1]), sign * total[-1], Fraction(sign))]
