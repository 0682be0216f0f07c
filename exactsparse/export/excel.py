"""A formula as a workbook: a live formula in cells, over a table of pieces or neurons.

No constant stands in a formula, so that none is cut to the 15 digits that Excel shows, and no
formula is long.  Text from headers of files is written as text and never read as a formula.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from exactsparse.errors import OutputError
from exactsparse.exact.numbers import rational_text, to_float
from exactsparse.export.formula import Formula
from exactsparse.export.rounding import FloatNeurons, FloatPieces, accuracy
from exactsparse.packages import require_package
from exactsparse.printable import printable

# What a sheet holds, the largest number of a cell, and the longest text.
_MOST_ROWS, _MOST_COLUMNS = 1_048_576, 16_384
_LARGEST = 9.99e307
_MOST_TEXT = 30_000
_MOST_EXAMPLES = 20
# A formula has 8,192 characters.
_MOST_RUNS = 40
_TITLES = ("from", "to", "slope", "intercept", "anchor", "value at anchor")


class _Double(float):
    """A float64 that is written with all its digits, 17; the writer's 16 do not tell them all."""

    def __format__(self, _: str) -> str:
        return repr(float(self))


def workbook(formula: Formula) -> bytes:
    """An .xlsx file: a sheet of arguments and values, the numbers behind, where they come from.

    Parameters
    ----------
    formula : Formula
        Of any number of features.

    Raises
    ------
    OutputError
        If a number exceeds what Excel can hold, or the table its rows or columns.
    MissingPackageError
        If XlsxWriter is not installed.
    """
    xlsxwriter = require_package("xlsxwriter", "sheets")
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        bold = book.add_format({"bold": True})
        function = _Sheet(book.add_worksheet("function"), bold)
        names = [*formula.features, formula.label]
        for column, name in enumerate(names):
            function.text(0, column, name, bold)
        if formula.all_pieces is None:
            points = [(Fraction(0),) * len(formula.features)]
            value = _neurons(_Sheet(book.add_worksheet("neurons"), bold), formula)
        else:
            places = sorted({*formula.ends, *formula.knots[:_MOST_EXAMPLES]})
            points = [(place,) for place in places]
            value = _pieces(_Sheet(book.add_worksheet("pieces"), bold), formula)
        for row, point in enumerate(points, start=1):
            for column, at in enumerate(point):
                function.number(row, column, to_float(at))
            # Of {3} the cell of this row in column 3.
            text = re.sub(r"\{(\d+)\}", rf"{{\1}}{row + 1}", value)
            text = re.sub(r"\{(\d+)\}", lambda column: _letters(int(column[1])), text)
            result = to_float(formula(point))
            function.sheet.write_formula(row, len(point), text, None, result)
        about = _Sheet(book.add_worksheet("about"), bold)
        lines = (
            f"{formula.label} from {', '.join(formula.features)}",
            *formula.provenance,
            *accuracy(formula),
            "Write arguments into the first sheet, and copy its formula down. "
            "What is no number gives #N/A.",
        )
        for row, line in enumerate(lines):
            about.text(row, 0, line)
        function.sheet.set_column(0, len(names) - 1, 18)
    return buffer.getvalue()


@dataclass(frozen=True)
class _Sheet:
    """A sheet into which numbers go in full, and texts as texts."""

    sheet: Any
    bold: Any

    def text(self, row: int, column: int, text: str, form: Any = None) -> None:
        self._require_room(row, column)
        shown = printable(text)
        shown = shown if len(shown) <= _MOST_TEXT else f"{shown[:_MOST_TEXT]}…"
        # Not write(), which takes a text that begins with = for a formula.
        self.sheet.write_string(row, column, shown, form)

    def number(self, row: int, column: int, value: float) -> None:
        self._require_room(row, column)
        if abs(value) > _LARGEST:
            raise OutputError(
                f"{value!r} exceeds the numbers of Excel, 9.99e307; exact are "
                "to_python(exact=True), to_sympy(), the .csv and the .json export"
            )
        self.sheet.write_number(row, column, _Double(value))

    def _require_room(self, row: int, column: int) -> None:
        if row >= _MOST_ROWS or column >= _MOST_COLUMNS:
            raise OutputError(
                f"a sheet has {_MOST_ROWS:,} rows and {_MOST_COLUMNS:,} columns, too few for this "
                "function; write it as .csv, .py or .c"
            )


