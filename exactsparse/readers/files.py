"""The one entry point: opens a file and picks its reader."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import BinaryIO

from exactsparse.errors import DataError, DataNotFoundError
from exactsparse.problem.dataset import Dataset
from exactsparse.readers.delimited import read_delimited
from exactsparse.readers.numpy_files import read_numpy
from exactsparse.readers.options import ReadOptions
from exactsparse.readers.parquet import read_parquet

STANDARD_INPUT = "standard input"


def read(
    source: str | os.PathLike[str],
    y: str | None = None,
    *,
    x: Sequence[str] | None = None,
    header: bool | None = None,
    decimal: str | None = None,
    thousands: str | None = None,
    drop_missing: bool = False,
    floats: str | None = None,
) -> Dataset:
    """Read a data file exactly: a decimal cell is the decimal that is written, never a float.

    Parameters
    ----------
    source : str or path
        ``.npy``, ``.npz`` and ``.parquet`` files by their suffix, every other file as delimited
        text in UTF-8; ``"-"`` is delimited text on standard input.
    y : str, optional
        Name of the label column; the last column if not given.  Columns without names (text
        without a header, a bare NumPy array) are called ``c1``, ``c2``, ….  In an ``.npz`` file
        with an array ``X``, ``y`` names the array of labels.
    x : sequence of str, optional
        Names of the feature columns; every other column but the label if not given.
    header : bool, optional
        Of text: whether the first row holds names; told from the file if not given.
    decimal, thousands : str, optional
        Of text: the decimal sign, and a sign between thousands.
    drop_missing : bool
        Of text: leave out rows with a missing cell; their count is among the notes.
    floats : {"decimal", "binary"}, optional
        Of NumPy and Parquet files: whether a float is the shortest decimal that rounds to it, by
        default, or the dyadic rational that it holds.

    Returns
    -------
    Dataset
        Exact columns.  ``origin.row_number`` is the line number in a text file, and the row
        counted from 0 in the other formats.

    Raises
    ------
    DataNotFoundError
        If the file does not exist or cannot be opened.
    DataError
        If the file is malformed; the message names file, row and column.

    Notes
    -----
    Text: the delimiter is found among ``, ; tab |`` and blanks; UTF-16 and Windows-1252 are
    decoded.  Blank lines and comments (lines that start with ``#``, at the top also ``%`` or ``!``)
    are skipped and counted in ``notes``.  The first row is a header if its cells are names: a cell
    that begins like a number but cannot be read is refused, never a name.  It is a header, too, if
    all its cells stand in double quotes, or if ``y`` names one of its text cells.  Numbers may be
    quotients such as ``1/3``, and have decimal commas where the delimiter is none.

    NumPy: a two-dimensional array whose last column is the label, or an ``.npz`` file with
    arrays ``X`` (or ``x``) and ``y``.  Nothing is ever unpickled.

    Parquet: integer, float, decimal and string columns.  The index that pandas stores is
    left aside and noted, or is the feature where nothing else is left.
    """
    path = os.fspath(source)
    names = None if x is None else tuple(x)
    options = ReadOptions(names, header, decimal, thousands, drop_missing, floats)
    text = ("x", "header", "decimal", "thousands", "drop_missing")
    if path == "-":
        options.require(STANDARD_INPUT, *text)
        return read_delimited(_standard_input(), STANDARD_INPUT, y, options)
    suffix = os.path.splitext(path)[1].lower()
    with _open(path) as file:
        if suffix in (".npy", ".npz"):
            options.require(path, "floats")
            return read_numpy(file, path, y, floats or "decimal")
        if suffix in (".parquet", ".pq"):
            options.require(path, "x", "floats")
            return read_parquet(file, path, y, options.x, floats or "decimal")
        options.require(path, *text)
        return read_delimited(_bytes(file, path), path, y, options)


def _bytes(file: BinaryIO, name: str) -> bytes:
    try:
        return file.read()
    except OSError as error:
        raise DataNotFoundError(f"{name}: the file cannot be read ({error.strerror})") from None


def _open(path: str) -> BinaryIO:
    try:
        return open(path, "rb")
    except FileNotFoundError:
        raise DataNotFoundError(
            f"{path}: there is no such file; check the path (the current folder is {os.getcwd()})"
        ) from None
    except IsADirectoryError:
        raise DataError(f"{path}: this is a folder; name a file in it") from None
    except OSError as error:
        raise DataNotFoundError(
            f"{path}: the file cannot be opened ({error.strerror}); check its path and permissions"
        ) from None
    except ValueError:
        # Python refuses a path with a NUL character before the system sees it.
        raise DataNotFoundError(f"{path!r}: this is not a file name") from None


def _standard_input() -> bytes:
    if sys.stdin is None:
        raise DataNotFoundError(f"{STANDARD_INPUT}: it is closed; pipe the data in or name a file")
    # A replaced sys.stdin (a notebook's, a test's) may hold text and no bytes.
    binary = getattr(sys.stdin, "buffer", None)
    try:
        return sys.stdin.read().encode() if binary is None else bytes(binary.read())
    except OSError as error:
        raise DataNotFoundError(f"{STANDARD_INPUT}: it cannot be read ({error})") from None
