"""Slow, obvious oracle of the least path norm for 0 < p < 1 with biases counted and no affine part.

Every set of at most n rays is tried, in rationals: rays are where D - 1 of the data hyperplanes and
coordinate hyperplanes meet.  If the labels are a weighted sum of what its rays add in one way only,
all ways to join weighted rays of one sign to neurons are tried; rays may be joined if no row and no
coordinate has both signs among them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations

Vector = tuple[Fraction, ...]
Neuron = tuple[int, Vector]


def networks(
    X: Sequence[Sequence[int]], y: Sequence[int]
) -> Iterator[tuple[tuple[int, ...], tuple[Neuron, ...]]]:
    """All vertices: which rays, and the neurons (sign, weights with the bias last), sorted."""
    rows = [(*map(Fraction, x), Fraction(1)) for x in X]
    rays = _rays(rows)
    columns = [[max(_dot(row, ray), Fraction(0)) for row in rows] for ray in rays]
    live = [k for k, column in enumerate(columns) if any(column)]
    for size in range(1, len(rows) + 1):
        for chosen in combinations(live, size):
            weights = _solution([columns[k] for k in chosen], list(map(Fraction, y)))
            if weights is None or not all(weights):
                continue
            weighted = [(rays[k], w) for k, w in zip(chosen, weights, strict=True)]
            for parts in _partitions(weighted):
                if all(_joinable(part, rows) for part in parts):
                    yield chosen, tuple(sorted(map(_neuron, parts)))


def rays_of(X: Sequence[Sequence[int]]) -> list[Vector]:
    """All rays."""
    return _rays([(*map(Fraction, x), Fraction(1)) for x in X])


def cost(neurons: Sequence[Neuron], p: float) -> float:
    """The path norm in floats."""
    return sum(float(abs(w)) ** p for _, weights in neurons for w in weights if w)


def _dot(a: Sequence[Fraction], b: Sequence[Fraction]) -> Fraction:
    return sum((s * t for s, t in zip(a, b, strict=True)), Fraction(0))


def _rays(rows: list[Vector]) -> list[Vector]:
    width = len(rows[0])
    planes = [tuple(Fraction(i == c) for i in range(width)) for c in range(width)] + rows
    found: list[Vector] = []
    for chosen in combinations(planes, width - 1):
        line = _null(list(chosen))
        if line is not None:
            largest = max(map(abs, line))
            for side in (1, -1):
                ray = tuple(side * entry / largest for entry in line)
                if ray not in found:
                    found.append(ray)
    return found


def _null(planes: list[Vector]) -> Vector | None:
    """The one direction orthogonal to all, if there is only one."""
    width = len(planes[0])
    if width == 2:
        a, b = planes[0]
        return (-b, a) if a or b else None
    (a, b, c), (d, e, f) = planes
    line = (b * f - c * e, c * d - a * f, a * e - b * d)
    return line if any(line) else None


def _solution(columns: list[list[Fraction]], y: list[Fraction]) -> list[Fraction] | None:
    """The only weights with which columns add up to y; else None."""
    k = len(columns)
    rows = [[*(column[i] for column in columns), y[i]] for i in range(len(y))]
    for c in range(k):
        pivot = next((i for i in range(c, len(rows)) if rows[i][c]), None)
        if pivot is None:
            return None
        rows[c], rows[pivot] = rows[pivot], rows[c]
        rows[c] = [v / rows[c][c] for v in rows[c]]
        for i, row in enumerate(rows):
            if i != c and row[c]:
                rows[i] = [a - row[c] * b for a, b in zip(row, rows[c], strict=True)]
    if any(row[k] for row in rows[k:]):
        return None
    return [rows[c][k] for c in range(k)]


_Part = list[tuple[Vector, Fraction]]


def _partitions(items: _Part) -> Iterator[list[_Part]]:
    if not items:
        yield []
        return
    for parts in _partitions(items[1:]):
        yield [[items[0]], *parts]
        for k in range(len(parts)):
            yield [*parts[:k], [items[0], *parts[k]], *parts[k + 1 :]]


def _joinable(part: _Part, rows: list[Vector]) -> bool:
    if len({weight > 0 for _, weight in part}) > 1:
        return False
    heights = [[_dot(row, ray) for ray, _ in part] for row in rows]
    heights += [[ray[c] for ray, _ in part] for c in range(len(rows[0]))]
    return all(min(values) >= 0 or max(values) <= 0 for values in heights)


def _neuron(part: _Part) -> Neuron:
    total = [
        sum((abs(weight) * ray[c] for ray, weight in part), Fraction(0))
        for c in range(len(part[0][0]))
    ]
    return (1 if part[0][1] > 0 else -1, tuple(total))
