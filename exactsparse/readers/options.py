"""What a person may say about a table beyond its name."""

from __future__ import annotations

from dataclasses import dataclass, fields

from exactsparse.errors import DataError
from exactsparse.problem.decimals import FLOATS


@dataclass(frozen=True)
class ReadOptions:
    """How a table is to be read; None leaves the choice to the file.

    Parameters
    ----------
    x : tuple of str, optional
        Names of the feature columns, in this order; all columns but the label if not given.
    header : bool, optional
        Whether the first row holds names.
    decimal : str, optional
        The decimal sign, ``"."`` or ``","``.
    thousands : str, optional
        The sign between thousands; ``" "`` stands for every kind of blank.
    drop_missing : bool
        Leave out rows with a missing cell, and count them.
    sheet : str, optional
        The sheet of a workbook.
    skip_rows : int
        How many rows stand above the table.
    dates : bool
        Read columns of dates as days since the first of them.
    lower, upper : str, optional
        Names of columns of bounds, in the place of a label; a cell without a number is none.
    half_widths : str, optional
        Name of the column of how far a function may be from every label.
    floats : str, optional
        Whether floats are the shortest decimals that round to them, ``"decimal"``, or the numbers
        that they hold, ``"binary"``.

    Raises
    ------
    DataError
        If a sign is none, or both signs are the same.
    """

    x: tuple[str, ...] | None = None
    header: bool | None = None
    decimal: str | None = None
    thousands: str | None = None
    drop_missing: bool = False
    sheet: str | None = None
    skip_rows: int = 0
    dates: bool = False
    floats: str | None = None
    lower: str | None = None
    upper: str | None = None
    half_widths: str | None = None

    def __post_init__(self) -> None:
        if self.decimal not in (None, ".", ","):
            raise DataError(f"--decimal is '.' or ',', not {self.decimal!r}")
        if self.thousands not in (None, ",", ".", "'", " ", "_"):
            raise DataError(
                f"--thousands is one of , . ' _ or a blank in quotes, not {self.thousands!r}"
            )
        if self.thousands is not None and self.thousands == (self.decimal or "."):
            raise DataError(
                f"--thousands {self.thousands} is the decimal sign, too; give --decimal"
            )
        if not isinstance(self.skip_rows, int) or self.skip_rows < 0:
            raise DataError(f"--skip-rows counts rows, 0 or more: not {self.skip_rows!r}")
        if self.floats not in (None, *FLOATS):
            raise DataError(f"--floats is decimal or binary, not {self.floats!r}")
        if self.x is not None and (not self.x or len(set(self.x)) < len(self.x)):
            raise DataError("--x names no column, or one column twice")
        if self.half_widths is not None and (self.lower or self.upper):
            raise DataError(
                "--half-widths are about a label, --lower and --upper stand in its place"
            )

    @property
    def band(self) -> dict[str, str]:
        """Names of the columns of bounds or half-widths that are given."""
        roles = ("lower", "upper", "half_widths")
        return {role: name for role in roles if (name := getattr(self, role)) is not None}

    def require(self, file: str, *used: str) -> None:
        """Refuse options that a kind of file has no use for.

        Raises
        ------
        DataError
            Naming the first option given that is not among those used.
        """
        for field in fields(self):
            if field.name not in used and getattr(self, field.name) != field.default:
                raise DataError(
                    f"{file}: --{field.name.replace('_', '-')} has no use with this kind of file; "
                    "leave it out"
                )


DEFAULT = ReadOptions()
