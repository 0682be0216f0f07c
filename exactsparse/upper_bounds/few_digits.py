"""From weights in floats to an exact network within a band: of few digits where there is room.

Weights in the middle of a band may be rounded: one after the other to the fewest digits that leave
the rest a place within the band, or all at once.  Where there is no room, some rows being met
exactly, the weights of the same supports, signs and patterns are computed in rationals.
"""

from __future__ import annotations

from contextlib import suppress
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from exactsparse.exact.between import point_between
from exactsparse.exact.numbers import to_float
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.network import Network
from exactsparse.problem.residuals import missed_row
from exactsparse.progress import Deadline, Stopped
from exactsparse.upper_bounds.band_fit import FloatBand, Shape, fit
from exactsparse.upper_bounds.budget import BUDGET

Floats = NDArray[np.float64]

# What floats may err by, in half-widths.
_ROUNDING = 1e-9
_TIGHT = 1e-3
# Room that is left to the weights that are rounded later.
_LEFT = 0.02


def exact_network(
    table: IntegerTable,
    band: FloatBand,
    shape: Shape,
    weights: Floats,
    skip: bool,
    deadline: Deadline,
) -> Network | None:
    """A network near some weights that keeps within every bound in rationals; None without one.

    Parameters
    ----------
    table : IntegerTable
        All rows.
    band : FloatBand
        The same in floats.
    shape : Shape
        Which weights there are.
    weights : ndarray of float64, shape (k,)
        As scaled by the band.
    skip : bool
        Whether the network has an affine part.
    deadline : Deadline
        When to stop.

    Raises
    ------
    Stopped
        If the deadline has passed before there is one.
    """
    weights, margin = fit(band, shape, weights, deadline)
    found = None
    if margin > _ROUNDING:
        for digits in range(2, BUDGET.most_digits + 1):
            found = _within(table, band, shape, _all_at_once(band, shape, weights, digits), skip)
            if found is not None:
                break
    if found is None:
        return _in_rationals(table, band, shape, weights, skip, deadline)
    # Fewer digits, if there is time.
    with suppress(Stopped):
        rounded = _one_by_one(band, shape, weights, deadline)
        return _within(table, band, shape, rounded, skip) or found
    return found


def of_few_digits(table: IntegerTable, network: Network, deadline: Deadline) -> Network | None:
    """A network of the same supports and signs within every bound, its weights of few digits.

    Parameters
    ----------
    table : IntegerTable
        All rows, with bounds.
    network : Network
        Within every bound.
    deadline : Deadline
        When to stop; then there may be none.

    Examples
    --------
    >>> from exactsparse import Dataset, Neuron, Problem
    >>> problem = Problem.of(Dataset.from_arrays([[0, 0], [1, 2]], [0, 1]), tolerance="0.1")
    >>> third = Neuron((Fraction(314, 313), Fraction(0)), Fraction(0), Fraction(1))
    >>> table, rough = IntegerTable.of_problem(problem), Network((third,), None, 2)
    >>> of_few_digits(table, rough, Deadline()).neurons[0].weights[0]
    Fraction(1, 1)
    """
    band = FloatBand.of(table)
    if band is None:
        return None
    start = in_floats(band, network)
    if start is None:
        return None
    shape, weights = start
    with suppress(Stopped):
        return exact_network(table, band, shape, weights, network.skip is not None, deadline)
    return None


def in_floats(band: FloatBand, network: Network) -> tuple[Shape, Floats] | None:
    """The shape of a network and its weights as a band scales them; None beyond floats or memory.

    Parameters
    ----------
    band : FloatBand
        Of as many features as the network.
    network : Network
        Any.
    """
    units = [neuron.scaled for neuron in network.neurons if neuron.is_active]
    skip = network.skip
    affine = () if skip is None else (*skip.weights, skip.bias)
    exact = [w for weights, _ in units for w in weights if w] + list(affine)
    if len(exact) * len(band) > BUDGET.most_slopes:
        return None
    supports = [[c for c, w in enumerate(weights) if w] for weights, _ in units]
    shape = Shape.of([sign for _, sign in units], supports, range(len(affine)))
    weights = _floats(band, shape, exact)
    return (shape, weights) if np.isfinite(weights).all() else None


