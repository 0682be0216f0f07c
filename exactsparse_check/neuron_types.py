"""The types of neurons on some rows, as search.py defines them, with the columns they add."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import comb, gcd, lcm

from exactsparse_check.arrangement import chambers
from exactsparse_check.data import Points
from exactsparse_check.linear import Vector, independent
from exactsparse_check.patience import SHORT

Support = tuple[int, ...]
Pause = Callable[[], object]


@dataclass(frozen=True)
class Table:
    """Rows (x, 1) and labels y, each pair times a positive number that makes both integers."""

    rows: list[Vector]
    labels: list[int]

    @classmethod
    def of(cls, points: Points, pause: Pause = lambda: None) -> "Table":
        """Scale every point by as little as makes it integers without a common divisor."""
        rows, labels = list[Vector](), list[int]()
        for *x, y in points:
            numbers = (*x, Fraction(1), y)
            whole, _ = in_integers(numbers, pause)
            *row, label = [n // gcd(*whole) for n in whole]
            rows.append(row)
            labels.append(label)
        return cls(rows, labels)

    def take(self, positions: Iterable[int]) -> "Table":
        """Return some of the rows."""
        positions = list(positions)
        return Table([self.rows[i] for i in positions], [self.labels[i] for i in positions])

    def multipliers(self, numbers: Iterable[Fraction], pause: Pause) -> tuple[list[int], int]:
        """Return integers for the rows, and D, such that numbers for the points are these over D.

        A row is the point times its last input, and so is what any (u . x)_+ is there.
        """
        scaled = [number / row[-1] for number, row in zip(numbers, self.rows, strict=True)]
        return in_integers(scaled, pause)

    def columns(self, inputs: Iterable[int], mask: int = -1) -> list[list[int]]:
        """Return columns of the rows (x, 1), set to 0 on rows that are not in the mask."""
        return [[row[c] if mask >> i & 1 else 0 for i, row in enumerate(self.rows)] for c in inputs]

    def skip_columns(self, skip: bool) -> list[list[int]]:
        """Return the columns of a free affine part that do not depend on earlier ones."""
        columns = self.columns(range(len(self.rows[0]))) if skip else []
        return [columns[c] for c in independent(columns)]


def in_integers(numbers: Iterable[Fraction], pause: Pause) -> tuple[list[int], int]:
    """Return integers and the least D such that the numbers are these over D."""
    numbers, common = list(numbers), 1
    for number in numbers:
        if common.bit_length() > SHORT:
            pause()
        common = lcm(common, number.denominator)
    whole = list[int]()
    for number in numbers:
        if common.bit_length() > SHORT:
            pause()
        whole.append(number.numerator * (common // number.denominator))
    return whole, common


@dataclass(frozen=True)
class NeuronType:
    """A support, a mask, and columns that span what neurons of the type add on the rows."""

    support: Support
    mask: int
    columns: list[list[int]]
    free: bool


class Supports:
    """The sets of inputs that a neuron may use, by size and then in lexicographic order."""

    def __init__(self, table: Table, kind: str) -> None:
        # Inputs depend on each other on all rows iff they do so on rows that span all rows.
        self._spanning = [table.rows[i] for i in independent(table.rows)]
        self._kind = kind
        self.basis = tuple(independent(list(zip(*self._spanning, strict=True))))

    def of_cost(self, cost: int) -> Iterable[Support]:
        """Give the supports of neurons that cost no more."""
        if self._kind == "neurons":
            yield self.basis
            return
        for size in range(1, min(len(self.basis), cost) + 1):
            yield from self.of_size(size)

    def of_size(self, size: int, pause: Pause = lambda: None) -> Iterable[Support]:
        """Give the supports of so many inputs; `pause` is called for each, and may raise."""
        columns = list(zip(*self._spanning, strict=True))
        for support in combinations(range(len(columns)), size) if size <= len(self.basis) else ():
            pause()
            if len(independent([columns[c] for c in support])) == size:
                yield support

    def cost(self, support: Support) -> int:
        """Return the cost of a neuron of a support."""
        return 1 if self._kind == "neurons" else len(support)

    def columns(self, cost: int) -> int:
        """Return how many columns the neurons of a network of this cost have in all."""
        return cost * len(self.basis) if self._kind == "neurons" else cost

    def most_types(self, cost: int, n: int) -> int:
        """Bound the number of types on n rows."""
        return sum(count for _, count in self._by_size(cost, n))

    def most_numbers(self, cost: int, n: int) -> int:
        """Bound how many numbers are kept at a time to enumerate the types on n rows.

        For each type, and each dimension below that of its cone, a point of its traces is.
        """
        return sum(count * size**2 for size, count in self._by_size(cost, n))

    def _by_size(self, cost: int, n: int) -> Iterable[tuple[int, int]]:
        """Give sizes of supports, and a bound of the number of types of such a size."""
        width, most = len(self._spanning[0]), min(len(self.basis), cost)
        sizes = [len(self.basis)] if self._kind == "neurons" else range(1, most + 1)
        supports = 1 if self._kind == "neurons" else 0
        for size in sizes:
            cones = 2 * sum(comb(n - 1, k) for k in range(size))
            yield size, (supports or comb(width, size)) * cones


def types_on(
    table: Table, supports: Iterable[Support], skip: bool, pause: Pause = lambda: None
) -> list[NeuronType]:
    """List the types on the rows of a table, by size of the support, support, and mask."""
    found = [t for support in supports for t in _types_of(table, support, skip, pause)]
    kept = []
    for size in sorted({len(t.support) for t in found}):
        ours = [t for t in found if len(t.support) == size]
        masks = {t.mask for t in ours if t.free}
        maximal = _maximal(masks, pause)
        for t in ours:
            pause()
            if not t.free or t.mask in maximal:
                kept.append(t)
            if t.free:
                maximal.discard(t.mask)
    return kept


def _maximal(masks: set[int], pause: Pause) -> set[int]:
    """Return the masks that are part of no other."""
    inside = set[int]()
    for m in masks:
        pause()
        part = m
        if m.bit_count() < len(masks).bit_length():
            while part:
                part = (part - 1) & m
                inside.add(part)
        else:
            inside.update(other for other in masks if other != m and m & other == other)
    return masks - inside


def masks_on(table: Table, support: Support, skip: bool, pause: Pause = lambda: None) -> list[int]:
    """Return the masks of a support, ascending; with a skip, the lesser of two complements.

    `pause` is called often, and may raise.
    """
    rows = [[row[c] for c in support] for row in table.rows]
    masks = set(chambers(rows, len(support), pause))
    if skip:
        seen = sum(1 << i for i, row in enumerate(rows) if any(row))
        masks = {min(m, seen ^ m, key=lambda m: (m.bit_count(), m)) for m in masks}
    return sorted(masks - {0})


def _types_of(table: Table, support: Support, skip: bool, pause: Pause) -> Iterable[NeuronType]:
    for mask in masks_on(table, support, skip, pause):
        pause()
        columns = table.columns(support, mask)
        columns = [columns[c] for c in independent(columns)]
        free = len(columns) == mask.bit_count()
        if free:
            active = [i for i in range(len(table.rows)) if mask >> i & 1]
            columns = [[int(i == j) for i in range(len(table.rows))] for j in active]
        yield NeuronType(support, mask, columns, free)
