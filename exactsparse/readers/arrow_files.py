"""Arrow tables, in Parquet and Feather files: each column by itself, none of them rounded."""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet

from exactsparse.errors import DataError
from exactsparse.problem.column import Column
from exactsparse.problem.dataset import Dataset, Origin
from exactsparse.readers.arrow_size import MAGIC, declared_sizes
from exactsparse.readers.cells import BadCell, column_of_cells, integers_of_decimals
from exactsparse.readers.kept_rows import KeptRows
from exactsparse.readers.limits import require_bytes, require_columns
from exactsparse.readers.options import DEFAULT, ReadOptions
from exactsparse.readers.table import Heading, first_line

_DAMAGED = (pa.ArrowException, OSError, UnicodeDecodeError, MemoryError)
_PER_SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
_DAY = 86_400
# A decoded number, and its place in memory while it is converted.
_BYTES = 8


def read_parquet(
    file: BinaryIO, name: str, y: str | None, options: ReadOptions = DEFAULT
) -> Dataset:
    """Read a Parquet file.

    Parameters
    ----------
    file : binary file
        Open at its start.
    name : str
        What messages call it.
    y : str or None
        Name of the label column; None for the last.
    options : ReadOptions
        What else is said about the table.

    Raises
    ------
    DataError
        If the file is damaged or too large unpacked, or a column holds nulls or no numbers.
    """
    try:
        parquet = pyarrow.parquet.ParquetFile(file)
        about = parquet.metadata
        groups = [about.row_group(k) for k in range(about.num_row_groups)]
        declared = sum(group.total_byte_size for group in groups)
    except _DAMAGED as error:
        raise _damaged(name, "Parquet", error) from None
    rows = sum(group.num_rows for group in groups)
    least = _BYTES * rows * max(about.num_columns, 1)
    require_bytes(max(declared, least), file, name, "write fewer columns or rows")
    # Words that recur stay words of a dictionary, however often.
    words = [f.name for f in parquet.schema_arrow if _is_text(f.type)]
    try:
        table = pyarrow.parquet.ParquetFile(file, read_dictionary=words).read()
        table.validate(full=True)
        keys = table.column_names
    except _DAMAGED as error:
        raise _damaged(name, "Parquet", error) from None
    return _dataset(table, keys, name, y, options)


def read_feather(
    file: BinaryIO, name: str, y: str | None, options: ReadOptions = DEFAULT
) -> Dataset:
    """Read a Feather file, or an Arrow file or stream.

    Raises
    ------
    DataError
        As :func:`read_parquet`.
    """
    data = file.read()
    try:
        size = 0
        for declared in declared_sizes(data):
            size += declared
            require_bytes(size, file, name, "write fewer columns or rows")
        source = pa.py_buffer(data)
        whole = data.startswith(MAGIC)
        table = (pa.ipc.open_file(source) if whole else pa.ipc.open_stream(source)).read_all()
        table.validate(full=True)
        keys = table.column_names
    except (*_DAMAGED, struct.error, IndexError) as error:
        raise _damaged(name, "Feather", error) from None
    return _dataset(table, keys, name, y, options)


def _damaged(name: str, kind: str, error: Exception) -> DataError:
    return DataError(
        f"{name}: the file is damaged or no {kind} file ({first_line(error)}); write it again"
    )


def _dataset(
    table: Any, keys: Sequence[str], name: str, y: str | None, options: ReadOptions
) -> Dataset:
    require_columns(len(keys), name)
    heading = Heading(name, tuple(key.strip() for key in keys))
    choice = heading.choose(y, options.x, _index(table.schema, keys), band=options.band)
    if table.num_rows == 0:
        raise DataError(f"{name}: there is no row; one is needed for each point")
    places = choice.places
    cells = [_decoded(table.column(k), heading, k) for k in places]
    kept = KeptRows()
    if options.drop_missing:
        needed = zip(places, cells, strict=True)
        missing = [_missing(column) for k, column in needed if k not in choice.optional]
        kept = KeptRows.without(missing, name)
    notes, rows = list(kept.notes), kept.rows
    if rows is not None:
        cells = [column.take(pa.array(rows)) for column in cells]
    columns, absent = [], {}
    for k, column in zip(places, cells, strict=True):
        if k in choice.optional:
            if pa.types.is_temporal(column.type):
                raise DataError(
                    f"{name}, {heading.column(k)}: bounds are not read as dates; write them as "
                    "numbers"
                )
            absent[k] = _missing(column)
            if pa.types.is_floating(column.type):
                absent[k] |= column.to_numpy() == choice.optional[k]
            zero = pa.scalar("0" if _is_text(column.type) else 0).cast(column.type)
            column = pc.if_else(pa.array(absent[k]), zero, column)
        if options.dates and pa.types.is_temporal(column.type):
            exact, first = _days(column, heading, k, rows)
            notes.append(f"{heading.column(k)} is read as days since {first}")
        else:
            exact = _column(column, heading, k, options.floats or "decimal", rows)
        columns.append(exact)
    if options.dates and not any(pa.types.is_temporal(column.type) for column in cells):
        raise DataError(f"{name}: --dates has no use: no column that is read holds dates")
    return heading.chosen(columns, choice, Origin(name, rows), notes, absent)


