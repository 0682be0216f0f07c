"""What a function must meet at every row: the label itself, or an interval around or beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

import numpy as np

from exactsparse.errors import DataError
from exactsparse.exact.numbers import counted, format_rational, rational_text
from exactsparse.problem.column import Array, Column
from exactsparse.problem.frames import entries

Bound: TypeAlias = Fraction | None


@dataclass(frozen=True)
class Tolerance:
    """The interval ``[yᵢ − half_width, yᵢ + half_width]`` at every row.

    Parameters
    ----------
    half_width : Fraction
        Positive.
    automatic : bool
        Whether it is half a unit in the last digit that the labels are written with.
    """

    half_width: Fraction
    automatic: bool = False

    def to_json(self) -> str:
        """The half-width, as solutions and certificates write it."""
        return rational_text(self.half_width)

    def __str__(self) -> str:
        return f"a tolerance of {format_rational(self.half_width)}"


@dataclass(frozen=True, eq=False, repr=False)
class Intervals:
    """An interval of its own at every row.

    Parameters
    ----------
    lower, upper : tuple of Fraction or None, length n
        Bounds; None for none.
    """

    lower: tuple[Bound, ...]
    upper: tuple[Bound, ...]

    def __repr__(self) -> str:
        return f"<Intervals: {counted(len(self.lower), 'row')}>"

    @classmethod
    def around(
        cls,
        labels: Column,
        half_widths: Column,
        what: str,
        row_number: Callable[[int], int] | None = None,
    ) -> Intervals:
        """Intervals around labels by a column of half-widths.

        Parameters
        ----------
        labels, half_widths : Column, length n
            Centres, and how far the ends are from them.
        what : str
            What messages call the half-widths.
        row_number : callable, optional
            Number of a row in its file.

        Raises
        ------
        DataError
            If a half-width is negative; the message names its row.
        """
        pairs = [(labels[i], half_widths[i]) for i in range(len(labels))]
        for row, (_, width) in enumerate(pairs):
            if width < 0:
                where = f"row {row} (counting from 0)"
                if row_number is not None:
                    where = f"row {row_number(row)}"
                raise DataError(
                    f"{what}, {where}: a half-width must not be negative, but is "
                    f"{format_rational(width)}"
                )
        return cls(tuple(y - w for y, w in pairs), tuple(y + w for y, w in pairs))

    def __len__(self) -> int:
        return len(self.lower)

    def take(self, order: Array) -> Intervals:
        """Intervals at the given positions."""
        places = np.asarray(order).tolist()
        return Intervals(tuple(self.lower[i] for i in places), tuple(self.upper[i] for i in places))

    def middles(self) -> Column:
        """The middle of every interval; its end where it has one only, zero where it has none."""
        return Column.from_fractions(list(map(_middle, self.lower, self.upper)))

    def to_json(self) -> str:
        """What solutions and certificates write in the place of a tolerance."""
        return "intervals"

    def __str__(self) -> str:
        return "an interval per row"


Band: TypeAlias = Tolerance | Intervals


def bounds_of(
    values: Sequence[object] | Array | None, n: int, what: str, floats: str = "decimal"
) -> tuple[Bound, ...]:
    """Bounds as users give them: None, and in floats NaN or an infinity, stand for none.

    Parameters
    ----------
    values : sequence, length n, or None
        Numbers, decimal strings or None; None for no bound at any row.
    n : int
        Number of rows.
    what : str
        What messages call them, ``"lower"`` or ``"upper"``.
    floats : {"decimal", "binary"}
        How floats are read.

    Raises
    ------
    DataError
        If the length differs or an entry is no number.
    """
    if values is None:
        return (None,) * n
    rows = entries(values, what)
    if len(rows) != n:
        raise DataError(f"{what} has {len(rows)} entries, but there are {n} rows")
    absent = [_is_absent(entry, what, row) for row, entry in enumerate(rows)]
    given = np.empty(n - sum(absent), dtype=object)
    given[:] = [entry for entry, none in zip(rows, absent, strict=True) if not none]
    try:
        column = Column.from_array(given, what, floats)
    except DataError:
        # Named by its row among all, not among those that are bounds.
        for row, (entry, none) in enumerate(zip(rows, absent, strict=True)):
            one = np.empty(1, dtype=object)
            one[0] = entry
            try:
                none or Column.from_array(one, what)
            except DataError as error:
                reason = str(error).partition(": ")[2]
                raise DataError(f"{what}, row {row} (counting from 0): {reason}") from None
        raise
    found = iter([column[i] for i in range(len(column))])
    return tuple(None if none else next(found) for none in absent)


def _is_absent(entry: object, what: str, row: int) -> bool:
    blank = isinstance(entry, str) and not entry.strip()
    # The last is what pandas has for a missing integer.
    if entry is None or blank or type(entry).__name__ == "NAType":
        return True
    if isinstance(entry, float | np.floating):
        wrong = np.inf if what == "lower" else -np.inf
        if entry == wrong:
            raise DataError(
                f"{what}, row {row} (counting from 0): no number is beyond {entry}; leave a bound "
                "that is none empty"
            )
        return not np.isfinite(entry)
    return False


def _middle(low: Bound, high: Bound) -> Fraction:
    if low is None or high is None:
        return low or high or Fraction(0)
    return (low + high) / 2
