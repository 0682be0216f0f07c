"""Data as exact rationals: columns, datasets, and the canonical form that certificates digest.

A cell is never rounded.  Decimals and integers keep their decimal value; a float64 is the
dyadic rational that it holds.
"""

from __future__ import annotations

import hashlib
import math
import numbers
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from exactsparse.errors import ConflictingLabelsError, DataError

Exact = int | Fraction
Array = NDArray[Any]

LARGEST_EXACT_INTEGER = 2**53
_COMMON_DENOMINATOR_BITS = 4096
_EXPONENT_LIMIT = 10_000
_PIECE = 1 << 15
_RATIONAL = re.compile(r"\s*([-+]?\d+)\s*/\s*(\d+)\s*", re.ASCII)
_DECIMAL = re.compile(r"\s*[-+]?(\d+\.?\d*|\.\d+)([eE]([-+]?\d{1,9}))?\s*", re.ASCII)


def parse_number(text: str) -> Fraction:
    """Read a decimal (``"-1.5e3"``) or a quotient (``"1/3"``) exactly.

    Raises
    ------
    ValueError
        If the text is no finite number, or its exponent exceeds 10,000 in size.
    """
    if quotient := _RATIONAL.fullmatch(text):
        numerator, denominator = (int(Decimal(part)) for part in quotient.groups())
        if denominator == 0:
            raise ValueError(f"{text!r} divides by zero")
        return Fraction(numerator, denominator)
    decimal = _DECIMAL.fullmatch(text)
    if decimal is None:
        raise ValueError(f"{text!r} is not a finite number")
    if decimal[3] and abs(int(decimal[3])) > _EXPONENT_LIMIT:
        raise ValueError(f"the exponent of {text.strip()!r} exceeds {_EXPONENT_LIMIT}")
    # Decimal reads any number of digits; int() and Fraction() of a string stop at 4,300.
    return Fraction(Decimal(text.strip()))


def rational_text(value: Fraction) -> str:
    """Write a rational in lowest terms as certificates do: ``"-1/2"``, ``"3"``.

    The same as ``str`` for short numbers; ``str`` refuses integers of more than 4,300 digits.
    """
    numerator = str(Decimal(value.numerator))
    return numerator if value.denominator == 1 else f"{numerator}/{Decimal(value.denominator)}"


def to_float(value: Fraction) -> float:
    """Nearest float64; infinite where the value exceeds the largest."""
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def to_fraction(value: object) -> Fraction:
    """Return a number of any supported type as the exact rational that it is.

    Raises
    ------
    ValueError
        If the value is not a finite real number.
    """
    if isinstance(value, str):
        return parse_number(value)
    if isinstance(value, np.generic):
        value = value.item() if not isinstance(value, np.longdouble) else value
    if isinstance(value, bool) or not isinstance(
        value, numbers.Rational | Decimal | float | np.longdouble
    ):
        raise ValueError(f"{value!r} is not a real number")
    if isinstance(value, numbers.Rational):
        return Fraction(int(value.numerator), int(value.denominator))
    try:
        numerator, denominator = value.as_integer_ratio()
        return Fraction(numerator, denominator)
    except (ValueError, OverflowError):
        raise ValueError(f"{value!r} is not a finite number") from None


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
    def from_integers(cls, values: Iterable[int] | Array, scale: Fraction = Fraction(1)) -> Column:
        """Column of integers times a scale, held as float64 where every integer fits in 53 bits."""
        array = np.asarray(values if isinstance(values, np.ndarray) else list(values))
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
    def from_array(cls, values: ArrayLike | Iterable[object], what: str = "column") -> Column:
        """Column from any one-dimensional numbers: arrays, floats, Fractions, decimal strings.

        Raises
        ------
        DataError
            If an entry is not a finite real number; the message names its row.
        """
        array = values if isinstance(values, np.ndarray) else _object_array(values)
        if array.dtype.kind == "O" and all(type(value) is float for value in array):
            array = array.astype(np.float64)
        if array.dtype.kind == "f" and array.dtype.itemsize <= 8:
            floats = np.ascontiguousarray(array, dtype=np.float64)
            # Extremes propagate a NaN, and spare the memory of a mask.
            if floats.size and not (math.isfinite(floats.min()) and math.isfinite(floats.max())):
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
            if self.scale == 1:
                return self.values
            if self.scale.numerator == 1 and self.scale.denominator <= LARGEST_EXACT_INTEGER:
                return np.asarray(self.values / float(self.scale.denominator))
        return np.array([to_float(self[i]) for i in range(len(self))], dtype=np.float64)


