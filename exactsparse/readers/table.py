"""Columns with names become a data set: which one is the label, and what messages call them."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from exactsparse.errors import DataError
from exactsparse.problem.column import Array, Column
from exactsparse.problem.dataset import Dataset, Origin

_NAMES_SHOWN = 20
_LONGEST_REASON = 150


def first_line(error: Exception) -> str:
    """Shorten the message of another library's error to fit into one of ours."""
    line = str(error).strip().partition("\n")[0]
    return line if len(line) <= _LONGEST_REASON else line[:_LONGEST_REASON] + "…"


class Choice(NamedTuple):
    """The columns that are read: positions of features and label, and what is left out."""

    features: tuple[int, ...]
    label: int
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Heading:
    """Names of the columns of one file.

    Parameters
    ----------
    file : str
        The file, as messages call it.
    names : tuple of str
        One per column.
    given : bool
        False where the file names no columns, so that they are called ``c1``, ``c2``, ….
    """

    file: str
    names: tuple[str, ...]
    given: bool = True

    @classmethod
    def numbered(cls, file: str, width: int) -> Heading:
        """Heading of a file that names no columns."""
        return cls(file, tuple(f"c{k + 1}" for k in range(width)), given=False)

    def column(self, index: int) -> str:
        """Return what messages call a column."""
        return f"column {index + 1} ({self.names[index]!r})"

    def column_of_array(self, values: Array, index: int, floats: str) -> Column:
        """Column of an array of integers or floats.

        Raises
        ------
        DataError
            If an entry is not finite; the message names row and column.
        """
        try:
            return Column.from_array(values, f"{self.file}, {self.column(index)}", floats)
        except DataError as error:
            raise DataError(f"{error}; mend it or remove the row") from None

    def label(self, y: str | None) -> int:
        """Position of the label column: the one that ``y`` names, or else the last.

        Raises
        ------
        DataError
            If there is one column only, or ``y`` names none or several.
        """
        if len(self.names) < 2:
            raise DataError(
                f"{self.file}: there is one column only; at least one feature and the label y "
                "are needed, in columns separated by , ; | tabs or blanks"
            )
        if y is None:
            return len(self.names) - 1
        places = [k for k, name in enumerate(self.names) if name == y]
        if len(places) == 1:
            return places[0]
        if places:
            listed = " and ".join(str(k + 1) for k in places)
            raise DataError(
                f"{self.file}: columns {listed} are both named {y!r}; rename one of them"
            )
        raise DataError(f"{self.file}: there is no column named {y!r}; {self._choices(y)}")

    def choose(
        self,
        y: str | None,
        x: Sequence[str] | None = None,
        index: Sequence[int] = (),
        texts: Sequence[int] = (),
        empty: Sequence[int] = (),
    ) -> Choice:
        """Choose features and label.

        Parameters
        ----------
        y : str or None
            Name of the label; None for the last column.
        x : sequence of str, optional
            Names of the features; all other columns but an index if not given.
        index : sequence of int
            Positions of columns that are an index by their making: used as features only where
            nothing else is left, or by name.
        texts : sequence of int
            Positions of columns of text, no labels unless named.
        empty : sequence of int
            Positions of columns without cells, left out.

        Raises
        ------
        DataError
            If a name is none of a column, or no label is left.
        """
        last = self.label(y)
        every = [k for k in range(len(self.names)) if k not in empty]
        if x is None:
            rest = [k for k in every if k not in index]
            label = last if y is not None or not rest else rest[-1]
            features = [k for k in rest if k != label]
            if features:
                shown = [f"{self.column(k)}" for k in index if k != label]
                said = [f"{what} is an index and left aside; --x reads it" for what in shown]
                return Choice(tuple(features), label, tuple(said))
            features = [k for k in every if k != label]
            said = [f"{self.column(k)}, an index, is the feature" for k in features]
            return Choice(tuple(features), label, tuple(said))
        features = [self.label(name) for name in x]
        if y is None:
            free = [k for k in every if k not in features and k not in texts and k not in index]
            if not free:
                raise DataError(f"{self.file}: --x leaves no column for the label; name it by --y")
            last = free[-1]
        if last in features:
            raise DataError(f"{self.file}: {self.column(last)} is label and feature; mend --x")
        left = [self.column(k) for k in every if k not in features and k != last]
        said = [f"left out: {', '.join(left[:_NAMES_SHOWN])}"] if left else []
        if len(left) > _NAMES_SHOWN:
            said = [f"left out: {len(left)} columns"]
        return Choice(tuple(features), last, tuple(said))

    def chosen(
        self, columns: Sequence[Column], choice: Choice, origin: Origin, notes: Sequence[str]
    ) -> Dataset:
        """Data set of the columns of a choice, the label last."""
        return Dataset(
            features=tuple(columns[:-1]),
            labels=columns[-1],
            feature_names=tuple(self.names[k] for k in choice.features),
            label_name=self.names[choice.label],
            origin=origin,
            notes=(*notes, *choice.notes),
        )

    def _choices(self, y: str) -> str:
        if not self.given:
            return (
                "its columns have no names in the file and are called "
                f"c1 to c{len(self.names)} (y is one of these)"
            )
        lowered = {name.lower(): name for name in self.names}
        close = difflib.get_close_matches(y.lower(), lowered, n=1)
        guess = f"did you mean {lowered[close[0]]!r}? " if close else ""
        shown = ", ".join(self.names[:_NAMES_SHOWN])
        more = len(self.names) - _NAMES_SHOWN
        return f"{guess}The columns are: {shown}" + (f", and {more} more" if more > 0 else "")

    def dataset(self, columns: Sequence[Column], label: int, origin: Origin) -> Dataset:
        """Assemble the data set of all columns, the one at position ``label`` being the label."""
        return Dataset(
            features=tuple(c for k, c in enumerate(columns) if k != label),
            labels=columns[label],
            feature_names=tuple(n for k, n in enumerate(self.names) if k != label),
            label_name=self.names[label],
            origin=origin,
        )
