"""The top of a table of cells: names and units, or data at once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from exactsparse.errors import DataError
from exactsparse.readers.advice import advice_on
from exactsparse.readers.cells import is_data, is_number
from exactsparse.readers.dates import is_date
from exactsparse.readers.forms import AmbiguousCommas, PointAmongCommas, plain_numbers
from exactsparse.readers.options import ReadOptions
from exactsparse.readers.table import Heading

# What begins like a number is an unreadable cell and no name.
_LIKE_NUMBER = re.compile(r"\s*['\"$€£¥(+\-\u2212.,\s]*\d")


class Row(NamedTuple):
    """Cells of a row, its number as a person counts it, and whether all are in double quotes."""

    number: int
    cells: list[str]
    quoted: bool = False


@dataclass(frozen=True)
class Top:
    """What the first rows of a table say of its columns.

    Parameters
    ----------
    heading : Heading
        Names of the columns.
    n_rows : int
        How many rows hold names or units, and no data.
    first : int
        Number of the row that sets the width.
    index, texts : tuple of int
        Positions of columns without a name in a header, and of columns that begin with text.
    empty : tuple of int
        Position of a last column without name and cells, made by a delimiter that ends rows.
    notes : tuple of str
        How the rows were understood.
    """

    heading: Heading
    n_rows: int
    first: int
    index: tuple[int, ...] = ()
    texts: tuple[int, ...] = ()
    empty: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()

    def named(self, names: Sequence[str], where: str) -> Top:
        """Give names found elsewhere to columns that have none."""
        if self.heading.given or len(names) != len(self.heading.names):
            return self
        if len(set(names)) < len(names) or any(map(is_like_data, names)):
            return self
        heading = replace(self.heading, names=tuple(names), given=True)
        return replace(self, heading=heading, notes=(f"the names of columns are those of {where}",))


def top_of(
    rows: Sequence[Row], file: str, y: str | None, options: ReadOptions, unit: str = "line"
) -> Top:
    """Understand the first rows of a table.

    Parameters
    ----------
    rows : sequence of Row
        The first three, or fewer where there are no more.
    file : str
        What messages call the table.
    y : str or None
        Name of the label column.
    options : ReadOptions
        What is said about the table.
    unit : str
        What messages call a row: line or row.

    Raises
    ------
    DataError
        If the first row is no header and no row of numbers.
    """
    first, rest = rows[0], rows[1:]
    width = len(first.cells)
    if not _is_header(first, rest, f"{file}, {unit} {first.number}", y, options):
        notes: tuple[str, ...] = ()
        if options.header is None and width > 1:
            notes = (f"{unit} {first.number} is taken as data; --header takes it for names",)
        heading = Heading.numbered(file, width)
        return Top(heading, 0, first.number, texts=_texts(first), notes=notes)
    names = tuple(_name(cell) or f"c{k + 1}" for k, cell in enumerate(first.cells))
    said, n_rows = [], 1
    if options.header is None and all(map(is_data, first.cells)):
        said.append(
            f"{unit} {first.number} is taken for names, because all its cells are written as text; "
            "--no-header takes it as data"
        )
    if _are_units(rest, width):
        units = zip(names, rest[0].cells, strict=True)
        shown = ", ".join(f"{name} in {unit.strip()}" for name, unit in units if _unit(unit))
        said.append(f"{unit} {rest[0].number} holds units: {shown}")
        n_rows, rest = 2, rest[1:]
    bare = (0,) if _name(first.cells[0]) in ("", "Unnamed: 0") and width > 1 else ()
    empty: tuple[int, ...] = ()
    if width > 2 and rest and not (first.cells[-1] + rest[0].cells[-1]).strip():
        empty = (width - 1,)
        said.append(f"column {width} has neither a name nor a cell and is left out")
    for k, cell in enumerate(first.cells):
        if not _name(cell) and k not in (*bare, *empty):
            said.append(f"column {k + 1} has no name, and is called c{k + 1}")
    texts = _texts(rest[0]) if rest else ()
    return Top(Heading(file, names), n_rows, first.number, bare, texts, empty, tuple(said))


def is_like_data(cell: str) -> bool:
    """Whether a cell is data, or begins like a number."""
    return is_data(cell) or _LIKE_NUMBER.match(cell) is not None


def _texts(row: Row) -> tuple[int, ...]:
    """Positions of cells that are words."""
    cells = enumerate(row.cells)
    return tuple(k for k, cell in cells if not is_like_data(cell))


def _are_units(rest: Sequence[Row], width: int) -> bool:
    """Whether a row of words stands between names and numbers; words below have no unit."""
    if len(rest) < 2 or any(len(row.cells) != width for row in rest[:2]):
        return False
    words = [cell for cell in rest[0].cells if _unit(cell)]
    if not words or any(map(is_like_data, words)):
        return False
    below = list(zip(rest[0].cells, map(is_like_data, rest[1].cells), strict=True))
    return any(data for _, data in below) and all(data or not _unit(cell) for cell, data in below)


def _unit(cell: str) -> str:
    """A unit, empty where a dash says that there is none."""
    return cell.strip().strip("-\N{EN DASH}\N{EM DASH}")


def _name(cell: str) -> str:
    return " ".join(cell.splitlines()).strip()


def _is_header(
    first: Row, rest: Sequence[Row], where: str, y: str | None, options: ReadOptions
) -> bool:
    if options.header is not None:
        return options.header
    cells = [cell.strip() for cell in first.cells]
    texts = [k for k, cell in enumerate(cells) if not is_data(cell)]
    numbers = [k for k, cell in enumerate(cells) if is_number(cell) or is_date(cell)]
    if first.quoted and rest and not rest[0].quoted:
        return True
    if not texts:
        return False
    if y in [cells[k] for k in texts]:
        return True
    unreadable = [k for k in texts if _LIKE_NUMBER.match(cells[k])]
    if unreadable and any(_unlike_forms(cells[k], options) for k in unreadable):
        k = next(k for k in unreadable if _unlike_forms(cells[k], options))
        advice = advice_on(cells[k]) or "mend the cell"
        raise DataError(
            f"{where}, column {k + 1}: {cells[k]!r} is not a finite number and no name; "
            f"{advice}, or give --header if this row holds the names"
        )
    if unreadable and len(unreadable) + len(numbers) == len(cells):
        return False
    if not numbers and not unreadable:
        return True
    k, other = texts[0], (numbers or unreadable)[0]
    raise DataError(
        f"{where}, column {k + 1}: {cells[k]!r} is text, but {cells[other]!r} in column "
        f"{other + 1} is a number; if this row is the header, put its cells in double quotes or "
        "give --header; if the table lies on its side, one column for each point, turn it; and "
        "otherwise mend the cell"
    )


def _unlike_forms(cell: str, options: ReadOptions) -> bool:
    """Whether a cell that begins like a number has none of the forms of a column of numbers."""
    try:
        return not is_data(plain_numbers([cell], options, " ")[0][0])
    except (AmbiguousCommas, PointAmongCommas):
        return False
