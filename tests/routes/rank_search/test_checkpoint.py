"""Checkpoints: damage is named and never believed, other data are refused, nothing leaks."""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import exactsparse as es
from exactsparse import Dataset, Problem
from exactsparse.routes import checkpoint
from exactsparse.routes.rank_search.checkpoint import Checkpoint
from exactsparse.routes.rank_search.level import Shard, Survivors

PROBLEM = Problem.of(Dataset.from_arrays([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]))
LEVELS = ("1:0,1,2", "2:0,1,2,3")
Found = dict[tuple[tuple[int, ...], int], Survivors]


def fill(path: Path, count: int = 40) -> dict[str, Found]:
    """Write made-up shards, several pages of them."""
    draw = random.Random(0)
    written: dict[str, Found] = {level: {} for level in LEVELS}
    with Checkpoint(path, PROBLEM) as file:
        for k in range(count):
            level, shard = LEVELS[k % 2], Shard((k, k + 1), k, k + 9, True)
            sets = tuple(tuple(draw.randrange(9999) for _ in range(3)) for _ in range(20))
            survivors = Survivors(draw.randrange(10**6), draw.randrange(10**7), sets)
            file.add(level, shard, survivors)
            written[level][shard.prefix, shard.lowest] = survivors
    return written


def read(path: Path) -> dict[str, Found]:
    with Checkpoint(path, PROBLEM) as file:
        return {level: file.finished(level) for level in LEVELS}


def test_what_is_written_is_read(tmp_path: Path) -> None:
    written = fill(tmp_path / "work.sqlite")
    assert read(tmp_path / "work.sqlite") == written


def test_no_flipped_byte_is_believed(tmp_path: Path) -> None:
    """Whatever byte is flipped: a sentence about the file, or results that were written."""
    whole, path = tmp_path / "whole.sqlite", tmp_path / "work.sqlite"
    written = fill(whole)
    content, draw, refused = whole.read_bytes(), random.Random(0), 0
    places = [*range(0, 130, 3), *(draw.randrange(len(content)) for _ in range(250))]
    for place in places:
        spoilt = bytearray(content)
        spoilt[place] ^= 1 << draw.randrange(8)
        path.write_bytes(spoilt)
        try:
            found = read(path)
            with Checkpoint(path, PROBLEM) as file:
                file.add(LEVELS[0], Shard((9, 9), 9, 9, True), Survivors(1, 2, ()))
        except es.ExactSparseError as error:
            assert str(path) in str(error)
            refused += 1
            continue
        assert all(found[level].items() <= written[level].items() for level in LEVELS)
    assert refused > len(places) // 2


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE shards SET sets = '[]' WHERE lowest = 4",
        "UPDATE shards SET leaves = leaves + 1 WHERE lowest = 4",
        "UPDATE shards SET checksum = checksum + 1 WHERE lowest = 4",
        "UPDATE shards SET digest = NULL WHERE lowest = 4",
        "UPDATE shards SET sets = CAST('[]' AS BLOB) WHERE lowest = 4",
        "UPDATE shards SET prefix = '[7, 8]' WHERE lowest = 4",
        "UPDATE shards SET level = '2:0,1,2,3' WHERE lowest = 4",
        "UPDATE shards SET sets = CAST(X'FF' AS TEXT) WHERE lowest = 4",
        "UPDATE identity SET value = '0' WHERE key = 'data'",
        "DELETE FROM identity WHERE key = 'digest'",
        "ALTER TABLE shards RENAME COLUMN sets TO kept",
        "ALTER TABLE identity RENAME COLUMN value TO text",
    ],
)
def test_changed_content_is_damage(tmp_path: Path, change: str) -> None:
    path = tmp_path / "work.sqlite"
    fill(path)
    with sqlite3.connect(path) as database:
        if "level" in change:
            database.execute("UPDATE shards SET lowest = 44 WHERE lowest = 4")
            change = change.replace("= 4", "= 44")
        database.execute(change)
    database.close()
    with pytest.raises(es.ProblemError, match="the finished work in it cannot be trusted") as told:
        read(path)
    assert str(path) in str(told.value)


