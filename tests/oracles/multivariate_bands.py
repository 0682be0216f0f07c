"""Slow, obvious oracle for the sparsest ReLU network within bounds, in exact arithmetic.

As tests/oracles/multivariate.py, which holds the types and their argument: a cheapest network has
at most two neurons per mask, one of each sign.  Here every set of types of a cost, with every
choice of signs, is one linear program: the weights lie in their cells, and every row's value
between its bounds, None for none.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import product

from tests.oracles.multivariate import Type, _sets, _types, feasible

Bounds = Sequence[Fraction | None]


def sparsest_within(
    X: Sequence[Sequence[Fraction]],
    lower: Bounds,
    upper: Bounds,
    objective: str = "parameters",
    skip: str = "none",
    most: int = 4,
) -> int | None:
    """Least cost of a network within the bounds; None if it exceeds ``most``, or there is none."""
    rows = [[*map(Fraction, point), Fraction(1)] for point in X]
    types = _types(rows, objective, skip)
    for cost in range(most + 1):
        for chosen in _sets(types, cost):
            for signs in product((1, -1), repeat=len(chosen)):
                if _meets(chosen, signs, rows, lower, upper, skip):
                    return cost
    return None


def _meets(
    chosen: Sequence[Type],
    signs: Sequence[int],
    rows: Sequence[Sequence[Fraction]],
    lower: Bounds,
    upper: Bounds,
    skip: str,
) -> bool:
    n_affine = len(rows[0]) if skip == "affine" else 0
    width = sum(len(kind.support) for kind in chosen) + n_affine
    demands: list[tuple[list[Fraction], Fraction]] = []
    for i, row in enumerate(rows):
        value = [Fraction(0)] * width
        start = 0
        for kind, sign in zip(chosen, signs, strict=True):
            cone = [Fraction(0)] * width
            for t in kind.support:
                cone[start] = kind.cell[i] * row[t]
                if kind.cell[i] > 0:
                    value[start] = sign * row[t]
                start += 1
            if kind.cell[i]:
                demands.append((cone, Fraction(0)))
        if n_affine:
            value[start:] = row
        if lower[i] is not None:
            demands.append((value, -Fraction(lower[i])))
        if upper[i] is not None:
            demands.append(([-v for v in value], Fraction(upper[i])))
    if not width:
        return all(constant >= 0 for _, constant in demands)
    return feasible(demands)
