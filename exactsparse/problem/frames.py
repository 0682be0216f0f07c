"""Data frames, series and tensors as named columns of NumPy arrays, without loss.

Frames of pandas, polars, pyarrow and others are read through narwhals; tensors of torch without
importing torch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from exactsparse.errors import DataError, ProblemError
from exactsparse.problem.column import Array

if TYPE_CHECKING:
    import narwhals as nw

Frame = tuple[tuple[str, ...], list[Array]]

_ADVICE = {
    "M": "; dates as days since the first: (t - t.min()) / numpy.timedelta64(1, 'D')",
    "m": "; spans as days: t / numpy.timedelta64(1, 'D')",
    "S": "; decode the bytes: astype(str)",
}


def named_columns(data: Any, optional: Sequence[str] | None = ()) -> Frame | None:
    """Names and columns of a data frame or a series; None of anything else.

    Parameters
    ----------
    data : any
        A frame or series of pandas, polars, pyarrow or another library that narwhals knows, or a
        structured array of NumPy.
    optional : sequence of str or None
        Columns in which a cell may be missing, and is None then; None for all.

    Raises
    ------
    DataError
        If a cell is missing, or a column holds no numbers; the message names row and column.

    Examples
    --------
    >>> import pyarrow as pa
    >>> named_columns(pa.table({"x": [1, 2]}))
    (('x',), [array([1, 2])])
    >>> named_columns([1, 2])
    """
    if isinstance(data, np.ndarray) and data.dtype.names is not None:
        if any(np.ma.is_masked(data[name]) for name in data.dtype.names):
            raise DataError("the structured array has masked entries: drop those rows first")
        if any(data[name].ndim != 1 for name in data.dtype.names):
            raise DataError("a field of the structured array is no column: give it one dimension")
        return data.dtype.names, [np.asarray(data[name]) for name in data.dtype.names]
    if isinstance(data, str | list | tuple | np.ndarray):
        return None
    # Arrays need not wait for it.
    import narwhals as nw

    try:
        native = nw.from_native(data, pass_through=True, allow_series=True)
    except nw.exceptions.DuplicateError:
        raise DataError("columns of the frame have the same name: rename one of them") from None
    if isinstance(native, nw.LazyFrame):
        raise DataError("this is a lazy frame: collect() it first")
    if isinstance(native, nw.DataFrame):
        names = tuple(map(str, native.columns))
        columns = [
            _array(native.get_column(name), str(name), optional is None or str(name) in optional)
            for name in native.columns
        ]
        return names, columns
    if isinstance(native, nw.Series):
        name = "" if native.name is None else str(native.name)
        return (name,), [_array(native, name or "the series", optional is None)]
    return None


def index_notes(data: Any) -> tuple[str, ...]:
    """What a frame of pandas holds beside its columns; nothing where that is a count of rows."""
    index = _index(data)
    name = getattr(index, "name", None)
    if index is None or (name is None and index.dtype.kind in "iu"):
        return ()
    which = "the index" if name is None else f"the index {name!r}"
    return (f"{which} is left aside; reset_index() makes it a column",)


def require_same_rows(points: Any, labels: Any) -> None:
    """Refuse frames or series of pandas whose rows have different names.

    Raises
    ------
    DataError
        If both have an index, and these differ.
    """
    ours, theirs = _index(points), _index(labels)
    if ours is None or theirs is None or len(points) != len(labels):
        return
    if not ours.equals(theirs):
        raise DataError(
            "X and y have different indexes, so that rows may not belong together: align them, or "
            "pass y.to_numpy() if they stand in the same order"
        )


def _index(data: Any) -> Any:
    """The names that pandas gives to rows; None of anything else."""
    return data.index if hasattr(data, "reset_index") and hasattr(data, "index") else None


def detached(values: Any) -> Any:
    """A tensor of torch as a NumPy array, with gradients and devices left behind.

    bfloat16, which NumPy has not, is widened to float32, which holds it.
    """
    if not (hasattr(values, "detach") and hasattr(values, "cpu")):
        return values
    tensor = values.detach().cpu()
    if str(tensor.dtype) == "torch.bfloat16":
        tensor = tensor.float()
    return tensor.numpy()


def entries(values: Any, what: str) -> list[Any]:
    """Entries of a column in which some may be missing, none of them rounded.

    Raises
    ------
    DataError
        If these are no rows.
    """
    values = detached(values)
    if not isinstance(values, str | bytes | list | tuple | np.ndarray):
        import narwhals as nw

        native = nw.from_native(values, pass_through=True, allow_series=True)
        if isinstance(native, nw.Series):
            values = _array(native, what, optional=True)
    # Not by numpy, which rounds integers beside a missing one.
    rows = hasattr(values, "__getitem__") and not isinstance(values, Mapping | str | bytes)
    if not rows or getattr(values, "ndim", 1) != 1:
        raise DataError(f"{what} must be one-dimensional, with an entry for every row")
    return list(values)


def exact_array(values: Any, what: str) -> Array:
    """Array-likes as an array that rounds nothing: of numbers, text or objects.

    Raises
    ------
    DataError
        If entries are masked, rows differ in length, or the type is none of numbers.
    """
    if isinstance(values, np.ma.MaskedArray) and np.ma.is_masked(values):
        raise DataError(f"{what} has masked entries: drop those rows first")
    values = detached(values)
    if hasattr(values, "__array__"):
        array = np.asarray(values)
    else:
        try:
            array = np.array(values, dtype=object)
        except ValueError:
            raise DataError(f"{what} is ragged: its rows differ in length") from None
        if any(isinstance(entry, list | tuple) for entry in array.flat):
            raise DataError(f"{what} is ragged: its rows differ in length")
    if array.dtype.kind == "T":
        array = array.astype(object)
    if array.dtype.kind not in "fiuObU":
        advice = _ADVICE.get(array.dtype.kind, "")
        raise DataError(f"{what}: entries of type {array.dtype} are not real numbers{advice}")
    return array


def without(frame: Frame | None, label: str) -> tuple[Frame, Array, str]:
    """A frame without one of its columns, that column, and its name.

    Raises
    ------
    ProblemError
        If there is no frame.
    DataError
        If it has no column of that name, or several.
    """
    if frame is None:
        raise ProblemError(f"y is the name {label!r}: pass a data frame to take it from, or labels")
    names, columns = frame
    places = [k for k, name in enumerate(names) if name == label]
    if len(places) != 1:
        listed = ", ".join(names)
        found = "several columns are" if places else "no column is"
        raise DataError(f"{found} named {label!r}; the columns are: {listed}")
    rest = [k for k in range(len(names)) if k != places[0]]
    kept = tuple(names[k] for k in rest), [columns[k] for k in rest]
    return kept, columns[places[0]], label


def one_column(frame: Frame) -> Frame:
    """A frame of one column; a DataError if it has more."""
    names, columns = frame
    if len(columns) != 1:
        raise DataError(f"y must be one column, but it is a frame of {len(columns)}")
    return names, columns


def _array(series: nw.Series[Any], name: str, optional: bool = False) -> Array:
    import narwhals as nw

    kind = series.dtype
    if optional and series.null_count():
        missing, cells = series.is_null().to_list(), series.to_list()
        array = np.asarray(series.to_numpy())
        if array.dtype.kind == "f" and array.dtype.itemsize < 8:
            # In the list they are float64, whose decimals are others.
            cells = list(array)
        bounds = np.empty(len(series), dtype=object)
        bounds[:] = [None if none else cell for none, cell in zip(missing, cells, strict=True)]
        return bounds
    if series.null_count():
        row = series.is_null().to_list().index(True)
        raise DataError(
            f"column {name!r}, row {row} (counting from 0): the cell is missing; fill it in or "
            "drop the row"
        )
    if kind == nw.Boolean or kind.is_temporal():
        raise DataError(
            f"column {name!r}: entries of type {kind} are no numbers; convert them to numbers"
            + (", dates to days since the first" if kind.is_temporal() else "")
        )
    wide = kind in (nw.Int128, nw.UInt128)
    if (kind.is_float() or kind.is_integer()) and not wide:
        array = np.asarray(series.to_numpy())
        if array.dtype.kind in "iu" or (array.dtype.kind == "f" and kind.is_float()):
            return array
    objects = np.empty(len(series), dtype=object)
    objects[:] = series.to_list()
    return objects
