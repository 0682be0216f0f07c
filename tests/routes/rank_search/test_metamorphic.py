"""What must not change the optimum, and what can only lower it."""

from __future__ import annotations

import random
from fractions import Fraction
from functools import cache
from itertools import product

import pytest

import exactsparse as es
from tests.routes.rank_search.families import FAMILIES, Data

PROBLEMS = [("parameters", "none"), ("parameters", "none"), ("neurons", "none")]
PROBLEMS += [("parameters", "affine"), ("neurons", "affine")]
# Seeds apart from those of the fixture.
CASES = [
    pytest.param(
        family, 5000 + seed, *PROBLEMS[(seed + shift) % len(PROBLEMS)], id=f"{family}-{seed}"
    )
    for shift, family in enumerate(FAMILIES)
    for seed in range(2 if family in ("single", "zero") else 6)
]


def optimum(X: list[list[Fraction]], y: list[Fraction], objective: str, skip: str) -> int:
    return _optimum(tuple(map(tuple, X)), tuple(y), objective, skip)


@cache
def _optimum(
    points: tuple[tuple[Fraction, ...], ...],
    labels: tuple[Fraction, ...],
    objective: str,
    skip: str,
) -> int:
    """The optimum, once for all the tests that compare with it."""
    X, y = list(map(list, points)), list(labels)
    solution = es.solve(X, y, objective=objective, skip=skip, method="search")
    assert solution.status == "optimal"
    assert [solution.network.evaluate(row) for row in X] == y
    return solution.value


@pytest.mark.parametrize(("family", "seed", "objective", "skip"), CASES)
def test_optimum_is_invariant(family: str, seed: int, objective: str, skip: str) -> None:
    X, y = FAMILIES[family](seed)
    rng = random.Random(seed)
    value = optimum(X, y, objective, skip)
    for change in (_permuted, _scaled, _with_a_duplicate, _with_a_zero_feature):
        assert optimum(*change(X, y, rng), objective, skip) == value, change.__name__


def _permuted(X: list[list[Fraction]], y: list[Fraction], rng: random.Random) -> Data:
    rows, columns = list(range(len(X))), list(range(len(X[0])))
    rng.shuffle(rows)
    rng.shuffle(columns)
    return [[X[i][j] for j in columns] for i in rows], [y[i] for i in rows]


def _scaled(X: list[list[Fraction]], y: list[Fraction], rng: random.Random) -> Data:
    """One feature and the labels by plus or minus a power of two."""
    j = rng.randrange(len(X[0]))
    feature, label = (rng.choice((-1, 1)) * Fraction(2) ** rng.randint(-60, 60) for _ in range(2))
    scaled = [[feature * t if k == j else t for k, t in enumerate(row)] for row in X]
    return scaled, [label * t for t in y]


def _with_a_duplicate(X: list[list[Fraction]], y: list[Fraction], rng: random.Random) -> Data:
    i, place = rng.randrange(len(X)), rng.randint(0, len(X))
    return [*X[:place], X[i], *X[place:]], [*y[:place], y[i], *y[place:]]


def _with_a_zero_feature(X: list[list[Fraction]], y: list[Fraction], rng: random.Random) -> Data:
    place = rng.randint(0, len(X[0]))
    return [[*row[:place], Fraction(0), *row[place:]] for row in X], y


@pytest.mark.parametrize(("family", "seed", "objective", "skip"), CASES)
def test_a_row_never_lowers_the_optimum(family: str, seed: int, objective: str, skip: str) -> None:
    X, y = FAMILIES[family](seed)
    values = [optimum(X[:n], y[:n], objective, skip) for n in range(1, len(X) + 1)]
    assert values == sorted(values)


@pytest.mark.parametrize(("family", "seed", "objective", "skip"), CASES)
def test_the_skip_and_the_bounds_between_objectives(
    family: str, seed: int, objective: str, skip: str
) -> None:
    """A free part never costs; a neuron costs one to d + 1 parameters; N neurons suffice."""
    X, y = FAMILIES[family](seed)
    parameters, neurons = (optimum(X, y, kind, skip) for kind in ("parameters", "neurons"))
    assert neurons <= parameters <= (len(X[0]) + 1) * neurons
    assert neurons <= len(X)
    assert optimum(X, y, objective, "affine") <= optimum(X, y, objective, "none")


@pytest.mark.parametrize(("skip", "parameters", "neurons"), [("none", 4, 2), ("affine", 2, 1)])
def test_xor(skip: str, parameters: int, neurons: int) -> None:
    X = [[Fraction(a), Fraction(b)] for a, b in product((0, 1), repeat=2)]
    y = [Fraction(a != b) for a, b in X]
    assert optimum(X, y, "parameters", skip) == parameters
    assert optimum(X, y, "neurons", skip) == neurons


def test_maximum_of_two_coordinates() -> None:
    """x1 + (x2 - x1)_+ on a grid of the quadrant, where x1 = (x1)_+."""
    X = [[Fraction(a), Fraction(b)] for a, b in product(range(3), repeat=2)]
    y = [max(row) for row in X]
    assert optimum(X, y, "parameters", "none") == 3
    assert optimum(X, y, "neurons", "none") == 2
    assert optimum(X, y, "neurons", "affine") == 1


@pytest.mark.parametrize("seed", range(40))
def test_one_feature_agrees_with_the_univariate_route(seed: int) -> None:
    X, y = FAMILIES["d1"](6000 + seed)
    flat = [row[0] for row in X]
    other = es.solve(flat, y, objective="neurons", skip="affine", method="univariate")
    assert optimum(X, y, "neurons", "affine") == other.value
