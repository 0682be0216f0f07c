"""A network within a band along a direction, which always is at hand: few knots, not the fewest.

From a knot the line goes on as long as some slope meets all bounds on its way; the next knot is at
the last of these rows, at a simple number that some such slope leads to (a swing filter:
H. Elmeleegy and others, *Online piece-wise linear approximation of numerical streams with precision
guarantees*, 2009).  Rows that coincide along the direction share what their bounds have in common.
"""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import pairwise
from typing import Any, NamedTuple

import flint
import numpy as np
from numpy.typing import NDArray

from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.network import Network, Neuron, Skip
from exactsparse.problem.objective import Objective
from exactsparse.problem.scaled_rows import ScaledRows
from exactsparse.upper_bounds.budget import BUDGET

Number = flint.fmpq
Bound = Number | None

# Bases of directions are tried one by one up to here, and then doubled.
_SMALL_BASE = 8


class _Window(NamedTuple):
    place: Number
    lower: Bound
    upper: Bound

    def value(self) -> Number:
        """A simple number that it allows."""
        return _simple(self.lower, self.upper)

    def narrowed(self, lower: Bound, upper: Bound) -> _Window | None:
        """With two more bounds; None where no number is left."""
        low, high = _greatest(self.lower, lower), _least(self.upper, upper)
        if low is not None and high is not None and low > high:
            return None
        return _Window(self.place, low, high)


class _Knot(NamedTuple):
    place: Number
    value: Number


def chain_within_band(table: IntegerTable, objective: Objective, skip: bool) -> Network:
    """Connect windows along the best coordinate, or else along an integer direction.

    Parameters
    ----------
    table : IntegerTable
        All rows, with bounds that leave a number at each.
    objective : Objective
        What the best coordinate costs least in.
    skip : bool
        Whether an affine part is free.

    Examples
    --------
    >>> from exactsparse import Dataset, Problem
    >>> from exactsparse.problem.objective import PARAMETERS
    >>> problem = Problem.of(Dataset.from_arrays([[0, 1], [1, 1], [2, 1]], [0, 2, 4]), tolerance=1)
    >>> chain_within_band(IntegerTable.of_problem(problem), PARAMETERS, False).n_parameters
    1
    """
    d = table.width - 1
    bounded = [
        i
        for i, ends in enumerate(zip(table.lower, table.upper, strict=True))
        if ends != (None, None)
    ]
    nothing = tuple(Fraction(0) for _ in range(d))
    if not bounded:
        return Network((), Skip(nothing, Fraction(0)) if skip else None, d)
    candidates: list[Network] = []
    enough = 1 + BUDGET.most_chords // len(bounded)
    for side in (1, -1):
        for c in range(d):
            direction = tuple(side * (i == c) for i in range(d))
            if len(candidates) < enough:
                candidates += _chains(table, bounded, direction, skip)
    m = 2
    while not candidates:
        # Some curve point (1, m, m², …) separates all pairs of points.
        candidates += _chains(table, bounded, tuple(m**i for i in range(d)), skip)
        m += 1 if m < _SMALL_BASE else m
    return min(candidates, key=lambda network: objective.cost_of(network))


def _chains(
    table: IntegerTable, rows: list[int], direction: tuple[int, ...], skip: bool
) -> list[Network]:
    windows = _along(table, rows, direction)
    if windows is None:
        return []
    if skip:
        return [_network(direction, [], _knots(_start(windows[0]), windows[1:]), True)]
    found = [_network(direction, [], _from_zero(windows), False)]
    if len(rows) <= BUDGET.most_chords:
        found.append(_network(direction, *_from_constant(windows), False))
    return found


def _along(
    table: IntegerTable, rows: list[int], direction: tuple[int, ...]
) -> list[_Window] | None:
    """Windows of rows sorted along a direction; None where equal places have none in common."""
    short = table.scaled_rows
    if short is not None:
        return _in_order(short, short.along(direction))
    along = table.points[:, :-1].dot(np.array(direction, dtype=object)).tolist()
    factors = table.points[:, -1].tolist()
    found: dict[Number, _Window] = {}
    for i in rows:
        place = flint.fmpq(along[i], factors[i])
        ends = [
            None if end is None else flint.fmpq(int(end), factors[i])
            for end in (table.lower[i], table.upper[i])
        ]
        window = found.get(place, _Window(place, None, None)).narrowed(*ends)
        if window is None:
            return None
        found[place] = window
    return [found[place] for place in sorted(found)]


