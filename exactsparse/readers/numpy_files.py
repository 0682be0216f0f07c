"""NumPy files: ``.npy`` arrays and ``.npz`` archives, never unpickled."""

from __future__ import annotations

import tokenize
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import replace
from typing import BinaryIO

import numpy as np
from numpy.lib.npyio import NpzFile

from exactsparse.errors import DataError
from exactsparse.problem.column import Array
from exactsparse.problem.dataset import Dataset, Origin
from exactsparse.readers.kept_rows import KeptRows
from exactsparse.readers.limits import require_bytes, require_columns
from exactsparse.readers.options import DEFAULT, ReadOptions
from exactsparse.readers.table import Heading, first_line, listed

# All that numpy.load raises on damaged files: its parsers of headers and archives leak theirs.
UNREADABLE = (
    ValueError,
    EOFError,
    OSError,
    TypeError,
    SyntaxError,
    OverflowError,
    MemoryError,
    RuntimeError,
    tokenize.TokenError,
    zipfile.BadZipFile,
    zlib.error,
)
_ADVICE = {
    "M": " (dates as days since the first: (t - t.min()) / numpy.timedelta64(1, 'D'))",
    "V": " (of a structured array: numpy.column_stack([table[name] for name in names]))",
    "b": " (truth values as 1 and 0: table.astype(int))",
}
_POINTS = ("X", "x", "X_train")


def read_numpy(file: BinaryIO, name: str, y: str | None, options: ReadOptions = DEFAULT) -> Dataset:
    """Read a ``.npy`` or ``.npz`` file.

    Parameters
    ----------
    file : binary file
        Open at its start.
    name : str
        What messages call it.
    y : str or None
        Label column ``c1``, ``c2``, …; where an archive has an array ``X``, the array of labels.
    options : ReadOptions
        What else is said about the table.

    Raises
    ------
    DataError
        If the file is damaged, or its arrays are not points and labels.
    """
    loaded = _load(file, name)
    if not isinstance(loaded, NpzFile):
        _check_numbers(loaded, name)
        return _whole_table(loaded, name, name, y, options)
    with loaded as archive:
        sizes = [] if archive.zip is None else archive.zip.infolist()
        require_bytes(
            sum(int(size.file_size) for size in sizes), file, name, "save the arrays as .npy"
        )
        held = archive.files
        points = next((key for key in _POINTS if key in held), None)
        if points is None and len(held) == 1:
            table = _member(archive, held[0], name)
            return _whole_table(table, name, f"{name}, {held[0]}", y, options)
        label = y or ("y_train" if points == "X_train" else "y")
        if points is None or label not in held or label == points:
            shown = ", ".join(map(repr, held)) or "nothing"
            raise DataError(
                f"{name}: the archive holds {shown}; it needs arrays named X and {label}, "
                "or one array whose last column is the label"
            )
        dataset = _points_and_labels(archive, name, points, label, options)
        others = [repr(key) for key in held if key not in (points, label)]
        if not others:
            return dataset
        return replace(dataset, notes=(*dataset.notes, f"left out: {listed(others)}"))


def _load(file: BinaryIO, name: str) -> Array | NpzFile:
    try:
        loaded: Array | NpzFile = np.load(file, allow_pickle=False)
    except EOFError:
        raise DataError(
            f"{name}: the file is empty; save the array with numpy.save or numpy.savez"
        ) from None
    except UNREADABLE as error:
        raise DataError(_unreadable(name, error)) from None
    return loaded


def _member(archive: NpzFile, key: str, name: str) -> Array:
    try:
        array = np.asarray(archive[key])
    except UNREADABLE as error:
        raise DataError(_unreadable(f"{name}, {key}", error)) from None
    _check_numbers(array, f"{name}, {key}")
    return array


def _unreadable(what: str, error: Exception) -> str:
    if "pickle" in str(error):
        return (
            f"{what}: this is no array of numbers but pickled objects, which are never loaded "
            "because unpickling can run code; save a float or integer array with numpy.save"
        )
    return (
        f"{what}: the file is damaged or no NumPy file ({first_line(error)}); save the array again"
    )


def _whole_table(
    table: Array, name: str, what: str, y: str | None, options: ReadOptions
) -> Dataset:
    if table.ndim != 2:
        raise DataError(
            f"{what}: the array has shape {table.shape}; it must have two dimensions, one row for "
            "each point and the label in the last column"
        )
    require_columns(table.shape[1], what)
    heading = Heading.numbered(name, table.shape[1])
    return _dataset(list(table.T), heading, y, options)


def _points_and_labels(
    archive: NpzFile, name: str, points_key: str, label_key: str, options: ReadOptions
) -> Dataset:
    points, labels = (_member(archive, key, name) for key in (points_key, label_key))
    shapes = points.shape, labels.shape
    if points.ndim == 1:
        points = points[:, None]
    if labels.ndim == 2 and labels.shape[1] == 1:
        labels = labels[:, 0]
    if points.ndim != 2 or labels.ndim != 1 or len(points) != len(labels):
        raise DataError(
            f"{name}: {points_key} has shape {shapes[0]} and {label_key} has shape {shapes[1]}; "
            "they must be (n, d) and (n,)"
        )
    d = points.shape[1]
    require_columns(d, name)
    names = ("x",) if d == 1 else tuple(f"x{k + 1}" for k in range(d))
    return _dataset([*points.T, labels], Heading(name, (*names, label_key)), None, options)


def _check_numbers(array: Array, what: str) -> None:
    if array.dtype.kind not in "iuf":
        raise DataError(
            f"{what}: entries of type {array.dtype} are not real numbers; save a float or "
            "integer array" + _ADVICE.get(array.dtype.kind, "")
        )


def _dataset(
    arrays: Sequence[Array], heading: Heading, y: str | None, options: ReadOptions
) -> Dataset:
    choice = heading.choose(y, options.x, band=options.band)
    read = {k: arrays[k] for k in choice.places}
    if len(arrays[0]) == 0:
        raise DataError(f"{heading.file}: there is no row; one is needed for each point")
    kept = KeptRows()
    if options.drop_missing:
        needed = [a for k, a in read.items() if a.dtype.kind == "f" and k not in choice.optional]
        kept = KeptRows.without([np.isnan(array) for array in needed], heading.file)
        read = {k: kept.of(array) for k, array in read.items()}
    absent = {
        k: np.isnan(read[k]) | (read[k] == infinity)
        for k, infinity in choice.optional.items()
        if read[k].dtype.kind == "f"
    }
    columns = []
    for k, array in read.items():
        given = np.where(absent[k], 0, array).astype(array.dtype) if k in absent else array
        columns.append(heading.column_of_array(given, k, options.floats or "decimal", kept.rows))
    return heading.chosen(columns, choice, Origin(heading.file, kept.rows), kept.notes, absent)
