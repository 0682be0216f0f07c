"""Neuron types on a few rows: supports and activation patterns, and the columns they contribute.

A neuron of support T that is active on the rows of a set ``m`` contributes to the network, on these
rows, a vector of ``V = span {mask(m) ∘ x̄_c : c ∈ T}``.  For a lower bound only these spaces matter:

* a type whose V is spanned by the skip columns is invisible on these rows and is left out;
* with a free affine part, m and its complement give the same space modulo the skip columns;
* where ``rank x̄_{m,T} = |m|``, V consists of all vectors supported on m.  Among types of equal size
  of this kind only those with maximal m are kept: they represent the others.

Columns that depend, over the rationals, on earlier columns of the same type are replaced by
arbitrary ones.  That only enlarges V, so that a label vector outside is outside all the more.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exactsparse.exact.integers import bits_at
from exactsparse.exact.rank import independent, rank
from exactsparse.patterns.neuron_types import NeuronType, Support, rows_seen, types_on
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.progress import Deadline


@dataclass(frozen=True, eq=False)
class TypeSpans:
    """The types that a search on some rows walks over, by number of columns.

    Parameters
    ----------
    table : IntegerTable
        The rows.
    skip : bool
        Whether the columns of ``x̄`` are free.
    types : list of NeuronType
        One representative for each kept space, by size, then support, then mask.
    spans : list of tuple of int or None
        Rows whose unit vectors span the space, if it is of that kind.
    everything : list of NeuronType
        All types on the rows, those included that do nothing there.
    """

    table: IntegerTable
    skip: bool
    types: list[NeuronType]
    spans: list[tuple[int, ...] | None]
    everything: list[NeuronType]

    @classmethod
    def build(
        cls,
        table: IntegerTable,
        supports: Iterable[Support],
        skip: bool,
        deadline: Deadline | None = None,
    ) -> TypeSpans:
        """Collect the types on some rows.

        Parameters
        ----------
        table : IntegerTable
            The rows.
        supports : iterable of tuple of int
            Supports of the types.
        skip : bool
            Whether the columns of ``x̄`` are free.
        deadline : Deadline, optional
            When to give up.

        Raises
        ------
        Stopped
            If the deadline has passed.
        """
        deadline = deadline or Deadline()
        kept: list[tuple[NeuronType, tuple[int, ...] | None]] = []
        by_size: dict[int, list[tuple[NeuronType, tuple[int, ...] | None]]] = {}
        everything: list[NeuronType] = []
        for support in supports:
            deadline.check()
            types = types_on(table, support)
            everything.extend(types)
            by_size.setdefault(len(support), []).extend(_spaces(table, types, skip, deadline))
        for size in sorted(by_size):
            kept.extend(_undominated(by_size[size], deadline))
        return cls(table, skip, [t for t, _ in kept], [span for _, span in kept], everything)

    def __len__(self) -> int:
        return len(self.types)

    def visible_mask(self, t: NeuronType) -> int:
        """Pattern of a type, or its complement under a skip; 0 if the type does nothing."""
        return _visible(t.mask, rows_seen(self.table, t.support)) if self.skip else t.mask

    @cached_property
    def sizes(self) -> NDArray[np.int64]:
        """Number of columns of every type."""
        return np.array([len(t.support) for t in self.types], dtype=np.int64)

    @cached_property
    def masks(self) -> NDArray[np.int64]:
        """Pattern of every type, as bits."""
        return np.array([t.mask for t in self.types], dtype=np.int64)

    @cached_property
    def inputs(self) -> NDArray[np.int64]:
        """Support of every type, as bits."""
        return np.array([bits_at(t.support) for t in self.types], dtype=np.int64)

    @cached_property
    def unit_rows(self) -> NDArray[np.int64]:
        """Rows whose unit vectors span the space of every type, as bits; 0 if it is no such."""
        return np.array([bits_at(span or ()) for span in self.spans], dtype=np.int64)

    def columns(self, index: int) -> list[Any]:
        """A basis of the space of a type, integer vectors of length n."""
        n, t = len(self.table), self.types[index]
        span = self.spans[index]
        if span is not None:
            return [[int(i == row) for i in range(n)] for row in span]
        active = t.active(n)
        columns = [np.where(active, self.table.points[:, c], 0).tolist() for c in t.support]
        return independent(columns)


def _spaces(
    table: IntegerTable, types: list[NeuronType], skip: bool, deadline: Deadline
) -> list[tuple[NeuronType, tuple[int, ...] | None]]:
    """Types of a support that are visible, one for each pair of complements under a skip."""
    support = types[0].support
    points = table.points[:, list(support)]
    masks = [t.mask for t in types]
    if skip:
        nonzero = rows_seen(table, support)
        masks = sorted({_visible(m, nonzero) for m in masks})
    spaces = []
    for mask in masks:
        if not mask:
            continue
        deadline.check()
        rows = tuple(i for i in range(len(table)) if mask >> i & 1)
        free = len(rows) <= len(support) and rank(points[list(rows)].tolist()) == len(rows)
        spaces.append((NeuronType(support, mask), rows if free else None))
    return spaces


def _visible(mask: int, nonzero: int) -> int:
    return min(mask, nonzero ^ mask, key=lambda m: (m.bit_count(), m))


def _undominated(
    spaces: list[tuple[NeuronType, tuple[int, ...] | None]], deadline: Deadline
) -> list[tuple[NeuronType, tuple[int, ...] | None]]:
    """Drop what lies in the unit vectors of another type of the same size."""
    free: dict[int, NeuronType] = {}
    for t, span in spaces:
        if span is not None:
            free.setdefault(t.mask, t)
    maximal = set()
    for m in free:
        deadline.check()
        if not any(m != other and m & other == m for other in free):
            maximal.add(m)
    return [
        (t, span) for t, span in spaces if span is None or (t.mask in maximal and free[t.mask] is t)
    ]
