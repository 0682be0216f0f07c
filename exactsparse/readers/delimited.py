"""Delimited text: in bulk by pyarrow; row by row wherever that meets anything unusual."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

import numpy as np
import pyarrow as pa
import pyarrow.csv
from numpy.typing import NDArray

from exactsparse.errors import DataError
from exactsparse.problem.column import Array
from exactsparse.problem.dataset import Dataset, Origin
from exactsparse.readers.cells import column_in_bulk
from exactsparse.readers.encoding import plain_utf8
from exactsparse.readers.layout import BLANKS, Layout, Record, layout_of, lines_of, records_of
from exactsparse.readers.limits import require_lines
from exactsparse.readers.options import DEFAULT, ReadOptions
from exactsparse.readers.preamble import lines_above_table, without_first_lines
from exactsparse.readers.rows import CellRows, ExactRows
from exactsparse.readers.table import Choice

_BLOCK = 1 << 22
_POINT_GROUPS = re.compile(r"[-+]?[1-9]\d{0,2}\.\d{3}", re.ASCII)
_SAMPLE = 50
_GAP = re.compile(rb"\n(?:[ \t]*\n)+(?=[^\n])")
_NEWLINE, _QUOTE, _HASH = b'\n"#'


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
    require_lines(data, file)
    if options.skip_rows:
        data = without_first_lines(data, options.skip_rows, file)
        lines = f"line{'s' * (options.skip_rows > 1)}"
        notes = (*notes, f"the first {options.skip_rows} {lines} skipped")
    try:
        return _read_text(data, file, y, options, notes)
    except DataError as error:
        above = None if options.skip_rows else lines_above_table(data)
        if above is None:
            raise
        raise DataError(
            f"{error}; if the table begins on line {above + 1}, give --skip-rows {above}"
        ) from None


def _read_text(
    data: bytes, file: str, y: str | None, options: ReadOptions, notes: tuple[str, ...]
) -> Dataset:
    layout = layout_of(data, file, y, options)
    heading, top = layout.heading, layout.top
    choice = heading.choose(y, options.x, top.index, top.texts, top.empty, options.band)
    rows = None
    formed = options.thousands is not None or options.decimal == "," or options.dates
    if not top.empty and not formed:
        rows = read_in_bulk(data, layout, choice)
    if rows is None:
        rows = read_row_by_row(data, layout, choice, options)
    doubts = () if options.decimal else _points_in_doubt(data, layout, choice)
    notes = (*notes, *layout.notes, *top.notes, *rows.notes, *doubts, *_blocks(data, layout))
    return heading.chosen(rows.columns, choice, _origin(file, rows.numbers), notes, rows.absent)


def read_in_bulk(data: bytes, layout: Layout, choice: Choice | None = None) -> ExactRows | None:
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
    return ExactRows(found, lines) if len(found) == len(columns) else None


def read_row_by_row(
    data: bytes,
    layout: Layout,
    choice: Choice | None = None,
    options: ReadOptions = DEFAULT,
) -> ExactRows:
    """Read the rows with Python's csv module.

    Raises
    ------
    DataError
        Naming the first line that has too few or too many cells, or else the first bad cell.
    """
    file, places = layout.heading.file, _places(layout, choice)
    optional = {} if choice is None else choice.optional
    name = _line_and_column(layout)
    read = CellRows(layout.heading, places, options, layout.delimiter, name, optional)
    records = records_of(lines_of(data, layout.start, layout.line), layout.delimiter, file)
    for record in records:
        if len(record.cells) != layout.width:
            raise DataError(_ragged(record, layout))
        for k in layout.top.empty:
            if record.cells[k].strip():
                raise DataError(
                    f"{file}, line {record.first.number}, column {k + 1}: {record.cells[k]!r} "
                    "stands in a column without a name; name the column or remove the cell"
                )
        read.add(record.first.number, record.cells)
    if not read.rows and not read.dropped:
        raise DataError(
            f"{file}: there is a header on line {layout.top.first}, but no row below it"
        )
    return read.exact()


def _line_and_column(layout: Layout) -> Callable[[int, int], str]:
    return lambda line, k: f"line {line}, {layout.heading.column(k)}"


def _points_in_doubt(data: bytes, layout: Layout, choice: Choice) -> tuple[str, ...]:
    """Columns between semicolons of which every point might stand between thousands."""
    if layout.delimiter != ";":
        return ()
    lines = islice(lines_of(data, layout.start, layout.line), _SAMPLE)
    rows = [record.cells for record in records_of(lines, ";", layout.heading.file)]
    doubtful = [
        layout.heading.column(k)
        for k in choice.places
        if any(_POINT_GROUPS.fullmatch(row[k].strip()) for row in rows)
        and all(_POINT_GROUPS.fullmatch(row[k].strip()) or "." not in row[k] for row in rows)
    ]
    return tuple(
        f"the points of {column} are read as decimal signs; where they stand between thousands "
        "give --decimal , --thousands ."
        for column in doubtful
    )


def _blocks(data: bytes, layout: Layout) -> tuple[str, ...]:
    """A note on blank lines between rows, which in some programs part one table from the next."""
    end = len(data.rstrip())
    gap = _GAP.search(data, layout.start, end)
    # A line break inside quotes may be a cell.
    if gap is None or b'"' in data[layout.start : end]:
        return ()
    line = layout.line + data.count(b"\n", layout.start, gap.start()) + 1
    return (f"blank lines stand between rows, from line {line} on; all rows are one table",)


def _places(layout: Layout, choice: Choice | None) -> tuple[int, ...]:
    return tuple(range(layout.width)) if choice is None else choice.places


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


def _ragged(record: Record, layout: Layout) -> str:
    found, width = len(record.cells), layout.width
    if found < width:
        advice = "fill in the missing ones"
    elif found == width + 1 and not record.cells[-1].strip():
        advice = "a delimiter ends the row, so end the header by one, too, or remove it from rows"
    else:
        comma = layout.delimiter == ","
        advice = "a decimal comma must be a point" if comma else "remove the others"
    return (
        f"{layout.heading.file}, line {record.first.number}: the row has {found} "
        f"cell{'s' * (found != 1)}, but line {layout.top.first} has {width}; {advice}"
    )
