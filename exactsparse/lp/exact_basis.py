"""Rational solutions of a linear program's basis, and networks from weights on rays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import flint
import numpy as np
from numpy.typing import NDArray

from exactsparse.problem.integer_table import IntegerTable

Ray = tuple[int, ...]
Integers = NDArray[Any]


@dataclass(frozen=True)
class BasisSolution:
    """What a basis determines.

    Parameters
    ----------
    weights : list of Fraction
        Of the columns.
    duals : list of Fraction
        λ with ``λ · column = cost`` for every column.
    """

    weights: list[Fraction]
    duals: list[Fraction]


def solve_basis(
    columns: Sequence[Sequence[int]],
    costs: Sequence[int],
    target: Callable[[list[Fraction]], Sequence[int] | None],
) -> BasisSolution | None:
    """Solve ``Bᵀ λ = costs`` and ``B x = target(λ)`` in rationals; None if B is singular.

    Parameters
    ----------
    columns : sequence of n sequences of n ints
        B by columns.
    costs : sequence of n ints
        Of the columns.
    target : callable
        Gives what the rows are to be, of λ, on whose signs it may depend; None for nothing.
    """
    n = len(costs)
    transposed = flint.fmpz_mat(n, n, [int(v) for column in columns for v in column])
    try:
        duals = _fractions(transposed.solve(flint.fmpz_mat(n, 1, [int(v) for v in costs])), n)
        ends = target(duals)
        if ends is None:
            return None
        weights = transposed.transpose().solve(flint.fmpz_mat(n, 1, [int(v) for v in ends]))
    except ZeroDivisionError:
        return None
    return BasisSolution(_fractions(weights, n), duals)


def relu_column(table: IntegerTable, ray: Ray) -> list[int]:
    """``(X̄w)₊`` for an integer vector w."""
    products = table.points.dot(np.array(ray, dtype=object))
    return [max(v, 0) for v in products.tolist()]


def _fractions(column: Any, n: int) -> list[Fraction]:
    entries = (column[i, 0] for i in range(n))
    return [Fraction(int(v.p), int(v.q)) for v in entries]
