"""Delimited text: in bulk by pyarrow; row by row wherever that meets anything unusual."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.csv
from numpy.typing import NDArray

from exactsparse.errors import DataError
from exactsparse.problem.column import Array, Column
from exactsparse.problem.dataset import Dataset, Origin
from exactsparse.readers.cells import BadCell, column_in_bulk, column_of_cells
from exactsparse.readers.layout import BLANKS, Layout, layout_of, lines_of, records_of

_UTF8_MARK = b"\xef\xbb\xbf"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_PROBE = 4096
_BLOCK = 1 << 22
_NEWLINE, _QUOTE, _HASH = b'\n"#'


class _Rows(NamedTuple):
    columns: list[Column]
    lines: NDArray[np.int64]


def read_delimited(data: bytes, file: str, y: str | None) -> Dataset:
    """Read delimited text exactly.

    Parameters
    ----------
    data : bytes
        The whole file.
    file : str
        What messages call it.
    y : str or None
        Name of the label column; None for the last.

    Raises
    ------
    DataError
        If the text is malformed.
    """
    data = _plain_utf8(data, file)
    layout = layout_of(data, file, y)
    label = layout.heading.label(y)
    rows = read_in_bulk(data, layout) or read_row_by_row(data, layout)
    return layout.heading.dataset(rows.columns, label, _origin(file, rows.lines))


def read_in_bulk(data: bytes, layout: Layout) -> _Rows | None:
    """Read the rows with pyarrow; None if anything about them is unusual."""
    body, lines = _significant(data, layout)
    if not len(lines) or not _quotes_enclose_cells(body, layout.delimiter):
        return None
    names = [str(k) for k in range(layout.width)]
    try:
        table = pyarrow.csv.read_csv(
            pa.BufferReader(pa.py_buffer(body)),
            read_options=pyarrow.csv.ReadOptions(column_names=names, block_size=_BLOCK),
            parse_options=pyarrow.csv.ParseOptions(delimiter=layout.delimiter),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), null_values=[], check_utf8=False
            ),
        )
    except pa.ArrowInvalid:
        return None
    # A line break inside quotes would shift the line numbers.
    if table.num_rows != len(lines):
        return None
    with ThreadPoolExecutor(pa.cpu_count()) as pool:
        columns = list(pool.map(column_in_bulk, table.columns))
    found = [column for column in columns if column is not None]
    return _Rows(found, lines) if len(found) == len(columns) else None


def read_row_by_row(data: bytes, layout: Layout) -> _Rows:
    """Read the rows with Python's csv module.

    Raises
    ------
    DataError
        Naming the first line that has too few or too many cells, or else the first bad cell.
    """
    file = layout.heading.file
    rows, lines = [], []
    for record in records_of(lines_of(data, layout.start, layout.line), layout.delimiter, file):
        if len(record.cells) != layout.width:
            raise DataError(_ragged(record.first.number, len(record.cells), layout))
        rows.append(record.cells)
        lines.append(record.first.number)
    if not rows:
        raise DataError(f"{file}: there is a header on line {layout.first}, but no row below it")
    columns, faults = [], []
    for k, cells in enumerate(zip(*rows, strict=True)):
        column = column_of_cells(pa.array(cells, pa.large_string()))
        if isinstance(column, BadCell):
            faults.append((column.row, k, column.reason))
        else:
            columns.append(column)
    if faults:
        row, k, reason = min(faults)
        raise DataError(f"{file}, line {lines[row]}, {layout.heading.column(k)}: {reason}")
    return _Rows(columns, np.array(lines, dtype=np.int64))


def _plain_utf8(data: bytes, file: str) -> bytes:
    """Check the encoding, drop the byte-order mark, and end every line with a line feed."""
    if data.startswith(_UTF16_MARKS):
        raise DataError(f"{file}: the text is encoded in UTF-16; save it as UTF-8")
    if b"\0" in data[:_PROBE]:
        raise DataError(
            f"{file}: this is UTF-16 text or a binary file; save it as text in UTF-8, or give a "
            ".npy, .npz or .parquet file its suffix"
        )
    data = data.removeprefix(_UTF8_MARK)
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if not data.isascii():
        try:
            data.decode()
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            raise DataError(
                f"{file}, line {line}: byte 0x{data[error.start]:02x} is not UTF-8 text; "
                "save the file as UTF-8"
            ) from None
    return data


def _significant(data: bytes, layout: Layout) -> tuple[Array, NDArray[np.int64]]:
    """Bytes of the lines that are neither empty nor comments, and their line numbers."""
    body = np.frombuffer(data, dtype=np.uint8)[layout.start :]
    if layout.delimiter == BLANKS:
        body = np.frombuffer(_single_blanks(body.tobytes()), dtype=np.uint8)
    ends = np.flatnonzero(body == _NEWLINE)
    if len(body) and body[-1] != _NEWLINE:
        ends = np.append(ends, len(body))
    starts = np.concatenate(([0], ends[:-1] + 1)).astype(np.int64)[: len(ends)]
    comment = (starts < ends) & (body[np.minimum(starts, len(body) - 1)] == _HASH)
    if comment.any():
        lengths = np.minimum(ends + 1, len(body)) - starts
        body = body[np.repeat(~comment, lengths)]
    return body, layout.line + np.flatnonzero((starts < ends) & ~comment)


def _single_blanks(body: bytes) -> bytes:
    body = body.replace(b"\t", b" ")
    while b"  " in body:
        body = body.replace(b"  ", b" ")
    return body.replace(b"\n ", b"\n").replace(b" \n", b"\n").strip(b" ")


def _quotes_enclose_cells(body: Array, delimiter: str) -> bool:
    """Whether each pair of quotes stands around a whole cell: readers differ on others."""
    quotes = np.flatnonzero(body == _QUOTE)
    if not len(quotes):
        return True
    fenced = np.pad(body, 1, constant_values=_NEWLINE)
    outside = np.concatenate((fenced[quotes[::2]], fenced[quotes[1::2] + 2]))
    edges = np.array([_NEWLINE, ord(delimiter)])
    return len(quotes) % 2 == 0 and bool(np.isin(outside, edges).all())


def _origin(file: str, lines: NDArray[np.int64]) -> Origin:
    first = int(lines[0])
    if int(lines[-1]) - first == len(lines) - 1:
        return Origin(file, first=first)
    return Origin(file, lines)


def _ragged(line: int, found: int, layout: Layout) -> str:
    hint = "a decimal comma must be a point" if layout.delimiter == "," else "remove the others"
    advice = "fill in the missing ones" if found < layout.width else hint
    return (
        f"{layout.heading.file}, line {line}: the row has {found} cell{'s' * (found != 1)}, but "
        f"line {layout.first} has {layout.width}; {advice}"
    )
