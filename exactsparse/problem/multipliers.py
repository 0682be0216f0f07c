"""Multipliers λ of rows, exact: what Farkas' lemma proves of labels that no network reaches.

Within a band ``l <= f <= u`` positive multipliers stand on lower bounds and negative ones on upper
bounds: ``λ·f >= λ⁺·l − λ⁻·u``, whatever the function.  One on a bound that is none proves nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import flint

from exactsparse.exact.integers import shortened
from exactsparse.problem.integer_table import IntegerTable

Vector = tuple[int, ...]


def first_cuts(table: IntegerTable, skip: bool) -> list[Vector]:
    """λ of few rows: one for each nonzero label, or with a skip minimal dependencies of rows.

    Without a skip they say that some active neuron has the sign of the label, or of the bounds that
    exclude 0.  There is at least one unless a network of cost 0 interpolates; within a band and
    with a skip, there may be none even then.

    Parameters
    ----------
    table : IntegerTable
        All rows.
    skip : bool
        Whether there is a free affine part.
    """
    n = len(table)
    if not skip:
        units = ([int(i == j) for j in range(n)] for i in range(n))
        return [found for unit in units if (found := oriented(table, unit)) is not None]
    null, nullity = flint.fmpz_mat(table.points.T.tolist()).nullspace()
    if not nullity:
        return []
    basis = flint.fmpz_mat([[int(null[i, k]) for i in range(n)] for k in range(nullity)])
    rows = ([int(entry) for entry in row] for row in basis.rref()[0].tolist())
    return [found for row in rows if (found := oriented(table, row)) is not None]


def on_points(table: IntegerTable, multipliers: Vector) -> Vector:
    """λ for the points as they are, from λ for the rows of the table, which are scaled.

    Parameters
    ----------
    table : IntegerTable
        All rows.
    multipliers : tuple of int
        One for every row of the table.
    """
    return shortened([x * int(s) for x, s in zip(multipliers, table.points[:, -1], strict=True)])


def oriented(table: IntegerTable, multipliers: Sequence[int]) -> Vector | None:
    """λ or −λ without its common divisor, such that ``λ·y > 0``; None if neither has.

    Within a band the least value of ``λ·f`` counts.

    Parameters
    ----------
    table : IntegerTable
        All rows.
    multipliers : sequence of int
        One for every row of the table.

    Examples
    --------
    >>> from exactsparse import Dataset, Problem
    >>> data = Dataset.from_arrays([[0], [1]], lower=[1, None], upper=[None, -2])
    >>> table = IntegerTable.of_problem(Problem.of(data, skip="none"))
    >>> oriented(table, [2, -4]), oriented(table, [-1, 0]), oriented(table, [1, 1])
    ((1, -2), (1, 0), None)
    """
    for side in (1, -1):
        turned = [side * x for x in multipliers]
        value = least_sum(table, turned)
        if value is not None and value > 0:
            return shortened(turned)
    return None


def least_sum(table: IntegerTable, multipliers: Sequence[int | Fraction]) -> int | Fraction | None:
    """``λ · labels``, or ``λ⁺ · lower − λ⁻ · upper``; None if λ needs a bound that is none.

    Parameters
    ----------
    table : IntegerTable
        All rows.
    multipliers : sequence of n ints or Fractions
        λ.
    """
    total: int | Fraction = 0
    for x, low, high in zip(multipliers, table.lower, table.upper, strict=True):
        end = end_of(x, low, high)
        if end is None:
            return None
        total += x * end
    return total


def end_of(multiplier: int | Fraction, low: int | None, high: int | None) -> int | None:
    """The bound that a multiplier stands on; 0 for a multiplier of 0, None for no bound.

    Parameters
    ----------
    multiplier : int or Fraction
        Of one row.
    low, high : int or None
        Bounds of the row.
    """
    if not multiplier:
        return 0
    end = low if multiplier > 0 else high
    return None if end is None else int(end)
