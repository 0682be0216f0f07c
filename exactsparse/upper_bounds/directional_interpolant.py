"""Interpolation along a direction: a network through all rows that is always at hand.

Along a direction in which the points are distinct, ``N`` neurons ``(t − tᵢ)₊`` interpolate; along a
coordinate they have two parameters each.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import flint
import numpy as np
from numpy.typing import NDArray

from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.network import Network, Neuron, Skip
from exactsparse.problem.objective import Objective
from exactsparse.upper_bounds.budget import BUDGET

# Bases of directions are tried one by one up to here, and then doubled.
_SMALL_BASE = 8
_PRIME = 2**61 - 1


def directional_interpolant(table: IntegerTable, objective: Objective, skip: bool) -> Network:
    """Interpolate along the best coordinate with distinct values, or else an integer direction."""
    d = table.width - 1
    candidates: list[Network] = []
    enough = 1 + BUDGET.most_chords // len(table)
    for c in range(d):
        direction = tuple(int(i == c) for i in range(d))
        if len(candidates) < enough and (network := _chords(table, direction, skip)) is not None:
            candidates.append(network)
    m = 2
    while not candidates:
        # Some curve point (1, m, m², …) separates all pairs of points.
        if (network := _chords(table, tuple(m**i for i in range(d)), skip)) is not None:
            candidates.append(network)
        m += 1 if m < _SMALL_BASE else m
    return min(candidates, key=lambda network: objective.cost_of(network))


def _chords(table: IntegerTable, direction: tuple[int, ...], skip: bool) -> Network | None:
    """Connect neighbours along a direction; None if two points coincide in it."""
    d = table.width - 1
    in_order = _in_order(table, direction)
    if in_order is None:
        return None
    places, labels = in_order
    if not skip:
        # Start from 0, one unit before the first point.
        places.insert(0, places[0] - 1)
        labels.insert(0, flint.fmpq(0))
    slopes = [
        (labels[i + 1] - labels[i]) / (places[i + 1] - places[i]) for i in range(len(places) - 1)
    ]
    affine = None
    if skip:
        slope = slopes[0] if slopes else flint.fmpq(0)
        weights = tuple(_fraction(slope * w) for w in direction)
        affine = Skip(weights, _fraction(labels[0] - slope * places[0]))
    else:
        slopes.insert(0, flint.fmpq(0))
        places.insert(0, places[0])
    inputs = tuple(map(Fraction, direction))
    neurons = tuple(
        Neuron(inputs, _fraction(-place), _fraction(after - before))
        for place, before, after in zip(places[1:], slopes, slopes[1:], strict=False)
        if after != before
    )
    return Network(neurons, affine, d)


def _in_order(
    table: IntegerTable, direction: tuple[int, ...]
) -> tuple[list[flint.fmpq], list[flint.fmpq]] | None:
    """Places along a direction, ascending, and their labels; None if two of them coincide."""
    short = table.scaled_rows
    if short is not None:
        whole = short.along(direction)
        sorting = np.argsort(whole)
        whole = whole[sorting]
        if (whole[1:] == whole[:-1]).any():
            return None
        labels = short.lower[sorting].tolist()
        common = short.denominator
        return [flint.fmpq(a, common) for a in whole.tolist()], [
            flint.fmpq(y, common) for y in labels
        ]
    along = table.points[:, :-1].dot(np.array(direction, dtype=object))
    scales = table.points[:, -1]
    if _may_coincide(along, scales):
        return None
    # A tenth of the time of Fractions.
    factors = scales.tolist()
    where = [flint.fmpq(a, s) for a, s in zip(along.tolist(), factors, strict=True)]
    order = sorted(range(len(where)), key=where.__getitem__)
    return [where[i] for i in order], [flint.fmpq(int(table.labels[i]), factors[i]) for i in order]


def _fraction(value: flint.fmpq) -> Fraction:
    return Fraction(int(value.p), int(value.q))


def _may_coincide(along: NDArray[Any], scales: NDArray[Any]) -> bool:
    """Whether two of the quotients are equal modulo a prime; if not, all are different.

    Equal numbers have equal residues, and a hundredth of the time of Fractions is enough to see.
    """
    inverses = {scale: pow(scale, -1, _PRIME) for scale in set(scales.tolist()) if scale % _PRIME}
    if len(inverses) < len(set(scales.tolist())):
        return True
    residues = {
        a * inverses[s] % _PRIME for a, s in zip(along.tolist(), scales.tolist(), strict=True)
    }
    return len(residues) < len(along)