def _is_increasing(values: Array) -> bool:
    # In pieces, because a mask as long as the data costs more than the comparison.
    pieces = (values[i : i + _PIECE + 1] for i in range(0, len(values), _PIECE))
    return all(bool(np.all(piece[1:] > piece[:-1])) for piece in pieces)


def abs_max(integers: Array) -> int:
    """Largest absolute value of a nonempty integer array, without overflow."""
    return max(abs(int(integers.max())), abs(int(integers.min())))


def _object_array(values: object) -> Array:
    if hasattr(values, "__array__"):
        return np.asarray(values)
    entries = list(values)  # type: ignore[call-overload]
    array = np.empty(len(entries), dtype=object)
    array[:] = entries
    return array


def _objects_of_floats(values: Array, scale: Fraction) -> Column:
    pairs = [value.as_integer_ratio() for value in values.tolist()]
    denominator = max((d for _, d in pairs), default=1)
    objects = np.empty(len(pairs), dtype=object)
    objects[:] = [n * (denominator // d) for n, d in pairs]
    return Column(objects, scale / denominator)


@dataclass(frozen=True)
class Origin:
    """Where rows come from, for messages: a file with line numbers, or arrays in memory.

    Parameters
    ----------
    name : str or None
        File name; None for arrays in memory.
    rows : ndarray of int or None
        Row number of each point as a person would count it; None means ``first, first + 1, …``.
    first : int
        Row number of the first point when ``rows`` is None.
    """

    name: str | None = None
    rows: NDArray[np.int64] | None = None
    first: int = 0

    def row_number(self, index: int) -> int:
        """Row number of a point, as counted in its source."""
        return int(self.rows[index]) if self.rows is not None else self.first + index

    def take(self, order: Array) -> Origin:
        """Origin of the points at the given positions."""
        rows = self.rows[order] if self.rows is not None else np.asarray(order) + self.first
        return Origin(self.name, rows)

    def __str__(self) -> str:
        return self.name or "the data"


@dataclass(frozen=True, eq=False, repr=False)
class Dataset:
    """``n`` exact points: feature columns, one label column, and where they came from."""

    features: tuple[Column, ...]
    labels: Column
    feature_names: tuple[str, ...]
    label_name: str = "y"
    origin: Origin = Origin()
    merged_rows: int = 0

    def __post_init__(self) -> None:
        if not self.features:
            raise DataError(f"{self.origin}: at least one feature column is needed besides y")
        if len(self.labels) == 0:
            raise DataError(f"{self.origin}: there is no data row")
        for name, column in zip(self.feature_names, self.features, strict=True):
            if len(column) != len(self.labels):
                raise DataError(
                    f"{self.origin}: column {name!r} has {len(column)} rows, "
                    f"but y has {len(self.labels)}"
                )

    @classmethod
    def from_arrays(cls, X: Any, y: Any) -> Dataset:
        """Dataset from arrays or nested lists of floats, integers, Fractions or decimal strings.

        Parameters
        ----------
        X : array_like, shape (n, d) or (n,)
            Points; a flat ``X`` is one feature.
        y : array_like, shape (n,)
            Labels.

        Raises
        ------
        DataError
            If the shapes do not fit, or an entry is not a finite real number.
        """
        labels = _as_exact_array(y, "y")
        points = _as_exact_array(X, "X")
        if labels.ndim == 2 and labels.shape[1] == 1:
            labels = labels[:, 0]
        if labels.ndim != 1:
            raise DataError(f"y must be one-dimensional, but its shape is {labels.shape}")
        if points.ndim == 1:
            points = points[:, None]
        if points.ndim != 2:
            raise DataError(f"X must have one or two dimensions, but its shape is {points.shape}")
        if len(points) != len(labels):
            raise DataError(f"X has {len(points)} rows, but y has {len(labels)}")
        width = points.shape[1]
        names = ("x",) if width == 1 else tuple(f"x{k + 1}" for k in range(width))
        features = tuple(Column.from_array(points[:, k], f"X, column {k}") for k in range(width))
        return cls(features, Column.from_array(labels, "y"), names)

    @property
    def n_points(self) -> int:
        """Number of points."""
        return len(self.labels)

    @property
    def n_features(self) -> int:
        """Number of features, ``d``."""
        return len(self.features)

    def __len__(self) -> int:
        return self.n_points

    def __repr__(self) -> str:
        names = ", ".join((*self.feature_names, self.label_name))
        return f"<Dataset: {self.n_points} points of {names} from {self.origin}>"

    def row(self, index: int) -> tuple[Fraction, ...]:
        """Features and label of one point, exact."""
        return (*(column[index] for column in self.features), self.labels[index])

    def take(self, order: Array) -> Dataset:
        """Dataset of the points at the given positions."""
        return replace(
            self,
            features=tuple(column.take(order) for column in self.features),
            labels=self.labels.take(order),
            origin=self.origin.take(order),
        )

    @cached_property
    def canonical(self) -> Dataset:
        """The same points sorted by features, equal points merged.

        Raises
        ------
        ConflictingLabelsError
            If two equal points have different labels; both rows are named.
        """
        keys = [column.values for column in self.features]
        if len(keys) == 1 and _is_increasing(keys[0]):
            return self
        order = np.arange(self.n_points)
        for key in reversed(keys):
            order = order[np.argsort(key[order], kind="stable")]
        points = self.take(order)
        same = np.ones(self.n_points - 1, dtype=bool)
        for column in points.features:
            same &= np.asarray(column.values[1:] == column.values[:-1], dtype=bool)
        if not same.any():
            return points
        labels = points.labels.values
        clash = np.flatnonzero(same & np.asarray(labels[1:] != labels[:-1], dtype=bool))
        if len(clash):
            raise ConflictingLabelsError(points._clash_message(int(clash[0])))
        kept = np.flatnonzero(np.concatenate(([True], ~same)))
        return replace(points.take(kept), merged_rows=self.n_points - len(kept))

    def _clash_message(self, index: int) -> str:
        first, second = self.row(index), self.row(index + 1)
        point = ", ".join(map(rational_text, first[:-1]))
        where = sorted((self.origin.row_number(index), self.origin.row_number(index + 1)))
        return (
            f"{self.origin}: rows {where[0]} and {where[1]} have the same point ({point}) but "
            f"different labels ({rational_text(first[-1])} and {rational_text(second[-1])}): "
            "no function interpolates both"
        )

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical points, one line ``x₁ … x_d y`` each, rationals in lowest terms.

        Row order and duplicate rows do not change it.
        """
        digest = hashlib.sha256()
        for line in canonical_lines(self.canonical):
            digest.update(line.encode())
        return digest.hexdigest()


def canonical_lines(points: Dataset) -> Iterable[str]:
    """Lines of the text that :attr:`Dataset.digest` hashes, for points in canonical form."""
    return (" ".join(map(rational_text, points.row(i))) + "\n" for i in range(points.n_points))


def _as_exact_array(values: Any, what: str) -> Array:
    if hasattr(values, "__array__"):
        array = np.asarray(values)
    else:
        try:
            array = np.array(values, dtype=object)
        except ValueError:
            raise DataError(f"{what} is ragged: its rows differ in length") from None
    if array.dtype.kind not in "fiuObU":
        raise DataError(f"{what}: entries of type {array.dtype} are not real numbers")
    return array
