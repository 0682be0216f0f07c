"""Small primes, modulo which many determinants vanish by chance: what survives is the same."""

from __future__ import annotations

import pytest

from exactsparse.routes.rank_search.level import Level
from exactsparse.routes.rank_search.modular import left_null_space
from exactsparse.routes.rank_search.rank_test import RankTest
from tests.routes.rank_search.families import FAMILIES
from tests.routes.rank_search.levels import family_level, random_level

# Above all minors of the 0/1 matrices of these levels.
PRIMES = (7, 11, 13, 101)


def survivors(level: Level, prime: int | None) -> list[tuple[int, ...]]:
    walker = RankTest(level, prime=prime)
    return [types for shard in level.shards() for types in walker.run(shard).sets]


def is_usable(level: Level, prime: int) -> bool:
    """Whether labels and affine part are independent modulo the prime, as for its own."""
    columns, n = [level.table.labels.tolist(), *level.skip_columns], len(level.table)
    return len(left_null_space(columns, n, prime)) == n - len(columns)


@pytest.mark.parametrize("prime", PRIMES)
@pytest.mark.parametrize("n", [5, 6])
def test_generic_points(n: int, prime: int) -> None:
    level = random_level(n)
    assert is_usable(level, prime)
    assert survivors(level, prime) == survivors(level, None)


@pytest.mark.parametrize("skip", [False, True])
@pytest.mark.parametrize("columns", [3, 4])
@pytest.mark.parametrize("family", ["generic", "grid", "labels", "teacher"])
def test_families(family: str, columns: int, skip: bool) -> None:
    tested = 0
    for seed in range(12):
        level = family_level(family, seed, columns, skip, "parameters", spare=1)
        for prime in PRIMES if level else ():
            if is_usable(level, prime):
                assert survivors(level, prime) == survivors(level, None)
                tested += 1
    assert tested or not any(len(FAMILIES[family](seed)[1]) > columns + 3 for seed in range(4))
