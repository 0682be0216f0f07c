"""Patterns, columns, cones, rays and sizes of the finite program, from scratch."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import combinations, product

import numpy as np
import pytest

import exactsparse as es
from exactsparse.finite_program.program import FiniteProgram
from exactsparse.patterns.supports import generic_count
from tests.oracles.arrangements import count_cells, rank
from tests.routes.rank_search.families import FAMILIES

CASES = [(family, seed) for family in FAMILIES for seed in range(4)]


def dot(left: list[int], right: list[int]) -> int:
    return sum(a * b for a, b in zip(left, right, strict=True))


def program(family: str, seed: int, skip: str = "none") -> FiniteProgram:
    return FiniteProgram(es.Dataset.from_arrays(*FAMILIES[family](seed)), skip)


@pytest.mark.parametrize(("family", "seed"), CASES)
def test_as_many_patterns_as_cells(family: str, seed: int) -> None:
    built = program(family, seed)
    rows = built.table.points.tolist()
    plain = built.plain
    assert len(plain.blocks) == plain.size.patterns == count_cells(rows)
    assert plain.size.is_exact
    expected = 0
    for size in range(1, len(rows[0]) + 1):
        for support in combinations(range(len(rows[0])), size):
            expected += count_cells([[row[c] for c in support] for row in rows])
    assert built.by_support.size.patterns == expected


@pytest.mark.parametrize(("n", "d"), [(1, 1), (4, 1), (5, 2), (7, 2), (6, 3), (5, 4)])
def test_sizes_in_general_position(n: int, d: int) -> None:
    """2 Σ_{i<=d} C(n-1, i) patterns (Lemma 4.1), and C(n + d + 1, d) pairs of rays."""
    rng = random.Random(n * 10 + d)
    X = [[Fraction(rng.randint(-999, 999), 1000) for _ in range(d)] for _ in range(n)]
    built = FiniteProgram(es.Dataset.from_arrays(X, [1] * n), "affine")
    for form, size in (
        ("plain", built.plain.size),
        ("supports", built.by_support.size),
        ("rays", built.rays.size),
    ):
        largest = built.largest_size(form)
        assert not largest.is_exact
        assert (size.variables, size.equations, size.inequalities, size.nonzeros) == (
            largest.variables, largest.equations, largest.inequalities, largest.nonzeros
        )  # fmt: skip
    cells = built.plain.size.patterns
    assert cells == generic_count(n, d + 1)
    assert built.plain.size.variables == 2 * cells * (d + 1) + d + 1
    assert built.plain.size.inequalities == 2 * cells * n


@pytest.mark.parametrize(("family", "seed"), CASES)
def test_no_data_exceed_the_largest_size(family: str, seed: int) -> None:
    built = program(family, seed)
    pairs = (
        ("plain", built.plain.size), ("supports", built.by_support.size), ("rays", built.rays.size)
    )  # fmt: skip
    for form, size in pairs:
        assert size.patterns <= built.largest_size(form).patterns
        assert size.n_bytes <= built.largest_size(form).n_bytes


@pytest.mark.parametrize(("family", "seed"), CASES)
def test_blocks_compute_neurons_inside_their_cones(family: str, seed: int) -> None:
    """Points drawn at random lie in the cone of one block, whose columns give their ReLU."""
    built = program(family, seed)
    rng = random.Random(seed)
    points = built.table.points
    for _ in range(20):
        w = np.array([rng.randint(-(10**6), 10**6) for _ in range(built.table.width)], dtype=object)
        values = points.dot(w)
        inside = [b for b in built.plain.blocks if (b.cone.dot(w) >= 0).all()]
        assert inside
        for block in inside:
            assert (block.columns.dot(w) == np.where(values > 0, values, 0)).all()


@pytest.mark.parametrize(("family", "seed"), CASES)
def test_rays_are_where_hyperplanes_meet(family: str, seed: int) -> None:
    """Rays against all sign vectors of D - 1 vanishing rows, by rational elimination."""
    form = program(family, seed).rays
    width = form.points.shape[1]
    normals = [*form.points.tolist(), *(np.eye(width, dtype=int).tolist())]
    for ray in form.rays.tolist():
        vanishing = [row for row in normals if dot(row, ray) == 0]
        assert rank(vanishing) == width - 1 if vanishing else width == 1
    lines = {tuple(dot(row, ray) == 0 for row in normals) for ray in form.rays.tolist()}
    assert len(lines) == len(form.rays)
    found = set()
    for chosen in combinations(range(len(normals)), width - 1):
        rows = [normals[i] for i in chosen]
        if rank(rows) == width - 1:
            found.add(tuple(rank([*rows, row]) == width - 1 for row in normals))
    assert lines == found


def test_ray_columns() -> None:
    X = [list(point) for point in product((0, 1), repeat=2)]
    form = FiniteProgram(es.Dataset.from_arrays(X, [0, 1, 1, 0]), "affine").rays
    for side in (1, -1):
        for column, ray in zip(form.columns(side).T, form.rays, strict=True):
            values = [max(0, side * dot(row, ray)) for row in form.points]
            assert column.tolist() == values
    assert form.affine.shape == (4, 3)


def test_too_large_programs_are_refused_with_size_and_alternative() -> None:
    rng = np.random.default_rng(0)
    dataset = es.Dataset.from_arrays(rng.normal(size=(2000, 20)), rng.normal(size=2000))
    built = FiniteProgram(dataset)
    with pytest.raises(es.ProgramTooLargeError, match=r"up to .* patterns.*GiB.*method 'convex'"):
        _ = built.plain
    with pytest.raises(es.ProgramTooLargeError, match=r"up to .* patterns.*method 'search'"):
        _ = built.by_support
    with pytest.raises(MemoryError, match="pairs of rays"):
        _ = built.rays
    small = FiniteProgram(es.Dataset.from_arrays([[0, 1], [1, 2]], [1, 2]), memory=10)
    with pytest.raises(es.ProgramTooLargeError):
        _ = small.plain


def test_bad_options() -> None:
    dataset = es.Dataset.from_arrays([[0, 1]], [1])
    with pytest.raises(es.ProblemError, match="skip"):
        FiniteProgram(dataset, "linear")
    with pytest.raises(es.ProblemError, match="form"):
        FiniteProgram(dataset).largest_size("convex")
