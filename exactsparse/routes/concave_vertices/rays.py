"""All extreme rays of the refined arrangement, with what they add to the rows."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exactsparse.errors import UnsupportedProblemError
from exactsparse.patterns.rays import extreme_rays
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.routes.concave_vertices.budget import BUDGET
from exactsparse.routes.concave_vertices.kernels.walk import RayTable

_SAFE_PRIMES = 2**31
_LEAST = 1e-290


@dataclass(frozen=True, eq=False)
class RaySystem:
    """Rays r of both directions that some row activates, and their columns ``(X̄r)₊``.

    Parameters
    ----------
    rows : list of n lists of D ints
        Points ``x̄ᵢ``, scaled.
    labels : list of n ints
        Scaled alike.
    rays : list of m tuples of D ints
        Primitive.
    columns : list of m lists of n ints
        What they add.
    joinable : ndarray of bool, shape (m, m)
        Whether two rays lie in one closed cell: no row, and no coordinate, has opposite signs.
    """

    rows: list[list[int]]
    labels: list[int]
    rays: list[tuple[int, ...]]
    columns: list[list[int]]
    joinable: NDArray[np.bool_]

    @classmethod
    def of(cls, table: IntegerTable) -> RaySystem:
        """The rays of all rows."""
        lines = extreme_rays(table.points)
        both = np.concatenate((lines, -lines))
        heights = both.dot(table.points.T)
        kept = (heights > 0).any(axis=1)
        both, heights = both[kept], heights[kept]
        signs = np.concatenate((heights, both), axis=1)
        above, below = (signs > 0).astype(np.int64), (signs < 0).astype(np.int64)
        columns = np.where(heights > 0, heights, 0)
        return cls(
            table.points.tolist(),
            table.labels.tolist(),
            [tuple(ray) for ray in both.tolist()],
            columns.tolist(),
            (above @ below.T + below @ above.T) == 0,
        )

    @property
    def width(self) -> int:
        """Number of inputs of a neuron."""
        return len(self.rows[0])

    def __len__(self) -> int:
        return len(self.rays)

    def sets(self) -> int:
        """How many sets of as many rays as there are rows."""
        return math.comb(len(self), len(self.rows))

    def float_table(self) -> RayTable:
        """The same for the kernels.

        Raises
        ------
        OverflowError
            If numbers exceed float64.
        """
        whole: NDArray[Any] = np.array([*self.columns, self.labels], dtype=object).T
        sizes = [max(map(abs, row)) for row in whole[:, :-1].tolist()]
        shifts = [max(int(size).bit_length() - 1, 0) for size in sizes]
        entries = whole.tolist()
        # Python divides integers with one rounding.
        floats = np.array(
            [[v / (1 << s) for v in row] for row, s in zip(entries, shifts, strict=True)]
        )
        exact = max(abs(v) for row in entries for v in row) < 1 << 53
        # Longer columns have smaller weights; their rays are multiplied to match.
        lengths = np.abs(floats).max(axis=0)
        if lengths.min() < _LEAST:
            raise OverflowError
        factors = np.exp2(-np.floor(np.log2(lengths)))
        floats, lengths = floats * factors, lengths * factors
        errors = lengths * (0.0 if exact else 2.0**-52)
        norms = [math.isqrt(sum(v * v for v in column)) + 1 for column in whole.T.tolist()]
        bound = max(norms[:-1]) ** len(shifts) * max(norms[-1], 1)
        primes = _primes(2 * bound)
        residues = np.array([(whole % p).astype(np.int64) for p in primes])
        coordinates = np.array([[abs(v) / 1 for v in ray] for ray in self.rays])
        coordinates *= (factors[:-1] / factors[-1])[:, None]
        least = coordinates[coordinates > 0].min()
        if not (least > _LEAST and coordinates.max() < 1 / _LEAST):
            raise OverflowError
        return RayTable(
            floats,
            errors,
            float(2 ** sum(shifts)),
            factors,
            coordinates * (1 - 1e-12),
            self.joinable,
            residues,
            np.array(primes, dtype=np.int64),
        )


def require_few_lines(table: IntegerTable) -> None:
    """Refuse a table with more rays than can be listed.

    Raises
    ------
    UnsupportedProblemError
        If there may be so many.
    """
    most = math.comb(len(table) + table.width, table.width - 1)
    if most > BUDGET.most_lines:
        raise UnsupportedProblemError(
            f"{len(table)} points of {table.width - 1} features have up to {most:,} lines of rays, "
            f"and for path norms with 0 < p < 1 at most {BUDGET.most_lines:,} are listed: ask for "
            "p = 1 or for parameters"
        )


def _primes(bound: int) -> list[int]:
    """Primes below 2³¹ whose product exceeds a bound."""
    import flint

    found, value, total = [], _SAFE_PRIMES, 1
    while total <= bound:
        value -= 1
        if flint.fmpz(value).is_prime():
            found.append(value)
            total *= value
    return found
