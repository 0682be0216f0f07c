"""Rows of cells of text become exact columns, whatever kind of file they come from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from exactsparse.errors import DataError
from exactsparse.problem.column import Column
from exactsparse.readers.advice import is_missing
from exactsparse.readers.cells import BadCell, column_of_cells
from exactsparse.readers.dates import days_since_first, is_date
from exactsparse.readers.forms import WITH_COMMAS, AmbiguousCommas, PointAmongCommas, plain_numbers
from exactsparse.readers.kept_rows import rows_dropped
from exactsparse.readers.options import ReadOptions
from exactsparse.readers.table import Heading


class ExactRows(NamedTuple):
    """Columns, the number of each row in its file, and what was done."""

    columns: list[Column]
    numbers: NDArray[np.int64]
    notes: tuple[str, ...] = ()
    absent: dict[int, NDArray[np.bool_]] | None = None


@dataclass
class CellRows:
    """The cells that are read, row by row.

    Parameters
    ----------
    heading : Heading
        Names of all columns of the file.
    places : sequence of int
        The columns that are read.
    options : ReadOptions
        What is said about the table.
    delimiter : str
        What stands between cells; a comma that is none may be a decimal comma.
    place : callable
        What messages call a cell, from the number of its row and its column.
    optional : mapping of int to float
        The columns of bounds, of which a cell may be missing or the infinity given.
    advise : callable
        Why a cell is refused, where this kind of file has more to say about it than text.
    """

    heading: Heading
    places: Sequence[int]
    options: ReadOptions
    delimiter: str
    place: Callable[[int, int], str]
    optional: Mapping[int, float] = field(default_factory=dict)
    advise: Callable[[str], str] = field(default=lambda _: "")
    rows: list[list[str]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    dropped: int = 0

    def add(self, number: int, cells: Sequence[str]) -> None:
        """Add the row of all cells, or drop it where a cell that is read is missing."""
        read = [cells[k] for k in self.places]
        if self.options.drop_missing and any(
            is_missing(cell)
            for k, cell in zip(self.places, read, strict=True)
            if k not in self.optional
        ):
            self.dropped += 1
            return
        self.rows.append(read)
        self.numbers.append(number)

    def exact(self) -> ExactRows:
        """Exact columns of all rows.

        Raises
        ------
        DataError
            Naming the first bad cell, if there is one, or if there is no row.
        """
        file, notes = self.heading.file, []
        if self.dropped and not self.rows:
            raise DataError(f"{file}: every row has a missing cell, so --drop-missing leaves none")
        if not self.rows:
            raise DataError(f"{file}: there is no row; one is needed for each point")
        if self.dropped:
            notes.append(rows_dropped(self.dropped))
        columns, faults, dated = [], [], 0
        commas: list[int] = []
        points: list[int] = []
        absent: dict[int, NDArray[np.bool_]] = {}
        for k, cells in zip(self.places, zip(*self.rows, strict=True), strict=True):
            column: Column | BadCell
            if k in self.optional:
                none = [_is_no_bound(cell, self.optional[k]) for cell in cells]
                absent[k] = np.array(none)
                cells = tuple("0" if out else cell for out, cell in zip(none, cells, strict=True))
            if self.options.dates and any(map(is_date, cells)):
                if k in self.optional:
                    raise DataError(
                        f"{file}, {self.heading.column(k)}: bounds are not read as dates; write "
                        "them as numbers"
                    )
                dated += 1
                column, said = self._days(cells)
            else:
                column, said = self._numbers(k, cells)
                if f"is read {WITH_COMMAS}" in said:
                    commas.append(k)
                elif any("." in cell for cell in cells):
                    points.append(k)
            notes.extend(f"{self.heading.column(k)} {what}" for what in said)
            if isinstance(column, BadCell):
                faults.append((column.row, k, column.reason))
            else:
                columns.append(column)
        if faults:
            row, k, reason = min(faults)
            cell = self.rows[row][list(self.places).index(k)]
            reason = self.advise(cell) or reason
            raise DataError(f"{file}, {self.place(self.numbers[row], k)}: {reason}")
        if commas and points and self.options.decimal is None:
            raise DataError(
                f"{file}: {self.heading.column(points[0])} has points, but "
                f"{self.heading.column(commas[0])} decimal commas; where points stand between "
                "thousands give --decimal , --thousands . and else write one sign"
            )
        if self.options.dates and not dated:
            raise DataError(f"{file}: --dates has no use: no column that is read holds dates")
        return ExactRows(columns, np.array(self.numbers, dtype=np.int64), tuple(notes), absent)

    def _days(self, cells: Sequence[str]) -> tuple[Column | BadCell, list[str]]:
        days, said = days_since_first(cells)
        if isinstance(days, int):
            return BadCell(days, said), []
        return Column.from_fractions(days), [f"is read as days since {said}"]

    def _numbers(self, k: int, cells: Sequence[str]) -> tuple[Column | BadCell, list[str]]:
        try:
            plain, said = plain_numbers(cells, self.options, self.delimiter)
        except AmbiguousCommas:
            raise DataError(
                f"{self.heading.file}, {self.heading.column(k)}: every comma may be a decimal "
                "comma or stand between thousands; give --decimal , or --thousands ,"
            ) from None
        except PointAmongCommas as error:
            place, cell = error.args
            return BadCell(
                place,
                f"{cell!r} has a point, but the decimal sign is a comma; where points stand "
                "between thousands give --thousands .",
            ), []
        column = column_of_cells(pa.array(plain, pa.large_string()))
        said = [f"is read {form}" for form in said]
        quotient = next((cell for cell in plain if "/" in cell), None)
        if quotient is not None:
            said.append(f"holds quotients, as {quotient}")
        return column, said


def _is_no_bound(cell: str, infinity: float) -> bool:
    """Whether a cell of bounds holds none; the infinity of the other side is a mistake."""
    word = cell.strip().lower()
    if word.lstrip("+-") in ("inf", "infinity"):
        return word.startswith("-") == (infinity < 0)
    return is_missing(cell)
