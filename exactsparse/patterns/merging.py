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
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from exactsparse.exact.integers import Integers, bits_of
from exactsparse.exact.numbers import over_common_denominator, scaled_integers
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
    dead : tuple of int
        Which units are dead, counted from 0.
    groups : tuple of tuple of int
        Units that become one, or cancel.
    affine : tuple of int
        Units that go into the affine part.
    """

    network: Network
    n_dead: int
    n_merged: int
    dead: tuple[int, ...] = field(default=(), compare=False)
    groups: tuple[tuple[int, ...], ...] = field(default=(), compare=False)
    affine: tuple[int, ...] = field(default=(), compare=False)


@dataclass(frozen=True, eq=False)
class CellNeuron:
    """``sign · (weights · x̄)₊`` with its values on the rows and the signs of these as bits."""

    sign: int
    weights: Weights
    values: Integers
    positive: int
    negative: int
    # Neurons of the network, in a tree of pairs, so that adding two units takes no time.
    members: Any

    @classmethod
    def of(cls, sign: int, weights: Weights, values: Integers, members: Any) -> CellNeuron:
        """A neuron from its values on the rows."""
        return cls(sign, weights, values, bits_of(values > 0), bits_of(values < 0), members)

    @property
    def added(self) -> Integers:
        """What it adds to the rows, scaled."""
        return self.sign * np.where(self.values > 0, self.values, 0)

    def turned(self) -> CellNeuron:
        """The unit that differs from this one by an affine function."""
        weights = tuple(-w for w in self.weights)
        return CellNeuron(
            self.sign, weights, -self.values, self.negative, self.positive, self.members
        )


def merge(table: IntegerTable, network: Network) -> Merged:
    """Drop and merge neurons as far as the rows cannot tell; the same for any order of neurons.

    Parameters
    ----------
    table : IntegerTable
        All rows.
    network : Network
        Of ``table.width - 1`` features.  Where it has a skip, the affine part is free.
    """
    alive = [unit for unit in _units(table, network) if unit.positive]
    free = list(_affine(network)) if network.skip else None
    kept: list[CellNeuron] = []
    gone: list[CellNeuron] = []
    affine: list[CellNeuron] = []
    for unit in _joined_by_pattern(sorted(alive, key=lambda u: (u.sign, u.weights))):
        waiting = [unit]
        while waiting:
            current = waiting.pop()
            if not current.positive:
                gone.append(current)
                continue
            if free is not None and not current.negative:
                _move(free, current)
                affine.append(current)
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
    in_use = set(_members(alive))
    groups = sorted(tuple(sorted(_members([unit]))) for unit in (*kept, *gone))
    return Merged(
        Network(neurons, skip, network.n_features),
        len(network.neurons) - len(in_use),
        len(in_use) - len(kept),
        tuple(k for k in range(len(network.neurons)) if k not in in_use),
        tuple(group for group in groups if len(group) > 1),
        tuple(sorted(_members(affine))),
    )


def activation(table: IntegerTable, neuron: Neuron) -> int:
    """Rows on which a neuron is active, as bits."""
    weights = (*neuron.weights, neuron.bias)
    integers = np.array(over_common_denominator(weights)[0], dtype=object)
    return bits_of(table.points.dot(integers) > 0)


def _units(table: IntegerTable, network: Network) -> list[CellNeuron]:
    """Active neurons; equal ones are one, its weights multiplied by how many they are."""
    equal: dict[tuple[Weights, int], list[int]] = {}
    for k, neuron in enumerate(network.neurons):
        if neuron.is_active:
            equal.setdefault(neuron.scaled, []).append(k)
    scale = math.lcm(*(w.denominator for weights, _ in equal for w in weights))
    units = []
    for (single, sign), members in equal.items():
        weights = tuple(len(members) * w for w in single)
        values = table.points.dot(scaled_integers(weights, scale))
        units.append(CellNeuron.of(sign, weights, values, members))
    return units


def _members(units: Iterable[CellNeuron]) -> Iterable[int]:
    """The neurons that went into units."""
    waiting = [unit.members for unit in units]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            yield from one
        else:
            waiting.extend(one)


def _joined_by_pattern(units: list[CellNeuron]) -> list[CellNeuron]:
    """Add up units of the same sign that are active on the same rows."""
    groups: dict[tuple[int, int], CellNeuron] = {}
    for unit in units:
        key = (unit.sign, unit.positive)
        groups[key] = _sum(groups[key], unit, unit.sign) if key in groups else unit
    return list(groups.values())


def _joined(one: CellNeuron, other: CellNeuron, free: list[Fraction] | None) -> CellNeuron | None:
    """One unit for two, if there is; what it takes goes into the affine part."""
    joined = _one_for_two(one, other)
    if joined is None and free is not None:
        joined = _one_for_two(one, other.turned())
        if joined is not None:
            _move(free, other)
    return joined


def _one_for_two(one: CellNeuron, other: CellNeuron) -> CellNeuron | None:
    if one.positive & other.negative or one.negative & other.positive:
        return None
    added = one.added + other.added
    for sign in (one.sign, -one.sign):
        joined = _sum(one, other, sign)
        if not (joined.added != added).any():
            return joined
    return None


def _sum(one: CellNeuron, other: CellNeuron, sign: int) -> CellNeuron:
    first, second = sign * one.sign, sign * other.sign
    values = first * one.values + second * other.values
    weights = tuple(first * a + second * b for a, b in zip(one.weights, other.weights, strict=True))
    return CellNeuron.of(sign, weights, values, (one.members, other.members))


def _move(free: list[Fraction], unit: CellNeuron) -> None:
    """Add the linear function of a unit to the affine part."""
    for k, weight in enumerate(unit.weights):
        free[k] += unit.sign * weight


def _affine(network: Network) -> Weights:
    assert network.skip is not None
    return (*network.skip.weights, network.skip.bias)
