"""Decides the leaves whose determinant is 0 modulo p: over the rationals, not modulo p.

Two arguments refute nearly all. Rows on which the same neurons of a leaf are active see one linear
function of the inputs of these neurons (and of the skip): the labels on them have to be one. And
where some columns of a leaf depend over Q on the others, these others span the same: it is enough
that they, the labels and the skip are independent modulo p. What is left is decided by
elimination in integers.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from operator import mul

from exactsparse_check.level import Level, Prefix
from exactsparse_check.linear import Span, are_independent, independent, spans
from exactsparse_check.neuron_types import Table
from exactsparse_check.schema import Rejected

# Rows, and the inputs that are seen on them, both as bits.
Group = tuple[int, int]


class Linear(dict[Group, bool]):
    """Whether the labels of a group are a linear function of the inputs that are seen."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def __missing__(self, group: Group) -> bool:
        """Find out, and keep it."""
        rows, seen = group
        part = self._table.take(i for i in range(len(self._table.labels)) if rows >> i & 1)
        inputs = [c for c in range(len(part.rows[0])) if seen >> c & 1]
        self[group] = spans(part.columns(inputs), part.labels)
        return self[group]


class Zeros:
    """What is known of the types of a level, over the rationals."""

    def __init__(self, level: Level) -> None:
        self._level, self._linear = level, Linear(level.table)
        self._masks = [t.mask for t in level.types]
        self._inputs = [sum(1 << c for c in t.support) for t in level.types]
        self._left_out = lru_cache(None)(self._new_left_out)
        self._span_of = lru_cache(64)(self._new_span)

    def groups(self, prefix: Prefix) -> list[Group]:
        """Return the rows by the set of types of a prefix that are active on them."""
        width = len(self._level.table.rows[0])
        seen = (1 << width) - 1 if self._level.skip_columns else 0
        groups = [((1 << self._level.n) - 1, seen)]
        for t in prefix:
            groups = self.split(groups, t)
        return groups

    def split(self, groups: Iterable[Group], t: int) -> list[Group]:
        """Return the groups after one more type."""
        mask, inputs, parts = self._masks[t], self._inputs[t], list[Group]()
        for rows, seen in groups:
            parts += [(rows & mask, seen | inputs), (rows & ~mask, seen)]
        return [part for part in parts if part[0]]

    def refute(
        self,
        groups: list[Group],
        types: Sequence[int],
        node: Callable[[], tuple[Prefix, list[list[int]]]],
    ) -> None:
        """Refute the leaves that a node and one of the types make up, or reject.

        The groups are those of the node; its prefix and rows are asked for if these do not decide.
        """
        # Many rows seldom have linear labels.
        groups = sorted(groups, key=lambda group: -group[0].bit_count())
        types = [t for t in types if not self._has_nonlinear_rows(groups, t)]
        if types:
            prefix, rows = node()
            for t in types:
                if not rows or not self._is_refuted_by(rows, prefix, t):
                    self._decide(prefix, t)

    def _has_nonlinear_rows(self, groups: list[Group], t: int) -> bool:
        mask, inputs, linear = self._masks[t], self._inputs[t], self._linear
        for rows, seen in groups:
            inside = rows & mask
            if inside != rows and not linear[rows ^ inside, seen]:
                return True
            if inside and not linear[inside, seen | inputs]:
                return True
        return False

    def _is_refuted_by(self, rows: list[list[int]], prefix: Prefix, t: int) -> bool:
        """Whether columns of t that span the same are independent modulo all that rows annihilate.

        With the prefix, its dependent columns left out, the leaf is then seen to be independent of
        the labels modulo p.
        """
        left_out = set().union(*(self._left_out(s, t) for s in prefix))
        columns = [x for c, x in enumerate(self._level.types[t].columns) if c not in left_out]
        p = self._level.prime
        return are_independent([[sum(map(mul, w, x)) % p for w in rows] for x in columns], p)

    def _decide(self, prefix: Prefix, t: int) -> None:
        if not any(self._new_span((*prefix, t)).rest(self._level.table.labels)):
            raise Rejected(f"the labels are in the span of the types {[*prefix, t]}")

    def depend(self, prefix: Prefix, t: int, columns: Iterable[int]) -> bool:
        """Whether columns of t depend over Q on the skip, a prefix, and earlier columns of t.

        Of columns that only fill up a type this is not asked.
        """
        own = self._level.types[t].columns
        return all(
            c >= len(own)
            or any(c in self._left_out(s, t) for s in prefix)
            or not self._span_of(prefix).copy(own[:c]).add(own[c])
            for c in columns
        )

    def _new_left_out(self, s: int, t: int) -> set[int]:
        """Return the columns of t that depend on the skip, those of s, and earlier ones of t."""
        before = [*self._level.skip_columns, *self._level.types[s].columns]
        own = self._level.types[t].columns
        kept = independent([*before, *own])
        return {*range(len(own))} - {k - len(before) for k in kept}

    def _new_span(self, prefix: Prefix) -> Span:
        """Return the span of the skip and a prefix."""
        if not prefix:
            return Span(self._level.skip_columns)
        return self._span_of(prefix[:-1]).copy(self._level.types[prefix[-1]].columns)
