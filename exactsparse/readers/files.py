"""The one entry point: opens a file and picks its reader."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from typing import BinaryIO

from exactsparse.errors import DataError, DataNotFoundError
from exactsparse.problem.dataset import Dataset
from exactsparse.readers.limits import unpacked_gzip
from exactsparse.readers.numpy_files import read_numpy
from exactsparse.readers.options import ReadOptions

STANDARD_INPUT = "standard input"
_LONGEST_MESSAGE = 2_000
_JSON = (".jsonl", ".ndjson", ".json")
# The options that each kind of file has a use for.
_BAND = ("lower", "upper", "half_widths")
_TEXT = (*_BAND, "x", "header", "decimal", "thousands", "drop_missing", "skip_rows", "dates")
_SHEET = (*_BAND, "x", "header", "drop_missing", "sheet", "skip_rows", "dates", "floats")
_JSON_OPTIONS = (*_BAND, "x", "header", "drop_missing", "dates")
_ARROW = (*_BAND, "x", "drop_missing", "dates", "floats")
_NUMPY = (*_BAND, "x", "drop_missing", "floats")
_OTHERS = {
    ".xls": "old workbooks are not read; save it as .xlsx or .csv",
    ".xlsb": "binary workbooks are not read; save it as .xlsx or .csv",
    ".zip": "archives are not read; unpack it, and name a file in it",
    ".bz2": "of packed files, .gz is read; unpack it",
    ".xz": "of packed files, .gz is read; unpack it",
    ".zst": "of packed files, .gz is read; unpack it",
    ".pkl": "pickles are never loaded, because unpickling can run code; save it as .parquet",
    ".pickle": "pickles are never loaded, because unpickling can run code; save it as .parquet",
    ".h5": "HDF5 files are not read; save the table as .parquet or .csv",
    ".hdf5": "HDF5 files are not read; save the table as .parquet or .csv",
    ".mat": "MATLAB files are not read; save the table as .csv",
    ".sav": "SPSS files are not read; save the table as .parquet or .csv",
    ".dta": "Stata files are not read; save the table as .parquet or .csv",
}


def read(
    source: str | os.PathLike[str],
    y: str | None = None,
    *,
    x: Sequence[str] | None = None,
    header: bool | None = None,
    decimal: str | None = None,
    thousands: str | None = None,
    drop_missing: bool = False,
    sheet: str | None = None,
    skip_rows: int = 0,
    dates: bool = False,
    floats: str | None = None,
    lower: str | None = None,
    upper: str | None = None,
    half_widths: str | None = None,
) -> Dataset:
    r"""Read a data file exactly: a decimal cell is the decimal that is written, never a float.

    Parameters
    ----------
    source : str or path
        Told by its suffix: ``.npy``, ``.npz``, ``.parquet``, ``.pq``, ``.feather``, ``.arrow``,
        ``.xlsx``, ``.ods``, ``.jsonl``, ``.ndjson``, ``.json``; every other file is delimited text.
        Text and JSON may be packed (``.csv.gz``).  ``"-"`` is text on standard input.
    y : str, optional
        Name of the label column; the last column if not given.  Columns without names (text
        without a header, a bare NumPy array) are called ``c1``, ``c2``, ….  In an ``.npz`` file
        with an array ``X``, ``y`` names the array of labels.
    x : sequence of str, optional
        Names of the feature columns; every other column but the label if not given.
    header : bool, optional
        Of text and sheets: whether the first row holds names; told from the file if not given.
    decimal, thousands : str, optional
        Of text: the decimal sign, and a sign between thousands.
    drop_missing : bool
        Leave out rows with a missing cell; their count is among the notes.
    sheet : str, optional
        Of workbooks: the sheet, needed where several hold cells.
    skip_rows : int
        Of text and sheets: how many lines or rows stand above the table.
    dates : bool
        Read columns of dates, as ``2024-12-31`` or ``2024-12-31T23:59:59Z``, as days since the
        first of them.
    floats : {"decimal", "binary"}, optional
        Of files that hold floats: whether a float is the shortest decimal that rounds to it, by
        default, or the dyadic rational that it holds.

    lower, upper : str, optional
        Names of columns of bounds, either or both, in the place of a label; an empty cell is none.
    half_widths : str, optional
        Name of the column of how far a function may be from every label.

    Returns
    -------
    Dataset
        Exact columns.  ``origin.row_number`` is the line number in a text file, the row of a sheet,
        and the row counted from 0 in NumPy and Arrow files.

    Raises
    ------
    DataNotFoundError
        If the file does not exist or cannot be opened.
    DataError
        If the file is malformed, or larger than is read; the message names file, row and column.
    MissingPackageError
        If a workbook is given and python-calamine is not installed.

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

    Parquet and Feather: integer, float, decimal and string columns.  The index that pandas stores
    is left aside and noted, or is the feature where nothing else is left.

    Workbooks: the numbers that cells hold, as the decimals that they print as, and not as they are
    displayed; of formulas the value that was stored last.  JSON: one object, or array of numbers,
    on each line, or one array of all; numbers are never floats.

    Examples
    --------
    >>> import exactsparse as es
    >>> from pathlib import Path
    >>> _ = Path("tax.csv").write_text("income,tax\n0,0\n1,0.1\n")
    >>> dataset = es.read("tax.csv")
    >>> dataset.feature_names, str(dataset.labels[1])
    (('income',), '1/10')
    """
    path = os.fspath(source)
    names = None if x is None else tuple(x)
    options = ReadOptions(
        names, header, decimal, thousands, drop_missing, sheet, skip_rows, dates, floats,
        lower, upper, half_widths,
    )  # fmt: skip
    try:
        return _read(path, y, options)
    except DataError as error:
        message = str(error)
        if len(message) <= _LONGEST_MESSAGE:
            raise
        half = _LONGEST_MESSAGE // 2
        raise type(error)(f"{message[:half]} … {message[-half:]}") from None


def _read(path: str, y: str | None, options: ReadOptions) -> Dataset:
    if path == "-":
        options.require(STANDARD_INPUT, *_TEXT)
        data = _standard_input()
        if data.startswith(b"\x1f\x8b"):
            data = unpacked_gzip(io.BytesIO(data), STANDARD_INPUT)
        return _read_delimited(data, STANDARD_INPUT, y, options)
    stem, suffix = os.path.splitext(path.lower())
    with _open(path) as file:
        if suffix == ".gz":
            return _read_packed(file, path, os.path.splitext(stem)[1], y, options)
        if suffix in (".npy", ".npz"):
            options.require(path, *_NUMPY)
            return read_numpy(file, path, y, options)
        if suffix in (".parquet", ".pq"):
            options.require(path, *_ARROW)
            from exactsparse.readers.arrow_files import read_parquet

            return read_parquet(file, path, y, options)
        if suffix in (".feather", ".arrow", ".ipc"):
            options.require(path, *_ARROW)
            from exactsparse.readers.arrow_files import read_feather

            return read_feather(file, path, y, options)
        if suffix in (".xlsx", ".xlsm", ".ods"):
            options.require(path, *_SHEET)
            from exactsparse.readers.sheets import read_sheet

            return read_sheet(_bytes(file, path), path, y, options)
        if suffix in _OTHERS:
            raise DataError(f"{path}: {_OTHERS[suffix]}")
        return _read_text(_bytes(file, path), path, suffix, y, options)


def _read_packed(
    file: BinaryIO, path: str, suffix: str, y: str | None, options: ReadOptions
) -> Dataset:
    if suffix not in ("", ".csv", ".tsv", ".txt", ".dat", *_JSON):
        raise DataError(
            f"{path}: of packed files, text and JSON lines are read (.csv.gz, .tsv.gz, .txt.gz, "
            f".jsonl.gz); unpack this {suffix} file"
        )
    return _read_text(unpacked_gzip(io.BytesIO(_bytes(file, path)), path), path, suffix, y, options)


def _read_text(data: bytes, path: str, suffix: str, y: str | None, options: ReadOptions) -> Dataset:
    if suffix in _JSON:
        options.require(path, *_JSON_OPTIONS)
        from exactsparse.readers.json_lines import read_json

        return read_json(data, path, y, options, lines=suffix != ".json")
    options.require(path, *_TEXT)
    return _read_delimited(data, path, y, options)


def _read_delimited(data: bytes, name: str, y: str | None, options: ReadOptions) -> Dataset:
    # It loads pyarrow, for which arrays need not wait; so do other readers above.
    from exactsparse.readers.delimited import read_delimited

    return read_delimited(data, name, y, options)


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
