"""How far a network is from labels, in exact arithmetic."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from exactsparse.problem.dataset import Dataset
from exactsparse.problem.network import Network

_ROWS_AT_ONCE = 1024


@dataclass(frozen=True)
class LargestResidual:
    """The largest ``|f(xᵢ) − yᵢ|``.

    Parameters
    ----------
    value : Fraction
        The residual, exact.
    row : int
        Position of the first point that has it, counted from 0.
    """

    value: Fraction
    row: int


def residuals(network: Network, dataset: Dataset) -> Iterator[Fraction]:
    """``f(xᵢ) − yᵢ`` of every point in turn, exact.

    Parameters
    ----------
    network : Network
        Of as many inputs as the data have features.
    dataset : Dataset
        Points.
    """
    units = [neuron.scaled for neuron in network.neurons if neuron.is_active]
    affine = (*network.skip.weights, network.skip.bias) if network.skip else ()
    scale = math.lcm(*(w.denominator for weights in ([w for w, _ in units], [affine])
                       for row in weights for w in row))  # fmt: skip
    inner = np.empty((network.n_features + 1, len(units)), dtype=object)
    for k, (weights, _) in enumerate(units):
        inner[:, k] = [_integer(w, scale) for w in weights]
    signs = np.array([sign for _, sign in units], dtype=object)
    linear = np.array([_integer(w, scale) for w in affine], dtype=object)
    for start in range(0, dataset.n_points, _ROWS_AT_ONCE):
        rows = [dataset.row(i) for i in range(start, min(start + _ROWS_AT_ONCE, len(dataset)))]
        factors = [math.lcm(*(t.denominator for t in row[:-1])) for row in rows]
        points = np.array(
            [
                [*(_integer(t, factor) for t in row[:-1]), factor]
                for row, factor in zip(rows, factors, strict=True)
            ],
            dtype=object,
        )
        values = np.zeros(len(rows), dtype=object)
        if units:
            hidden = points.dot(inner)
            values = values + np.where(hidden > 0, hidden, 0).dot(signs)
        if affine:
            values = values + points.dot(linear)
        for value, factor, row in zip(values.tolist(), factors, rows, strict=True):
            yield Fraction(value, scale * factor) - row[-1]


def largest_residual(network: Network, dataset: Dataset) -> LargestResidual:
    """The largest residual in size, and the first point that has it."""
    best = LargestResidual(Fraction(-1), 0)
    for row, residual in enumerate(residuals(network, dataset)):
        if abs(residual) > best.value:
            best = LargestResidual(abs(residual), row)
    return best


def interpolates(network: Network, dataset: Dataset) -> bool:
    """Whether every label is met exactly."""
    return not any(residuals(network, dataset))


def _integer(value: Fraction, scale: int) -> int:
    return value.numerator * (scale // value.denominator)
