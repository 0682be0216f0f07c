"""NumPy files: ``.npy`` arrays and ``.npz`` archives, never unpickled."""

from __future__ import annotations

import tokenize
import zipfile
import zlib
from collections.abc import Sequence
from typing import BinaryIO

import numpy as np
from numpy.lib.npyio import NpzFile

from exactsparse.errors import DataError
from exactsparse.problem.column import Array
from exactsparse.problem.dataset import Dataset, Origin
from exactsparse.readers.table import Heading, first_line

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
_POINTS = ("X", "x", "X_train")


def read_numpy(file: BinaryIO, name: str, y: str | None, floats: str = "decimal") -> Dataset:
    """Read a ``.npy`` or ``.npz`` file.

    Parameters
    ----------
    file : binary file
        Open at its start.
    name : str
        What messages call it.
    floats : {"decimal", "binary"}
        How floats are read.
    y : str or None
        Label column ``c1``, ``c2``, …; where an archive has an array ``X``, the array of labels.

    Raises
    ------
    DataError
        If the file is damaged, or its arrays are not points and labels.
    """
    loaded = _load(file, name)
    if not isinstance(loaded, NpzFile):
        _check_numbers(loaded, name)
        return _whole_table(loaded, name, name, y, floats)
    with loaded as archive:
        held = archive.files
        points = next((key for key in _POINTS if key in held), None)
        if points is None and len(held) == 1:
            table = _member(archive, held[0], name)
            return _whole_table(table, name, f"{name}, {held[0]}", y, floats)
        label = y or ("y_train" if points == "X_train" else "y")
        if points is None or label not in held or label == points:
            listed = ", ".join(map(repr, held)) or "nothing"
            raise DataError(
                f"{name}: the archive holds {listed}; it needs arrays named X and {label}, "
                "or one array whose last column is the label"
            )
        return _points_and_labels(archive, name, points, label, floats)


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


def _whole_table(table: Array, name: str, what: str, y: str | None, floats: str) -> Dataset:
    if table.ndim != 2:
        raise DataError(
            f"{what}: the array has shape {table.shape}; it must have two dimensions, one row for "
            "each point and the label in the last column"
        )
    heading = Heading.numbered(name, table.shape[1])
    return _dataset(list(table.T), heading, heading.label(y), floats)


def _points_and_labels(
    archive: NpzFile, name: str, points_key: str, label_key: str, floats: str
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
    names = ("x",) if d == 1 else tuple(f"x{k + 1}" for k in range(d))
    return _dataset([*points.T, labels], Heading(name, (*names, label_key)), d, floats)


def _check_numbers(array: Array, what: str) -> None:
    if array.dtype.kind not in "iuf":
        raise DataError(
            f"{what}: entries of type {array.dtype} are not real numbers; save a float or "
            "integer array"
        )


def _dataset(arrays: Sequence[Array], heading: Heading, label: int, floats: str) -> Dataset:
    if len(arrays[label]) == 0:
        raise DataError(f"{heading.file}: there is no row; one is needed for each point")
    columns = [heading.column_of_array(array, k, floats) for k, array in enumerate(arrays)]
    return heading.dataset(columns, label, Origin(heading.file))