def _in_order(short: ScaledRows, places: NDArray[Any]) -> list[_Window] | None:
    """The same of all rows over one denominator."""
    order = np.argsort(places, kind="stable")
    places = places[order]
    begins = np.flatnonzero(np.concatenate(([True], places[1:] != places[:-1])))
    lower = np.maximum.reduceat(short.lower[order], begins)
    upper = np.minimum.reduceat(short.upper[order], begins)
    if (lower > upper).any():
        return None
    columns = (
        [flint.fmpq(number, short.denominator) for number in numbers.tolist()]
        for numbers in (places[begins], lower, upper)
    )
    return list(map(_Window, *columns))


def _start(window: _Window) -> _Knot:
    return _Knot(window.place, window.value())


def _from_zero(windows: list[_Window]) -> list[_Knot]:
    """Zero as long as it is allowed, and one unit before the first row if it is not there."""
    zero = flint.fmpq(0)
    allowed = 0
    while allowed < len(windows) and windows[allowed].narrowed(zero, zero) is not None:
        allowed += 1
    place = windows[allowed - 1].place if allowed else windows[0].place - 1
    return _knots(_Knot(place, zero), windows[allowed:])


def _from_constant(windows: list[_Window]) -> tuple[list[Number], list[_Knot]]:
    """A constant as long as one is allowed, and what comes after it."""
    common, last = windows[0], 0
    for window in windows[1:]:
        narrower = common.narrowed(window.lower, window.upper)
        if narrower is None:
            break
        common, last = narrower, last + 1
    value = common.value()
    return [value], _knots(_Knot(windows[last].place, value), windows[last + 1 :])


def _knots(first: _Knot, windows: list[_Window]) -> list[_Knot]:
    """Knots from the first on, so that lines between them meet all windows."""
    knots, at = [first], 0
    while at < len(windows):
        place, value = knots[-1]
        low: Bound = None
        high: Bound = None
        end = at
        while end < len(windows):
            there, lower, upper = windows[end]
            run = there - place
            least = low if lower is None else _greatest(low, (lower - value) / run)
            most = high if upper is None else _least(high, (upper - value) / run)
            if least is not None and most is not None:
                if least > most:
                    break
                if end > at and least == most:
                    # A single slope would lead to a value of ever more digits.
                    break
            low, high, end = least, most, end + 1
        reached = windows[end - 1].place
        run = reached - place
        ends = (None if v is None else value + v * run for v in (low, high))
        knots.append(_Knot(reached, _simple(*ends)))
        at = end
    return knots


def _network(
    direction: tuple[int, ...], constant: list[Number], knots: list[_Knot], skip: bool
) -> Network:
    """The function that is constant, or with a skip affine, up to the first knot."""
    d = len(direction)
    inputs = tuple(map(Fraction, direction))
    nothing = (Fraction(0),) * d
    neurons = [
        Neuron(nothing, _fraction(abs(value)), Fraction(1 if value > 0 else -1))
        for value in constant
        if value
    ]
    slopes = [
        (after.value - before.value) / (after.place - before.place)
        for before, after in pairwise(knots)
    ]
    affine = None
    before = flint.fmpq(0)
    if skip:
        before = slopes[0] if slopes else before
        bias = knots[0].value - before * knots[0].place
        affine = Skip(tuple(_fraction(before) * w for w in inputs), _fraction(bias))
    for knot, slope in zip(knots, slopes, strict=False):
        if slope != before:
            neurons.append(Neuron(inputs, _fraction(-knot.place), _fraction(slope - before)))
        before = slope
    return Network(tuple(neurons), affine, d)


def _simple(lower: Bound, upper: Bound) -> Number:
    """Zero if it is allowed; else a decimal near the middle, of hardly more digits than needed."""
    zero = flint.fmpq(0)
    if (lower is None or lower <= 0) and (upper is None or upper >= 0):
        return zero
    if lower is None or upper is None or lower == upper:
        return upper or lower or zero
    width = upper - lower
    # 10 to this power is at most a tenth of the width, and more than a 400th.
    bits = int(width.p).bit_length() - int(width.q).bit_length() - 1
    power = math.floor(bits * math.log10(2)) - 1
    step = flint.fmpq(10**power) if power >= 0 else flint.fmpq(1, 10**-power)
    multiple = ((lower + upper) / (2 * step) + flint.fmpq(1, 2)).floor()
    return multiple * step


def _greatest(one: Bound, other: Bound) -> Bound:
    return other if one is None else one if other is None else max(one, other)


def _least(one: Bound, other: Bound) -> Bound:
    return other if one is None else one if other is None else min(one, other)


def _fraction(value: Number) -> Fraction:
    return Fraction(int(value.p), int(value.q))
