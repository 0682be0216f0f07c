"""Columns with names become a data set: which one is the label, and what messages call them."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from exactsparse.errors import DataError
from exactsparse.problem.band import Bound, Intervals
from exactsparse.problem.column import Array, Column
from exactsparse.problem.dataset import Dataset, Origin

_NAMES_SHOWN = 20
_LONGEST_REASON = 150
# Names of a column that numbers the rows, and says nothing about them.
_NUMBERS_ROWS = frozenset(
    ("#", "id", "idx", "index", "no", "no.", "nr", "nr.", "number", "obs", "record", "row")
)


def first_line(error: Exception) -> str:
    """Shorten the message of another library's error to fit into one of ours."""
    line = str(error).strip().partition("\n")[0]
    return line if len(line) <= _LONGEST_REASON else line[:_LONGEST_REASON] + "…"


def meant(name: str, names: Sequence[str]) -> str:
    """A guess at the name that was meant, as the beginning of a sentence."""
    lowered = {known.lower(): known for known in names}
    close = difflib.get_close_matches(name.lower(), lowered, n=1)
    return f"did you mean {lowered[close[0]]!r}? " if close else ""


def listed(names: Sequence[str]) -> str:
    """The first of many names, and how many more there are."""
    more = len(names) - _NAMES_SHOWN
    return ", ".join(names[:_NAMES_SHOWN]) + (f", and {more} more" if more > 0 else "")


