"""The rows and the neurons of a network as the compiled search takes them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exactsparse.problem.integer_table import IntegerTable
from exactsparse.routes.activity_search.kernels.arguments import Data, Shape
from exactsparse.routes.activity_search.kinds import Kind

# How far inside the bounds the search for a point ends, as a part of the narrowest interval.
_INSIDE = Fraction(1, 8)
Floats = NDArray[np.float64]

_LEAST_EXPONENT = -900
_LARGEST_INTEGER = 2**53


def data_of(table: IntegerTable) -> Data | None:
    """Rows in float64, columns and bounds scaled by powers of two to at most 1.

    Parameters
    ----------
    table : IntegerTable
        All rows.

    Returns
    -------
    Data or None
        None where a number that is not 0 is too small beside others of its column.
    """
    n, width = table.points.shape
    divisors = [int(entry) for entry in table.points[:, -1]]
    columns, units = [], []
    for c in range(width):
        column, unit = _column_of(table, c) or _long_column(table, c, divisors)
        if column is None:
            return None
        columns.append(column)
        units.append(unit)
    bounds = _bounds_of(table) or _long_bounds(table, divisors)
    if bounds is None:
        return None
    low, high, floor = bounds
    nothing = np.zeros(0, dtype=np.int64)
    points = np.ascontiguousarray(np.array(columns).reshape(width, n).T)
    return Data(points, np.array(units), nothing, nothing, low, high, _spread(n), max(floor, -1.0))


def _column_of(table: IntegerTable, c: int) -> tuple[Floats | None, float] | None:
    """A column as :func:`data_of` has it, and its unit; None where numbers are long."""
    short = table.scaled_rows
    if short is None:
        return None
    width = table.width
    common = np.full(len(table), short.denominator, dtype=short.points.dtype)
    whole = short.points[:, c] if c < width - 1 else common
    primitive = whole // (abs(int(np.gcd.reduce(whole))) or 1)
    largest = int(np.abs(primitive).max())
    if largest <= _LARGEST_INTEGER:
        exponent = largest.bit_length()
        return np.ldexp(primitive.astype(np.float64), -exponent), 2.0**exponent
    exponent = _exponent([Fraction(int(np.abs(whole).max()), short.denominator)])
    return _quotients(whole, short.denominator, exponent), 0.0


def _bounds_of(table: IntegerTable) -> tuple[Floats, Floats, float] | None:
    """Bounds as :func:`data_of` has them, and the floor; None where numbers are long."""
    short = table.scaled_rows
    if short is None:
        return None
    low, high, common = short.lower, short.upper, short.denominator
    largest = max(int(np.abs(low).max()), int(np.abs(high).max()))
    exponent = _exponent([Fraction(largest, common)])
    narrowest = Fraction(int((high - low).min()), common)
    floor = -float(narrowest * _INSIDE * Fraction(2) ** -exponent)
    ends = _quotients(low, common, exponent), _quotients(high, common, exponent)
    return None if ends[0] is None or ends[1] is None else (ends[0], ends[1], floor)


def _quotients(numbers: NDArray[Any], divisor: int, exponent: int) -> Floats | None:
    """Integers over one, over a power of two: each rounded once; None where one is too small."""
    above = numbers.astype(object) << max(-exponent, 0)
    found = np.asarray(above / (divisor << max(exponent, 0)), dtype=np.float64)
    least = math.ldexp(1.0, _LEAST_EXPONENT)
    return None if (np.abs(found[numbers != 0]) < least).any() else found


def _long_bounds(table: IntegerTable, divisors: list[int]) -> tuple[Floats, Floats, float] | None:
    """The same of any bounds; None where a number is too small beside others."""
    lower, upper = _exact(table.lower, divisors), _exact(table.upper, divisors)
    given = [bound for bound in (*lower, *upper) if bound is not None]
    exponent = _exponent(given)
    widths = [
        high - low for low, high in zip(lower, upper, strict=True)
        if low is not None and high is not None
    ]  # fmt: skip
    floor = -float(min(widths, default=Fraction(0)) * _INSIDE * Fraction(2) ** -exponent)
    low = _scaled([Fraction(0) if bound is None else bound for bound in lower], exponent)
    high = _scaled([Fraction(0) if bound is None else bound for bound in upper], exponent)
    if low is None or high is None:
        return None
    low[[bound is None for bound in lower]] = -np.inf
    high[[bound is None for bound in upper]] = np.inf
    return low, high, floor


def _long_column(table: IntegerTable, c: int, divisors: list[int]) -> tuple[Floats | None, float]:
    """The same of any column; None where a number is too small beside others."""
    exact = [Fraction(int(x), s) for x, s in zip(table.points[:, c], divisors, strict=True)]
    # As integers without a common divisor, where that keeps them exact.
    factor = math.lcm(*(value.denominator for value in exact))
    integers = [int(value * factor) for value in exact]
    common = math.gcd(*integers) or 1
    whole = [Fraction(value // common) for value in integers]
    small = max(map(abs, whole)) <= _LARGEST_INTEGER
    exponent = _exponent(whole if small else exact)
    return _scaled(whole if small else exact, exponent), 2.0**exponent if small else 0.0


def with_free_columns(data: Data, kind: Kind) -> Data:
    """The rows with the columns of a kind whose weights have any sign; its order is a copy."""
    inputs = np.array([c for c, _ in kind.free], dtype=np.int64)
    kinds = np.array([how for _, how in kind.free], dtype=np.int64)
    return data._replace(free_inputs=inputs, free_kinds=kinds, order=data.order.copy())


def shape_of(kind: Kind) -> Shape:
    """Inputs, signs and places of the weights of a kind."""
    supports = [support for support, _ in kind.neurons]
    sizes = np.array([len(support) for support in supports], dtype=np.int64)
    inputs = np.zeros((len(supports), int(sizes.max(initial=1))), dtype=np.int64)
    for j, support in enumerate(supports):
        inputs[j, : len(support)] = support
    twins = [int(j > 0 and kind.neurons[j] == kind.neurons[j - 1]) for j in range(len(supports))]
    return Shape(
        inputs=inputs,
        sizes=sizes,
        offsets=np.cumsum(sizes) - sizes,
        sides=np.array([float(sign) for _, sign in kind.neurons]),
        bits=np.array([sum(1 << c for c in support) for support in supports], dtype=np.int64),
        twins=np.array(twins, dtype=np.int64),
        columns=kind.columns,
        turned=kind.turned,
    )


def _exact(bounds: NDArray[Any], divisors: list[int]) -> list[Fraction | None]:
    return [
        None if bound is None else Fraction(int(bound), s)
        for bound, s in zip(bounds, divisors, strict=True)
    ]


def _exponent(values: Sequence[Fraction]) -> int:
    """An exponent of two that no value exceeds in size."""
    largest = max(map(abs, values), default=Fraction(0))
    if not largest:
        return 0
    return largest.numerator.bit_length() - largest.denominator.bit_length() + 1


def _scaled(values: list[Fraction], exponent: int) -> NDArray[np.float64] | None:
    factor = Fraction(2) ** -exponent
    floats = np.array([float(value * factor) for value in values], dtype=np.float64)
    least = math.ldexp(1.0, _LEAST_EXPONENT)
    if any(value and abs(x) < least for value, x in zip(values, floats.tolist(), strict=True)):
        return None
    return floats


def _spread(n: int) -> NDArray[np.int64]:
    """All rows, the first of them spread evenly over the sorted points."""
    # In the order of their bits from the last to the first.
    turned = np.zeros(n, dtype=np.int64)
    for bit in range(max(n - 1, 0).bit_length()):
        turned = turned << 1 | np.arange(n) >> bit & 1
    return np.argsort(turned)
