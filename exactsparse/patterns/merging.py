"""Neurons that do nothing on the data, and neurons that are one neuron there.

What a neuron adds to the rows is ``σ (a)₊`` with ``a = X̄ (|v| w, |v| b)`` and σ the sign of v.
Where no row has ``aᵢ > 0 > aⱼ``, two of them may add up to one, ``τ (τ u)₊`` with
``u = σ₁ a₁ + σ₂ a₂``, which is checked row by row; those of equal sign and pattern always do.  With
a free affine part, ``(a)₊ = a + (−a)₊``: a neuron that is active on all rows is affine there, and
one may be turned round before it is merged.  Supports of merged neurons are united, so that
parameters never become more.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exactsparse.exact.numbers import scaled_integers
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.network import Network, Neuron, Skip

Weights = tuple[Fraction, ...]


@dataclass(frozen=True)
class Merged:
    """A network without idle neurons, equal to the original on every row.

    Parameters
    ----------
    network : Network
        What is left.
    n_dead : int
        Hidden units that add nothing to any row.
    n_merged : int
        Further ones that went into other neurons or into the affine part.
    """

    network: Network
    n_dead: int
    n_merged: int


@dataclass(frozen=True, eq=False)
class _Unit:
    """``sign · (weights · x̄)₊`` with its values on the rows and the signs of these as bits."""

    sign: int
    weights: Weights
    values: NDArray[Any]
    positive: int
    negative: int

    @property
    def added(self) -> NDArray[Any]:
        """What it adds to the rows, scaled."""
        return self.sign * np.where(self.values > 0, self.values, 0)

    def turned(self) -> _Unit:
        """The unit that differs from this one by an affine function."""
        weights = tuple(-w for w in self.weights)
        return _Unit(self.sign, weights, -self.values, self.negative, self.positive)


def merge(table: IntegerTable, network: Network) -> Merged:
    """Drop and merge neurons as far as the rows cannot tell; the same for any order of neurons.

    Parameters
    ----------
    table : IntegerTable
        All rows.
    network : Network
        Of ``table.width - 1`` features.  Where it has a skip, the affine part is free.
    """
    units = [(unit, count) for unit, count in _units(table, network) if unit.positive]
    alive, n_alive = [unit for unit, _ in units], sum(count for _, count in units)
    free = list(_affine(network)) if network.skip else None
    kept: list[_Unit] = []
    for unit in _joined_by_pattern(sorted(alive, key=lambda u: (u.sign, u.weights))):
        waiting = [unit]
        while waiting:
            current = waiting.pop()
            if not current.positive:
                continue
            if free is not None and not current.negative:
                _move(free, current)
                continue
            for k, other in enumerate(kept):
                pair = _joined(other, current, free)
                if pair is not None:
                    del kept[k]
                    waiting.append(pair)
                    break
            else:
                kept.append(current)
    skip = None if free is None else Skip(tuple(free[:-1]), free[-1])
    neurons = tuple(Neuron(u.weights[:-1], u.weights[-1], Fraction(u.sign)) for u in kept)
    dead = len(network.neurons) - n_alive
    return Merged(Network(neurons, skip, network.n_features), dead, n_alive - len(kept))


def activation(table: IntegerTable, neuron: Neuron) -> int:
    """Rows on which a neuron is active, as bits."""
    weights = (*neuron.weights, neuron.bias)
    scale = math.lcm(*(w.denominator for w in weights))
    return _bits(table.points.dot(scaled_integers(weights, scale)) > 0)


def _units(table: IntegerTable, network: Network) -> list[tuple[_Unit, int]]:
    """Active neurons, and how often each occurs, which its weights are multiplied by."""
    equal = Counter(neuron.scaled for neuron in network.neurons if neuron.is_active)
    scale = math.lcm(*(w.denominator for weights, _ in equal for w in weights))
    units = []
    for (single, sign), count in equal.items():
        weights = tuple(count * w for w in single)
        values = table.points.dot(scaled_integers(weights, scale))
        units.append((_Unit(sign, weights, values, _bits(values > 0), _bits(values < 0)), count))
    return units


def _joined_by_pattern(units: list[_Unit]) -> list[_Unit]:
    """Add up units of the same sign that are active on the same rows."""
    groups: dict[tuple[int, int], _Unit] = {}
    for unit in units:
        key = (unit.sign, unit.positive)
        groups[key] = _sum(groups[key], unit, unit.sign) if key in groups else unit
    return list(groups.values())


def _joined(one: _Unit, other: _Unit, free: list[Fraction] | None) -> _Unit | None:
    """One unit for two, if there is; what it takes goes into the affine part."""
    joined = _one_for_two(one, other)
    if joined is None and free is not None:
        joined = _one_for_two(one, other.turned())
        if joined is not None:
            _move(free, other)
    return joined


def _one_for_two(one: _Unit, other: _Unit) -> _Unit | None:
    if one.positive & other.negative or one.negative & other.positive:
        return None
    added = one.added + other.added
    for sign in (one.sign, -one.sign):
        joined = _sum(one, other, sign)
        if not (joined.added != added).any():
            return joined
    return None


def _sum(one: _Unit, other: _Unit, sign: int) -> _Unit:
    first, second = sign * one.sign, sign * other.sign
    values = first * one.values + second * other.values
    weights = tuple(first * a + second * b for a, b in zip(one.weights, other.weights, strict=True))
    return _Unit(sign, weights, values, _bits(values > 0), _bits(values < 0))


def _move(free: list[Fraction], unit: _Unit) -> None:
    """Add the linear function of a unit to the affine part."""
    for k, weight in enumerate(unit.weights):
        free[k] += unit.sign * weight


def _affine(network: Network) -> Weights:
    assert network.skip is not None
    return (*network.skip.weights, network.skip.bias)


def _bits(mask: NDArray[Any]) -> int:
    packed = np.packbits(mask.astype(bool), bitorder="little")
    return int.from_bytes(packed.tobytes(), "little")
