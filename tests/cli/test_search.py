"""The ``solve`` command on data of several features."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.common import XOR, Run, interrupted, random_table


def test_the_summary_names_counts_bounds_and_the_formula(
    xor: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = Run(capsys, "solve", xor)
    assert run.code == 0
    lines = run.out.splitlines()
    assert lines[0].startswith("optimal  4 nonzero parameters in ")
    assert "lower bound 4 (proved)   almost all labels need 4   4 points, 2 features" in lines[2]
    assert lines[1] == "y from a, b, 4 rows"
    assert lines[4].startswith("y = ") and "₊" in lines[4]


def test_json(xor: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = Run(capsys, "solve", xor, "--objective", "neurons", "--json")
    assert run.code == 0
    result = json.loads(run.out)
    assert (result["status"], result["value"], result["lower_bound"]) == ("optimal", 2, 2)
    assert result["objective"] == {"kind": "neurons", "p": None, "skip": "none", "tolerance": "0"}
    assert (result["method"], result["n_features"], result["unique"]) == ("search", 2, None)
    assert result["network"]["skip"] is None


def test_a_picture_of_several_features_is_written(
    xor: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = tmp_path / "network.png"
    run = Run(capsys, "solve", xor, "--plot", picture)
    assert run.code == 0 and f"picture: {picture}" in run.err
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_a_time_limit_ends_with_an_interpolant_and_a_bound(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = random_table(tmp_path / "hard.csv", 18)
    run = Run(capsys, "solve", table, "--time-limit", "2", "--json")
    assert run.code == 3
    result = json.loads(run.out)
    assert result["status"] == "feasible"
    assert 1 <= result["lower_bound"] < result["value"] <= 2 * 18


def test_ctrl_c_keeps_the_best_result(tmp_path: Path) -> None:
    table = random_table(tmp_path / "hard.csv", 18)
    code, out = interrupted("solve", table, "--json", task="level ")
    assert code == 3
    assert json.loads(out)["status"] == "feasible"


def test_a_killed_run_goes_on_from_its_checkpoint(tmp_path: Path) -> None:
    table, checkpoint = random_table(tmp_path / "table.csv", 10), tmp_path / "search.sqlite"
    command = [sys.executable, "-m", "exactsparse", "solve", str(table), "--json"]
    expected = _output(command)
    with_file = [*command, "--checkpoint", str(checkpoint)]
    with subprocess.Popen(with_file, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        while not (checkpoint.exists() and _finished_shards(checkpoint) > 5):
            assert process.poll() is None or _finished_shards(checkpoint) > 5
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
    kept = _finished_shards(checkpoint)
    again = _output(with_file)
    # Killed while it worked, not after its end.
    assert process.returncode == -signal.SIGKILL
    assert kept > 5
    assert _stable(again) == _stable(expected)


def _output(command: list[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=500).stdout


def _finished_shards(checkpoint: Path) -> int:
    import sqlite3

    try:
        with sqlite3.connect(f"file:{checkpoint}?mode=ro", uri=True) as database:
            (count,) = database.execute("SELECT COUNT(*) FROM shards").fetchone()
    except sqlite3.OperationalError:
        return 0
    return int(count)


def _stable(out: str) -> dict[str, object]:
    return {key: value for key, value in json.loads(out).items() if key != "seconds"}


@pytest.mark.parametrize(
    ("table", "options", "message"),
    [
        ("a,b,y\n0,0,0\n0,1,1\n1,0,1\n1,1,3\n", [], "other data"),
        (XOR, ["--objective", "neurons"], "another objective"),
    ],
)
def test_a_checkpoint_of_another_problem_is_refused(
    xor: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    table: str,
    options: list[str],
    message: str,
) -> None:
    checkpoint = tmp_path / "search.sqlite"
    assert Run(capsys, "solve", xor, "--checkpoint", checkpoint, "--quiet").code == 0
    other = tmp_path / "other.csv"
    other.write_text(table)
    run = Run(capsys, "solve", other, "--checkpoint", checkpoint, *options)
    assert run.code == 2
    assert message in run.err


def test_a_file_that_is_no_checkpoint_is_refused_and_kept(
    xor: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "notes.txt"
    other.write_text("dear diary, " * 100)
    run = Run(capsys, "solve", xor, "--checkpoint", other)
    assert run.code == 2
    assert "not a checkpoint" in run.err
    assert other.read_text() == "dear diary, " * 100


def test_workers_do_not_change_the_result(xor: Path, capsys: pytest.CaptureFixture[str]) -> None:
    results = []
    for workers in ("1", "2", str((os.cpu_count() or 1) + 3)):
        run = Run(capsys, "solve", xor, "--json", "--workers", workers)
        assert run.code == 0
        results.append(_stable(run.out))
    assert results[0] == results[1] == results[2]
