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
from exactsparse.readers.forms import plain_numbers
from exactsparse.readers.options import DEFAULT, ReadOptions
from exactsparse.readers.table import Heading

BLANKS = " "
# Numbers never contain the first three, whereas a comma may be a decimal comma.
_DELIMITERS = (";", "\t", "|", ",", BLANKS)
_QUOTED = re.compile(r'"(?:[^"]|"")*"')
_BLANK_RUN = re.compile(r"[ \t]+")
_COMMENT = re.compile(rb"^[ \t]*#.*$", re.MULTILINE)
# What begins like a number is an unreadable cell and no name.
_LIKE_NUMBER = re.compile(r"\s*['\"$€£¥(+\-\u2212.,\s]*\d")
_SEPARATOR = re.compile(rb"[ \t]*\"?sep=(.)\"?[ \t]*(?=\n|$)", re.IGNORECASE)
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
    index, texts : tuple of int
        Positions of columns without a name in a header, and of columns that begin with text.
    empty : tuple of int
        Position of a last column without name and cells, made by a delimiter that ends rows.
    notes : tuple of str
        How the top of the file was understood.
    """

    delimiter: str
    heading: Heading
    start: int
    line: int
    first: int
    index: tuple[int, ...] = ()
    texts: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    empty: tuple[int, ...] = ()

    @property
    def width(self) -> int:
        """Number of columns."""
        return len(self.heading.names)


def lines_of(data: bytes, start: int = 0, number: int = 1) -> Iterator[Line]:
    """Lines of UTF-8 text that are neither blank nor comments."""
    leading = start == 0
    while start < len(data):
        end = data.find(b"\n", start)
        end = len(data) if end < 0 else end
        text = data[start:end]
        content = text.lstrip()
        remark = content.startswith((b"%", b"!") if leading else b"#") or content.startswith(b"#")
        if start == 0 and _SEPARATOR.fullmatch(text):
            remark = True
        if content and not remark:
            leading = False
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


def layout_of(data: bytes, file: str, y: str | None, options: ReadOptions = DEFAULT) -> Layout:
    """Find delimiter, header and width of UTF-8 text.

    Raises
    ------
    DataError
        If there is nothing but blank lines and comments, or the first row is no header and no
        row of numbers.
    """
    sample = list(_sample(data))
    if not sample:
        raise DataError(f"{file}: the file is empty; it needs a row of numbers for each point")
    stated = _SEPARATOR.match(data)
    delimiter = stated[1].decode() if stated else _delimiter([line.text for line in sample])
    records = records_of(lines_of(data), delimiter, file)
    first, rest = next(records), _next_two(records)
    width = len(first.cells)
    notes = _comments(data, file, delimiter, width)
    if stated:
        notes.append(f"line 1 names the separator {delimiter!r}")
    if not _is_header(first, rest, file, y, options):
        if options.header is None and width > 1:
            notes.append(f"line {first.first.number} is taken as data; --header takes it for names")
        heading = Heading.numbered(file, width)
        line = first.first
        texts = _texts(first)
        return Layout(
            delimiter, heading, line.start, line.number, line.number, (), texts, tuple(notes)
        )
    names = tuple(_name(cell) or f"c{k + 1}" for k, cell in enumerate(first.cells))
    last = first.last
    if _are_units(rest, width):
        units = zip(names, rest[0].cells, strict=True)
        shown = ", ".join(f"{name} in {unit.strip()}" for name, unit in units if unit.strip())
        notes.append(f"line {rest[0].first.number} holds units: {shown}")
        last, rest = rest[0].last, rest[1:]
    bare = (0,) if _name(first.cells[0]) in ("", "Unnamed: 0") and width > 1 else ()
    empty: tuple[int, ...] = ()
    if width > 2 and rest and not (first.cells[-1] + rest[0].cells[-1]).strip():
        empty = (width - 1,)
        notes.append(f"column {width} has neither a name nor a cell and is left out")
    return Layout(
        delimiter,
        Heading(file, names),
        last.end + 1,
        last.number + 1,
        first.first.number,
        bare,
        _texts(rest[0]) if rest else (),
        tuple(notes),
        empty,
    )


def _next_two(records: Iterator[Record]) -> list[Record]:
    """Records below the first; a misplaced quote in them is left to the reader of the rows."""
    found: list[Record] = []
    try:
        found.extend(islice(records, 1))
        found.extend(islice(records, 1))
    except DataError:
        return found
    return found


def _texts(record: Record) -> tuple[int, ...]:
    """Positions of cells that are words."""
    cells = enumerate(record.cells)
    return tuple(k for k, cell in cells if not is_data(cell) and not _LIKE_NUMBER.match(cell))


def _are_units(rest: Sequence[Record], width: int) -> bool:
    """Whether a row of words stands between names and numbers."""
    if len(rest) < 2 or any(len(record.cells) != width for record in rest[:2]):
        return False
    words = [cell for cell in rest[0].cells if cell.strip()]
    if not words or any(is_data(cell) or _LIKE_NUMBER.match(cell) for cell in words):
        return False
    return all(is_data(cell) or _LIKE_NUMBER.match(cell) for cell in rest[1].cells)


def _comments(data: bytes, file: str, delimiter: str, width: int) -> list[str]:
    """Count comment lines, and refuse those that are rows with a cell such as #N/A.

    Raises
    ------
    DataError
        Naming the first such line.
    """
    count = 0
    for line in _COMMENT.finditer(data) if b"#" in data else ():
        text = line[0].decode().strip()
        cells = _cells(_prepared(text, delimiter), delimiter)
        if text[1:2].strip() and len(cells) == width > 1 and all(map(is_data, cells[1:])):
            number = data.count(b"\n", 0, line.start()) + 1
            raise DataError(
                f"{file}, line {number}, column 1: {cells[0]!r} is a missing cell or begins a "
                "comment; fill it in, remove the row, or put a blank after # in a comment"
            )
        count += 1
    for row in data.split(b"\n", _SAMPLE_LINES)[:_SAMPLE_LINES]:
        content = row.strip()
        if content.startswith((b"%", b"!")):
            count += 1
        elif content and not content.startswith(b"#"):
            break
    return [f"{count} comment line{'s' * (count > 1)}"] if count else []


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


def _is_header(
    first: Record, rest: Sequence[Record], file: str, y: str | None, options: ReadOptions
) -> bool:
    if options.header is not None:
        return options.header
    cells = [cell.strip() for cell in first.cells]
    texts = [k for k, cell in enumerate(cells) if not is_data(cell)]
    numbers = [k for k, cell in enumerate(cells) if is_number(cell)]
    if first.all_quoted() and rest and not rest[0].all_quoted():
        return True
    if not texts:
        return False
    if y in [cells[k] for k in texts]:
        return True
    where = f"{file}, line {first.first.number}, column"
    unreadable = [k for k in texts if _LIKE_NUMBER.match(cells[k])]
    if unreadable and any(_unlike_forms(cells[k]) for k in unreadable):
        k = next(k for k in unreadable if _unlike_forms(cells[k]))
        raise DataError(
            f"{where} {k + 1}: {cells[k]!r} is not a finite number and no name; mend the cell, or "
            "give --header if this row holds the names"
        )
    if unreadable and len(unreadable) + len(numbers) == len(cells):
        return False
    if not numbers and not unreadable:
        return True
    k, other = texts[0], (numbers or unreadable)[0]
    raise DataError(
        f"{where} {k + 1}: {cells[k]!r} is text, but {cells[other]!r} in column {other + 1} is a "
        "number; if this row is the header, put its cells in double quotes or give --header, and "
        "otherwise mend the cell"
    )


def _unlike_forms(cell: str) -> bool:
    """Whether a cell that begins like a number has none of the forms of a column of numbers."""
    return not is_data(plain_numbers([cell], DEFAULT, BLANKS)[0][0])
