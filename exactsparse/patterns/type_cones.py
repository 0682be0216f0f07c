"""What neurons of each type can add to the labels: finitely generated cones.

A neuron of support T whose weights w lie in the closure of a cell adds ``± (x̄_{i,T} · w)₊`` to row
i.  Where the columns of T are independent, the closed cell is the set of nonnegative combinations
of its extreme rays, and each of these lies on ``|T| − 1`` independent hyperplanes (H. Weyl, 1935).
What the type reaches is the cone of their columns ``(X̄_T r)₊``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exactsparse.errors import UnsupportedProblemError
from exactsparse.exact.integers import primitive
from exactsparse.patterns.neuron_types import (
    NeuronType,
    Support,
    rows_seen,
    types_on,
    useful_supports,
)
from exactsparse.patterns.rays import lines_of
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.objective import Objective

Integers = NDArray[Any]

MOST_TYPES = 20_000
MOST_INCIDENCES = 25_000_000


def skip_types(table: IntegerTable, types: Sequence[NeuronType]) -> list[NeuronType]:
    """One of each pair of types that differ by an affine function, and none that is affine.

    ``(t)₊ = t + (−t)₊``: with a free affine part, complementary masks serve alike.

    Parameters
    ----------
    table : IntegerTable
        All rows.
    types : sequence of NeuronType
        Of any supports.
    """
    kept = []
    for t in types:
        other = rows_seen(table, t.support) ^ t.mask
        if other and (t.mask.bit_count(), t.mask) <= (other.bit_count(), other):
            kept.append(t)
    return kept


def all_types(
    table: IntegerTable, objective: Objective, skip: bool, pause: Callable[[], None]
) -> list[NeuronType]:
    """Every neuron type that a sparsest network may need, those that add nothing left out.

    Parameters
    ----------
    table : IntegerTable
        All rows.
    objective : Objective
        What is counted.
    skip : bool
        Whether there is a free affine part.
    pause : callable
        Called before every support; may raise to end the work.

    Raises
    ------
    UnsupportedProblemError
        If there may be more than can be held in a program.
    """
    require_few_types(table, objective)
    found: list[NeuronType] = []
    for support in useful_supports(table, objective, len(table.basis)):
        pause()
        found.extend(t for t in types_on(table, support) if t.mask)
    return skip_types(table, found) if skip else found


def require_few_types(table: IntegerTable, objective: Objective) -> None:
    """Refuse a table with more types than can be held in a program.

    Raises
    ------
    UnsupportedProblemError
        If there may be so many.
    """
    n, width = len(table), len(table.basis)
    free = objective.inputs_are_free
    sizes = [width] if free else range(1, width + 1)
    most = sum(
        (1 if free else math.comb(table.width, size))
        * 2
        * sum(math.comb(n - 1, i) for i in range(size))
        for size in sizes
    )
    if most > MOST_TYPES:
        raise UnsupportedProblemError(
            f"the program over neuron types would have up to {most:,} types with two signs each, "
            f"and {MOST_TYPES:,} are held at most: use method 'search'"
        )


@dataclass(frozen=True, eq=False)
class TypeCones:
    """Extreme rays of the closed cells of neuron types, and what they add to the rows.

    Parameters
    ----------
    types : tuple of NeuronType
        Of supports with independent columns.
    weights : list of tuple (support, ray)
        Integer weights r of every ray on its support.
    columns : ndarray of int (object), shape (n_rays, n)
        ``(X̄_T r)₊`` of every ray.
    members : list of ndarray of int
        Positions of the rays of every type.
    """

    types: tuple[NeuronType, ...]
    weights: list[tuple[Support, tuple[int, ...]]]
    columns: Integers
    members: list[NDArray[np.int64]]

    @classmethod
    def of(
        cls, table: IntegerTable, types: Sequence[NeuronType], pause: Callable[[], None]
    ) -> TypeCones:
        """Find the rays of every type.

        Parameters
        ----------
        table : IntegerTable
            All rows.
        types : sequence of NeuronType
            Types on all rows.
        pause : callable
            Called before every support; may raise to end the work.

        Raises
        ------
        UnsupportedProblemError
            If rays and types are too many.
        """
        n = len(table)
        weights: list[tuple[Support, tuple[int, ...]]] = []
        columns: list[Any] = []
        members: list[NDArray[np.int64]] = [np.zeros(0, dtype=np.int64)] * len(types)
        by_support: dict[Support, list[int]] = {}
        for k, t in enumerate(types):
            by_support.setdefault(t.support, []).append(k)
        for support, of_support in by_support.items():
            pause()
            rows = table.points[:, list(support)]
            rays = _rays(rows)
            if len(rays) * len(of_support) > MOST_INCIDENCES:
                raise UnsupportedProblemError(
                    f"{len(rays):,} rays and {len(of_support):,} types of one support are too many "
                    "for the exact program: use method 'search'"
                )
            values = np.array(rays, dtype=object).reshape(len(rays), len(support)).dot(rows.T)
            masks = np.array([types[k].active(n) for k in of_support]).astype(np.float32)
            outside = (values > 0).astype(np.float32) @ (1 - masks).T
            against = (values < 0).astype(np.float32) @ masks.T
            first = len(weights)
            for position, inside in zip(of_support, ((outside + against) == 0).T, strict=True):
                members[position] = first + np.flatnonzero(inside)
            weights.extend((support, ray) for ray in rays)
            columns.extend(np.where(values > 0, values, 0))
        return cls(tuple(types), weights, np.array(columns, dtype=object).reshape(-1, n), members)


def _rays(rows: Integers) -> list[tuple[int, ...]]:
    """Both directions of every line in which independent hyperplanes meet."""
    distinct = list(dict.fromkeys(primitive(row) for row in rows.tolist() if any(row)))
    normals = np.array(distinct, dtype=object).reshape(-1, rows.shape[1])
    return [ray for line in lines_of(normals) for ray in (line, tuple(-x for x in line))]
