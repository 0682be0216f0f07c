"""Pairs of types that lower levels keep apart: they may be left out, and nothing changes."""

import random
from dataclasses import replace
from fractions import Fraction
from itertools import combinations
from typing import Any

import numpy as np
import pytest

import exactsparse as es
from exactsparse.exact.rank import rank
from exactsparse.problem.dataset import Dataset
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.objective import PARAMETERS
from exactsparse.routes.rank_search import excluded_pairs as conflicts
from exactsparse.routes.rank_search.excluded_pairs import ExcludedPairs, dependent_pairs
from exactsparse.routes.rank_search.kernels.arguments import Field, Scratch
from exactsparse.routes.rank_search.kernels.pattern_rank import rank_is_structural
from exactsparse.routes.rank_search.level import Level
from exactsparse.routes.rank_search.modular import left_null_space, residues
from exactsparse.routes.rank_search.rank_test import RankTest
from tests.routes.rank_search.families import FAMILIES
from tests.routes.rank_search.levels import family_level, random_level


def is_refuted(level: Level, cost: int, rows: Any, apart: Any) -> bool:
    """Whether no set of a level reaches the labels."""
    walker = RankTest(level, conflicts=apart)
    return not any(walker.run(shard).sets for shard in level.shards())


CASES = [
    (family, seed, columns, skip)
    for family in ("generic", "grid", "labels", "teacher", "line")
    for seed in range(4)
    for columns, skip in ((3, False), (4, False), (2, True))
    if family_level(family, seed, columns, skip, "parameters") is not None
]


@pytest.mark.parametrize(("family", "seed", "columns", "skip"), CASES)
def test_the_second_lies_in_the_first_and_unit_vectors(
    family: str, seed: int, columns: int, skip: bool
) -> None:
    level = family_level(family, seed, columns, skip, "parameters")
    assert level is not None
    space, n = level.space, len(level.table)
    pairs = dependent_pairs(space)
    for a, b, saved, rows in zip(*map(np.ndarray.tolist, vars(pairs).values()), strict=True):
        units = [[int(i == j) for i in range(n)] for j in range(n) if rows >> j & 1]
        assert len(units) < saved
        union = [*level.columns_of((a, b)), *units]
        support = sorted({*space.types[a].support, *space.types[b].support})
        active = space.types[a].active(n)
        first = [np.where(active, level.table.points[:, c], 0).tolist() for c in support]
        assert saved == len(space.columns(a)) + len(space.columns(b)) - len(support) or (
            saved == len(space.columns(b))
        )
        if saved == len(space.columns(b)):
            first = space.columns(a)
        assert rank(union) == rank([*level.skip_columns, *first, *units])
        assert rank(level.columns_of((a, b))) < rank(level.skip_columns) + len(
            [*space.columns(a), *space.columns(b)]
        )


