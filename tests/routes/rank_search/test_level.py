"""One level against the plain definition: determinants, leaves, and spans set by set."""

import random
from fractions import Fraction
from itertools import combinations

import flint
import pytest

from exactsparse.patterns.neuron_types import useful_supports
from exactsparse.problem.dataset import Dataset
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.objective import PARAMETERS
from exactsparse.problem.problem import Problem
from exactsparse.progress import Deadline, Stopped, silent
from exactsparse.routes.rank_search.checkpoint import Checkpoint
from exactsparse.routes.rank_search.kernels.leaves import CHUNK
from exactsparse.routes.rank_search.level import Level
from exactsparse.routes.rank_search.rank_test import RankTest
from exactsparse.routes.rank_search.shards import run_shards
from exactsparse.routes.rank_search.type_spans import TypeSpans
from tests.routes.rank_search.levels import family_level, random_level


def _sets(level: Level) -> list[tuple[int, ...]]:
    sizes = level.space.sizes.tolist()
    return [
        types
        for count in range(1, level.columns // min(sizes) + 1)
        for types in combinations(range(len(sizes)), count)
        if sum(sizes[t] for t in types) == level.columns
    ]


def _minimal(level: Level) -> list[tuple[int, ...]]:
    """Sets of types of different masks that reach the labels, and would not without one of them."""
    return sorted(
        types
        for types in _sets(level)
        if level.in_span(types)
        and not any(level.in_span(set(types) - {t}) for t in types)
        and len({level.space.types[t].mask for t in types}) == len(types)
    )


CASES = [
    (family, seed, columns, skip, objective)
    for family in ("generic", "grid", "labels", "teacher", "line", "d1")
    for seed in range(8)
    for columns, skip, objective in (
        (1, False, "parameters"),
        (2, False, "parameters"),
        (3, False, "parameters"),
        (2, True, "parameters"),
        (3, False, "neurons"),
    )
    # One row more than needed where there is one: the walk then mixes null vectors.
    if family_level(family, seed, columns, skip, objective, spare=seed % 2) is not None
]


@pytest.mark.parametrize(("family", "seed", "columns", "skip", "objective"), CASES)
def test_survivors_are_the_minimal_sets_that_reach_the_labels(
    family: str, seed: int, columns: int, skip: bool, objective: str
) -> None:
    level = family_level(family, seed, columns, skip, objective, spare=seed % 2)
    assert level is not None
    walker = RankTest(level)
    results = [walker.run(shard) for shard in level.shards()]
    assert sum(result.leaves for result in results) == level.leaves == len(_sets(level))
    survivors = sorted(types for result in results for types in result.sets)
    assert survivors == _minimal(level)


def _sum_of_determinants(level: Level, walker: RankTest) -> int:
    p, n = level.prime, len(level.table)
    root = [[int(v) for v in row] for row in walker._root]
    _, starts, blocks, *_ = walker._types
    images = []
    for t in range(len(level.space)):
        size = int(level.space.sizes[t])
        at = sum(n * s * int(level.counts[s]) for s in range(1, size))
        count, k = int(level.counts[size]), t - int(starts[size])
        block = blocks[at : at + n * size * count].reshape(n, size, count)[:, :, k]
        images.append(
            [
                [sum(a * int(b) for a, b in zip(row, column, strict=True)) % p for row in root]
                for column in block.T
            ]
        )
    k = level.columns
    return sum(
        int(flint.nmod_mat(k, k, [v for t in types for c in images[t] for v in c], p).det())
        for types in _sets(level)
    )


@pytest.mark.parametrize("seed", range(6))
def test_the_checksum_is_the_sum_of_the_determinants(seed: int) -> None:
    level = random_level(6, seed)
    walker = RankTest(level)
    results = [walker.run(shard) for shard in level.shards()]
    total = _sum_of_determinants(level, walker)
    assert (sum(result.checksum for result in results) - total) % level.prime == 0


def test_a_stop_ends_a_shard(monkeypatch: pytest.MonkeyPatch) -> None:
    level = random_level(6, 0)
    (shard, *_) = level.shards()
    assert RankTest(level).run(shard).checksum
    walker = RankTest(level)
    walker.stop()
    with pytest.raises(Stopped):
        walker.run(shard)
    # The compiled walk by itself tests nothing any more.
    monkeypatch.setattr(walker, "_look", lambda: None)
    assert walker.run(shard).checksum == 0


def test_shards_are_stopped_when_the_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    level, stopped, shards = random_level(6, 0), [], Level.shards
    monkeypatch.setattr(RankTest, "stop", lambda walker: stopped.append(walker))
    monkeypatch.setattr(Level, "shards", lambda level, pause: shards(level))
    problem = Problem(Dataset.from_arrays([[0, 0], [1, 0]], [0, 1]), "parameters", None, "none")
    with Checkpoint(None, problem) as nowhere, pytest.raises(Stopped):
        run_shards(level, 6, range(len(level.table)), 1, nowhere, Deadline(0), silent, "")
    assert len(stopped) == 1


@pytest.mark.parametrize("columns", [3, 6])
def test_more_types_than_are_tested_at_once(columns: int) -> None:
    draw = random.Random(columns)
    n = 18
    X = [[Fraction(draw.randint(-999, 999)) for _ in range(2)] for _ in range(n)]
    y = [max(x[0] - 2 * x[1] + 3, Fraction(0)) for x in X]
    if columns == 6:
        y = [value - max(x[1] - x[0] + 40, Fraction(0)) for x, value in zip(X, y, strict=True)]
    table = IntegerTable.of(Dataset.from_arrays(X, y))
    level = Level(TypeSpans.build(table, ((0, 1, 2),), False), columns)
    assert len(level.space) > CHUNK
    walker = RankTest(level)
    results = [walker.run(shard) for shard in level.shards()]
    survivors = sorted(types for result in results for types in result.sets)
    assert survivors
    assert survivors == [types for types in _sets(level) if level.in_span(types)]
    total = _sum_of_determinants(level, walker)
    assert (sum(result.checksum for result in results) - total) % level.prime == 0


@pytest.mark.parametrize(("d", "columns"), [(3, 3), (12, 2), (13, 3)])
def test_many_types_and_many_inputs(d: int, columns: int) -> None:
    draw = random.Random(d)
    # Labels of few neurons on few points, so that sets of types reach them.
    X = [[Fraction(draw.randint(-9, 9)) for _ in range(d)] for _ in range(columns + 1)]
    y = [max(x[0] - 2 * x[1], Fraction(0)) + max(x[2], Fraction(0)) for x in X]
    table = IntegerTable.of(Dataset.from_arrays(X, y))
    supports = [s for s in useful_supports(table, PARAMETERS, columns) if len(s) <= 2]
    level = Level(TypeSpans.build(table, supports, False), columns)
    walker = RankTest(level)
    survivors = sorted(t for shard in level.shards() for t in walker.run(shard).sets)
    assert survivors == _minimal(level)
