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
from exactsparse.readers.cells import is_data
from exactsparse.readers.header import Row, Top, top_of
from exactsparse.readers.limits import require_columns
from exactsparse.readers.options import DEFAULT, ReadOptions
from exactsparse.readers.table import Heading

BLANKS = " "
# Numbers never contain the first three, whereas a comma may be a decimal comma.
_DELIMITERS = (";", "\t", "|", ",", BLANKS)
_QUOTED = re.compile(r'"(?:[^"]|"")*"')
_BLANK_RUN = re.compile(r"[ \t]+")
_COMMENT = re.compile(rb"^[ \t]*#.*$", re.MULTILINE)
_BLANK_LINES = re.compile(rb"\n+")
_GROUPED = re.compile(r"[-+]?[1-9]\d{0,2}( \d{3})+([.,]\d*)?", re.ASCII)
_LEADING = re.compile(rb"^.+$", re.MULTILINE)
_SEPARATOR = re.compile(rb"[ \t]*\"?sep=(.)\"?[ \t]*(?=\n|$)", re.IGNORECASE)
_SAMPLE_LINES = 50
_SAMPLE_BYTES = 100_000
_SCORED = 1_000


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
    top : Top
        What the first rows say of the columns.
    start, line : int
        Byte offset and line number from which on the text holds rows of numbers.
    notes : tuple of str
        How the top of the file was understood.
    """

    delimiter: str
    top: Top
    start: int
    line: int
    notes: tuple[str, ...] = ()

    @property
    def heading(self) -> Heading:
        """Names of the columns."""
        return self.top.heading

    @property
    def width(self) -> int:
        """Number of columns."""
        return len(self.heading.names)


def lines_of(data: bytes, start: int = 0, number: int = 1) -> Iterator[Line]:
    """Lines of UTF-8 text that are neither blank nor comments."""
    leading = start == 0
    while start < len(data):
        if run := _BLANK_LINES.match(data, start):
            start, number = run.end(), number + len(run[0])
            continue
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
    delimiter = stated[1].decode() if stated else delimiter_of([line.text for line in sample])
    records = records_of(lines_of(data), delimiter, file)
    first = next(records)
    require_columns(len(first.cells), file)
    top_records = [first, *_next_two(records)]
    rows = [Row(r.first.number, r.cells, r.all_quoted()) for r in top_records]
    top = top_of(rows, file, y, options)
    notes = _comments(data, file, delimiter, len(first.cells))
    if stated:
        notes.append(f"line 1 names the separator {delimiter!r}")
    if not top.n_rows:
        if options.header is None:
            top = _named_by_comment(top, data, first.first, delimiter)
        return Layout(delimiter, top, first.first.start, first.first.number, tuple(notes))
    last = top_records[top.n_rows - 1].last
    return Layout(delimiter, top, last.end + 1, last.number + 1, tuple(notes))


def _named_by_comment(top: Top, data: bytes, first: Line, delimiter: str) -> Top:
    """Names of columns from a comment just above the first row, where it has one for each."""
    above = data[: max(first.start - 1, 0)].rpartition(b"\n")[2].decode().strip()
    content = above.lstrip("#%! \t")
    if content == above:
        return top
    names = [cell.strip() for cell in cells_of_line(content, delimiter)]
    return top.named(names, f"the comment on line {first.number - 1}")


def _next_two(records: Iterator[Record]) -> list[Record]:
    """Records below the first; a misplaced quote in them is left to the reader of the rows."""
    found: list[Record] = []
    try:
        found.extend(islice(records, 1))
        found.extend(islice(records, 1))
    except DataError:
        return found
    return found


def _comments(data: bytes, file: str, delimiter: str, width: int) -> list[str]:
    """Count comment lines, and refuse those that are rows with a cell such as #N/A.

    Raises
    ------
    DataError
        Naming the first such line.
    """
    count = 0
    for line in _COMMENT.finditer(data) if b"#" in data else ():
        count += 1
        text = line[0].decode().strip()
        if not text[1:2].strip():
            continue
        cells = cells_of_line(text, delimiter)
        if len(cells) == width > 1 and all(map(is_data, cells[1:])):
            number = data.count(b"\n", 0, line.start()) + 1
            raise DataError(
                f"{file}, line {number}, column 1: {cells[0]!r} is a missing cell or begins a "
                "comment; fill it in, remove the row, or put a blank after # in a comment"
            )
    for leading in _LEADING.finditer(data):
        content = leading[0].strip()
        if content.startswith((b"%", b"!")):
            count += 1
        elif content and not content.startswith(b"#") and not _SEPARATOR.fullmatch(content):
            break
    return [f"{count} comment line{'s' * (count > 1)}"] if count else []


def _sample(data: bytes) -> Iterator[Line]:
    for count, line in enumerate(islice(lines_of(data), _SAMPLE_LINES)):
        if count >= 2 and line.start > _SAMPLE_BYTES:
            return
        yield line


def _prepared(text: str, delimiter: str) -> str:
    return _BLANK_RUN.sub(BLANKS, text).strip(BLANKS) if delimiter == BLANKS else text


def _is_scored(cell: str) -> bool:
    """Whether a cell speaks for its delimiter: blanks between thousands stand inside a cell."""
    return is_data(cell) or _GROUPED.fullmatch(cell.strip()) is not None


def cells_of_line(line: str, delimiter: str) -> list[str]:
    """Cells of one line; none where its quotes are misplaced."""
    try:
        return next(csv.reader([_prepared(line, delimiter)], delimiter=delimiter), [])
    except csv.Error:
        return []


def delimiter_of(lines: Sequence[str]) -> str:
    """Delimiter that splits the most lines into equally many numbers, or at least cells."""
    best, best_score = ",", (0, 0)
    for delimiter in _DELIMITERS:
        rows = [cells_of_line(line, delimiter) for line in lines]
        width = mode(map(len, rows))
        regular = [row for row in rows if len(row) == width > 1]
        numbers = sum(all(map(_is_scored, row[:_SCORED])) for row in regular)
        score = (numbers, len(regular))
        if score > best_score:
            best, best_score = delimiter, score
    return best