@pytest.mark.parametrize("family", sorted(FAMILIES))
@pytest.mark.parametrize("objective", ["parameters", "neurons"])
@pytest.mark.parametrize("skip", ["none", "affine"])
def test_answers_and_proofs_stay_the_same(
    family: str, objective: str, skip: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[Any] = []
    held: list[float] = []
    plain = ExcludedPairs.conflicts

    def watched(self: ExcludedPairs, level: Level, rows: Any) -> Any:
        pairs = plain(self, level, rows)
        held.append(pairs.sum())
        return pairs

    monkeypatch.setattr(ExcludedPairs, "conflicts", watched)
    for worthwhile in (10**18, 0):
        # Without a limit on their price, all proofs are tried.
        limits = replace(conflicts.BUDGET, worthwhile_leaves=worthwhile, share_of_proofs=1e9)
        monkeypatch.setattr(conflicts, "BUDGET", limits)
        for seed in range(3):
            X, y = FAMILIES[family](seed)
            solution = es.solve(X, y, objective=objective, skip=skip, method="search")
            assert solution.status == "optimal"
            argument = solution.certificate.document["lower_bound"]
            found.append((solution.value, argument, solution.network))
    assert found[:3] == found[3:]
    if family == "generic" and objective == "parameters" and skip == "none":
        assert max(held) > 0


def test_pairs_are_kept_apart_on_random_data(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conflicts, "BUDGET", replace(conflicts.BUDGET, worthwhile_leaves=10_000))
    level = random_level(8)
    apart = ExcludedPairs(level.table, PARAMETERS, False, is_refuted).conflicts(level, range(8))
    pairs = dependent_pairs(level.space)
    assert apart[pairs.first, pairs.second].mean() > 0.9
    checksums = []
    for table in (None, apart):
        walker = RankTest(level, conflicts=table)
        results = [walker.run(shard) for shard in level.shards()]
        assert not any(result.sets for result in results)
        checksums.append([result.checksum for result in results])
    assert checksums[0] == checksums[1]


@pytest.mark.parametrize("seed", range(3))
def test_structural_ranks_are_ranks(seed: int) -> None:
    level = random_level(7, seed)
    n, k, p = 7, level.columns, level.prime
    walker = RankTest(level)
    blocks = walker._types
    masks = blocks.masks
    draw = random.Random(seed)
    sizes = level.space.sizes.tolist()
    labels = level.table.labels.tolist()
    settled, dependent = 0, 0
    for types in draw.sample(list(combinations(range(len(sizes)), 3)), 20_000):
        if sum(sizes[t] for t in types) != k or len({int(masks[t]) for t in types}) < 3:
            continue
        columns = level.columns_of(types)
        own_rank = rank(columns)
        if own_rank == k:
            continue
        dependent += 1
        for depth in (0, 1):
            prefix = level.columns_of(types[:depth])
            null = left_null_space([labels, *prefix], n, p)
            w = residues(null, p)
            path = np.array([*types, 0, 0], dtype=np.int64)
            none = np.zeros(0, dtype=np.int64)
            scratch = Scratch(
                np.zeros((40, 40)), none, none, none, none.reshape(0, 0), np.zeros((0, 0)),
                np.zeros((40, 40)), np.zeros(n + 1, dtype=np.int64), np.zeros(k, dtype=np.int64),
            )  # fmt: skip
            structural = rank_is_structural(w, path, depth, 3, blocks, Field.of(p), scratch)
            with_labels = rank([*columns, labels])
            if structural:
                settled += 1
                assert with_labels == own_rank + 1
    assert settled > dependent


@pytest.mark.parametrize("cost", [2, 3, 4, 5, 6])
def test_a_cheaper_set_that_reaches_the_labels_is_not_overlooked(cost: int) -> None:
    draw = random.Random(0)
    X = [[Fraction(draw.randint(-999, 999)) for _ in range(2)] for _ in range(8)]
    y = [max(x[0] - 2 * x[1] + 100, Fraction(0)) for x in X]
    table = IntegerTable.of(Dataset.from_arrays(X, y))
    levels = ExcludedPairs(table, PARAMETERS, False, is_refuted)
    assert levels._reach_nothing(cost, tuple(range(8))) == (cost < 3)


def test_a_planted_network_is_not_lost_to_lower_levels(monkeypatch: pytest.MonkeyPatch) -> None:
    X = [-682, -575, -533, -359, -269, -59, 36, 73, 135, 314]
    y = [
        "-721/4",
        "-307/2",
        "-475/2",
        "-1171/2",
        "-1531/2",
        "-2371/2",
        "-5787/4",
        "-6527/4",
        "-7767/4",
        "-10989/4",
    ]
    limits = replace(conflicts.BUDGET, worthwhile_leaves=0, share_of_proofs=1e9)
    monkeypatch.setattr(conflicts, "BUDGET", limits)
    assert es.solve(X, y, method="search").value == 3


def test_a_bound_does_not_pass_a_planted_network() -> None:
    X = [
        [-786, -540], [-785, -893], [-745, 66], [-681, 299], [-552, -420], [-468, 653],
        [-351, 529], [-349, -173], [-293, -441], [-284, -327], [-256, -351], [-208, -778],
        [-42, 89], [-15, 599], [819, -50],
    ]  # fmt: skip
    y = [
        -2592, 1716, -13008, -16434, -1904, -20250, -16498, -2414, 4632, 3357, 4451, 9110, -857,
        -10506, 24112,
    ]  # fmt: skip
    solution = es.solve(X, y)
    assert (solution.status, solution.value) == ("optimal", 10)
