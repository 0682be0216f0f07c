"""JSON: one object or array on each line, or one array of them; numbers are their decimals."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import Any, NamedTuple

from exactsparse.errors import DataError
from exactsparse.problem.dataset import Dataset, Origin
from exactsparse.readers.advice import text_with_comma
from exactsparse.readers.encoding import plain_utf8
from exactsparse.readers.header import Row, Top, top_of
from exactsparse.readers.limits import require_columns, require_lines
from exactsparse.readers.options import ReadOptions
from exactsparse.readers.rows import CellRows
from exactsparse.readers.table import Heading, first_line

_SHOWN = 40
_BLANK = re.compile(r"[ \t\n]*")
_ARRAY_OF_ROWS = re.compile(r"\s*\[\s*[\[{]")


class _Number(str):
    """A number as it is written."""


class _Pairs(list[tuple[str, Any]]):
    """The entries of an object, in their order."""


class _Record(NamedTuple):
    number: int
    value: Any


_DECODER = json.JSONDecoder(
    parse_float=_Number, parse_int=_Number, parse_constant=_Number, object_pairs_hook=_Pairs
)


def read_json(
    data: bytes, file: str, y: str | None, options: ReadOptions, *, lines: bool
) -> Dataset:
    """Read a table in JSON.

    Parameters
    ----------
    data : bytes
        The whole file.
    file : str
        What messages call it.
    y : str or None
        Name of the label column; None for the last.
    options : ReadOptions
        What else is said about the table.
    lines : bool
        Whether each line is a row; else the file may also be one array of all rows.

    Raises
    ------
    DataError
        If the text is no JSON, or rows differ in their keys.
    """
    data, notes = plain_utf8(data, file)
    text = data.decode()
    whole = not lines and _ARRAY_OF_ROWS.match(text) is not None
    unit = "row" if whole else "line"
    if not whole:
        require_lines(data, file)
    records = _rows_of_array(text, file) if whole else _records(text, file)
    first = list(islice(records, 3))
    if not first:
        raise DataError(f"{file}: the file is empty; it needs a row of numbers for each point")
    keys = _keys(first[0], file, unit)
    rows = [_row(record, keys, file, unit, options) for record in first]
    if keys is None:
        top = top_of(rows, file, y, options, unit)
    else:
        if options.header is not None:
            raise DataError(f"{file}: --header has no use with objects, whose keys are the names")
        top = Top(Heading(file, tuple(keys)), 0, first[0].number)
    require_columns(len(top.heading.names), file)
    choice = top.heading.choose(y, options.x, top.index, top.texts, band=options.band)

    def place(number: int, k: int) -> str:
        return f"{unit} {number}, {top.heading.column(k)}"

    read = CellRows(
        top.heading, choice.places, options, ",", place, choice.optional, text_with_comma
    )
    others = (_row(record, keys, file, unit, options) for record in records)
    for row in chain(rows[top.n_rows :], others):
        if len(row.cells) != len(top.heading.names):
            raise DataError(
                f"{file}, {unit} {row.number}: the row has {len(row.cells)} cells, but "
                f"{unit} {top.first} has {len(top.heading.names)}"
            )
        read.add(row.number, row.cells)
    exact = read.exact()
    notes = (*notes, *top.notes, *exact.notes)
    origin = Origin(file, exact.numbers)
    return top.heading.chosen(exact.columns, choice, origin, notes, exact.absent)


def _rows_of_array(text: str, file: str) -> Iterator[_Record]:
    """Rows of one array, each decoded when it is wanted."""
    place, number = _after_blanks(text, text.index("[") + 1), 0
    while True:
        number += 1
        try:
            value, place = _DECODER.raw_decode(text, place)
        except (ValueError, RecursionError) as error:
            raise DataError(
                f"{file}, row {number}: this is no JSON ({first_line(error)}); the file is one "
                'array of objects as {"x": 1, "y": 2}'
            ) from None
        yield _Record(number, value)
        place = _after_blanks(text, place)
        end = text[place : place + 1]
        place = _after_blanks(text, place + 1)
        if end == "]" and place == len(text):
            return
        if end != ",":
            raise DataError(f"{file}: the array of rows does not end after row {number}")


def _after_blanks(text: str, place: int) -> int:
    found = _BLANK.match(text, place)
    return found.end() if found else place


def _records(text: str, file: str) -> Iterator[_Record]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            yield _Record(number, _DECODER.decode(line))
        except (ValueError, RecursionError) as error:
            raise DataError(
                f"{file}, line {number}: this is no JSON ({first_line(error)}); each line is an "
                'object as {"x": 1, "y": 2}, or the file one array of such objects'
            ) from None


def _keys(record: _Record, file: str, unit: str) -> list[str] | None:
    """Names of the columns; None where rows are arrays."""
    if not isinstance(record.value, list):
        raise DataError(
            f"{file}, {unit} {record.number}: {_shown(record.value)} is no row; a row is an object "
            'as {"x": 1, "y": 2}, or an array of numbers'
        )
    return [key for key, _ in record.value] if isinstance(record.value, _Pairs) else None


def _row(
    record: _Record, keys: Sequence[str] | None, file: str, unit: str, options: ReadOptions
) -> Row:
    where, value = f"{file}, {unit} {record.number}", record.value
    if isinstance(value, _Pairs) != (keys is not None) or not isinstance(value, list):
        raise DataError(f"{where}: {_shown(value)} is no row like the first one")
    if keys is None:
        cells = [_cell(cell, where) for cell in value]
        words = all(isinstance(c, str) and not isinstance(c, _Number) for c in value)
        return Row(record.number, cells, words)
    found = dict(value)
    if len(found) < len(value):
        raise DataError(f"{where}: a key stands twice in the object; remove one of them")
    unknown = next((key for key in found if key not in keys), None)
    if unknown is not None:
        raise DataError(f"{where}: the key {unknown!r} is not among those of the first row")
    absent = next((key for key in keys if key not in found), None)
    if absent is not None and not options.drop_missing:
        raise DataError(
            f"{where}: there is no key {absent!r}; fill it in or remove the row (--drop-missing)"
        )
    return Row(record.number, [_cell(found.get(key), where, key) for key in keys])


def _cell(value: Any, where: str, key: str = "") -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    name = f", key {key!r}" if key else ""
    raise DataError(f"{where}{name}: {_shown(value)} is no number; write one number in each cell")


def _shown(value: Any) -> str:
    kind = "an object" if isinstance(value, _Pairs) else "an array"
    return kind if isinstance(value, list) else repr(str(value)[:_SHOWN])
