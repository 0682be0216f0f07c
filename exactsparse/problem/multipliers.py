"""Multipliers λ of rows, exact: what Farkas' lemma proves of labels that no network reaches."""

from __future__ import annotations

from collections.abc import Sequence

import flint

from exactsparse.exact.integers import shortened
from exactsparse.problem.integer_table import IntegerTable

Vector = tuple[int, ...]


def first_cuts(table: IntegerTable, skip: bool) -> list[Vector]:
    """λ of few rows: one for each nonzero label, or with a skip minimal dependencies of rows.

    Without a skip they say that some active neuron has the sign of the label.  There is at least
    one unless a network of cost 0 interpolates.

    Parameters
    ----------
    table : IntegerTable
        All rows.
    skip : bool
        Whether there is a free affine part.
    """
    n = len(table)
    if not skip:
        sides = [(label > 0) - (label < 0) for label in table.labels]
        return [tuple(s * (i == j) for j in range(n)) for i, s in enumerate(sides) if s]
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
    """λ or −λ without its common divisor, such that ``λ·y > 0``; None if ``λ·y = 0``."""
    value = sum(x * int(y) for x, y in zip(multipliers, table.labels, strict=True))
    if not value:
        return None
    return shortened(multipliers if value > 0 else [-x for x in multipliers])
