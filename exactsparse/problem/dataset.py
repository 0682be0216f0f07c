"""Points and labels as exact rationals, and the canonical form that certificates digest.

A cell is never rounded.  Decimals and integers keep their decimal value; a float is the shortest
decimal that rounds to it, or on request the dyadic rational that it holds.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exactsparse.errors import DataError, ProblemError
from exactsparse.exact.numbers import counted, rational_text
from exactsparse.printable import printable
from exactsparse.problem.band import Intervals, bounds_of
from exactsparse.problem.column import Array, Column, is_increasing
from exactsparse.problem.conflicts import conflict
from exactsparse.problem.frames import (
    Frame,
    exact_array,
    index_notes,
    named_columns,
    one_column,
    require_same_rows,
    without,
)

_NAMES_SHOWN = 6


@dataclass(frozen=True, eq=False, repr=False)
class Origin:
    """Where rows come from, for messages: a file with line numbers, or arrays in memory.

    Parameters
    ----------
    name : str or None
        File name; None for arrays in memory.
    rows : ndarray of int or None
        Row number of each point as a person would count it; None means ``first, first + 1, …``.
    first : int
        Row number of the first point when ``rows`` is None.
    """

    name: str | None = None
    rows: NDArray[np.int64] | None = None
    first: int = 0

    def row_number(self, index: int) -> int:
        """Row number of a point, as counted in its source."""
        return int(self.rows[index]) if self.rows is not None else self.first + index

    def take(self, order: Array) -> Origin:
        """Origin of the points at the given positions."""
        rows = self.rows[order] if self.rows is not None else np.asarray(order) + self.first
        return Origin(self.name, rows)

    def __str__(self) -> str:
        return printable(self.name or "the data")

    def __repr__(self) -> str:
        return f"<Origin: {self}>"


@dataclass(frozen=True, eq=False, repr=False)
class Dataset:
    """``n`` exact points: feature columns, one label column, and where they came from.

    Parameters
    ----------
    features : tuple of Column, each of length n
        One column per feature, at least one.
    labels : Column, length n
        The values to interpolate, at least one.
    feature_names : tuple of str
        One name per feature.
    label_name : str
        Name of the labels.
    origin : Origin
        File and row numbers, for messages.
    merged_rows : int
        Duplicate rows that :attr:`canonical` has merged.
    notes : tuple of str
        What a reader left out or took in one of several ways, as sentences.
    intervals : Intervals or None
        The interval that each label is to be met within, if it comes with the data; ``labels`` are
        their middles where there is no other.

    Raises
    ------
    DataError
        If there is no feature or no row, or the columns differ in length.

    Examples
    --------
    >>> import exactsparse as es
    >>> dataset = es.Dataset.from_arrays([0.1, 0.2], [1, 2])
    >>> dataset.n_points, str(dataset.features[0][0])
    (2, '1/10')
    """

    features: tuple[Column, ...]
    labels: Column
    feature_names: tuple[str, ...]
    label_name: str = "y"
    origin: Origin = Origin()
    merged_rows: int = 0
    notes: tuple[str, ...] = ()
    intervals: Intervals | None = None

    def __post_init__(self) -> None:
        if not self.features:
            index = "" if self.origin.name else "; an index is none (frame.reset_index())"
            raise DataError(
                f"{self.origin}: at least one feature column is needed besides y{index}"
            )
        if len(self.labels) == 0:
            raise DataError(f"{self.origin}: there is no data row")
        for name, column in zip(self.feature_names, self.features, strict=True):
            if len(column) != len(self.labels):
                raise DataError(
                    f"{self.origin}: column {name!r} has {len(column)} rows, "
                    f"but y has {len(self.labels)}"
                )

    @classmethod
    def from_arrays(
        cls,
        X: Any,
        y: Any = None,
        floats: str = "decimal",
        *,
        lower: Any = None,
        upper: Any = None,
        half_widths: Any = None,
    ) -> Dataset:
        """Dataset from arrays or nested lists of floats, integers, Fractions or decimal strings.

        Parameters
        ----------
        X : array_like, shape (n, d) or (n,), or a data frame
            Points; a flat ``X`` is one feature.  Columns of a frame of pandas, polars or pyarrow
            keep their names.
        y : array_like, shape (n,), or str
            Labels, or the name of their column in the frame; left out where both bounds of them
            are given instead.
        floats : {"decimal", "binary"}
            Whether a float is the shortest decimal that rounds to it, which ``repr`` prints, or the
            dyadic rational that it holds.
        lower, upper : array_like, shape (n,), or str
            Bounds of the labels, either or both, or names of columns; None, NaN or infinity: none.
        half_widths : array_like, shape (n,), or str
            How far a function may be from every label, or the name of the column.

        Raises
        ------
        DataError
            If the shapes do not fit, or an entry is not a finite real number.
        ProblemError
            If ``y`` is a name and ``X`` no frame, or labels and their bounds are both given.
        """
        bounds = {"lower": lower, "upper": upper, "half_widths": half_widths}
        for given in (y, *bounds.values()):
            require_same_rows(X, given)
        optional = tuple(name for name in (lower, upper) if isinstance(name, str))
        frame = named_columns(X, optional)
        for what, given in bounds.items():
            if isinstance(given, str):
                frame, bounds[what], _ = without(frame, given)
        if lower is None and upper is None:
            if half_widths is None:
                return cls._with_labels(X, frame, y, floats)
            dataset = cls._with_labels(X, frame, y, floats)
            widths = exact_array(bounds["half_widths"], "the half-widths")
            if widths.shape != (len(dataset),):
                raise DataError(
                    f"the half-widths have the shape {widths.shape}, but y has {len(dataset)} rows"
                )
            column = Column.from_array(widths, "the half-widths", floats)
            around = Intervals.around(dataset.labels, column, "the half-widths")
            return replace(dataset, intervals=around)
        if y is not None or half_widths is not None:
            raise ProblemError("lower and upper stand in the place of y: leave y and tolerance out")
        n = len(frame[1][0]) if frame is not None and frame[1] else len(X)
        intervals = Intervals(
            bounds_of(bounds["lower"], n, "lower", floats),
            bounds_of(bounds["upper"], n, "upper", floats),
        )
        middles = intervals.middles()
        stand_in = np.empty(n, dtype=object)
        stand_in[:] = [middles[i] for i in range(n)]
        dataset = cls._with_labels(X, frame, stand_in, floats)
        return replace(dataset, intervals=intervals)

    @classmethod
    def _with_labels(cls, X: Any, frame: Frame | None, y: Any, floats: str) -> Dataset:
        label_name = "y"
        if isinstance(y, str):
            frame, y, label_name = without(frame, y)
        elif (series := named_columns(y)) is not None:
            (label_name,), (y,) = one_column(series)
            label_name = label_name or "y"
        labels = exact_array(y, "y")
        if frame is not None:
            notes = index_notes(X)
            return replace(cls._of_columns(frame, labels, label_name, floats), notes=notes)
        points = exact_array(X, "X")
        if labels.ndim == 2 and labels.shape[1] == 1:
            labels = labels[:, 0]
        if labels.ndim != 1:
            raise DataError(f"y must be one-dimensional, but its shape is {labels.shape}")
        if points.ndim == 1:
            points = points[:, None]
        if points.ndim != 2:
            raise DataError(f"X must have one or two dimensions, but its shape is {points.shape}")
        if len(points) != len(labels):
            raise DataError(f"X has {len(points)} rows, but y has {len(labels)}")
        width = points.shape[1]
        names = ("x",) if width == 1 else tuple(f"x{k + 1}" for k in range(width))
        features = tuple(
            Column.from_array(points[:, k], f"X, column {k}", floats) for k in range(width)
        )
        return cls(features, Column.from_array(labels, "y", floats), names)

    @classmethod
    def _of_columns(cls, frame: Frame, labels: Array, label_name: str, floats: str) -> Dataset:
        """Dataset of the columns of a frame, by their names."""
        names, columns = frame
        if labels.ndim == 2 and labels.shape[1] == 1:
            labels = labels[:, 0]
        for name, column in zip(names, columns, strict=True):
            if labels.ndim != 1 or len(column) != len(labels):
                raise DataError(
                    f"column {name!r} has {len(column)} rows, but y has the shape {labels.shape}"
                )
        features = tuple(
            Column.from_array(column, f"column {name!r}", floats)
            for name, column in zip(names, columns, strict=True)
        )
        label = Column.from_array(labels, f"column {label_name!r}", floats)
        return cls(features, label, tuple(name or "x" for name in names), label_name)

    @property
    def n_points(self) -> int:
        """Number of points."""
        return len(self.labels)

    @property
    def n_features(self) -> int:
        """Number of features, ``d``."""
        return len(self.features)

    def __len__(self) -> int:
        return self.n_points

    def __repr__(self) -> str:
        what = f"{self.shown_label} from {self.listed_features}"
        return f"<Dataset: {counted(self.n_points, 'row')}, {what}; read from {self.origin}>"

    @property
    def shown_features(self) -> tuple[str, ...]:
        """Names of the features on one line each, whatever the file says."""
        return tuple(map(printable, self.feature_names))

    @property
    def shown_label(self) -> str:
        """Name of the labels on one line."""
        return printable(self.label_name)

    @property
    def listed_features(self) -> str:
        """Names of the first six features, and how many more there are."""
        shown = ", ".join(map(printable, self.feature_names[:_NAMES_SHOWN]))
        more = self.n_features - _NAMES_SHOWN
        return f"{shown} and {more} more" if more > 0 else shown

    def row(self, index: int) -> tuple[Fraction, ...]:
        """Features and label of one point, exact."""
        return (*(column[index] for column in self.features), self.labels[index])

    def take(self, order: Array) -> Dataset:
        """Dataset of the points at the given positions."""
        return replace(
            self,
            features=tuple(column.take(order) for column in self.features),
            labels=self.labels.take(order),
            origin=self.origin.take(order),
            intervals=None if self.intervals is None else self.intervals.take(order),
        )

    @cached_property
    def canonical(self) -> Dataset:
        """The same points sorted by features, equal points merged.

        Raises
        ------
        ConflictingLabelsError
            If two equal points have different labels; both rows are named.
        """
        keys = [column.values for column in self.features]
        if len(keys) == 1 and is_increasing(keys[0]):
            return self
        points, same = self.sorted_points()
        if not same.any():
            return points
        labels = points.labels.values
        clash = np.flatnonzero(same & np.asarray(labels[1:] != labels[:-1], dtype=bool))
        if len(clash):
            raise conflict(points, int(clash[0]))
        kept = np.flatnonzero(np.concatenate(([True], ~same)))
        return replace(points.take(kept), merged_rows=self.n_points - len(kept))

    def sorted_points(self) -> tuple[Dataset, Array]:
        """The points sorted by features, and which of them have the features of the next."""
        order = np.arange(self.n_points)
        for column in reversed(self.features):
            order = order[np.argsort(column.values[order], kind="stable")]
        points = self.take(order)
        same = np.ones(self.n_points - 1, dtype=bool)
        for column in points.features:
            same &= np.asarray(column.values[1:] == column.values[:-1], dtype=bool)
        return points, same

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical points, one line ``x₁ … x_d y`` each, rationals in lowest terms.

        Row order and duplicate rows do not change it.

        Raises
        ------
        ConflictingLabelsError
            If two equal points have different labels.
        """
        digest, points = hashlib.sha256(), self.canonical
        for i in range(points.n_points):
            digest.update((" ".join(map(rational_text, points.row(i))) + "\n").encode())
        return digest.hexdigest()
