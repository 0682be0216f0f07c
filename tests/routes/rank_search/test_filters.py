"""Every filter of the walk discards only what it may: against exact ranks of the same columns."""

from __future__ import annotations

import math
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import flint
import numpy as np
import pytest

from exactsparse.compiling import QuickStart
from exactsparse.exact.rank import rank
from exactsparse.routes.rank_search import rank_test
from exactsparse.routes.rank_search.kernels.arguments import Field, Node, Scratch, Undecided
from exactsparse.routes.rank_search.kernels.leaves import _inconsistent, _settled
from exactsparse.routes.rank_search.kernels.padding import pad_dependent
from exactsparse.routes.rank_search.kernels.row_group_rank import (
    proves_rank_deficit,
    split_groups,
)
from exactsparse.routes.rank_search.kernels.walk import walk
from exactsparse.routes.rank_search.level import PRIME, SMALLER_PRIME, Level
from exactsparse.routes.rank_search.modular import (
    left_null_space,
    residues,
)
from exactsparse.routes.rank_search.rank_test import RankTest
from tests.routes.rank_search.levels import family_level, random_level

COMPILED = os.environ.get("NUMBA_DISABLE_JIT") != "1"
# Uncompiled, the same tests take a hundred times as long.
SAMPLES = 150 if COMPILED else 10
FAMILIES = ("generic", "grid", "labels", "teacher", "line")


def levels() -> list[Level]:
    """Levels of every kind, those with a skip included."""
    chosen = [
        level
        for family in FAMILIES
        for seed in range(4)
        for columns, skip in ((3, False), (4, False), (1, True), (2, True))
        if (level := family_level(family, seed, columns, skip, "parameters"))
    ]
    assert len(chosen) > 20 and any(level.space.skip for level in chosen)
    return [*chosen[:: 1 if COMPILED else 4], random_level(6), random_level(7, 1)]


class Kernels:
    """Arguments of the kernels for one level, and scratch memory of more than enough room."""

    def __init__(self, level: Level) -> None:
        self.level, self.test = level, RankTest(level)
        self.types = self.test._types
        self.masks, self.supports, self.free = (
            self.types.masks, self.types.supports, self.types.free,
        )  # fmt: skip
        self.n, self.field = len(level.table), Field.of(level.prime)
        self.groups, self.unions = np.zeros((2, 200), dtype=np.int64)
        self.scratch = Scratch(
            np.zeros((60, 60)), self.groups, self.unions, np.zeros(1 << 8, dtype=np.int64),
            np.zeros((40, 80), dtype=np.int64), np.empty((60, 20)), np.zeros((60, 90)),
            np.zeros(self.n + 1, dtype=np.int64), np.zeros(60, dtype=np.int64),
        )  # fmt: skip

    def path(self, types: tuple[int, ...]) -> Any:
        return np.array([*types, 0, 0], dtype=np.int64)

    def proves_deficit(self, types: tuple[int, ...], required: int, wanted: int) -> bool:
        found = proves_rank_deficit(
            self.path(types),
            len(types),
            required,
            wanted,
            self.n,
            self.types,
            self.field,
            self.scratch,
        )
        return bool(found)

    def settled(self, types: tuple[int, ...], depth: int) -> bool | None:
        """The verdict on a set whose first types the null space has taken in; None beside it."""
        labels = self.level.table.labels.tolist()
        given = self.level.columns_of(types[:depth])
        if rank([labels, *given]) < len(given) + 1:
            return None
        w = residues(left_null_space([labels, *given], self.n, self.level.prime), self.level.prime)
        columns = sum(int(self.level.space.sizes[t]) for t in types[depth:])
        if len(w) != columns:
            return None
        self.scratch.lifted[0] = 0
        found = _settled(
            w,
            self.path(types),
            depth,
            len(types),
            0,
            False,
            self.types,
            self.field,
            self.scratch,
        )
        return bool(found)


def draws(level: Level, seed: int, most: int) -> list[tuple[int, ...]]:
    """Some sets of up to so many types."""
    draw = random.Random(seed)
    count = len(level.space)
    return [
        tuple(sorted(draw.sample(range(count), draw.randint(1, min(most, count)))))
        for _ in range(SAMPLES)
    ]


def test_rank_deficits_are_there() -> None:
    proved = missed = 0
    for level in levels():
        kernels = Kernels(level)
        for types in draws(level, 0, 4):
            columns = level.columns_of(types)
            deficit = len(columns) - rank(columns)
            for wanted in range(1, deficit + 2):
                found = kernels.proves_deficit(types, 0, wanted)
                assert not found or wanted <= deficit
                proved += found
                missed += wanted <= deficit and not found
    assert proved > 10 * missed


def test_longer_paths_are_left_to_pairs() -> None:
    level = random_level(7)
    kernels = Kernels(level)
    for types in (tuple(range(9)), tuple(range(0, 60, 6))):
        columns = level.columns_of(types)
        deficit = len(columns) - rank(columns)
        for wanted in range(1, deficit + 2):
            assert not kernels.proves_deficit(types, 0, wanted) or wanted <= deficit


