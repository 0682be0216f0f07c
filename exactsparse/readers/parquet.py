"""Parquet tables: integers, floats, decimals and strings, each column by itself."""

from __future__ import annotations

import re
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

# pandas stores its row index last, where it would pass for the label.
_PANDAS_INDEX = re.compile(r"__index_level_\d+__")


def read_parquet(file: BinaryIO, name: str, y: str | None) -> Dataset:
    """Read a Parquet file.

    Parameters
    ----------
    file : binary file
        Open at its start.
    name : str
        What messages call it.
    y : str or None
        Name of the label column; None for the last.

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
    kept = [k for k, key in enumerate(keys) if not _PANDAS_INDEX.fullmatch(key)]
    heading = Heading(name, tuple(keys[k].strip() for k in kept))
    label = heading.label(y)
    if table.num_rows == 0:
        raise DataError(f"{name}: there is no row; one is needed for each point")
    columns = [_column(table.column(k), heading, place) for place, k in enumerate(kept)]
    return heading.dataset(columns, label, Origin(name))


def _column(cells: Any, heading: Heading, place: int) -> Column:
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
        return heading.column_of_array(cells.to_numpy(), place)
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
