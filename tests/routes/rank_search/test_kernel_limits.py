"""Arithmetic of the kernels at its limits: residues, longest sums, bits of a word."""

from __future__ import annotations

import os
import random
from itertools import combinations

import flint
import numpy as np
import pytest

from exactsparse.problem.dataset import Dataset
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.routes.rank_search.kernels.arguments import Field
from exactsparse.routes.rank_search.kernels.pattern_rank import LARGEST_MINOR, MOST_PATTERNS
from exactsparse.routes.rank_search.kernels.residues import echelon, eliminate, reduced
from exactsparse.routes.rank_search.level import PRIME, SMALLER_PRIME, Level
from exactsparse.routes.rank_search.modular import (
    MOST_BITS,
    longest_sum,
    prime_below,
)
from exactsparse.routes.rank_search.rank_test import RankTest
from exactsparse.routes.rank_search.type_spans import TypeSpans
from tests.routes.rank_search.levels import random_level

COMPILED = os.environ.get("NUMBA_DISABLE_JIT") != "1"


@pytest.mark.parametrize("prime", [7, SMALLER_PRIME, PRIME])
def test_elimination_is_exact(prime: int) -> None:
    generator = np.random.default_rng(prime)
    field = Field.of(prime)
    for _ in range(100 if COMPILED else 10):
        q, n, s = 5, 7, int(generator.integers(1, 5))
        w = generator.integers(-(prime // 2), prime // 2 + 1, (q, n))
        columns = generator.integers(-(prime // 2), prime // 2 + 1, (n, s))
        if generator.random() < 0.3:
            columns[:, -1] = columns[:, 0]
        images = np.array(
            [[int(sum(map(int.__mul__, map(int, r), map(int, c)))) % prime for c in columns.T]
             for r in w], dtype=np.float64,
        )  # fmt: skip
        out = np.zeros((q - s, n))
        shrink = eliminate(w.astype(np.float64), images.copy(), field, out)
        full = flint.nmod_mat(q, s, [int(v) for v in images.ravel()], prime)
        pivots = np.zeros(s, dtype=np.int64)
        assert echelon(images.copy(), field, pivots) == full.rank()
        assert (shrink == 0.0) == (full.rank() < s)
        if shrink:
            products = [
                sum(int(a) * int(b) for a, b in zip(row, column, strict=True)) % prime
                for row in out
                for column in columns.T
            ]
            assert not any(products)
            rows = [int(v) % prime for v in out.ravel()]
            assert flint.nmod_mat(q - s, n, rows, prime).rank() == q - s or (
                flint.nmod_mat(q, n, [int(v) % prime for v in w.ravel()], prime).rank() < q
            )


@pytest.mark.parametrize("prime", [SMALLER_PRIME, PRIME])
def test_the_longest_sum_is_exact_and_the_next_need_not_be(prime: int) -> None:
    """Sums of extreme residues, as the kernels form them, beside integers."""
    extreme = prime // 2 + 4
    most = longest_sum(prime)
    assert most * extreme**2 < 2**53 <= (most + 1) * extreme**2
    total = 0.0
    for _ in range(most):
        total += float(extreme) * float(extreme)
    assert int(total) == most * extreme**2
    for x in (most * extreme**2, most * extreme**2 - 1, prime * (2**53 // prime), prime // 2):
        for value in (x, -x):
            found = int(reduced(float(value), Field.of(prime)))
            assert (found - value) % prime == 0
            assert abs(found) < extreme


def test_residues_overshoot_by_less_than_is_allowed() -> None:
    draw = random.Random(0)
    for prime in (PRIME, SMALLER_PRIME, 101):
        for _ in range(2000 if COMPILED else 50):
            quotient = draw.randrange(2**53 // prime - 1)
            value = prime * quotient + prime // 2 + draw.randint(-5, 5)
            found = int(reduced(float(value), Field.of(prime)))
            assert (found - value) % prime == 0
            assert abs(found) < prime // 2 + 4


def _few_types(n: int, width: int = 2) -> Level:
    """A level of sets of two columns on n points of a line, or on few points of many inputs."""
    draw = random.Random(n)
    first = draw.sample(range(-999, 999), n)
    X = [[t, *(draw.randint(-999, 999) for _ in range(width - 2))] for t in first]
    y = [2 * max(x[0] - 7, 0) for x in X]
    table = IntegerTable.of(Dataset.from_arrays(X, y))
    assert len(table) == n
    return Level(TypeSpans.build(table, ((0, 1), (0, width - 1)), False), 2)


def test_rows_and_inputs_up_to_the_bits_of_a_word() -> None:
    for level in (_few_types(MOST_BITS), _few_types(5, MOST_BITS)):
        test = RankTest(level)
        found = sorted(types for shard in level.shards() for types in test.run(shard).sets)
        pairs = [
            types
            for size in (1, 2)
            for types in combinations(range(len(level.space)), size)
            if sum(int(level.space.sizes[t]) for t in types) == 2
        ]
        assert found
        assert found == [types for types in pairs if level.in_span(types)]
    for n, width in ((MOST_BITS + 1, 2), (5, MOST_BITS + 1)):
        with pytest.raises(ValueError, match="bits of a word"):
            RankTest(_few_types(n, width))


def test_primes_too_large_for_their_sums_are_refused() -> None:
    level = random_level(6)
    products = 20  # minors of two blocks of width 3
    prime = prime_below(PRIME * 3)
    while longest_sum(prime) < products:
        prime = prime_below(prime - 1000)
    assert RankTest(level, prime=prime).run(level.shards()[0]).leaves
    while longest_sum(prime) >= products:
        prime = prime_below(prime * 3)
    with pytest.raises(ValueError, match="not exact"):
        RankTest(level, prime=prime)


def test_minors_of_zeros_and_ones_are_below_the_primes() -> None:
    assert LARGEST_MINOR[MOST_PATTERNS] < SMALLER_PRIME < PRIME
    for m in range(1, 5):
        every = np.array(np.meshgrid(*[[0, 1]] * (m * m))).reshape(m * m, -1).T.reshape(-1, m, m)
        largest = np.abs(np.linalg.det(every)).max()
        assert round(float(largest)) <= LARGEST_MINOR[m]
    # Known values of Hadamard's maximal determinant problem for matrices of zeros and ones.
    known = [1, 1, 2, 3, 5, 9, 32, 56, 144, 320, 1458, 3645, 9477]
    assert all(a <= b for a, b in zip(known, LARGEST_MINOR[1:], strict=False))