def test_settled_sets_miss_the_labels() -> None:
    settled = left = 0
    for level in levels():
        kernels = Kernels(level)
        labels = level.table.labels.tolist()
        k = level.columns + len(level.skip_columns)
        for types in draws(level, 1, 4):
            columns = level.columns_of(types)
            masks = {int(kernels.masks[t]) for t in types}
            if len(columns) != k or len(masks) < len(types) or rank([*columns, labels]) > k:
                continue
            for depth in range(max(len(types) - 2, 0), len(types)):
                verdict = kernels.settled(types, depth)
                if verdict:
                    assert rank([*columns, labels]) == rank(columns) + 1
                settled += verdict is True
                left += verdict is False
    assert settled > left // 4


def test_groups_of_rows_partition_them() -> None:
    for level in levels():
        kernels = Kernels(level)
        every = (1 << kernels.n) - 1
        for types in draws(level, 2, 4)[:100]:
            count = split_groups(
                kernels.path(types), len(types), kernels.types, every, kernels.groups,
                kernels.unions,
            )  # fmt: skip
            groups = kernels.groups[:count].tolist()
            assert sum(groups) == every
            for i in range(kernels.n):
                (own,) = (g for g, rows in enumerate(groups) if rows >> i & 1)
                seen = kernels.free
                for t in types:
                    if int(kernels.masks[t]) >> i & 1:
                        seen |= int(kernels.supports[t])
                assert int(kernels.unions[own]) == seen


def test_rows_are_refuted_only_if_their_labels_are_no_linear_function() -> None:
    refuted = 0
    for level in levels():
        table = RankTest(level)._refuted
        kernels = Kernels(level)
        unions = range(1 << level.table.width)
        for union in unions:
            inputs = [c for c in range(level.table.width) if union >> c & 1]
            for rows in range(1, 1 << kernels.n) if kernels.n < 7 else ():
                if table[union, rows]:
                    own = [i for i in range(kernels.n) if rows >> i & 1]
                    points = level.table.points[np.ix_(own, inputs)].T.tolist()
                    labels = level.table.labels[own].tolist()
                    assert rank([*points, labels]) == rank(points) + 1
                    refuted += 1
        for types in draws(level, 3, 3):
            if len(types) < 2:
                continue
            *before, a, b = types
            count = split_groups(
                kernels.path(tuple(before)), len(before), kernels.types, (1 << kernels.n) - 1,
                kernels.groups, kernels.unions,
            )  # fmt: skip
            node = Node(
                np.zeros((1, kernels.n)), kernels.path(tuple(before)), len(before), -1, 1.0, 0,
                np.zeros(1, dtype=bool), count, kernels.groups, kernels.unions,
            )  # fmt: skip
            if _inconsistent(
                node, int(kernels.masks[a]), int(kernels.supports[a]), int(kernels.masks[b]),
                int(kernels.supports[b]), table,
            ):  # fmt: skip
                assert not level.in_span(types)
    assert refuted


@pytest.mark.parametrize("prime", [101, SMALLER_PRIME, PRIME])
def test_noise_takes_the_place_of_dependent_columns_only(prime: int) -> None:
    generator = np.random.default_rng(prime)
    noise = generator.integers(-(prime // 2), prime // 2, (16, 9)).astype(np.float64)
    for _ in range(200 if COMPILED else 20):
        q, size = int(generator.integers(2, 8)), int(generator.integers(1, 5))
        size = min(q, size)
        images = generator.integers(-2, 3, (q, size, 1)).astype(np.float64)
        if size > 1 and generator.random() < 0.5:
            images[:, -1] = images[:, 0]
        before = images.copy()
        replaced = pad_dependent(images, 0, noise, Field.of(prime), np.zeros((size, q)))
        entries = [int(v) % prime for v in before[:, :, 0].ravel()]
        own_rank = int(flint.nmod_mat(q, size, entries, prime).rank())
        assert replaced == size - own_rank
        kept = [c for c in range(size) if (images[:, c] == before[:, c]).all()]
        assert len(kept) == own_rank
        entries = [int(v) % prime for v in images[:, :, 0].ravel()]
        assert int(flint.nmod_mat(q, size, entries, prime).rank()) == size


@pytest.mark.skipif(not COMPILED, reason="this is the run without a compiler that it starts")
def test_the_same_without_a_compiler() -> None:
    """The kernels as plain Python: what the compiler makes of them is no part of the argument."""
    files = (__file__, str(Path(__file__).with_name("test_kernel_limits.py")))
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *files, "-n", "0"],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-3000:]


@pytest.mark.skipif(not COMPILED, reason="nothing is compiled")
def test_compiled_and_plain_walks_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small levels are walked by plain Python where nothing is compiled yet: bit for bit alike."""
    monkeypatch.setattr("exactsparse.compiling._is_compiled", lambda kernel: False)
    plain, sets = QuickStart(walk, math.inf), []

    def twice(level, start, undecided, stopped):
        other = Undecided(*(buffer.copy() for buffer in undecided))
        result = walk(level, start, undecided, stopped)
        assert plain.form()(level, start, other, stopped) == result
        for buffer, copy, used in zip(undecided, other, result[1:], strict=True):
            assert np.array_equal(buffer[:used], copy[:used])
        sets.append(sum(result[1:]))
        return result

    monkeypatch.setattr(rank_test._WALK, "form", lambda leaves: twice)
    for level in levels()[::5]:
        for shard in level.shards():
            RankTest(level).run(shard)
    assert sum(sets) > 50