def _index(schema: Any, keys: Sequence[str]) -> tuple[int, ...]:
    """Positions of the columns that pandas stored as the index of a frame."""
    try:
        stored = json.loads((schema.metadata or {}).get(b"pandas", b"{}"))
        index = [key for key in stored.get("index_columns", []) if isinstance(key, str)]
    except (ValueError, AttributeError, TypeError):
        index = []
    levels = [key for key in keys if key.startswith("__index_level_") and key.endswith("__")]
    return tuple(k for k, key in enumerate(keys) if key in (*index, *levels))


def _is_text(kind: Any) -> bool:
    tests = (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view)
    return any(is_kind(kind) for is_kind in tests)


def _decoded(cells: Any, heading: Heading, place: int) -> Any:
    """A column without its dictionary."""
    if not pa.types.is_dictionary(cells.type):
        return cells
    kind = cells.type.value_type
    if _is_text(kind):
        size = 0
        for chunk in cells.chunks:
            lengths = pc.binary_length(chunk.dictionary.cast(pa.large_string()))
            size += pc.sum(lengths.take(chunk.indices)).as_py() or 0
        require_bytes(size, None, f"{heading.file}, {heading.column(place)}", "shorten the cells")
        kind = pa.large_string()
    return cells.cast(kind)


def _missing(cells: Any) -> Any:
    """Which cells are null or no number; infinite ones are not among them."""
    missing = pc.is_null(cells, nan_is_null=pa.types.is_floating(cells.type))
    return missing.to_numpy()


def _where(heading: Heading, place: int, row: int, rows: Any) -> str:
    row = row if rows is None else int(rows[row])
    return f"{heading.file}, {heading.column(place)}, row {row} (counting from 0)"


def _days(cells: Any, heading: Heading, place: int, rows: Any) -> tuple[Column, str]:
    """Days since the earliest date, and this date."""
    kind = cells.type
    _refuse_nulls(cells, heading, place, rows)
    if pa.types.is_date32(kind):
        ticks, per_day = cells.cast(pa.int32()), 1
    elif pa.types.is_date64(kind):
        ticks, per_day = cells.cast(pa.int64()), _DAY * 1000
    elif pa.types.is_timestamp(kind):
        ticks, per_day = cells.cast(pa.int64()), _DAY * _PER_SECOND[kind.unit]
    else:
        raise DataError(
            f"{heading.file}, {heading.column(place)}: entries of type {kind} are no dates; "
            "convert them to numbers"
        )
    whole = ticks.to_numpy().astype(object)
    first = pc.min(cells)
    exact = [Fraction(int(tick), per_day) for tick in whole - whole.min()]
    return Column.from_fractions(exact), str(first.cast(pa.string()).as_py())


def _refuse_nulls(cells: Any, heading: Heading, place: int, rows: Any) -> None:
    if cells.null_count:
        row = pc.index(pc.is_null(cells), True).as_py()
        raise DataError(
            f"{_where(heading, place, row, rows)}: the cell is null; fill it in or remove the row "
            "(--drop-missing)"
        )


def _column(cells: Any, heading: Heading, place: int, floats: str, rows: Any) -> Column:
    where, kind = f"{heading.file}, {heading.column(place)}", cells.type
    _refuse_nulls(cells, heading, place, rows)
    if pa.types.is_integer(kind) or pa.types.is_floating(kind):
        return heading.column_of_array(cells.to_numpy(), place, floats, rows)
    if pa.types.is_decimal(kind):
        wide = cells.cast(pa.decimal256(76, kind.scale))
        return Column.from_integers(
            integers_of_decimals(wide.combine_chunks()), Fraction(10) ** -kind.scale
        )
    if _is_text(kind):
        column = column_of_cells(cells)
        if isinstance(column, BadCell):
            raise DataError(f"{_where(heading, place, column.row, rows)}: {column.reason}")
        return column
    if pa.types.is_temporal(kind):
        raise DataError(
            f"{where}: entries of type {kind} are dates or times; --dates reads dates as days "
            "since the first of their column"
        )
    raise DataError(
        f"{where}: entries of type {kind} are not numbers; remove the column, name the columns to "
        "read by --x and --y, or convert it to decimals, floats or integers"
    )
