"""A column of exact rationals, held as float64 or as Python integers with a common scale.

Floats are read as the shortest decimals that round to them (:mod:`exactsparse.problem.decimals`):
as whole numbers over a power of ten where these have few digits, so that all arithmetic on them is
that of whole numbers; and else as themselves, marked, so that every float filter counts the half
unit in the last place by which they are off.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exactsparse.errors import DataError
from exactsparse.exact.numbers import counted, to_float, to_fraction
from exactsparse.problem.decimals import as_doubles, common_places, shortest_decimal

Array = NDArray[Any]

LARGEST_EXACT_INTEGER = 2**53
_COMMON_DENOMINATOR_BITS = 4096
_PIECE = 1 << 15


@dataclass(frozen=True, eq=False, repr=False)
class Column:
    """One exact column: entry ``i`` is ``values[i] * scale``.

    Parameters
    ----------
    values : ndarray, shape (n,)
        float64 (each float exact), or object holding ``int`` or ``Fraction``.
    scale : Fraction
        Positive common factor.
    rounded : bool
        Whether the values are float64 that stand for their shortest decimals, at most half a unit
        in the last place away.
    """

    values: Array
    scale: Fraction = Fraction(1)
    rounded: bool = False

    def __len__(self) -> int:
        return len(self.values)

    def __repr__(self) -> str:
        return f"<Column: {counted(len(self), 'number')}>"

    def __getitem__(self, index: int) -> Fraction:
        return self.unscaled(index) * self.scale

    def unscaled(self, index: int) -> Fraction:
        """Entry over the scale, exact."""
        value = self.values[index]
        return shortest_decimal(value) if self.rounded else Fraction(value)

    @classmethod
    def from_integers(cls, array: Array, scale: Fraction = Fraction(1)) -> Column:
        """Column of integers times a scale, held as float64 where every integer fits in 53 bits."""
        if array.size == 0 or abs_max(array) <= LARGEST_EXACT_INTEGER:
            return cls(array.astype(np.float64), scale)
        objects = np.empty(len(array), dtype=object)
        objects[:] = array.tolist()
        return cls(objects, scale)

    @classmethod
    def from_fractions(cls, values: Sequence[Fraction]) -> Column:
        """Column of arbitrary rationals, over a common denominator where that stays small."""
        denominator = 1
        for value in values:
            denominator = math.lcm(denominator, value.denominator)
            if denominator.bit_length() > _COMMON_DENOMINATOR_BITS:
                objects = np.empty(len(values), dtype=object)
                objects[:] = values
                return cls(objects)
        integers = [value.numerator * (denominator // value.denominator) for value in values]
        objects = np.empty(len(values), dtype=object)
        objects[:] = integers
        return cls.from_integers(objects, Fraction(1, denominator))

    @classmethod
    def from_array(cls, array: Array, what: str = "column", floats: str = "decimal") -> Column:
        """Column from a one-dimensional array of floats, integers, Fractions, decimal strings.

        Parameters
        ----------
        array : ndarray, shape (n,)
            Floats of 16, 32 or 64 bits, integers, or objects.
        what : str
            What messages call it.
        floats : {"decimal", "binary"}
            Whether a float is the shortest decimal that rounds to it, in its own precision, or the
            dyadic rational that it holds.

        Raises
        ------
        DataError
            If an entry is not a finite real number; the message names its row.
        """
        if array.dtype.kind == "O" and all(type(value) is float for value in array):
            array = array.astype(np.float64)
        if array.dtype.kind == "f" and array.dtype.itemsize <= 8:
            _require_finite(array, what)
            if floats == "binary":
                return cls(np.ascontiguousarray(array, dtype=np.float64))
            return cls.from_decimals(as_doubles(array))
        if array.dtype.kind in "iu":
            return cls.from_integers(array)
        if array.dtype.kind not in "OUfb":
            raise DataError(f"{what}: entries of type {array.dtype} are not real numbers")
        fractions = []
        for row, value in enumerate(array):
            try:
                if floats == "decimal" and isinstance(value, float | np.floating):
                    value = str(value)
                fractions.append(to_fraction(value))
            except ValueError as error:
                raise DataError(f"{what}, row {row} (counting from 0): {error}") from None
        return cls.from_fractions(fractions)

    @classmethod
    def from_decimals(cls, values: NDArray[np.float64]) -> Column:
        """Column of the shortest decimals that round to finite floats."""
        read = common_places(values)
        if read is None:
            return cls(values, rounded=True)
        whole, places = read
        return cls(whole, Fraction(1, 10**places))

    @property
    def is_float64(self) -> bool:
        """Whether ``values`` is a float64 array."""
        return self.values.dtype == np.float64

    def take(self, order: Array) -> Column:
        """Return the entries at the given positions."""
        return replace(self, values=self.values[order])

    def to_objects(self) -> Column:
        """Return the same column with ``values`` as Python integers or Fractions."""
        if not self.is_float64:
            return self
        if self.rounded:
            exact = Column.from_fractions([self.unscaled(i) for i in range(len(self))])
            return replace(exact.to_objects(), scale=exact.to_objects().scale * self.scale)
        return _objects_of_floats(self.values, self.scale)

    def to_float64(self) -> NDArray[np.float64]:
        """Return the entries rounded to float64; infinite beyond its range."""
        if self.is_float64:
            scaled = scaled_floats(self.values, self.scale)
            if scaled is not None:
                return scaled
        return np.array([to_float(self[i]) for i in range(len(self))], dtype=np.float64)


def _require_finite(floats: Array, what: str) -> None:
    # A finite sum has finite terms, and costs one pass without a mask.
    with np.errstate(over="ignore", invalid="ignore"):
        suspicious = not math.isfinite(floats.sum())
    if suspicious and not np.isfinite(floats).all():
        row = int(np.flatnonzero(~np.isfinite(floats))[0])
        raise DataError(
            f"{what}, row {row} (counting from 0): {floats[row]} is not a finite number"
        )


def scaled_floats(values: NDArray[np.float64], scale: Fraction) -> NDArray[np.float64] | None:
    """Values times a scale to within two roundings; None where the scale is not simple enough."""
    if max(scale.numerator, scale.denominator) > LARGEST_EXACT_INTEGER:
        return None
    return values if scale == 1 else values * scale.numerator / scale.denominator


def abs_max(integers: Array) -> int:
    """Largest absolute value of a nonempty integer array, without overflow."""
    return max(abs(int(integers.max())), abs(int(integers.min())))


def _objects_of_floats(values: Array, scale: Fraction) -> Column:
    pairs = [value.as_integer_ratio() for value in values.tolist()]
    denominator = max((d for _, d in pairs), default=1)
    objects = np.empty(len(pairs), dtype=object)
    objects[:] = [n * (denominator // d) for n, d in pairs]
    return Column(objects, scale / denominator)


def is_increasing(values: Array) -> bool:
    """Whether every entry is greater than the one before."""
    # In pieces, because a mask as long as the data costs more than the comparison.
    pieces = (values[i : i + _PIECE + 1] for i in range(0, len(values), _PIECE))
    return all(bool(np.all(piece[1:] > piece[:-1])) for piece in pieces)
