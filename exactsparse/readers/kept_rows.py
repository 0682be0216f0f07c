"""Which rows of a table are read where those with a missing cell are left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from exactsparse.errors import DataError
from exactsparse.problem.column import Array


@dataclass(frozen=True, eq=False)
class KeptRows:
    """The rows of a table that are read.

    Parameters
    ----------
    rows : ndarray of int or None
        Their positions; None for all.
    notes : tuple of str
        How many are left out.
    """

    rows: NDArray[np.int64] | None = None
    notes: tuple[str, ...] = ()

    @classmethod
    def without(cls, missing: Sequence[NDArray[np.bool_]], file: str) -> KeptRows:
        """All rows but those of which a cell is missing.

        Raises
        ------
        DataError
            If none is left.
        """
        dropped = np.logical_or.reduce(missing) if missing else np.zeros(1, dtype=bool)
        count = int(np.count_nonzero(dropped))
        if not count:
            return cls()
        if count == len(dropped):
            raise DataError(f"{file}: every row has a missing cell, so --drop-missing leaves none")
        return cls(np.flatnonzero(~dropped), (rows_dropped(count),))

    def of(self, values: Array) -> Array:
        """The entries of these rows."""
        return values if self.rows is None else values[self.rows]


def rows_dropped(count: int) -> str:
    """Note on rows that were left out."""
    return f"{count} row{'s' * (count > 1)} with a missing cell dropped"