def _pieces(sheet: _Sheet, formula: Formula) -> str:
    """Write the table, and return the formula that looks it up."""
    table = FloatPieces.of(formula)
    ends: list[float | str] = ["-∞", *table.starts, "∞"]
    for column, title in enumerate(_TITLES):
        sheet.text(0, column, title, sheet.bold)
    rows = zip(table.slopes, table.anchors, table.heights, strict=True)
    for row, (slope, anchor, height) in enumerate(rows, start=1):
        intercept = to_float(Fraction(height) - Fraction(slope) * Fraction(anchor))
        for column, value in enumerate(
            (ends[row - 1], ends[row], slope, intercept, anchor, height)
        ):
            if isinstance(value, str):
                sheet.text(row, column, value)
            else:
                sheet.number(row, column, value)
    _exact_pieces(sheet, formula)
    sheet.sheet.freeze_panes(1, 0)
    sheet.sheet.set_column(0, len(_TITLES) + 3, 18)
    n = len(table.slopes)
    slopes, anchors, heights = (f"pieces!${c}$2:${c}${n + 1}" for c in "CEF")
    place = "1"
    if n > 1:
        starts = f"pieces!$A$3:$A${n + 1}"
        place = f"IF({{0}}<pieces!$A$3,1,MATCH({{0}},{starts},1)+1)"
    return (
        f"=IF(ISNUMBER({{0}}),INDEX({heights},{place})+INDEX({slopes},{place})"
        f"*({{0}}-INDEX({anchors},{place})),NA())"
    )


def _exact_pieces(sheet: _Sheet, formula: Formula) -> None:
    """Beside the table, the pieces as rationals, which are text."""
    first = len(_TITLES) + 1
    for column, title in enumerate(("from", "to", "slope", "intercept"), start=first):
        sheet.text(0, column, f"{title}, exact", sheet.bold)
    for row, piece in enumerate(formula.require_pieces("pieces"), start=1):
        ends = (piece.start, piece.end, piece.slope, piece.intercept)
        for column, value in enumerate(ends, start=first):
            if value is not None:
                sheet.text(row, column, rational_text(value))


def _neurons(sheet: _Sheet, formula: Formula) -> str:
    """Write the neurons side by side, and return the formula that sums them."""
    table = FloatNeurons.of(formula)
    d, k = len(formula.features), len(table.signs)
    for row, name in enumerate((*formula.features, "bias", "sign"), start=1):
        sheet.text(row, 0, name, sheet.bold)
    sheet.text(0, 1, "affine part", sheet.bold)
    _column(sheet, 1, (*table.skip, table.constant))
    columns = zip(table.weights, table.biases, table.signs, strict=True)
    for column, (weights, bias, sign) in enumerate(columns, start=2):
        sheet.text(0, column, f"neuron {column - 1}", sheet.bold)
        _column(sheet, column, (*weights, bias, sign))
    sheet.sheet.freeze_panes(1, 1)
    sheet.sheet.set_column(0, k + 1, 18)
    if not table.used:
        return f"={_block(d + 1, 1, d + 1, 1)}"
    # Cells of features that are not used may be empty, which MMULT does not take.
    runs = _runs(table.used)
    value = f"SUMPRODUCT({_products(runs, 1, 1)})+{_block(d + 1, 1, d + 1, 1)}"
    if k:
        inner = f"({_products(runs, 2, k + 1)}+{_block(d + 1, 2, d + 1, k + 1)})"
        signs = _block(d + 2, 2, d + 2, k + 1)
        value += f"+SUMPRODUCT({signs}*({inner}>0)*{inner})"
    cells = ",".join(f"{{{a}}}:{{{b}}}" for a, b in runs)
    return f"=IF(COUNT({cells})={sum(b - a + 1 for a, b in runs)},{value},NA())"


def _runs(used: Sequence[int]) -> list[tuple[int, int]]:
    """First and last of the columns that stand side by side; all as one where they are many."""
    runs: list[tuple[int, int]] = []
    for column in used:
        if runs and runs[-1][1] == column - 1:
            runs[-1] = runs[-1][0], column
        else:
            runs.append((column, column))
    return runs if len(runs) <= _MOST_RUNS else [(used[0], used[-1])]


def _products(runs: Sequence[tuple[int, int]], left: int, right: int) -> str:
    """The inner products of a row of arguments with some columns of weights."""
    return "+".join(f"MMULT({{{a}}}:{{{b}}},{_block(a + 1, left, b + 1, right)})" for a, b in runs)


def _column(sheet: _Sheet, column: int, values: Sequence[float]) -> None:
    for row, value in enumerate(values, start=1):
        sheet.number(row, column, value)


def _block(top: int, left: int, bottom: int, right: int) -> str:
    first, last = _cell(top, left, "$"), _cell(bottom, right, "$")
    return f"neurons!{first}" + (f":{last}" if first != last else "")


def _cell(row: int, column: int, fixed: str = "") -> str:
    return f"{fixed}{_letters(column)}{fixed}{row + 1}"


def _letters(column: int) -> str:
    letters, rest = "", column + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters
