"""Workbooks, .xlsx and .ods, by python-calamine: the numbers that cells hold, not their display."""

from __future__ import annotations

import datetime as dt
import io
from fractions import Fraction
from itertools import islice
from typing import TYPE_CHECKING, Any

from exactsparse.errors import DataError
from exactsparse.packages import require_package
from exactsparse.problem.dataset import Dataset, Origin
from exactsparse.readers.advice import text_with_comma
from exactsparse.readers.header import Row, top_of
from exactsparse.readers.limits import require_columns
from exactsparse.readers.options import ReadOptions
from exactsparse.readers.preamble import rows_above_table
from exactsparse.readers.rows import CellRows
from exactsparse.readers.table import first_line, listed, meant
from exactsparse.readers.workbook_size import require_small_workbook

if TYPE_CHECKING:
    from python_calamine import CalamineSheet


def read_sheet(data: bytes, name: str, y: str | None, options: ReadOptions) -> Dataset:
    """Read one sheet of a workbook.

    Parameters
    ----------
    data : bytes
        The file.
    name : str
        What messages call it.
    y : str or None
        Name of the label column; None for the last.
    options : ReadOptions
        What else is said about the table.

    Raises
    ------
    DataError
        If the file is damaged or too large, no sheet is named where several have cells, or a cell
        is no number.
    MissingPackageError
        If python-calamine is not installed.
    """
    calamine = require_package("python_calamine", "sheets")
    sheet = _sheet(calamine, data, name, options.sheet)
    file = f"{name}, sheet {sheet.name!r}"
    rows, left = _rows(sheet, options)
    if not rows:
        raise DataError(f"{file}: there is no row of cells; one is needed for each point")
    require_columns(len(rows[0].cells), file)
    try:
        return _dataset(rows, left, sheet.name, name, y, options)
    except DataError as error:
        filled = [Row(n, [cell for cell in cells if cell]) for n, cells, _ in rows]
        above = None if options.skip_rows else rows_above_table(filled)
        if above is None:
            raise
        raise DataError(
            f"{error}; if the table begins in row {above + 1}, give --skip-rows {above}"
        ) from None


def _dataset(
    rows: list[Row], left: int, sheet: str, name: str, y: str | None, options: ReadOptions
) -> Dataset:
    file = f"{name}, sheet {sheet!r}"
    top = top_of(rows[:3], file, y, options, unit="row")
    choice = top.heading.choose(y, options.x, top.index, top.texts, top.empty, options.band)

    def place(number: int, k: int) -> str:
        return f"cell {_letters(left + k)}{number} ({top.heading.names[k]!r})"

    read = CellRows(top.heading, choice.places, options, ",", place, choice.optional, _advice)
    for row in islice(rows, top.n_rows, None):
        read.add(row.number, row.cells)
    exact = read.exact()
    skipped = (f"the first {options.skip_rows} rows skipped",) if options.skip_rows else ()
    notes = (f"sheet {sheet!r}", *skipped, *top.notes, *exact.notes)
    origin = Origin(name, exact.numbers)
    return top.heading.chosen(exact.columns, choice, origin, notes, exact.absent)


def _sheet(calamine: Any, data: bytes, name: str, wanted: str | None) -> CalamineSheet:
    require_small_workbook(data, name)
    try:
        workbook = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        about = workbook.sheets_metadata
        names = [s.name for s in about if s.typ == calamine.SheetTypeEnum.WorkSheet]
        if wanted is not None and wanted not in names:
            raise DataError(
                f"{name}: there is no sheet named {wanted!r}; {meant(wanted, names)}The sheets "
                f"are: {listed(names)}"
            )
        sheets = [workbook.get_sheet_by_name(n) for n in names if wanted in (None, n)]
    except DataError:
        raise
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise DataError(
            f"{name}: the file is damaged, locked by a password or no workbook "
            f"({first_line(error)}); save it again as .xlsx or .csv"
        ) from None
    filled = [sheet for sheet in sheets if sheet.start is not None]
    if not filled:
        raise DataError(f"{name}: there is no cell in {'the sheet' if wanted else 'any sheet'}")
    if len(filled) > 1:
        shown = listed([repr(sheet.name) for sheet in filled])
        raise DataError(f"{name}: several sheets hold cells ({shown}); name one by --sheet")
    found: CalamineSheet = filled[0]
    return found


def _rows(sheet: CalamineSheet, options: ReadOptions) -> tuple[list[Row], int]:
    """Rows that are not empty, and the column, counted from 0, in which they begin."""
    above, left = sheet.start or (0, 0)
    values = enumerate(sheet.to_python(skip_empty_area=True), above + 1)
    kept = [(n, cells) for n, cells in values if n > options.skip_rows]
    filled = [[k for k, cell in enumerate(cells) if cell != ""] for _, cells in kept]
    first = min((places[0] for places in filled if places), default=0)
    last = max((places[-1] for places in filled if places), default=-1)
    rows = []
    for (number, cells), places in zip(kept, filled, strict=True):
        if places:
            box = cells[first : last + 1]
            words = all(isinstance(cell, str) for cell in box)
            rows.append(Row(number, [_text(c, options.floats) for c in box], words))
    return rows, left + first


def _advice(cell: str) -> str:
    """What to say of a cell of a sheet that would be told otherwise in text."""
    if not cell.strip():
        return (
            "the cell is empty, or holds an error, or a formula that was never computed; fill it "
            "in or remove the row (--drop-missing)"
        )
    return text_with_comma(cell)


def _text(cell: Any, floats: str | None) -> str:
    """A cell as the text of what it holds."""
    if isinstance(cell, float):
        # Whole numbers are written without a point, as a spreadsheet shows them.
        if cell.is_integer() and abs(cell) < 1e15:
            return str(int(cell))
        return str(Fraction(cell)) if floats == "binary" else repr(cell)
    if isinstance(cell, dt.date | dt.datetime):
        # Their calendar has a 29 February 1900, which shifts what comes before.
        early = " (days before 1900-03-01 are not the same in all programs)"
        return cell.isoformat() + (early if cell.timetuple()[:2] < (1900, 3) else "")
    return str(cell)


def _letters(column: int) -> str:
    """Name of a column of a sheet, counted from 0.

    Examples
    --------
    >>> _letters(0), _letters(25), _letters(26), _letters(16383)
    ('A', 'Z', 'AA', 'XFD')
    """
    name = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        name = chr(ord("A") + letter) + name
    return name
