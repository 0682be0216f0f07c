"""Tensors of an ONNX graph: constants, and exact functions of one row of the input.

A tensor that depends on the input has one axis along the rows of the batch, whose length is not
known.  It is kept for one row, that axis with length 1, every entry an affine function of the
features and of the hidden units.  Shapes are those of the runtime, broadcasting included; whatever
would mix rows, or work for some numbers of rows only, is refused.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exactsparse.models import limits

Array = NDArray[Any]

# Coefficients by number: that of 1, of the features from 0 on, of the hidden units after them.
Form = dict[int, Fraction]
ONE = -1
UNIT = Fraction(1)
# Stands for the number of rows in tensors of lengths: these are moved, never computed with.
N_ROWS = -(2**62)
_MOST_DIMENSIONS = 32


class Unreadable(ValueError):
    """What a node does that is not read, as the end of a sentence about it."""


@dataclass(frozen=True, eq=False)
class Constant:
    """A tensor that does not depend on the input.

    Parameters
    ----------
    values : ndarray
        float64, integers, booleans, or exact numbers as objects.
    kind : int
        Type of its entries in ONNX.
    """

    values: Array
    kind: int

    @cached_property
    def exact(self) -> Array:
        """The entries as exact numbers."""
        if self.values.dtype.kind == "O":
            return self.values
        if self.values.dtype.kind != "f":
            raise Unreadable("takes a tensor that holds no floating-point numbers")
        if not np.isfinite(self.values).all():
            raise Unreadable("takes NaN or infinity; such a model has no exact value")
        return filled(self.values.shape, map(Fraction, self.values.ravel().tolist()))

    def integers(self) -> list[int]:
        """The entries of a list of integers."""
        if self.values.dtype.kind != "i" or self.values.ndim != 1:
            raise Unreadable("takes a tensor that is no list of integers")
        return [int(value) for value in self.values.ravel()]


@dataclass(frozen=True, eq=False)
class Rows:
    """A tensor that depends on the input, for one row of it.

    Parameters
    ----------
    forms : ndarray of dict
        One affine function per entry; of length 1 along ``axis``.
    axis : int
        The axis along the rows.
    kind : int
        Type of its entries in ONNX.
    """

    forms: Array
    axis: int
    kind: int

    def __post_init__(self) -> None:
        """Refuse what no operator makes."""
        assert self.forms.shape[self.axis] == 1


Value = Constant | Rows


def filled(shape: tuple[int, ...], entries: Any) -> Array:
    """An array of objects."""
    flat = np.empty(math.prod(shape), dtype=object)
    flat[:] = list(entries)
    return flat.reshape(shape)


def require_size(count: int) -> None:
    """Refuse more numbers than a model may have.

    Raises
    ------
    Unreadable
        If there are more.
    """
    if count > limits.MOST_ENTRIES:
        raise Unreadable(
            f"makes {count:,} numbers; models of up to {limits.MOST_ENTRIES:,} are read"
        )


def require_dimensions(count: int) -> None:
    """Refuse more dimensions than any model has, which arrays cannot have either."""
    if count > _MOST_DIMENSIONS:
        raise Unreadable(f"makes {count} dimensions; up to {_MOST_DIMENSIONS} are read")


def add(one: Value, other: Value, sign: int = 1) -> Value:
    """``one + sign · other``, broadcast as the runtime does.

    Parameters
    ----------
    one, other : Constant or Rows
        Of the same type.
    sign : {1, -1}
        Sign of the second.

    Raises
    ------
    Unreadable
        If shapes do not fit, or rows would be mixed.
    """
    if isinstance(one, Constant) and isinstance(other, Constant):
        shape = _common_shape(one, other)[0]
        return Constant(np.broadcast_to(one.exact + sign * other.exact, shape), one.kind)
    factors = [UNIT, UNIT if sign == 1 else Fraction(sign)]
    return _elementwise(one, other, lambda a, b: _combined([a, b], factors))


def multiply(one: Value, other: Value) -> Value:
    """The product, of which one factor is constant, broadcast as the runtime does."""
    if isinstance(one, Constant) and isinstance(other, Constant):
        shape = _common_shape(one, other)[0]
        return Constant(np.broadcast_to(one.exact * other.exact, shape), one.kind)
    if isinstance(one, Constant):
        one, other = other, one
    if isinstance(other, Rows):
        raise Unreadable("multiplies what depends on the input with what does")
    return _elementwise(one, other, lambda a, b: _combined([a], [b[ONE]]))


def divide(one: Value, other: Value) -> Value:
    """The quotient by a constant."""
    if not isinstance(other, Constant):
        raise Unreadable("divides by what depends on the input")
    if not all(other.exact.ravel()):
        raise Unreadable("divides by 0")
    inverse = filled(other.exact.shape, (1 / value for value in other.exact.ravel()))
    return multiply(one, Constant(inverse, other.kind))


def matmul(one: Value, other: Value) -> Value:
    """The matrix product as NumPy has it, of which one factor is constant.

    Raises
    ------
    Unreadable
        If shapes do not fit, neither is constant, or rows would be added up.
    """
    _require_kind(one, other)
    a, b = _lifted(one), _lifted(other)
    if isinstance(one, Rows) and isinstance(other, Rows):
        raise Unreadable("has no constant weights: both factors depend on the input")
    if not a.ndim or not b.ndim:
        raise Unreadable("multiplies a number as if it were a matrix")
    left = a[None] if a.ndim == 1 else a
    right = b[:, None] if b.ndim == 1 else b
    # Places are counted from the end: the same for all leading dimensions.
    place = 0
    if isinstance(one, Rows):
        place = a.ndim - one.axis
    elif isinstance(other, Rows):
        place = right.ndim - other.axis
    if place == (1 if isinstance(one, Rows) else 2):
        raise Unreadable("adds up different rows of the input")
    if place > 2:
        _require_length_1(right if isinstance(one, Rows) else left, place)
    inner = left.shape[-1]
    if right.shape[-2] != inner:
        raise Unreadable(f"multiplies shapes {a.shape} and {b.shape}, which does not fit")
    lead = _broadcast(left.shape[:-2], right.shape[:-2])
    shape = (*lead, left.shape[-2], right.shape[-1])
    require_size(math.prod(shape) * inner * max(_most_terms(left), _most_terms(right)))
    left = np.broadcast_to(left, (*lead, *left.shape[-2:]))
    right = np.broadcast_to(right, (*lead, *right.shape[-2:]))
    entries: list[Any] = []
    for *at, i, j in np.ndindex(shape):
        row, column = left[(*at, i)], right[(*at, slice(None), j)]
        if isinstance(one, Rows):
            entries.append(_combined(row, column))
        elif isinstance(other, Rows):
            entries.append(_combined(column, row))
        else:
            entries.append(sum((u * v for u, v in zip(row, column, strict=True)), Fraction(0)))
    result, axis = filled(shape, entries), len(shape) - place
    if b.ndim == 1:
        result = result[..., 0]
    if a.ndim == 1:
        result = result[..., 0] if b.ndim == 1 else result[..., 0, :]
        axis -= place == 1
    return Rows(result, axis, one.kind) if place else Constant(result, one.kind)


def concatenate(values: Sequence[Value], axis: int) -> Value:
    """Tensors side by side, not along the rows."""
    constants = [value for value in values if isinstance(value, Constant)]
    rows = [value for value in values if isinstance(value, Rows)]
    alike = {(value.kind, value.values.dtype, value.values.ndim, axis) for value in constants}
    if not rows and len(alike) == 1 and constants[0].values.ndim == 1 and axis == 0:
        return Constant(np.concatenate([v.values for v in constants]), constants[0].kind)
    if constants:
        raise Unreadable("puts constants side by side with others")
    if len({(value.axis, value.forms.ndim, value.kind) for value in rows}) != 1:
        raise Unreadable("puts tensors of different kinds side by side")
    ndim = rows[0].forms.ndim
    if not -ndim <= axis < ndim or axis % ndim == rows[0].axis:
        raise Unreadable("puts rows side by side")
    require_size(sum(value.forms.size * _most_terms(value.forms) for value in rows))
    try:
        forms = np.concatenate([value.forms for value in rows], axis)
    except ValueError:
        raise Unreadable("puts tensors side by side whose shapes do not fit") from None
    return Rows(forms, rows[0].axis, rows[0].kind)


def _elementwise(one: Value, other: Value, combine: Callable[[Form, Form], Form]) -> Rows:
    shape, axis = _common_shape(one, other)
    a, b = _lifted(one), _lifted(other)
    if isinstance(one, Constant):
        a = filled(a.shape, ({ONE: value} for value in a.ravel()))
    if isinstance(other, Constant):
        b = filled(b.shape, ({ONE: value} for value in b.ravel()))
    require_size(math.prod(shape) * (_most_terms(a) + _most_terms(b)))
    pairs = zip(np.broadcast_to(a, shape).flat, np.broadcast_to(b, shape).flat, strict=True)
    return Rows(filled(shape, (combine(u, v) for u, v in pairs)), axis, one.kind)


def _common_shape(one: Value, other: Value) -> tuple[tuple[int, ...], int]:
    """Shape of the result, for one row, and its axis along the rows."""
    _require_kind(one, other)
    arrays = _lifted(one), _lifted(other)
    places = {
        array.ndim - value.axis
        for value, array in zip((one, other), arrays, strict=True)
        if isinstance(value, Rows)
    }
    if len(places) > 1:
        raise Unreadable("sets rows of the input against each other")
    for place in places:
        for array in arrays:
            _require_length_1(array, place)
    shape = _broadcast(*(array.shape for array in arrays))
    require_size(math.prod(shape))
    return shape, len(shape) - max(places, default=0)


def _require_length_1(array: Array, place: int) -> None:
    if array.ndim >= place and array.shape[-place] != 1:
        raise Unreadable(
            f"takes shape {array.shape}, which does not fit rows in dimension {-place}: it would "
            "work for some numbers of rows only"
        )


def _broadcast(one: tuple[int, ...], other: tuple[int, ...]) -> tuple[int, ...]:
    try:
        return np.broadcast_shapes(one, other)
    except ValueError:
        raise Unreadable(f"has shapes {one} and {other}, which does not fit") from None


def _require_kind(one: Value, other: Value) -> None:
    if one.kind != other.kind:
        raise Unreadable("mixes types of numbers, which the runtime refuses")


def _lifted(value: Value) -> Array:
    return value.exact if isinstance(value, Constant) else value.forms


def _combined(forms: Sequence[Form] | Array, weights: Sequence[Fraction] | Array) -> Form:
    total: Form = {}
    for form, weight in zip(forms, weights, strict=True):
        if not weight:
            continue
        if weight is UNIT and not total:
            total = dict(form)
            continue
        for place, factor in form.items():
            # Features and hidden units come with this very object: their products cost nothing.
            product = weight if factor is UNIT else weight * factor
            total[place] = total[place] + product if place in total else product
    return total


def _most_terms(forms: Array) -> int:
    return max((len(form) if isinstance(form, dict) else 1 for form in forms.flat), default=0)


def count_terms(value: Value) -> int:
    """How many numbers a tensor is made of."""
    return value.values.size if isinstance(value, Constant) else sum(map(len, value.forms.flat))
