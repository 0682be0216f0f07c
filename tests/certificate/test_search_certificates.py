"""Certificates of searches, from the solver to the independent checker."""

import json
import random
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest

import exactsparse as es
from exactsparse.progress import Stopped
from exactsparse.routes.rank_search import level_search as ascent
from exactsparse.routes.rank_search import lower_bound
from exactsparse_check.__main__ import main as run_checker
from exactsparse_check.search import MOST_ROWS
from tests.routes.rank_search.families import FAMILIES

CASES = [
    ("generic", 6, "parameters", "none"),
    ("generic", 3, "neurons", "none"),
    ("generic", 4, "parameters", "affine"),
    ("grid", 1, "parameters", "none"),
    ("grid", 2, "neurons", "affine"),
    ("labels", 1, "parameters", "none"),
    ("teacher", 2, "parameters", "none"),
    ("teacher", 3, "neurons", "none"),
    ("line", 2, "parameters", "none"),
    ("d1", 3, "parameters", "none"),
    ("zero", 1, "parameters", "none"),
    ("single", 1, "parameters", "none"),
]


@pytest.mark.parametrize(("family", "seed", "objective", "skip"), CASES)
def test_the_checker_accepts_what_the_search_proves(
    family: str, seed: int, objective: str, skip: str, tmp_path: Path
) -> None:
    X, y = FAMILIES[family](seed)
    solution = es.solve(X, y, objective=objective, skip=skip, method="search")
    path = tmp_path / "proof.json"
    solution.certificate.save(path)
    assert run_checker([str(path), "--full"]) == 0


def test_a_forged_optimum_is_rejected(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    draw = random.Random(5)
    X = [[Fraction(draw.randint(-999, 999), 1000) for _ in range(2)] for _ in range(6)]
    y = [Fraction(draw.randint(-999, 999), 1000) for _ in range(6)]
    document = es.solve(X, y).certificate.document
    entry = document["lower_bound"]["levels"][-1]
    assert entry["method"] == "rank"
    entry["shards"][0]["checksum"] = (entry["shards"][0]["checksum"] + 1) % entry["prime"]
    path = tmp_path / "forged.json"
    path.write_text(json.dumps(document))
    assert run_checker([str(path), "--full"]) == 4
    assert "checksum" in capsys.readouterr().out


def test_levels_with_survivors_are_repeated_on_rows_that_refute_them() -> None:
    X = [[k, (7 * k) % 5] for k in range(12)]
    y = [max(x[0] - 4, 0) + max(2 * x[1] - x[0], 0) for x in X]
    solution = es.solve(X, y)
    assert any(result.sets for record in solution.levels for result in record.results)
    levels = solution.certificate.document["lower_bound"]["levels"]
    rows = [entry["rows"] for entry in levels if entry["method"] == "rank"]
    assert len(rows) > 1
    for fewer, more in pairwise(rows):
        assert more[: len(fewer)] == fewer


def test_rows_beyond_the_bits_of_a_word_are_left_to_the_cones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    X = [[k, (7 * k) % 5] for k in range(12)]
    y = [max(x[0] - 4, 0) + max(2 * x[1] - x[0], 0) for x in X]
    solution = es.solve(X, y)
    repeated = [record for record in solution.levels if record.refuting]
    assert lower_bound.MOST_BITS <= MOST_ROWS
    monkeypatch.setattr(lower_bound, "MOST_BITS", 0)
    levels = solution.certificate.document["lower_bound"]["levels"]
    by_cones = [entry for entry in levels if entry["method"] == "cones"]
    assert repeated and by_cones


@pytest.mark.parametrize("seed", [0, 1, 3])
def test_a_stop_in_the_last_refutation_leaves_a_proof(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refute = ascent.LevelSearch._refute
    stops = []

    def late(self: ascent.LevelSearch, rows: list[int], kept: ascent.Kept) -> object:
        if self.bound == self.incumbent.cost:
            stops.append(rows)
            raise Stopped
        return refute(self, rows, kept)

    monkeypatch.setattr(ascent.LevelSearch, "_refute", late)
    X, y = FAMILIES["grid"](seed)
    solution = es.solve(X, y, objective="parameters", skip="none", method="search")
    assert stops
    assert solution.status == "optimal"
    solution.certificate.save(tmp_path / "proof.json")
    assert run_checker([str(tmp_path / "proof.json"), "--full"]) == 0
