"""A column of exact rationals, held as float64 or as Python integers with a common scale."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exactsparse.errors import DataError
from exactsparse.exact.numbers import to_float, to_fraction

Array = NDArray[Any]

LARGEST_EXACT_INTEGER = 2**53
_COMMON_DENOMINATOR_BITS = 4096


@dataclass(frozen=True, eq=False)
class Column:
    """One exact column: entry ``i`` is ``values[i] * scale``.

    Parameters
    ----------
    values : ndarray, shape (n,)
        float64 (each float exact), or object holding ``int`` or ``Fraction``.
    scale : Fraction
        Positive common factor.
    """

    values: Array
    scale: Fraction = Fraction(1)

    def __len__(self) -> int:
        return len(self.values)

    def __getitem__(self, index: int) -> Fraction:
        return Fraction(self.values[index]) * self.scale

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
    def from_array(cls, array: Array, what: str = "column") -> Column:
        """Column from a one-dimensional array of floats, integers, Fractions, decimal strings.

        Raises
        ------
        DataError
            If an entry is not a finite real number; the message names its row.
        """
        if array.dtype.kind == "O" and all(type(value) is float for value in array):
            array = array.astype(np.float64)
        if array.dtype.kind == "f" and array.dtype.itemsize <= 8:
            floats = np.ascontiguousarray(array, dtype=np.float64)
            # A finite sum has finite terms, and costs one pass without a mask.
            with np.errstate(over="ignore", invalid="ignore"):
                suspicious = not math.isfinite(floats.sum())
            if suspicious and not np.isfinite(floats).all():
                row = int(np.flatnonzero(~np.isfinite(floats))[0])
                raise DataError(
                    f"{what}, row {row} (counting from 0): {floats[row]} is not a finite number"
                )
            return cls(floats)
        if array.dtype.kind in "iu":
            return cls.from_integers(array)
        if array.dtype.kind not in "OUfb":
            raise DataError(f"{what}: entries of type {array.dtype} are not real numbers")
        fractions = []
        for row, value in enumerate(array):
            try:
                fractions.append(to_fraction(value))
            except ValueError as error:
                raise DataError(f"{what}, row {row} (counting from 0): {error}") from None
        return cls.from_fractions(fractions)

    @property
    def is_float64(self) -> bool:
        """Whether ``values`` is a float64 array."""
        return self.values.dtype == np.float64

    def take(self, order: Array) -> Column:
        """Return the entries at the given positions."""
        return Column(self.values[order], self.scale)

    def to_objects(self) -> Column:
        """Return the same column with ``values`` as Python integers or Fractions."""
        if not self.is_float64:
            return self
        return _objects_of_floats(self.values, self.scale)

    def to_float64(self) -> NDArray[np.float64]:
        """Return the entries rounded to float64; infinite beyond its range."""
        if self.is_float64:
            scaled = scaled_floats(self.values, self.scale)
            if scaled is not None:
                return scaled
        return np.array([to_float(self[i]) for i in range(len(self))], dtype=np.float64)


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
