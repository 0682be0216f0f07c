"""How far a network is from labels, in exact arithmetic."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exactsparse.exact.integers import primitive
from exactsparse.exact.numbers import over_common_denominator
from exactsparse.problem.dataset import Dataset
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.network import Network, Neuron

_ROWS_AT_ONCE = 1024
# Above so many products, neurons along one direction, if so many, are swept.
_MOST_PRODUCTS, _FEWEST_SWEPT = 200_000, 8


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
        scaled = [over_common_denominator(row[:-1]) for row in rows]
        factors = [factor for _, factor in scaled]
        points = np.array([[*integers, factor] for integers, factor in scaled], dtype=object)
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


def missed_row(network: Network, table: IntegerTable) -> int | None:
    """The first row whose label or bounds a network misses; None if it meets all.  Exact.

    Neurons along one direction are swept over the sorted rows, others are multiplied out, so that
    the interpolant along a direction, of as many neurons as rows, costs no square of the rows.

    Parameters
    ----------
    network : Network
        Of as many inputs as the table has features.
    table : IntegerTable
        Rows.

    Examples
    --------
    >>> from exactsparse import Dataset, Network, Neuron
    >>> table = IntegerTable.of(Dataset.from_arrays([0, 1, 2], [0, 1, 3]))
    >>> one = Fraction(1)
    >>> missed_row(Network((Neuron((one,), Fraction(0), one),), None, 1), table)
    2
    """
    for start, values, scale in scaled_values(network, table):
        missed = np.flatnonzero(_misses(values, scale, table, slice(start, start + len(values))))
        if len(missed):
            return start + int(missed[0])
    return None


def scaled_values(network: Network, table: IntegerTable) -> Iterator[tuple[int, NDArray[Any], int]]:
    """Values of a network, exact: first row, values times the factors of rows and a scale, scale.

    Parameters
    ----------
    network, table
        As for :func:`missed_row`.
    """
    neurons = [neuron for neuron in network.neurons if neuron.is_active]
    affine = (*network.skip.weights, network.skip.bias) if network.skip else ()
    n, width = len(table), table.width
    swept: dict[tuple[int, ...], list[_Swept]] = {}
    if len(neurons) * n > _MOST_PRODUCTS:
        swept, neurons = _by_direction(neurons)
    units = [neuron.scaled for neuron in neurons]
    # Values times the factors of the rows.
    values = np.zeros(n, dtype=object)
    for direction, members in swept.items():
        values = values + _swept(direction, members, table)
    scale = math.lcm(*(w.denominator for weights, _ in (*units, (affine, 1)) for w in weights))
    inner = np.array(
        [[_integer(w, scale) for w in weights] for weights, _ in units], dtype=object
    ).reshape(len(units), width)
    signs = np.array([sign for _, sign in units], dtype=object)
    linear = np.array([_integer(w, scale) for w in affine], dtype=object)
    for start in range(0, n, _ROWS_AT_ONCE):
        rows = slice(start, start + _ROWS_AT_ONCE)
        points = table.points[rows]
        given = values[rows] * scale
        if units:
            hidden = points.dot(inner.T)
            given = given + np.where(hidden > 0, hidden, 0).dot(signs)
        if affine:
            given = given + points.dot(linear)
        yield start, given, scale


def _misses(given: NDArray[Any], scale: int, table: IntegerTable, rows: slice) -> NDArray[np.bool_]:
    """Which values, times a scale, are not the labels of rows or lie outside their bounds."""
    if table.bounds is None:
        return np.asarray(given != table.labels[rows] * scale, dtype=bool)
    pairs = zip(given.tolist(), table.lower[rows], table.upper[rows], strict=True)
    return np.array(
        [
            (low is not None and value < low * scale) or (high is not None and value > high * scale)
            for value, low, high in pairs
        ],
        dtype=bool,
    )


# Slope and constant of a neuron along a direction, the size of its output, and the sign of that.
_Swept = tuple[Any, Any, Any, int]


def _by_direction(
    neurons: list[Neuron],
) -> tuple[dict[tuple[int, ...], list[_Swept]], list[Neuron]]:
    """Neurons of common directions g, whose weights are m g; and the others."""
    # A tenth of the time of Fractions.
    from flint import fmpq

    groups: dict[tuple[int, ...], list[tuple[Neuron, Any]]] = {}
    # Neurons that were made together often share their weights.
    known: dict[int, tuple[tuple[int, ...], Any]] = {}
    for neuron in neurons:
        own = known.get(id(neuron.weights))
        if own is None:
            key = primitive(over_common_denominator(neuron.weights)[0])
            at = next((c for c, g in enumerate(key) if g), None)
            slope = None if at is None else fmpq(*neuron.weights[at].as_integer_ratio()) / key[at]
            own = known[id(neuron.weights)] = (() if at is None else key), slope
        key, slope = own
        groups.setdefault(key, []).append((neuron, slope))
    swept, left = dict[tuple[int, ...], list[_Swept]](), list[Neuron]()
    for key, members in groups.items():
        if not key or len(members) < _FEWEST_SWEPT:
            left += [neuron for neuron, _ in members]
            continue
        swept[key] = [
            (
                slope, fmpq(*neuron.bias.as_integer_ratio()),
                fmpq(*abs(neuron.output).as_integer_ratio()), 1 if neuron.output > 0 else -1,
            )
            for neuron, slope in members
        ]  # fmt: skip
    return swept, left


def _swept(direction: tuple[int, ...], units: list[_Swept], table: IntegerTable) -> NDArray[Any]:
    """``Σ sign |v| (m t + b)₊`` times the factor of every row, t along the direction."""
    import flint

    along = table.points[:, :-1].dot(np.array(direction, dtype=object)).tolist()
    factors = table.points[:, -1].tolist()
    places = [flint.fmpq(a, f) for a, f in zip(along, factors, strict=True)]
    order = _sorting(places, table, direction)
    values = [flint.fmpq(0)] * len(places)
    for side in (1, -1):
        own = [
            (-b / m, sign * size * m, sign * size * b) for m, b, size, sign in units if m * side > 0
        ]
        own.sort(key=lambda unit: unit[0], reverse=side > 0)
        slope = constant = flint.fmpq(0)
        for i in order if side > 0 else reversed(order):
            while own and side * (own[-1][0] - places[i]) < 0:
                _, m, b = own.pop()
                slope, constant = slope + m, constant + b
            values[i] += slope * along[i] + constant * factors[i]
    found = np.empty(len(values), dtype=object)
    found[:] = values
    return found


def _sorting(places: list[Any], table: IntegerTable, direction: tuple[int, ...]) -> list[int]:
    """The order of the rows along a direction."""
    short = table.scaled_rows
    if short is None:
        return sorted(range(len(places)), key=places.__getitem__)
    order: list[int] = np.argsort(short.along(direction), kind="stable").tolist()
    return order


def _integer(value: Fraction, scale: int) -> int:
    return value.numerator * (scale // value.denominator)
