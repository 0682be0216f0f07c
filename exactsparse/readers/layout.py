"""The layout of delimited text: its records, its delimiter, its header."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from statistics import mode
from typing import NamedTuple

from exactsparse.errors import DataError
from exactsparse.readers.cells import is_data, is_number
from exactsparse.readers.table import Heading

BLANKS = " "
# Numbers never contain the first three, whereas a comma may be a decimal comma.
_DELIMITERS = (";", "\t", "|", ",", BLANKS)
_QUOTED = re.compile(r'"(?:[^"]|"")*"')
_BLANK_RUN = re.compile(r"[ \t]+")
_SAMPLE_LINES = 50
_SAMPLE_BYTES = 100_000


class Line(NamedTuple):
    """A line that holds data: its number in the file, and where it starts and ends."""

    number: int
    start: int
    end: int
    text: str


class Record(NamedTuple):
    """The cells of one row, and the lines that it spans."""

    first: Line
    last: Line
    cells: list[str]

    def all_quoted(self) -> bool:
        """Whether every cell stands in double quotes."""
        between, count = _QUOTED.subn("", self.first.text)
        return count == len(self.cells) and not between.strip(" \t,;|")


@dataclass(frozen=True)
class Layout:
    """How to read the rows of a text.

    Parameters
    ----------
    delimiter : str
        One character; ``BLANKS`` stands for runs of blanks and tabs.
    heading : Heading
        Names of the columns.
    start, line : int
        Byte offset and line number from which on the text holds rows of numbers.
    first : int
        Line of the header, or of the first row where there is none: it sets the width.
    """

    delimiter: str
    heading: Heading
    start: int
    line: int
    first: int

    @property
    def width(self) -> int:
        """Number of columns."""
        return len(self.heading.names)


def lines_of(data: bytes, start: int = 0, number: int = 1) -> Iterator[Line]:
    """Lines of UTF-8 text that are neither blank nor comments."""
    while start < len(data):
        end = data.find(b"\n", start)
        end = len(data) if end < 0 else end
        text = data[start:end]
        content = text.lstrip()
        if content and not content.startswith(b"#"):
            yield Line(number, start, end, text.decode())
        start, number = end + 1, number + 1


def records_of(lines: Iterable[Line], delimiter: str, file: str) -> Iterator[Record]:
    """Split delimited text into records, by Python's csv module.

    Raises
    ------
    DataError
        If a quote does not close where a cell ends.
    """
    span: list[Line] = []

    def feed() -> Iterator[str]:
        for line in lines:
            span.append(line)
            yield _prepared(line.text, delimiter) + "\n"

    reader = csv.reader(
        feed(), delimiter=delimiter, skipinitialspace=delimiter != BLANKS, strict=True
    )
    while True:
        span.clear()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise DataError(
                f'{file}, line {span[0].number}: a double quote (") is misplaced, or a cell is '
                f"too long ({error}); mend or remove the quotes of this row"
            ) from None
        yield Record(span[0], span[-1], cells)


def layout_of(data: bytes, file: str, y: str | None) -> Layout:
    """Find delimiter, header and width of UTF-8 text.

    Raises
    ------
    DataError
        If there is nothing but blank lines and comments, or the first row mixes text and numbers.
    """
    sample = list(_sample(data))
    if not sample:
        raise DataError(f"{file}: the file is empty; it needs a row of numbers for each point")
    delimiter = _delimiter([line.text for line in sample])
    first, *rest = islice(records_of(lines_of(data), delimiter, file), 2)
    if not _is_header(first, rest, file, y):
        heading = Heading.numbered(file, len(first.cells))
        return Layout(delimiter, heading, first.first.start, first.first.number, first.first.number)
    names = tuple(_name(cell) or f"c{k + 1}" for k, cell in enumerate(first.cells))
    return Layout(
        delimiter,
        Heading(file, names),
        first.last.end + 1,
        first.last.number + 1,
        first.first.number,
    )


def _name(cell: str) -> str:
    return " ".join(cell.splitlines()).strip()


def _sample(data: bytes) -> Iterator[Line]:
    for count, line in enumerate(islice(lines_of(data), _SAMPLE_LINES)):
        if count >= 2 and line.start > _SAMPLE_BYTES:
            return
        yield line


def _prepared(text: str, delimiter: str) -> str:
    return _BLANK_RUN.sub(BLANKS, text).strip(BLANKS) if delimiter == BLANKS else text


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


def _delimiter(lines: Sequence[str]) -> str:
    """Delimiter that splits the most lines into equally many numbers, or at least cells."""
    best, best_score = ",", (0, 0)
    for delimiter in _DELIMITERS:
        rows = [_cells(_prepared(line, delimiter), delimiter) for line in lines]
        width = mode(map(len, rows))
        regular = [row for row in rows if len(row) == width > 1]
        score = (sum(all(map(is_data, row)) for row in regular), len(regular))
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _is_header(first: Record, rest: Sequence[Record], file: str, y: str | None) -> bool:
    cells = [cell.strip() for cell in first.cells]
    texts = [k for k, cell in enumerate(cells) if not is_data(cell)]
    numbers = [k for k, cell in enumerate(cells) if is_number(cell)]
    if texts and not numbers:
        return True
    if first.all_quoted() and rest and not rest[0].all_quoted():
        return True
    if not texts:
        return False
    if y in [cells[k] for k in texts]:
        return True
    raise DataError(
        f"{file}, line {first.first.number}, column {texts[0] + 1}: {cells[texts[0]]!r} is text, "
        f"but {cells[numbers[0]]!r} in column {numbers[0] + 1} is a number; if this row is the "
        "header, put its cells in double quotes, and otherwise mend the cell"
    )