def test_the_command_names_the_damaged_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from tests.cli.common import XOR, Run

    table, path = tmp_path / "xor.csv", tmp_path / "work.sqlite"
    table.write_text(XOR)
    fill(path)
    content = bytearray(path.read_bytes())
    content[len(content) // 2 :] = os.urandom(len(content) - len(content) // 2)
    path.write_bytes(content)
    run = Run(capsys, "solve", table, "--checkpoint", path)
    assert run.code == 2
    assert f"{path} is damaged" in run.err
    assert "remove it, or name another file" in run.err
    assert path.read_bytes() == content


def test_shards_of_another_file_are_not_taken_over(tmp_path: Path) -> None:
    """Rows that were copied from the checkpoint of other data carry the digest of those."""
    path, other = tmp_path / "work.sqlite", tmp_path / "other.sqlite"
    fill(path)
    with Checkpoint(other, Problem.of(PROBLEM.dataset, objective="neurons")):
        pass
    with sqlite3.connect(other) as database:
        database.execute("ATTACH ? AS source", (str(path),))
        database.execute("INSERT INTO shards SELECT * FROM source.shards")
    database.close()
    with (
        Checkpoint(other, Problem.of(PROBLEM.dataset, objective="neurons")) as file,
        pytest.raises(es.ProblemError, match="is not what was written"),
    ):
        file.finished(LEVELS[0])


def test_a_full_disk_is_said_to_be_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, connect = tmp_path / "work.sqlite", sqlite3.connect

    def small(*arguments: Any, **options: Any) -> sqlite3.Connection:
        connection = connect(*arguments, **options)
        connection.execute("PRAGMA max_page_count = 8")
        return connection

    monkeypatch.setattr(checkpoint.sqlite3, "connect", small)
    with pytest.raises(es.OutputError, match=r"cannot use the checkpoint: .* full") as told:
        fill(path)
    assert str(path) in str(told.value)
    monkeypatch.undo()
    assert read(path)[LEVELS[0]]


def test_a_folder_and_a_missing_folder_cannot_be_opened(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing" / "work.sqlite"):
        with pytest.raises(es.OutputError, match="cannot use the checkpoint: unable to open"):
            Checkpoint(path, PROBLEM)


def test_a_file_that_cannot_be_written_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Read-only by SQLite's own flag, since an administrator may write everywhere."""
    path, connect = tmp_path / "work.sqlite", sqlite3.connect
    fill(path)
    monkeypatch.setattr(
        checkpoint.sqlite3, "connect", lambda path, **_: connect(f"file:{path}?mode=ro", uri=True)
    )
    shard, nothing = Shard((9, 9), 9, 9, True), Survivors(1, 2, ())
    with Checkpoint(path, PROBLEM) as file:
        assert file.finished(LEVELS[0])
        with pytest.raises(es.OutputError, match="cannot use the checkpoint: attempt to write"):
            file.add(LEVELS[0], shard, nothing)


def test_a_table_of_another_program_is_no_checkpoint(tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite"
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE people (name)")
    database.close()
    before = path.read_bytes()
    with pytest.raises(es.ProblemError, match=r"other\.sqlite is not a checkpoint of exactsparse"):
        Checkpoint(path, PROBLEM)
    assert path.read_bytes() == before


def test_two_processes_share_a_file(tmp_path: Path) -> None:
    """Both begin the same new file, and both end with the same result."""
    path = tmp_path / "work.sqlite"
    program = (
        "import random, sys, exactsparse as es\n"
        "draw = random.Random(3).randint\n"
        "X = [[draw(-9, 9), draw(-9, 9)] for _ in range(8)]\n"
        "y = [draw(-9, 9) for _ in X]\n"
        "found = es.solve(X, y, checkpoint=sys.argv[1])\n"
        "print(found.status, found.value)"
    )
    command = [sys.executable, "-c", program, str(path)]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    outputs = [process.communicate(timeout=500)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert outputs[0] == outputs[1]
    assert outputs[0].startswith("optimal")
