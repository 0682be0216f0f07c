"""Half a unit in the last digit in which labels are written."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction

import numpy as np

from exactsparse.problem.column import Column

_DECIMAL = re.compile(r"\s*[-+]?(?:\d+(?:\.(\d*))?|\.(\d+))(?:[eE]([-+]?\d+))?\s*", re.ASCII)

# Of fewer floats, text is read faster than numba is imported.
_COMPILED_FROM = 2_000


def places_of(cell: str) -> int | None:
    """Decimal places in which a number is written: 2 of ``12.30``, -2 of ``1.2e3``; else None."""
    found = _DECIMAL.fullmatch(cell)
    if found is None:
        return None
    return len(found[1] or found[2] or "") - int(found[3] or 0)


def half_unit_of_cells(cells: Iterable[str]) -> Fraction:
    """Half a unit in the finest digit that occurs in a column of cells.

    The finest of the column and not of each cell, so that a trailing zero that a spreadsheet
    dropped does not widen the band.

    Parameters
    ----------
    cells : iterable of str
        Decimals, at least one.

    Raises
    ------
    ValueError
        If a cell is no decimal: a quotient has no last digit.

    Examples
    --------
    >>> str(half_unit_of_cells(["12.30", "7"])), str(half_unit_of_cells(["1.2e3"]))
    ('1/200', '50')
    """
    finest: int | None = None
    for cell in cells:
        places = places_of(cell)
        if places is None:
            raise ValueError(f"{cell!r} is no decimal, so it has no last digit; give a tolerance")
        finest = places if finest is None else max(finest, places)
    if finest is None:
        raise ValueError("there is no cell")
    return Fraction(10) ** -finest / 2


def half_unit(column: Column) -> Fraction:
    """Half a unit in the finest digit of a column.

    A column read from decimals keeps their finest digit as its scale, trailing zeros included.
    Floats are written as ``repr`` does, other numbers with the places they need, at least none.

    Parameters
    ----------
    column : Column
        At least one entry.

    Raises
    ------
    ValueError
        If an entry has no finite decimal expansion.

    Examples
    --------
    >>> import numpy as np
    >>> str(half_unit(Column(np.array([1230.0, 700.0]), Fraction(1, 100))))
    '1/200'
    >>> str(half_unit(Column(np.array([0.1, 0.25]))))
    '1/200'
    """
    values, scale = column.values, column.scale
    if column.is_float64:
        whole = bool((np.rint(values) == values).all())
        if not whole and scale == 1 and len(values) >= _COMPILED_FROM:
            from exactsparse.exact.decimal_kernels import most_places

            return Fraction(1, 2 * 10 ** most_places(values))
        if not whole and scale == 1:
            return half_unit_of_cells(map(repr, values.tolist()))
    else:
        whole = all(Fraction(value).denominator == 1 for value in values)
    places = _places(scale.denominator)
    if whole and places is not None:
        power_of_ten = scale == Fraction(10) ** -places or _is_power_of_ten(scale)
        return scale / 2 if power_of_ten else Fraction(1, 2 * 10**places)
    finest = 0
    for denominator in {column[i].denominator for i in range(len(column))}:
        needed = _places(denominator)
        if needed is None:
            raise ValueError(
                f"a label with the denominator {denominator} has no last decimal digit; "
                "give a tolerance"
            )
        finest = max(finest, needed)
    return Fraction(1, 2 * 10**finest)


def _is_power_of_ten(value: Fraction) -> bool:
    places = _places(value.numerator)
    return value.denominator == 1 and places is not None and value.numerator == 10**places


def _places(denominator: int) -> int | None:
    """Fewest decimal places of a quotient in lowest terms; None if there is no end of them."""
    left, twos, fives = denominator, 0, 0
    while left % 2 == 0:
        left, twos = left // 2, twos + 1
    while left % 5 == 0:
        left, fives = left // 5, fives + 1
    return max(twos, fives) if left == 1 else None
