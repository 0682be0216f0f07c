"""Slow, obvious writer of certificates of a search, straight from their definition.

Cells come from the linear programs of :mod:`tests.oracles.multivariate`, the leaves of a level are
listed one by one, each determinant is a plain elimination modulo p, and a leaf is put into the
shard whose definition it meets.  Nothing is decided: a level that is not excluded is written, too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations
from math import comb, gcd, lcm
from typing import Any

from tests.oracles.modular import Columns, annihilating_rows, determinant
from tests.oracles.multivariate import _cells, in_span

Json = dict[str, Any]
Rational = str | int | Fraction
Leaf = tuple[int, ...]
Type = tuple[Leaf, int]
PRIME = 16_777_213


def certificate(
    X: Sequence[Sequence[Rational]],
    y: Sequence[Rational],
    network: tuple[Sequence[Sequence[Rational]], Sequence[Rational] | None],
    levels: list[Json],
    *,
    kind: str = "parameters",
    value: int | None = None,
) -> Json:
    """The document, for canonical points; neurons are (*w, b, v), and the skip is (*a, c)."""
    neurons, skip = network
    points = [[str(Fraction(q)) for q in (*x, label)] for x, label in zip(X, y, strict=True)]
    text = "".join(" ".join(point) + "\n" for point in points)
    return {
        "schema": "exactsparse/certificate/1",
        "data": {
            "sha256": hashlib.sha256(text.encode()).hexdigest(),
            "n_points": len(points),
            "n_features": len(X[0]),
            "features": [f"x{c + 1}" for c in range(len(X[0]))],
            "label": "y",
            "points": points,
        },
        "objective": {
            "kind": kind,
            "p": None,
            "skip": "none" if skip is None else "affine",
            "tolerance": "0",
        },
        "claim": {"status": "optimal", "value": len(levels) + 1 if value is None else value},
        "network": {
            "neurons": [
                {"weights": [str(q) for q in w], "bias": str(b), "output": str(v)}
                for *w, b, v in neurons
            ],
            "skip": skip and {"weights": [str(q) for q in skip[:-1]], "bias": str(skip[-1])},
        },
        "lower_bound": {"kind": "search", "levels": levels},
    }


def rank_level(
    X: Sequence[Sequence[Rational]],
    y: Sequence[Rational],
    cost: int,
    rows: Sequence[int],
    *,
    kind: str = "parameters",
    skip: bool = False,
    prime: int = PRIME,
    most: int = 1000,
) -> Json:
    """A level by rank, in shards of about ``most`` leaves."""
    level = Level(X, y, cost, rows, kind, skip)
    return {
        "cost": cost,
        "method": "rank",
        "rows": list(rows),
        "prime": prime,
        "types": len(level.types),
        "leaves": len(level.leaves),
        "shards": level.shards(prime, most),
    }


class Level:
    """Types, their columns without any that fill up, and leaves."""

    def __init__(
        self,
        X: Sequence[Sequence[Rational]],
        y: Sequence[Rational],
        cost: int,
        rows: Sequence[int],
        kind: str,
        skip: bool,
    ) -> None:
        points, labels = integers(X, y)
        basis = independent([list(column) for column in zip(*points, strict=True)])
        supports = [tuple(basis)]
        if kind == "parameters":
            supports = [
                support
                for size in range(1, min(len(basis), cost) + 1)
                for support in combinations(range(len(points[0])), size)
                if len(independent([[row[c] for row in points] for c in support])) == size
            ]
        self.width = cost * len(basis) if kind == "neurons" else cost
        self.points, self.labels = [points[i] for i in rows], [labels[i] for i in rows]
        self.types = list_types(self.points, supports, skip)
        self.sizes = [len(support) for support, _ in self.types]
        self.leaves = list(sets(self.sizes, self.width))
        free = [list(column) for column in zip(*self.points, strict=True)] if skip else []
        self.free = [free[c] for c in independent(free)]
        self.columns = [self._columns(*kind_of) for kind_of in self.types]

    def _columns(self, support: Leaf, mask: int) -> Columns:
        n = len(self.points)
        active = [i for i in range(n) if mask >> i & 1]
        seen = [[self.points[i][c] for c in support] for i in active]
        if len(independent(seen)) == len(active):
            return [[int(i == j) for i in range(n)] for j in active]
        block = [[self.points[i][c] if i in active else 0 for i in range(n)] for c in support]
        return [block[c] for c in independent(block)]

    def padded(self, prime: int) -> list[Columns]:
        """Columns of every type, filled up."""
        widest = max(self.sizes, default=0)
        return [
            block
            + [
                [pow(i + 2, 5 + t * widest + j, prime) for i in range(len(self.points))]
                for j in range(self.sizes[t] - len(block))
            ]
            for t, block in enumerate(self.columns)
        ]

    def shards(self, prime: int, most: int) -> list[Json]:
        """Shards of about so many leaves."""
        top = annihilating_rows([self.labels, *self.free], self.width, prime)
        blocks = self.padded(prime)
        values = [
            determinant(top, [c for t in leaf for c in blocks[t]], prime) for leaf in self.leaves
        ]
        shards = split((), self.leaves, self.sizes, most)
        for shard in shards:
            inside = [k for k, leaf in enumerate(self.leaves) if contains(shard, leaf, self.sizes)]
            shard["leaves"] = len(inside)
            shard["checksum"] = sum(values[k] for k in inside) % prime
        assert sum(shard["leaves"] for shard in shards) == len(self.leaves)
        return shards

    def reaching(self) -> list[Leaf]:
        """The leaves whose span, with the skip, contains the labels."""
        found = []
        for leaf in self.leaves:
            columns = [*self.free, *(c for t in leaf for c in self.columns[t])]
            if in_span([list(row) for row in zip(*columns, strict=True)], self.labels):
                found.append(leaf)
        return found


def integers(
    X: Sequence[Sequence[Rational]], y: Sequence[Rational]
) -> tuple[list[list[int]], list[int]]:
    """Rows (x, 1) and labels as the smallest integers in proportion."""
    points, labels = [], []
    for x, label in zip(X, y, strict=True):
        numbers = [Fraction(q) for q in (*x, 1, label)]
        scale = Fraction(
            lcm(*(q.denominator for q in numbers)),
            gcd(*(int(q * lcm(*(r.denominator for r in numbers))) for q in numbers)),
        )
        *row, value = [int(q * scale) for q in numbers]
        points.append(row)
        labels.append(value)
    return points, labels


def independent(columns: Columns) -> list[int]:
    """Positions of columns that do not depend on the ones before them."""
    kept: list[int] = []
    for k, column in enumerate(columns):
        before = [columns[j] for j in kept]
        matrix = list(zip(*before, strict=True)) if kept else [() for _ in column]
        if not in_span([list(row) for row in matrix], column):
            kept.append(k)
    return kept


def list_types(points: list[list[int]], supports: Sequence[Leaf], skip: bool) -> list[Type]:
    """Types (support, mask), in their order."""
    found: dict[int, list[tuple[Leaf, int, bool]]] = {}
    for support in supports:
        restricted = [[row[c] for c in support] for row in points]
        masks = set()
        for cell in _cells(restricted):
            mask = sum(1 << i for i, sign in enumerate(cell) if sign > 0)
            other = sum(1 << i for i, sign in enumerate(cell) if sign < 0)
            masks.add(min((m.bit_count(), m) for m in (mask, other))[1] if skip else mask)
        for mask in sorted(masks - {0}):
            active = [row for i, row in enumerate(restricted) if mask >> i & 1]
            is_free = len(independent(active)) == len(active)
            found.setdefault(len(support), []).append((support, mask, is_free))
    types = []
    for size in sorted(found):
        seen = set()
        for support, mask, is_free in found[size]:
            within = any(f and m != mask and m & mask == mask for _, m, f in found[size])
            if not is_free or not (within or mask in seen):
                types.append((support, mask))
            if is_free:
                seen.add(mask)
    return types


# -------------------------------------------------------------------------------------- the leaves


def sets(sizes: list[int], width: int, start: int = 0) -> Iterator[Leaf]:
    """Ascending sets of types with a number of columns in all."""
    if width == 0:
        yield ()
    for t in range(start, len(sizes)):
        if sizes[t] <= width:
            for rest in sets(sizes, width - sizes[t], t + 1):
                yield (t, *rest)


def pairs(a: int, b: int) -> bool:
    return a + b <= 14 and comb(a + b, a) <= 1000


def contains(shard: Json, leaf: Leaf, sizes: list[int]) -> bool:
    """Whether a leaf meets the definition of a shard."""
    prefix = tuple(shard["prefix"])
    further = leaf[len(prefix) :]
    if leaf[: len(prefix)] != prefix or not further:
        return False
    s = [sizes[t] for t in leaf]
    if len(further) == 1:
        return bool(shard["here"]) and (not prefix or not pairs(s[-2], s[-1]))
    if len(further) == 2 and pairs(s[-2], s[-1]):
        return bool(shard["here"])
    return int(shard["lowest"]) <= further[0] < int(shard["highest"])


def split(prefix: Leaf, leaves: list[Leaf], sizes: list[int], most: int) -> list[Json]:
    """Shards of the leaves that begin with a prefix."""
    at, end, depth = prefix[-1] + 1 if prefix else 0, len(sizes), len(prefix)
    shards: list[Json] = []
    lowest, gathered, here = at, 0, True

    def close(highest: int) -> None:
        nonlocal here
        shards.append({"prefix": list(prefix), "lowest": lowest, "highest": highest, "here": here})
        here = False

    for t in range(at, end):
        one = {"prefix": list(prefix), "lowest": t, "highest": t + 1, "here": False}
        below = [leaf for leaf in leaves if leaf[depth] == t and contains(one, leaf, sizes)]
        if len(below) > most:
            close(t)
            shards += split((*prefix, t), below, sizes, most)
            lowest, gathered = t + 1, 0
        elif gathered + len(below) > most:
            close(t)
            lowest, gathered = t, len(below)
        else:
            gathered += len(below)
    close(end)
    return shards
