"""Dates in cells: days since the first of a column, exact."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from fractions import Fraction

_DATE = re.compile(
    r"\s*(\d{4})([-/])(\d{2})\2(\d{2})"
    r"(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,18}))?)?\s*(Z|[-+]\d{2}:?\d{2})?)?\s*",
    re.ASCII,
)
_OTHER = re.compile(
    r"\s*(\d{4}-(\d{1,2}|W\d{2}(-\d)?)|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}"
    r"|\d{1,2}[-/. ]?[A-Za-z]{3,9}[-/. ]?\d{2,4}|[A-Za-z]{3,9}\.? \d{1,2},? \d{4})([T ,].*)?",
    re.ASCII,
)
_SECONDS = 86_400


def is_date(cell: str) -> bool:
    """Whether a cell is a date in the form of ISO 8601, with or without a time."""
    return _DATE.fullmatch(cell) is not None


def looks_like_date(cell: str) -> bool:
    """Whether a cell seems to be a date in another form, of which several readings may exist."""
    return _OTHER.fullmatch(cell) is not None


def days_since_first(cells: Sequence[str]) -> tuple[list[Fraction], str] | tuple[int, str]:
    """Days since the earliest date of a column.

    Returns
    -------
    tuple of (list of Fraction, str)
        The days, and the earliest date as it is written.
    tuple of (int, str)
        Or the position of the first cell that is no such date, and why.

    Examples
    --------
    >>> days_since_first(["2024-03-01", "2024-02-28 12:00"])
    ([Fraction(3, 2), Fraction(0, 1)], '2024-02-28 12:00')
    """
    days = []
    zoned: bool | None = None
    for place, cell in enumerate(cells):
        found = _DATE.fullmatch(cell)
        if found is None:
            return place, f"{cell!r} is no date as 2024-12-31 or 2024-12-31T23:59:59"
        try:
            days.append(_day(found))
        except ValueError as error:
            return place, f"{cell!r} is no date: {error}"
        if zoned not in (None, bool(found[9])):
            return place, f"{cell!r} and the dates above differ in whether they name a time zone"
        zoned = bool(found[9])
    first = min(days)
    return [day - first for day in days], cells[days.index(first)].strip()


def _day(found: re.Match[str]) -> Fraction:
    """Days since the beginning of the calendar."""
    year, month, day = int(found[1]), int(found[3]), int(found[4])
    hours, minutes, seconds = (int(found[k] or 0) for k in (5, 6, 7))
    if hours > 23 or minutes > 59 or seconds > 59:
        raise ValueError("its time is none of a day")
    part = Fraction(int(found[8]), 10 ** len(found[8])) if found[8] else Fraction(0)
    total = 3600 * hours + 60 * minutes + seconds + part - _offset(found[9] or "Z")
    return dt.date(year, month, day).toordinal() + total / _SECONDS


def _offset(zone: str) -> int:
    """Seconds by which a time zone is ahead."""
    if zone == "Z":
        return 0
    digits = zone[1:].replace(":", "")
    size = 3600 * int(digits[:2]) + 60 * int(digits[2:])
    return -size if zone[0] == "-" else size
