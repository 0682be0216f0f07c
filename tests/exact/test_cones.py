"""Rational points of small polyhedra against vertex enumeration."""

import random
from fractions import Fraction
from itertools import combinations

import pytest

from exactsparse.exact.cones import nonnegative_parameters, solve_equations


def _has_point(slopes: list[list[int]], values: list[int], dimension: int) -> bool:
    """Whether ``slopes z + values >= 0`` inside a large box is met at a vertex of it."""
    box = [[int(i == j) * s for j in range(dimension)] for i in range(dimension) for s in (1, -1)]
    rows = [*zip(slopes, values, strict=True), *((row, 10_000) for row in box)]
    for chosen in combinations(rows, dimension):
        normals = [list(column) for column in zip(*(row for row, _ in chosen), strict=True)]
        space = solve_equations(normals, [-value for _, value in chosen])
        if space is None or space.directions:
            continue
        z = space.at([])
        if all(sum(a * b for a, b in zip(row, z, strict=True)) + c >= 0 for row, c in rows):
            return True
    return False


@pytest.mark.parametrize("seed", range(150))
def test_a_point_is_found_exactly_where_there_is_one(seed: int) -> None:
    draw = random.Random(seed)
    dimension, m = draw.randint(1, 3), draw.randint(1, 7)
    slopes = [[draw.randint(-2, 2) for _ in range(dimension)] for _ in range(m)]
    values = [draw.randint(-3, 1) for _ in range(m)]
    z = nonnegative_parameters(slopes, values, dimension)
    if z is None:
        assert not _has_point(slopes, values, dimension)
    else:
        for row, value in zip(slopes, values, strict=True):
            assert sum((a * b for a, b in zip(row, z, strict=True)), Fraction(value)) >= 0


def test_no_parameters_and_no_inequalities() -> None:
    assert nonnegative_parameters([], [], 2) == [0, 0]
    assert nonnegative_parameters([[]], [1], 0) == []
    assert nonnegative_parameters([[]], [-1], 0) is None


@pytest.mark.parametrize("seed", range(60))
def test_all_solutions_of_equations(seed: int) -> None:
    draw = random.Random(seed)
    n, k = draw.randint(1, 4), draw.randint(1, 5)
    columns = [[draw.randint(-2, 2) for _ in range(n)] for _ in range(k)]
    u = [Fraction(draw.randint(-3, 3), 2) for _ in range(k)]
    target = [2 * sum(a * c[i] for a, c in zip(u, columns, strict=True)) for i in range(n)]
    space = solve_equations(columns, [int(value) for value in target])
    assert space is not None
    for z in ([0] * len(space.directions), range(1, len(space.directions) + 1)):
        v = space.at([Fraction(value) for value in z])
        for i in range(n):
            assert sum(a * c[i] for a, c in zip(v, columns, strict=True)) == target[i]


def test_equations_without_a_solution() -> None:
    assert solve_equations([[1, 1]], [1, 2]) is None
    assert solve_equations([], [0, 1]) is None
