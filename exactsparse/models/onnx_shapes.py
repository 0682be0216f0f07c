"""Operators of ONNX that only move entries: reshape, transpose, squeeze, unsqueeze, flatten.

Of a tensor that depends on the input the axis along the rows is followed; what would tear rows
apart, or depends on how many there are, is refused.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from exactsparse.models.onnx_values import (
    N_ROWS,
    Constant,
    Rows,
    Unreadable,
    Value,
    require_dimensions,
    require_size,
)


def transpose(value: Value, order: Sequence[int] | None) -> Value:
    """Axes in another order; by default the reverse."""
    array = value.values if isinstance(value, Constant) else value.forms
    order = list(range(array.ndim))[::-1] if order is None else list(order)
    if sorted(order) != list(range(array.ndim)):
        raise Unreadable(f"transposes shape {array.shape} by {order}, which is no order of it")
    if isinstance(value, Constant):
        return Constant(array.transpose(order), value.kind)
    return Rows(array.transpose(order), order.index(value.axis), value.kind)


def squeeze(value: Value, axes: Sequence[int] | None) -> Value:
    """Without the axes, which have length 1; never without that along the rows."""
    array = value.values if isinstance(value, Constant) else value.forms
    if axes is None:
        if isinstance(value, Rows):
            raise Unreadable("leaves out all dimensions of length 1, that of a single row too")
        return Constant(array.squeeze(), value.kind)
    gone = _axes(axes, array.ndim)
    if any(array.shape[axis] != 1 for axis in gone):
        raise Unreadable(f"leaves out dimensions {gone} of shape {array.shape}")
    if isinstance(value, Constant):
        return Constant(array.squeeze(tuple(gone)), value.kind)
    if value.axis in gone:
        raise Unreadable("leaves out the dimension along the rows")
    axis = value.axis - sum(other < value.axis for other in gone)
    return Rows(array.squeeze(tuple(gone)), axis, value.kind)


def unsqueeze(value: Value, axes: Sequence[int]) -> Value:
    """With new axes of length 1, numbered as in the result."""
    array = value.values if isinstance(value, Constant) else value.forms
    require_dimensions(array.ndim + len(axes))
    new = _axes(axes, array.ndim + len(axes))
    array = np.expand_dims(array, tuple(new))
    if isinstance(value, Constant):
        return Constant(array, value.kind)
    old = [axis for axis in range(array.ndim) if axis not in new]
    return Rows(array, old[value.axis], value.kind)


def flatten(value: Value, axis: int) -> Value:
    """A matrix whose rows are the first axes."""
    array = value.values if isinstance(value, Constant) else value.forms
    if not -array.ndim <= axis <= array.ndim:
        raise Unreadable(f"flattens shape {array.shape} at {axis}")
    axis += array.ndim if axis < 0 else 0
    shape = (math.prod(array.shape[:axis]), math.prod(array.shape[axis:]))
    if isinstance(value, Constant):
        return Constant(array.reshape(shape), value.kind)
    return _along(value, shape, [int(value.axis >= axis)])


def reshape(value: Value, target: Sequence[int], zero_copies: bool, n_rows: int | None) -> Value:
    """The entries in another shape.

    Parameters
    ----------
    value : Constant or Rows
        A tensor.
    target : sequence of int
        −1 stands for what is left, 0 for the old length if ``zero_copies``.
    zero_copies : bool
        As above.
    n_rows : int or None
        How many rows the model declares, if it does.
    """
    array = value.values if isinstance(value, Constant) else value.forms
    lengths = list(target)
    require_dimensions(len(lengths))
    named = [k for k, length in enumerate(lengths) if length == N_ROWS]
    for k in named:
        lengths[k] = 1
    if any(length < -1 for length in lengths) or lengths.count(-1) > 1 or len(named) > 1:
        raise Unreadable(f"reshapes to {lengths}, which is no shape")
    copied = [k for k, length in enumerate(lengths) if length == 0 and zero_copies]
    if copied and copied[-1] >= array.ndim:
        raise Unreadable(f"reshapes shape {array.shape} to {lengths}")
    for k in copied:
        lengths[k] = array.shape[k]
    require_size(math.prod(max(length, 1) for length in lengths))
    if isinstance(value, Constant):
        if named:
            raise Unreadable("gives a constant as many entries as there are rows")
        try:
            return Constant(array.reshape(lengths), value.kind)
        except ValueError:
            raise Unreadable(f"reshapes shape {array.shape} to {lengths}") from None
    # Which of the new lengths is that along the rows: the one computed as such or copied from
    # there, the one left open, or the one that is the declared number of rows.
    places = named or [k for k in copied if k == value.axis]
    if not places and -1 in lengths:
        places = [lengths.index(-1)]
    elif not places and n_rows is not None:
        places = [k for k, length in enumerate(lengths) if length == n_rows and k not in copied]
    elif places and -1 in lengths:
        rest = math.prod(length for length in lengths if length != -1)
        lengths[lengths.index(-1)] = array.size // rest if rest else 0
    return _along(value, lengths, places)


def _along(value: Rows, lengths: Sequence[int], places: Sequence[int]) -> Rows:
    """Entries in another shape whose axis along the rows is one of some places.

    It is one that has as many entries before it, and after it, as the old one: then each row keeps
    its entries, in their order, however many rows there are.
    """
    old = value.forms.shape
    for place in places:
        before, after = lengths[:place], lengths[place + 1 :]
        if (math.prod(before), math.prod(after)) == (
            math.prod(old[: value.axis]),
            math.prod(old[value.axis + 1 :]),
        ):
            return Rows(value.forms.reshape([*before, 1, *after]), place, value.kind)
    raise Unreadable(f"reshapes rows of shape {old} to {list(lengths)}, which tears them apart")


def _axes(axes: Sequence[int], ndim: int) -> list[int]:
    """Axes counted from the front."""
    found = [axis + ndim if axis < 0 else axis for axis in axes]
    if len(set(found)) != len(found) or any(not 0 <= axis < ndim for axis in found):
        raise Unreadable(f"names dimensions {list(axes)} of a tensor of {ndim}")
    return sorted(found)
