"""Points at which a function is evaluated: in float64, and exactly where that does not do."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exactsparse.errors import DataError
from exactsparse.exact.numbers import over_common_denominator, to_float, to_fraction
from exactsparse.problem.column import LARGEST_EXACT_INTEGER, Array
from exactsparse.problem.decimals import Floats, in_float64
from exactsparse.problem.frames import exact_array, named_columns

Mask = NDArray[np.bool_]
_LEAST_NORMAL = np.finfo(np.float64).tiny


@dataclass(frozen=True, eq=False, repr=False)
class Arguments:
    """Points in float64, and the rows of which that holds another number than was given.

    Parameters
    ----------
    floats : ndarray of float64, shape (m, d)
        The points, rounded.
    columns : tuple of ndarray, length d
        What was given.
    finite : ndarray of bool, shape (m,)
        Rows without NaN, infinities and missing entries.
    beyond : ndarray of bool, shape (m,)
        Finite rows with a number that was not a float, and that float64 need not hold: integers
        beyond 2⁵³, Fractions, Decimals, decimal strings.
    """

    floats: Floats
    columns: tuple[Array, ...]
    finite: Mask
    beyond: Mask

    @classmethod
    def of(cls, X: Any, *, one: bool = False) -> Arguments | None:
        """The points of an array-like or a frame, a row each; None of another shape.

        Parameters
        ----------
        X : array_like, shape (m, d), or a data frame
            Numbers as :meth:`exactsparse.Dataset.from_arrays` takes them.
        one : bool
            Whether a flat array is points of one feature.

        Raises
        ------
        DataError
            If an entry is no number.
        """
        frame = named_columns(X, optional=None)
        if frame is not None:
            columns = frame[1]
        else:
            array = exact_array(X, "X")
            array = array.reshape(-1, 1) if one and array.ndim < 2 else array
            if array.ndim != 2:
                return None
            columns = [array[:, k] for k in range(array.shape[1])]
        rows = len(columns[0]) if columns else 0
        read = [_floats(column) for column in columns]
        floats = np.column_stack([column for column, _ in read]) if read else np.empty((rows, 0))
        held = np.ones(rows, dtype=bool)
        # Exact numbers beyond float64 are finite.
        finite = np.ones(rows, dtype=bool)
        for column, other in read:
            held &= ~other
            finite &= np.isfinite(column) | other
        return cls(floats, tuple(columns), finite, finite & ~held)

    @classmethod
    def of_one(cls, x: Any) -> Arguments:
        """Abscissae of any shape, one after the other.

        Raises
        ------
        DataError
            If an entry is no number, or the frame has several columns.
        """
        given = x if named_columns(x, optional=None) is not None else exact_array(x, "X").ravel()
        points = cls.of(given, one=True)
        if points is None or points.floats.shape[1] != 1:
            raise DataError("abscissae are one column, but the frame has several")
        return points

    def __repr__(self) -> str:
        return f"<Arguments: {len(self.floats)} points>"

    def point(self, row: int) -> tuple[Fraction, ...]:
        """A finite row, exact; floats are the shortest decimals that round to them."""
        return tuple(_exact(column[row]) for column in self.columns)

    def settled(
        self,
        values: Floats,
        doubtful: Mask,
        evaluate: Callable[[tuple[Fraction, ...]], Fraction],
        at_integers: Callable[[Array], Sequence[float]] | None = None,
    ) -> Floats:
        """Values in float64, where that does, and else exact ones, rounded once.

        Parameters
        ----------
        values : ndarray of float64, shape (m,)
            What float64 arithmetic says; changed.
        doubtful : ndarray of bool, shape (m,)
            Rows on the way to which a number left the range of float64.
        evaluate : callable
            The exact value at a point.
        at_integers : callable, optional
            The same at many points of integers, as Python's, shape (k, d): timestamps are many.
        """
        again = np.flatnonzero(self.beyond | (self.finite & (doubtful | ~np.isfinite(values))))
        columns = [column[again].astype(object) for column in self.columns]
        if at_integers is not None and all(type(v) is int for c in columns for v in c):
            values[again] = at_integers(np.column_stack(columns))
            return values
        for row in again.tolist():
            values[row] = to_float(evaluate(self.point(row)))
        return values


def quotient(numerator: int, denominator: int) -> float:
    """Nearest float64 of a quotient, infinite beyond the largest."""
    try:
        return numerator / denominator
    except OverflowError:
        return math.inf if (numerator > 0) == (denominator > 0) else -math.inf


def units_at_integers(
    affine: Sequence[Fraction], units: Sequence[tuple[Sequence[Fraction], int]], points: Array
) -> list[float]:
    """Values of a network at integers, exact and then rounded: in whole numbers, as these are many.

    Parameters
    ----------
    affine : sequence of Fraction, length d + 1
        Weights and bias of the affine part.
    units : sequence
        Weights and bias, and the sign, of every neuron.
    points : ndarray of int objects, shape (k, d)
        Python's integers, of any size.
    """
    rows = [affine, *(row for row, _ in units)]
    entries, scale = over_common_denominator([value for row in rows for value in row])
    table = np.array(entries, dtype=object).reshape(len(rows), -1)
    values = points @ table[0, :-1] + table[0, -1]
    for row, (_, sign) in zip(table[1:], units, strict=True):
        values = values + sign * np.maximum(points @ row[:-1] + row[-1], 0)
    return [quotient(value, scale) for value in values]


def loses_digits(factors: Floats, zeros: Mask | bool = False) -> Mask:
    """Which factors are too large or too small for all digits of float64.

    Parameters
    ----------
    factors : ndarray of float64
        Rounded.
    zeros : ndarray of bool
        Which of them are 0 exactly.
    """
    lost: Mask = ~np.isfinite(factors) | ((np.abs(factors) < _LEAST_NORMAL) & ~np.asarray(zeros))
    return lost


def _floats(column: Array) -> tuple[Floats, Mask]:
    """A column in float64, and which entries are other numbers that it need not hold."""
    kind = column.dtype.kind
    if kind == "O" and all(type(value) is float for value in column):
        column, kind = column.astype(np.float64), "f"
    if kind in "biu" or (kind == "f" and column.dtype.itemsize <= 8):
        large = np.zeros(len(column), dtype=bool)
        if kind in "iu":
            large = (column > LARGEST_EXACT_INTEGER) | (column < -LARGEST_EXACT_INTEGER)
        return in_float64(column), large
    floats, other = np.empty(len(column)), np.zeros(len(column), dtype=bool)
    for row, value in enumerate(column):
        if _is_missing(value):
            floats[row] = math.nan
        elif isinstance(value, float | bool | np.bool_):
            floats[row] = value
        elif isinstance(value, np.floating) and not np.isfinite(value):
            floats[row] = float(value)
        else:
            try:
                exact = _exact(value)
            except ValueError as error:
                raise DataError(f"X, row {row} (counting from 0): {error}") from None
            floats[row] = to_float(exact)
            short = isinstance(value, np.floating) and value.dtype.itemsize <= 8
            other[row] = not (
                short or (exact.denominator == 1 and abs(exact) <= LARGEST_EXACT_INTEGER)
            )
    return floats, other


def _is_missing(value: object) -> bool:
    # NA of pandas is no NaN, and says neither yes nor no.
    if value is None or type(value).__name__ == "NAType":
        return True
    return isinstance(value, Decimal) and not value.is_finite()


def _exact(value: Any) -> Fraction:
    if isinstance(value, bool | np.bool_):
        return Fraction(int(value))
    return to_fraction(str(value) if isinstance(value, float | np.floating) else value)
