"""Small multivariate instances that are easy to get wrong, by family and seed."""

from __future__ import annotations

import random
from collections.abc import Callable
from fractions import Fraction
from itertools import product

Data = tuple[list[list[Fraction]], list[Fraction]]


def generic(seed: int) -> Data:
    """Random decimals: the optimum is about N parameters, and no two minors agree."""
    rng = random.Random(f"generic-{seed}")
    n, d = rng.choice([3, 4, 4, 5, 5, 5, 6]), rng.choice([1, 2, 2, 2, 3])
    return _decimals(rng, n, d), _decimal_row(rng, n)


def grid(seed: int) -> Data:
    """Small integers: points on a neuron's boundary, zero coordinates, dependent blocks."""
    rng = random.Random(f"grid-{seed}")
    d = rng.choice([2, 2, 3])
    points = _sample(rng, range(-1, 3), d, rng.choice([4, 5, 5, 5, 6]))
    return points, [Fraction(rng.randint(-2, 2)) for _ in points]


def labels(seed: int) -> Data:
    """Classes +1 and -1 on a small grid."""
    rng = random.Random(f"labels-{seed}")
    d = rng.choice([2, 2, 2, 3])
    points = _sample(rng, range(3), d, rng.choice([4, 5, 5, 5, 6]))
    return points, [Fraction(rng.choice((-1, 1))) for _ in points]


def teacher(seed: int) -> Data:
    """A sparse integer network sampled at integer points: the optimum is often below N."""
    rng = random.Random(f"teacher-{seed}")
    d = rng.choice([1, 2, 2, 3])
    points = _sample(rng, range(-3, 4), d, rng.choice([4, 5, 5, 6]))
    y = [Fraction(0)] * len(points)
    for _ in range(rng.randint(1, 2)):
        weights = [Fraction(0)] * (d + 1)
        for place in rng.sample(range(d + 1), rng.randint(1, min(2, d + 1))):
            weights[place] = Fraction(rng.choice((-2, -1, 1, 2)))
        output = rng.choice((-2, -1, 1, 3))
        for i, point in enumerate(points):
            hidden = sum(w * t for w, t in zip(weights, [*point, Fraction(1)], strict=True))
            y[i] += output * max(Fraction(0), hidden)
    return points, y


def line(seed: int) -> Data:
    """Points of one line in the plane, through the origin for even seeds: X has low rank."""
    rng = random.Random(f"line-{seed}")
    direction = rng.choice([(1, 0), (0, 1), (1, 1), (1, -2), (2, 3)])
    base = (0, 0) if seed % 2 == 0 else rng.choice([(1, 2), (0, 1), (-1, 0), (3, -1)])
    n = rng.choice([3, 4, 5])
    places = rng.sample([Fraction(t, 2) for t in range(-5, 6)], n)
    points = [[b + t * s for b, s in zip(base, direction, strict=True)] for t in places]
    y = [Fraction(rng.randint(-2, 2)) for _ in points] if rng.random() < 0.6 else None
    return points, y or _decimal_row(rng, n)


def single(seed: int) -> Data:
    """One point, sometimes the origin."""
    rng = random.Random(f"single-{seed}")
    d = rng.randint(1, 3)
    point = [Fraction(rng.randint(-1, 2)) for _ in range(d)] if seed % 2 else _decimal_row(rng, d)
    return [point], [Fraction(rng.randint(-3, 3))]


def zero(seed: int) -> Data:
    """Labels that the empty network fits."""
    rng = random.Random(f"zero-{seed}")
    points = _sample(rng, range(-1, 3), rng.randint(1, 3), rng.randint(1, 4))
    return points, [Fraction(0)] * len(points)


def d1(seed: int) -> Data:
    """One feature: integers or decimals, unsorted."""
    rng = random.Random(f"d1-{seed}")
    n = rng.choice([2, 3, 4, 4, 5, 5, 6])
    if seed % 2:
        return _decimals(rng, n, 1), _decimal_row(rng, n)
    points = _sample(rng, range(-4, 5), 1, n)
    return points, [Fraction(rng.randint(-2, 2)) for _ in points]


FAMILIES: dict[str, Callable[[int], Data]] = {
    family.__name__: family for family in (generic, grid, labels, teacher, line, single, zero, d1)
}


def _sample(rng: random.Random, values: range, d: int, n: int) -> list[list[Fraction]]:
    """Distinct points with the given coordinates."""
    places = list(product(values, repeat=d))
    return [[Fraction(t) for t in place] for place in rng.sample(places, min(n, len(places)))]


def _decimals(rng: random.Random, n: int, d: int) -> list[list[Fraction]]:
    """Distinct points with three decimals: distinct first coordinates make them so."""
    first = rng.sample(range(-1000, 1001), n)
    return [[Fraction(t, 1000), *_decimal_row(rng, d - 1)] for t in first]


def _decimal_row(rng: random.Random, n: int) -> list[Fraction]:
    return [Fraction(rng.randint(-1000, 1000), 1000) for _ in range(n)]
