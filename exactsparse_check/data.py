"""The points that a certificate speaks of: as a table, and as their sha256."""

import csv
import hashlib
import re
from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from fractions import Fraction
from os import PathLike
from pathlib import Path
from typing import Any

from exactsparse_check.patience import Patience
from exactsparse_check.schema import UsageError, require

# Features and label of each point, sorted by the features; bounds in the place of a label may be
# None.
Points = list[tuple[Any, ...]]

# The patterns keep numbers to 100000 digits, and exponents to 10000.
MANTISSA = r"[+-]?(?:[0-9]{1,100000}(?:\.[0-9]{0,100000})?|\.[0-9]{1,100000})"
QUOTIENT = re.compile(r"([+-]?[0-9]{1,100000}) */ *([0-9]{1,100000})")
DECIMAL = re.compile(MANTISSA + "(?:[eE][+-]?0*(?:[0-9]{1,4}|10000))?")
# Exponents beyond those of floats may stand for so many digits in all.
FLOAT, MOST_DIGITS = 308, 10**8


def table(path: str | PathLike[str], about: dict[str, Any], patience: Patience) -> Points:
    """Read the columns of a CSV or TSV file: the points sorted, with equal ones merged.

    Delimiters, and columns of equal names, are tried in turn: a reading with the sha256 of the
    certificate is the one that is meant; without one the last reading is returned.
    """
    if Path(path).suffix.lower() in (".npy", ".npz", ".parquet"):
        raise UsageError("this checker reads CSV and TSV; save the data so, in UTF-8")
    text = Path(path).read_bytes().decode("utf-8-sig", "replace")
    lines = [line.strip(" ") for line in re.split("\r\n|\r|\n", text)]
    lines = [line for line in lines if line.strip() and line.lstrip()[0] != "#"]
    points: Points = []
    for mark in "\t;|, ":
        with suppress(csv.Error):
            for points in _readings(lines, mark, about, patience):
                if digest(points, patience) == about["sha256"]:
                    return points
                # A file has as many readings as columns, if all have one name.
                patience.pause()
    require(
        points,
        "the data file is no table of numbers: see that rows are of one length "
        "(exactsparse check reads all that solve reads)",
    )
    return points


def _readings(
    lines: list[str], mark: str, about: dict[str, Any], patience: Patience
) -> Iterator[Points]:
    """Give the points for each choice of the columns that may be meant."""
    spaced = (re.sub(" +", " ", line) for line in lines) if mark == " " else lines
    reader = csv.reader(spaced, delimiter=mark, skipinitialspace=True, strict=True)
    rows = [[cell.strip() for cell in row] for row in reader]
    columns = range(len(about["features"]) + 1)
    if not rows or any(len(row) != len(rows[0]) for row in rows):
        return
    meant = {*about["features"], about["label"]}
    kept = [j for j, name in enumerate(rows[0]) if name in meant]
    if len(meant) == len(kept) == len(columns) and meant <= set(rows[0]):
        # Further columns were left aside.
        rows = [[row[j] for j in kept] for row in rows]
    if len(rows[0]) != len(columns):
        return
    # No row of numbers is passed over as a header, unless it alone is in quotes.
    quoted = '"' in lines[0] and not any('"' in line for line in lines[1:])
    named = {*about["features"], about["label"]} <= set(rows[0])
    text = not any(map(_is_number, rows[0]))
    all_numbers = all(map(_is_number, rows[0]))
    header = text or (named and (quoted or not all_numbers))
    names = rows.pop(0) if header else [""] * len(columns)
    # Columns without a name count as c1, c2, ...
    names = [name or f"c{j + 1}" for j, name in enumerate(names)]
    for y in [j for j in columns if names[j] == about["label"]] or [columns[-1]]:
        order = [*(j for j in columns if j != y), y]
        points = {tuple(row[j] for j in order) for row in rows}
        if all(_is_number(cell) for point in points for cell in point):
            exponents = (_exponent(cell) for point in points for cell in point)
            if sum(n for n in exponents if n > FLOAT) > MOST_DIGITS:
                raise UsageError(f"exponents in DATA stand for more than {MOST_DIGITS:,} digits")
            yield sorted({tuple(_number(cell, patience) for cell in point) for point in points})


def _is_number(cell: str) -> bool:
    quotient = QUOTIENT.fullmatch(cell)
    return bool(int(Decimal(quotient[2])) if quotient else DECIMAL.fullmatch(cell))


def _exponent(cell: str) -> int:
    """Return the exponent of a number, without its sign."""
    return abs(int(Decimal(cell.lower().partition("e")[2] or 0)))


def _number(cell: str, patience: Patience) -> Fraction:
    patience.spend(4 * (len(cell) + _exponent(cell)))
    quotient = QUOTIENT.fullmatch(cell)
    parts = quotient.groups() if quotient else (cell, "1")
    return Fraction(Decimal(parts[0])) / Fraction(Decimal(parts[1]))


def digest(points: Points, patience: Patience) -> str:
    """Return the sha256 of the points, each a line of numbers in lowest terms, the label last."""
    found = hashlib.sha256()
    for point in points:
        found.update((" ".join(_in_lowest_terms(n, patience) for n in point) + "\n").encode())
    return found.hexdigest()


def _in_lowest_terms(number: Fraction | None, patience: Patience) -> str:
    if number is None:
        return "-"
    ratio = number.as_integer_ratio()
    patience.spend(sum(part.bit_length() for part in ratio))
    # Decimal writes numbers of any length.
    return "/".join(str(Decimal(part)) for part in ratio).removesuffix("/1")
