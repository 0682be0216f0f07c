"""Parquet tables: integers, floats, decimals and strings, each column by itself."""

from __future__ import annotations

import json
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet

from exactsparse.errors import DataError
from exactsparse.problem.column import Column
from exactsparse.problem.dataset import Dataset, Origin
from exactsparse.readers.cells import BadCell, column_of_cells, integers_of_decimals
from exactsparse.readers.table import Heading, first_line


def read_parquet(
    file: BinaryIO,
    name: str,
    y: str | None,
    x: Sequence[str] | None = None,
    floats: str = "decimal",
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
    x : sequence of str, optional
        Names of the feature columns.
    floats : {"decimal", "binary"}
        How floats are read.

    Raises
    ------
    DataError
        If the file is damaged, or a column holds nulls or no numbers.
    """
    try:
        table = pyarrow.parquet.ParquetFile(file).read()
        table.validate(full=True)
        keys = table.column_names
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise DataError(
            f"{name}: the file is damaged or no Parquet file ({first_line(error)}); write it again"
        ) from None
    heading = Heading(name, tuple(key.strip() for key in keys))
    choice = heading.choose(y, x, _index(table.schema, keys))
    if table.num_rows == 0:
        raise DataError(f"{name}: there is no row; one is needed for each point")
    columns = [
        _column(table.column(k), heading, k, floats) for k in (*choice.features, choice.label)
    ]
    return heading.chosen(columns, choice, Origin(name), ())


def _index(schema: Any, keys: Sequence[str]) -> tuple[int, ...]:
    """Positions of the columns that pandas stored as the index of a frame."""
    try:
        stored = json.loads((schema.metadata or {}).get(b"pandas", b"{}"))
        index = [key for key in stored.get("index_columns", []) if isinstance(key, str)]
    except (ValueError, AttributeError, TypeError):
        index = []
    levels = [key for key in keys if key.startswith("__index_level_") and key.endswith("__")]
    return tuple(k for k, key in enumerate(keys) if key in (*index, *levels))


def _column(cells: Any, heading: Heading, place: int, floats: str) -> Column:
    where = f"{heading.file}, {heading.column(place)}"
    if pa.types.is_dictionary(cells.type):
        cells = cells.cast(cells.type.value_type)
    kind = cells.type
    if cells.null_count:
        row = pc.index(pc.is_null(cells), True).as_py()
        raise DataError(
            f"{where}, row {row} (counting from 0): the cell is null; fill it in or remove the row"
        )
    if pa.types.is_integer(kind) or pa.types.is_floating(kind):
        return heading.column_of_array(cells.to_numpy(), place, floats)
    if pa.types.is_decimal(kind):
        wide = cells.cast(pa.decimal256(76, kind.scale))
        return Column.from_integers(
            integers_of_decimals(wide.combine_chunks()), Fraction(10) ** -kind.scale
        )
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        column = column_of_cells(cells)
        if isinstance(column, BadCell):
            raise DataError(f"{where}, row {column.row} (counting from 0): {column.reason}")
        return column
    raise DataError(
        f"{where}: entries of type {kind} are not numbers; remove the column or convert it to "
        "decimals, floats or integers"
    )
