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
from exactsparse.readers.cells import BadCell, column_in_bulk, column_of_cells, is_missing
from exactsparse.readers.encoding import plain_utf8
from exactsparse.readers.forms import AmbiguousCommas, plain_numbers
from exactsparse.readers.layout import BLANKS, Layout, layout_of, lines_of, records_of
from exactsparse.readers.options import DEFAULT, ReadOptions
from exactsparse.readers.table import Choice

_BLOCK = 1 << 22
_NEWLINE, _QUOTE, _HASH = b'\n"#'


class _Rows(NamedTuple):
    columns: list[Column]
    lines: NDArray[np.int64]
    notes: tuple[str, ...] = ()


def read_delimited(
    data: bytes, file: str, y: str | None, options: ReadOptions = DEFAULT
) -> Dataset:
    """Read delimited text exactly.

    Parameters
    ----------
    data : bytes
        The whole file.
    file : str
        What messages call it.
    y : str or None
        Name of the label column; None for the last.
    options : ReadOptions
        What else is said about the table.

    Raises
    ------
    DataError
        If the text is malformed.
    """
    data, notes = plain_utf8(data, file)
    layout = layout_of(data, file, y, options)
    heading = layout.heading
    choice = heading.choose(y, options.x, layout.index, layout.texts, layout.empty)
    rows = None
    if not layout.empty and options.thousands is None and options.decimal != ",":
        rows = read_in_bulk(data, layout, choice)
    if rows is None:
        rows = read_row_by_row(data, layout, choice, options)
    notes = (*notes, *layout.notes, *rows.notes)
    return heading.chosen(rows.columns, choice, _origin(file, rows.lines), notes)


def read_in_bulk(data: bytes, layout: Layout, choice: Choice | None = None) -> _Rows | None:
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
        columns = list(pool.map(column_in_bulk, map(table.column, _places(layout, choice))))
    found = [column for column in columns if column is not None]
    return _Rows(found, lines) if len(found) == len(columns) else None


def read_row_by_row(
    data: bytes,
    layout: Layout,
    choice: Choice | None = None,
    options: ReadOptions = DEFAULT,
) -> _Rows:
    """Read the rows with Python's csv module.

    Raises
    ------
    DataError
        Naming the first line that has too few or too many cells, or else the first bad cell.
    """
    file, places = layout.heading.file, _places(layout, choice)
    rows, lines, dropped = [], [], 0
    for record in records_of(lines_of(data, layout.start, layout.line), layout.delimiter, file):
        if len(record.cells) != layout.width:
            raise DataError(_ragged(record.first.number, len(record.cells), layout))
        for k in layout.empty:
            if record.cells[k].strip():
                raise DataError(
                    f"{file}, line {record.first.number}, column {k + 1}: {record.cells[k]!r} "
                    "stands in a column without a name; name the column or remove the cell"
                )
        cells = [record.cells[k] for k in places]
        if options.drop_missing and any(map(is_missing, cells)):
            dropped += 1
            continue
        rows.append(cells)
        lines.append(record.first.number)
    if dropped and not rows:
        raise DataError(f"{file}: every row has a missing cell, so --drop-missing leaves none")
    if not rows:
        raise DataError(f"{file}: there is a header on line {layout.first}, but no row below it")
    columns, faults, notes = [], [], []
    if dropped:
        notes.append(f"{dropped} row{'s' * (dropped > 1)} with a missing cell dropped")
    for k, cells_of_k in zip(places, zip(*rows, strict=True), strict=True):
        where = layout.heading.column(k)
        try:
            plain, said = plain_numbers(cells_of_k, options, layout.delimiter)
        except AmbiguousCommas:
            raise DataError(
                f"{file}, {where}: every comma may be a decimal comma or stand between thousands; "
                "give --decimal , or --thousands ,"
            ) from None
        notes.extend(f"{where} is read {form}" for form in said)
        column = column_of_cells(pa.array(plain, pa.large_string()))
        if isinstance(column, BadCell):
            faults.append((column.row, k, column.reason))
        else:
            columns.append(column)
    if faults:
        row, k, reason = min(faults)
        raise DataError(f"{file}, line {lines[row]}, {layout.heading.column(k)}: {reason}")
    return _Rows(columns, np.array(lines, dtype=np.int64), tuple(notes))


def _places(layout: Layout, choice: Choice | None) -> tuple[int, ...]:
    return tuple(range(layout.width)) if choice is None else (*choice.features, choice.label)


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
