"""Cells that are no numbers: what they are, and what would help."""

from __future__ import annotations

import re
import unicodedata

from exactsparse.readers.dates import is_date, looks_like_date

_MISSING = frozenset({"", "?", "na", "n/a", "nan", "nat", "null", "none", "nil", "#n/a"})
_INFINITE = frozenset({"inf", "infinity"})
WITH_COMMA = re.compile(r"\s*[-+]?[\d.]*,[\d.,]*\d(e[-+]?\d+)?\s*", re.ASCII | re.IGNORECASE)
_LONGEST = 200
_SHOWN = 60

# What people and programs write, and what to do about it.
_FORMS = (
    (r"[-+]?0[xX].*", "it is hexadecimal; write the decimal"),
    (r"[-+]?\d*\.?\d+[-+]\d+", "its exponent has no letter: write 0.25e+001 for 0.25+001"),
    (r"[-+]?[\d.]+(_\d{3})+(\.\d*)?", "--thousands _ reads it"),
    (r"[-+]?\d{1,3}([ \u00a0\u202f\u2009]\d{3})+([.,]\d*)?", "--thousands ' ' reads it"),
    (r"[-+]?\d{1,3}('\d{3})+([.,]\d*)?", '--thousands "\'" reads it'),
    (r"\d{1,2}:\d{2}(:\d{2}([.,]\d*)?)?", "write a time of day as a number"),
    (r'="?[-+.\d]+"?', "take the = and the quotes around the number out of the file"),
    (r"[-+]?[\d.,]+([eE][-+]?\d+)?\s*[^\W\d_][^\d]*", "a unit belongs into the name of the column"),
    (r"'.*'?", "take the single quotes out of the file"),
    (r"[-+.\d]\S*\s*(#|//|%).*", "remove what follows the number"),
    (r"[-+.\d][\d.eE+\- \t]*;", "remove the ; at the end of the row"),
    (r"[-+.\d][\d.eE+-]*([\^:~&]|\t)[-+.\d].*", "cells are separated by , ; | tabs or blanks"),
    (r"[-+]?[\d.,]+\s*[€$£¥%]|[€$£¥].*", "a sign is read where all cells of its column bear it"),
    (r"\([\d.,]+\)", "write a negative number with a minus sign"),
    (r"(?i)true|false|yes|no", "write truth values as 1 and 0"),
)
_ADVICE = tuple((re.compile(form, re.DOTALL), advice) for form, advice in _FORMS)


def is_missing(cell: str) -> bool:
    """Whether a cell holds no value: empty, or a word or spreadsheet error that says so."""
    return cell.strip().lstrip("+-").lower() in _MISSING


def is_infinite(cell: str) -> bool:
    """Whether a cell is a word for infinity."""
    return cell.strip().lstrip("+-").lower() in _INFINITE


def advice_on(cell: str) -> str:
    """What to do about a cell that begins like a number; empty where that is not known."""
    if looks_like_date(cell):
        return "a date is written as 2024-12-31, and read by --dates"
    content = cell.strip() if len(cell) <= _LONGEST else ""
    for form, advice in _ADVICE:
        if form.fullmatch(content):
            return advice
    # Some look like digits or minus signs, and some like nothing.
    foreign = next((sign for sign in content if not sign.isascii()), "")
    if not foreign or not any(sign.isdigit() for sign in content):
        return ""
    return f"it holds U+{ord(foreign):04X}, {unicodedata.name(foreign, 'without a name').lower()}"


def text_with_comma(cell: str) -> str:
    """What to say of text with a comma where numbers are no text; empty of anything else."""
    if WITH_COMMA.fullmatch(cell):
        return f"{cell!r} is text with a comma; write it as a number"
    return ""


def reason(cell: str, error: str) -> str:
    """Say why a cell is refused, and what to do.

    Parameters
    ----------
    cell : str
        Its text.
    error : str
        What the parser of numbers said.
    """
    if not cell.strip():
        return "the cell is empty; fill it in or remove the row (--drop-missing)"
    if is_missing(cell):
        return (
            f"{cell!r} is not a finite number; fill in a value or remove the row (--drop-missing)"
        )
    if is_date(cell):
        return f"{cell!r} is a date; --dates reads dates as days since the first of their column"
    if WITH_COMMA.fullmatch(cell):
        comma, point = cell.find(","), cell.find(".")
        options = "--decimal , or --thousands ,"
        if point >= 0:
            options = "--thousands ," if comma < point else "--decimal , --thousands ."
        return f"{cell!r} contains a comma; write decimals with a point, or give {options}"
    if len(error) > _LONGEST:
        error = f"{error[:_SHOWN]}…{error[-_SHOWN:]}"
    if advice := advice_on(cell):
        return f"{error}; {advice}"
    return (
        f"{error}; write a decimal such as -0.25 or 1e-3, or a quotient such as 1/3 (--x names the "
        "columns to read, --skip-rows passes over a preamble)"
    )
