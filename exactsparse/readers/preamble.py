"""Lines above a table: skipped on request, found where reading fails."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from exactsparse.errors import DataError
from exactsparse.readers.cells import is_data
from exactsparse.readers.header import Row, is_like_data
from exactsparse.readers.layout import cells_of_line, delimiter_of, lines_of

_LOOKED_AT = 200


def without_first_lines(data: bytes, count: int, file: str) -> bytes:
    """Text with its first lines made empty, so that the others keep their numbers.

    Raises
    ------
    DataError
        If there are no more lines than that.
    """
    end = 0
    for _ in range(count):
        end = data.find(b"\n", end) + 1
        if not end:
            lines = len(data.splitlines())
            raise DataError(
                f"{file}: --skip-rows {count} leaves nothing of the {lines} line{'s' * (lines > 1)}"
            )
    return b"\n" * count + data[end:]


def lines_above_table(data: bytes) -> int | None:
    """How many lines of text stand above what looks like a table; None where nothing does."""
    lines = list(islice(lines_of(data), _LOOKED_AT))
    if not lines:
        return None
    delimiter = delimiter_of([line.text for line in lines[len(lines) // 2 :]])
    rows = [Row(line.number, cells_of_line(line.text, delimiter)) for line in lines]
    return rows_above_table(rows)


def rows_above_table(found: Sequence[Row]) -> int | None:
    """How many rows stand above what looks like a table; None where nothing does.

    A table is two rows or more of equally many numbers, down to the end of what is looked at, with
    a row of names above them.
    """
    rows = [row.cells for row in found[:_LOOKED_AT]]
    width = len(rows[-1]) if rows else 0
    start = len(rows)
    while start and len(rows[start - 1]) == width and _is_row_of_data(rows[start - 1]):
        start -= 1
    if width < 2 or len(rows) - start < 2 or not start:
        return None
    if len(rows[start - 1]) == width and not any(map(is_data, rows[start - 1])):
        start -= 1
    # One row of several names, or of as many cells as the table, is its header.
    if start == 1 and (
        len(rows[0]) == width or (len(rows[0]) > 1 and not any(map(is_data, rows[0])))
    ):
        return None
    # Rows of the table itself, with a bad cell among them, are no preamble.
    if any(len(row) > 1 and all(map(is_like_data, row)) for row in rows[:start]):
        return None
    return found[start].number - 1 if start else None


def _is_row_of_data(cells: Sequence[str]) -> bool:
    return all(cell.strip() and is_data(cell) for cell in cells)