class Choice(NamedTuple):
    """The columns that are read: positions of features and label, and what is left out."""

    features: tuple[int, ...]
    label: int | None
    notes: tuple[str, ...]
    band: tuple[tuple[str, int], ...] = ()
    told: bool = False

    @property
    def places(self) -> tuple[int, ...]:
        """Positions of the columns that are read: features, label, bounds."""
        label = () if self.label is None else (self.label,)
        return (*self.features, *label, *(place for _, place in self.band))

    @property
    def optional(self) -> dict[int, float]:
        """Positions of those of which a cell may be missing, and the infinity that says so, too."""
        infinities = {"lower": -np.inf, "upper": np.inf}
        return {place: infinities[role] for role, place in self.band if role in infinities}


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

    def column_of_array(
        self, values: Array, index: int, floats: str, rows: Array | None = None
    ) -> Column:
        """Column of an array of integers or floats, which are these rows of the file.

        Raises
        ------
        DataError
            If an entry is not finite; the message names row and column.
        """
        where = f"{self.file}, {self.column(index)}"
        if rows is not None and values.dtype.kind == "f" and not np.isfinite(values).all():
            place = int(np.flatnonzero(~np.isfinite(values))[0])
            raise DataError(
                f"{where}, row {rows[place]} (counting from 0): {values[place]} is not a finite "
                "number; mend it or remove the row"
            )
        try:
            return Column.from_array(values, where, floats)
        except DataError as error:
            raise DataError(f"{error}; mend it or remove the row") from None

    def label(self, y: str | None, also: str = "") -> int:
        """Position of the label column: the one that ``y`` names, or else the last.

        Parameters
        ----------
        y : str or None
            Its name.
        also : str
            What a message on a name of no column adds.

        Raises
        ------
        DataError
            If there is one column only, or ``y`` names none or several.
        """
        if not self.names:
            raise DataError(f"{self.file}: there is no column; a feature and the label are needed")
        if len(self.names) < 2:
            shown = f", {self.names[0]!r}" if self.given else ""
            raise DataError(
                f"{self.file}: there is one column only{shown}; at least one feature and the "
                "label y are needed, in columns separated by , ; | tabs or blanks"
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
        raise DataError(f"{self.file}: there is no column named {y!r}{also}; {self._choices(y)}")

    def choose(
        self,
        y: str | None,
        x: Sequence[str] | None = None,
        index: Sequence[int] = (),
        texts: Sequence[int] = (),
        empty: Sequence[int] = (),
        band: Mapping[str, str] | None = None,
    ) -> Choice:
        """Choose features and label, and columns of bounds.

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
        band : mapping of str to str, optional
            Names of the columns ``lower`` and ``upper``, which stand in the place of a label, or
            ``half_widths``.

        Raises
        ------
        DataError
            If a name is none of a column, or no label is left.
        """
        if band:
            return self._choose_band(y, x, index, texts, empty, band)
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
        return Choice(tuple(features), last, tuple(said), told=True)

    def _choose_band(
        self,
        y: str | None,
        x: Sequence[str] | None,
        index: Sequence[int],
        texts: Sequence[int],
        empty: Sequence[int],
        band: Mapping[str, str],
    ) -> Choice:
        """The choice among the columns that hold no bounds; without a label where those stand."""
        also = {"half_widths": ", and a tolerance that is no column is `auto` or a number as 0.5"}
        placed = tuple((role, self.label(name, also.get(role, ""))) for role, name in band.items())
        taken = [place for _, place in placed]
        if len(set(taken)) < len(taken):
            raise DataError(f"{self.file}: one column is named for both bounds")
        if "half_widths" in band:
            left_out = [*empty, *taken]
            last = max((k for k in range(len(self.names)) if k not in left_out), default=0)
            label = self.names[last] if y is None and x is None else y
            choice = self.choose(label, x, index, [*texts, *taken], left_out)
            if choice.label in taken:
                raise DataError(f"{self.file}: {self.column(taken[0])} is label and half-width")
            if not choice.features:
                raise DataError(
                    f"{self.file}: with {self.column(taken[0])} as half-width no column is left "
                    "for a feature beside the label"
                )
            return choice._replace(band=placed)
        if y is not None:
            raise DataError(f"{self.file}: --lower and --upper stand in the place of --y")
        rest = [k for k in range(len(self.names)) if k not in (*empty, *taken)]
        features = [k for k in rest if k not in index] or rest
        if x is not None:
            features = [self.label(name) for name in x]
        if not features or set(features) & set(taken):
            raise DataError(f"{self.file}: the bounds leave no column for the features; mend --x")
        left = [self.column(k) for k in rest if k not in features]
        said = (f"left out: {listed(left)}",) if left else ()
        return Choice(tuple(features), None, said, placed)

    def chosen(
        self,
        columns: Sequence[Column],
        choice: Choice,
        origin: Origin,
        notes: Sequence[str],
        absent: Mapping[int, NDArray[np.bool_]] | None = None,
    ) -> Dataset:
        """Data set of the columns at the places of a choice.

        Parameters
        ----------
        columns : sequence of Column
            One per place.
        choice : Choice
            The places.
        origin : Origin
            Where the rows come from.
        notes : sequence of str
            What a reader noted.
        absent : mapping of int to ndarray of bool, optional
            Of columns of bounds, by position: which rows have none.
        """
        choice, aside = self._without_row_numbers(choice, columns)
        aside = (*aside, *self._equal_names(choice))
        columns = columns[len(columns) - len(choice.places) :]
        read = dict(zip(choice.places, columns, strict=True))
        names = [self.names[place] for _, place in choice.band]
        intervals = None
        if "half_widths" in dict(choice.band) and choice.label is not None:
            what = f"{self.file}, {self.column(choice.band[0][1])}"
            intervals = Intervals.around(
                read[choice.label], read[choice.band[0][1]], what, origin.row_number
            )
        elif choice.band:
            n = len(columns[0])
            bounds: dict[str, tuple[Bound, ...]] = dict.fromkeys(("lower", "upper"), (None,) * n)
            for role, place in choice.band:
                none = np.zeros(n, dtype=bool) if absent is None else absent.get(place)
                missing = np.zeros(n, dtype=bool) if none is None else none
                column = read[place]
                bounds[role] = tuple(None if missing[i] else column[i] for i in range(n))
            intervals = Intervals(bounds["lower"], bounds["upper"])
        middles = None if intervals is None or choice.label is not None else intervals.middles()
        return Dataset(
            features=tuple(read[k] for k in choice.features),
            labels=columns[len(choice.features)] if middles is None else middles,
            feature_names=tuple(self.names[k] for k in choice.features),
            label_name=" to ".join(names) if choice.label is None else self.names[choice.label],
            origin=origin,
            notes=(*notes, *choice.notes, *aside),
            intervals=intervals,
        )

    def _equal_names(self, choice: Choice) -> tuple[str, ...]:
        """A note on columns that are read and that their names do not tell apart."""
        names = [self.names[k] for k in choice.places]
        twice = dict.fromkeys(name for name in names if names.count(name) > 1)
        return tuple(f"several columns that are read are named {name!r}" for name in twice)

    def _without_row_numbers(
        self, choice: Choice, columns: Sequence[Column]
    ) -> tuple[Choice, tuple[str, ...]]:
        """The choice without a first column that is an index beside other features, and a note.

        A column that counts the rows is one if its name says so; otherwise it stays, noted.
        """
        if choice.told or len(choice.features) < 2 or choice.features[0] or len(columns[0]) < 3:
            return choice, ()
        start = columns[0][0]
        counted = np.arange(len(columns[0])) + float(start)
        if start not in (0, 1) or not np.array_equal(columns[0].to_float64(), counted):
            return choice, ()
        if self.given and self.names[0].strip().lower() in _NUMBERS_ROWS:
            said = f"{self.column(0)} is an index and left aside; --x reads it"
            return choice._replace(features=choice.features[1:]), (said,)
        said = f"{self.column(0)} counts the rows, and is a feature; --x leaves it out"
        return choice, (said,)

    def _choices(self, y: str) -> str:
        if not self.given:
            return (
                "its columns have no names in the file and are called "
                f"c1 to c{len(self.names)} (y is one of these)"
            )
        guess = meant(y, self.names)
        return f"{guess}{'The' if guess else 'the'} columns are: {listed(self.names)}"
