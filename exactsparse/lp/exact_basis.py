"""Rational solutions of a linear program's basis, and networks from weights on rays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import flint
import numpy as np
from numpy.typing import NDArray

from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.network import Network, Neuron, Skip

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
    columns: Sequence[Sequence[int]], costs: Sequence[int], target: Sequence[int]
) -> BasisSolution | None:
    """Solve ``B x = target`` and ``Bᵀ λ = costs`` in rationals; None if B is singular.

    Parameters
    ----------
    columns : sequence of n sequences of n ints
        B by columns.
    costs, target : sequence of n ints
    """
    n = len(target)
    transposed = flint.fmpz_mat(n, n, [int(v) for column in columns for v in column])
    try:
        weights = transposed.transpose().solve(flint.fmpz_mat(n, 1, [int(v) for v in target]))
        duals = transposed.solve(flint.fmpz_mat(n, 1, [int(v) for v in costs]))
    except ZeroDivisionError:
        return None
    return BasisSolution(_fractions(weights, n), _fractions(duals, n))


def relu_column(table: IntegerTable, ray: Ray) -> list[int]:
    """``(X̄w)₊`` for an integer vector w."""
    products = table.points.dot(np.array(ray, dtype=object))
    return [max(v, 0) for v in products.tolist()]


def merged_network(
    table: IntegerTable,
    weighted: Sequence[tuple[Ray, Fraction]],
    affine: Sequence[Fraction] | None,
) -> Network:
    """The network of weighted rays, neurons of one sign in one closed cell added up.

    Adding up changes no value on the rows, and by the triangle inequality raises no cost.

    Parameters
    ----------
    weighted : sequence of (ray, weight)
        ``Σ weight · (r · x̄)₊``.
    affine : sequence of D Fractions, or None
        The free affine part.
    """
    cells: list[tuple[int, NDArray[np.int8], list[Fraction]]] = []
    for ray, weight in weighted:
        if not weight:
            continue
        side = 1 if weight > 0 else -1
        products = table.points.dot(np.array(ray, dtype=object))
        signs = (products > 0).astype(np.int8) - (products < 0).astype(np.int8)
        scaled = [abs(weight) * entry for entry in ray]
        for k, (other, cell, total) in enumerate(cells):
            if other == side and not (signs * cell < 0).any():
                merged = np.where(cell == 0, signs, cell)
                summed = [a + b for a, b in zip(total, scaled, strict=True)]
                cells[k] = (side, merged, summed)
                break
        else:
            cells.append((side, signs, scaled))
    neurons = tuple(
        Neuron(tuple(total[:-1]), total[-1], Fraction(side)) for side, _, total in cells
    )
    skip = None if affine is None else Skip(tuple(affine[:-1]), affine[-1])
    return Network(neurons, skip, table.width - 1)


def _fractions(column: Any, n: int) -> list[Fraction]:
    entries = (column[i, 0] for i in range(n))
    return [Fraction(int(v.p), int(v.q)) for v in entries]