def _within(
    table: IntegerTable, band: FloatBand, shape: Shape, exact: list[Fraction] | None, skip: bool
) -> Network | None:
    """The network of some weights if it keeps within every bound, exactly."""
    if exact is None or _margin(band, shape, _floats(band, shape, exact)) < -_ROUNDING:
        return None
    network = shape.network(exact, table.width, skip)
    return network if missed_row(network, table) is None else None


def _margin(band: FloatBand, shape: Shape, weights: Floats) -> float:
    return float(band.margins(shape.values(band, weights)).min())


def _floats(band: FloatBand, shape: Shape, exact: list[Fraction]) -> Floats:
    """Exact weights as the band scales them."""
    given = np.array([to_float(value) for value in exact])
    return np.asarray(given * band.sizes[shape.column] / band.scale)


def _all_at_once(band: FloatBand, shape: Shape, weights: Floats, digits: int) -> list[Fraction]:
    given = weights * band.scale / band.sizes[shape.column]
    return [_rounded(value, digits) for value in given.tolist()]


def _rounded(value: float, digits: int) -> Fraction:
    return Fraction(f"{value:.{digits - 1}e}")


def _one_by_one(
    band: FloatBand, shape: Shape, weights: Floats, deadline: Deadline
) -> list[Fraction] | None:
    """Round one weight after the other, and fit the others again.

    Slopes come before biases, as slopes of a law are numbers of few digits oftener than what
    follows from them; otherwise those that matter most come first.
    """
    factors = band.sizes[shape.column] / band.scale
    fixed = np.zeros(len(weights), dtype=bool)
    exact: dict[int, Fraction] = {}
    is_bias = shape.column == band.points.shape[1] - 1
    for at in np.lexsort((-np.abs(weights), is_bias)).tolist():
        fixed[at] = True
        given = float(weights[at] / factors[at])
        used = [value for k, value in exact.items() if is_bias[k] == is_bias[at]]
        for value in _simple(given, used):
            moved = weights.copy()
            moved[at] = float(value) * factors[at]
            moved, margin = fit(band, shape, moved, deadline, _LEFT, fixed)
            if margin > _ROUNDING:
                weights, exact[at] = moved, value
                break
        else:
            return None
    return [exact[at] for at in range(len(weights))]


def _simple(given: float, used: list[Fraction]) -> list[Fraction]:
    """Numbers near a given one, the simplest first: 0, then of few digits, with those in use."""
    found = [Fraction(0)]
    for digits in range(1, BUDGET.fewest_digits + 1):
        value = _rounded(given, digits)
        near = abs(given) * 10.0 ** (1 - digits)
        found += [u for v in used for u in (v, -v) if abs(float(u) - given) < near / 2]
        found.append(value)
    return list(dict.fromkeys(found))


def _in_rationals(
    table: IntegerTable,
    band: FloatBand,
    shape: Shape,
    weights: Floats,
    skip: bool,
    deadline: Deadline,
) -> Network | None:
    """Weights with the patterns that floats have, by an exact linear program."""
    n = len(table)
    inputs = shape.inputs(weights, table.width)[:-1]
    heights = band.points @ inputs.T
    active = np.ones((n, len(inputs) + 1), dtype=object)
    active[:, :-1] = np.where(heights > 0, np.array(shape.signs, dtype=object), 0)
    values = active[:, shape.neuron] * table.points[:, shape.column]
    parts, lower, upper = [values], [*table.lower], [*table.upper]
    nothing: list[int | None] = [0] * n
    free: list[int | None] = [None] * n
    for k in range(len(inputs)):
        own = np.where(shape.neuron == k, table.points[:, shape.column], 0)
        side = np.where(heights[:, k] > 0, 1, -1).astype(object)
        parts.append(own * side[:, None])
        lower += nothing
        upper += free
    if sum(map(len, parts)) > BUDGET.most_exact_rows:
        return None
    margins = band.margins(shape.values(band, weights))
    first = np.flatnonzero(margins < _TIGHT).tolist()
    point = point_between(
        np.concatenate(parts), lower, upper, deadline.check, first[: 2 * len(weights)]
    )
    if point is None:
        return None
    network = shape.network(point, table.width, skip)
    return network if missed_row(network, table) is None else None
