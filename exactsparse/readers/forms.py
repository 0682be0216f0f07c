"""Forms of numbers that whole columns have: rewritten as plain decimals, and said."""

from __future__ import annotations

import re
from collections.abc import Sequence

from exactsparse.readers.cells import is_number
from exactsparse.readers.options import ReadOptions

_FORTRAN = re.compile(r"\s*[-+]?[\d.]+[dD][-+]?\d+\s*", re.ASCII)
_CURRENCY = "$€£¥"
_GROUPS = re.compile(r"[-+]?[1-9]\d{0,2}(,\d{3})+", re.ASCII)
_COMMA = re.compile(r"[-+]?\d*,\d*([eE][-+]?\d+)?", re.ASCII)
_BLANKS = " \u00a0\u202f\u2009"
_EDGES = f"{_BLANKS}\t\r\n\u2002\u2003\u3000"


WITH_COMMAS = "with decimal commas"


class PointAmongCommas(ValueError):
    """A point stands in a column whose decimal sign is a comma: its place, and the cell."""


class AmbiguousCommas(ValueError):
    """Every comma of a column may be a decimal comma or stand between thousands."""


def plain_numbers(
    cells: Sequence[str], options: ReadOptions, delimiter: str
) -> tuple[list[str], list[str]]:
    """Rewrite one column; cells that fit no form stay as they are, to be refused by name.

    Returns
    -------
    list of str
        The cells.
    list of str
        What was done, for notes.

    Raises
    ------
    AmbiguousCommas
        If decimal commas cannot be told from thousands separators.
    PointAmongCommas
        If the decimal sign is a comma, and a cell has a point.
    """
    column, said = [cell.strip(_EDGES) for cell in cells], []
    if any("\u2212" in cell for cell in column):
        column = [cell.replace("\u2212", "-", 1) for cell in column]
    if any(map(_FORTRAN.fullmatch, column)):
        column = [
            re.sub("[dD]", "e", cell) if _FORTRAN.fullmatch(cell) else cell for cell in column
        ]
    sign = column[0].lstrip("+-")[:1] if column else ""
    if sign and sign in _CURRENCY and all(c.lstrip("+-").startswith(sign) for c in column):
        column = [cell.replace(sign, "", 1) for cell in column]
        said.append(f"in {sign}")
    if column and all(cell.endswith("%") for cell in column):
        column = [cell[:-1].rstrip() for cell in column]
        said.append("in percent")
    if options.thousands is not None:
        column = [_ungrouped(cell, options) for cell in column]
    # With commas between thousands, the decimal sign is a point.
    told_by_cells = options.decimal is None and options.thousands != ","
    if options.decimal == "," or (told_by_cells and _decimal_commas(column, delimiter)):
        if any("," in cell for cell in column):
            said.append(WITH_COMMAS)
        place = next((k for k, cell in enumerate(column) if "." in cell), None)
        if place is not None:
            raise PointAmongCommas(place, cells[place])
        column = [cell.replace(",", ".") if _COMMA.fullmatch(cell) else cell for cell in column]
    return column, said


def _ungrouped(cell: str, options: ReadOptions) -> str:
    mark = _BLANKS if options.thousands == " " else options.thousands or ""
    points = options.decimal or (".," if options.thousands != "," else ".")
    form = rf"[-+]?[1-9]\d{{0,2}}([{re.escape(mark)}]\d{{3}})+([{re.escape(points)}]\d*)?"
    return re.sub(f"[{re.escape(mark)}]", "", cell) if re.fullmatch(form, cell, re.ASCII) else cell


def _decimal_commas(column: Sequence[str], delimiter: str) -> bool:
    commas = [cell for cell in column if "," in cell]
    if not commas or delimiter == "," or not all(map(_COMMA.fullmatch, commas)):
        return False
    if any("." in cell and is_number(cell) for cell in column):
        return False
    if all(map(_GROUPS.fullmatch, commas)):
        raise AmbiguousCommas
    return True
