"""The command line: results on stdout, notes on stderr, exit codes, refusals that write nothing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from fractions import Fraction
from importlib.metadata import version as installed_version
from pathlib import Path

import numpy as np
import pytest

from tests.cli.common import DATA, PEAK, Run
from tests.payload import Payload


@pytest.mark.parametrize(
    ("name", "knots", "slopes"),
    [
        ("us_income_tax_2024", 6, ["0.1", "0.12", "0.22", "0.24", "0.32", "0.35", "0.37"]),
        ("uk_income_tax_2024", 4, ["0", "0.2", "0.4", "0.6", "0.45"]),
        ("standard_atmosphere_1976", 6, ["-6.5", "0", "1", "2.8", "0", "-2.8", "-2"]),
        ("peak_plateau", 3, ["0", "1", "-1", "0"]),
    ],
)
def test_samples_give_their_published_laws(
    capsys: pytest.CaptureFixture[str], name: str, knots: int, slopes: list[str]
) -> None:
    run = Run(capsys, "solve", DATA / f"{name}.csv")
    assert run.code == 0
    assert run.out.startswith(f"optimal  {knots} knots; no interpolant has fewer")
    rows = [line.split() for line in run.out.splitlines()[5:]]
    assert [row[2] for row in rows] == slopes


def test_json_is_the_interface(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    proof = tmp_path / "proof.json"
    run = Run(capsys, "solve", PEAK, "--json", "--certificate", proof)
    result = json.loads(run.out)
    assert result.pop("seconds") >= 0
    assert result == {
        "schema": "exactsparse/solution/1",
        "status": "optimal",
        "objective": {"kind": "neurons", "p": None, "skip": "affine", "tolerance": "0"},
        "value": 3,
        "lower_bound": 3,
        "generic_lower_bound": None,
        "unique": False,
        "method": "univariate",
        "n_points": 6,
        "n_features": 1,
        "network": {
            "neurons": [
                {"weights": ["1"], "bias": "1", "output": "1"},
                {"weights": ["1"], "bias": "-1/2", "output": "-2"},
                {"weights": ["1"], "bias": "-2", "output": "1"},
            ],
            "skip": {"weights": ["0"], "bias": "0"},
        },
        "data": {"y": "y", "x": ["x"], "rows": 6, "notes": []},
        "certificate": str(proof),
    }
    assert Run(capsys, "check", proof, PEAK).out.startswith("accepted")


def test_path_norm_json(capsys: pytest.CaptureFixture[str]) -> None:
    result = json.loads(Run(capsys, "solve", PEAK, "--p", "0.5", "--json").out)
    low, high = map(Fraction, result["value_enclosure"])
    assert low <= Fraction(result["value"]) <= high
    assert (result["objective"]["kind"], result["objective"]["p"]) == ("path_norm", "1/2")
    exact = json.loads(Run(capsys, "solve", PEAK, "--p", "1", "--json").out)
    assert exact["value"] == "4"
    assert "value_enclosure" not in exact


def test_quiet_prints_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    run = Run(capsys, "solve", PEAK, "--quiet")
    assert (run.out, run.err) == ("optimal 3\n", "")


def test_picture_is_written(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    for suffix, magic in (("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF")):
        picture = tmp_path / f"law.{suffix}"
        assert Run(capsys, "solve", PEAK, "--plot", picture).code == 0
        assert picture.read_bytes().startswith(magic)


def test_long_results_are_cut(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    table = tmp_path / "zigzag.csv"
    table.write_text("\n".join(f"{k},{k % 2}" for k in range(100)))
    run = Run(capsys, "solve", table)
    assert len(run.out.splitlines()) == 26
    assert "… and 79 more pieces" in run.out


def test_duplicates_merge_with_a_note(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text("1,1\n2,5\n1,1.0\n3,4\n")
    run = Run(capsys, "solve", table, "--quiet")
    assert run.code == 0
    assert "merged 1 duplicate row" in Run(capsys, "solve", table).err


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "no such file"),
        # Spaces: the name of the file holds some of these words.
        ("", "the file is empty"),
        ("x,y\n", "no row below it"),
        ("1\n2\n", "one column only"),
        ("x,y\n1,2\n3\n", "line 3"),
        ("x,y\n1,2\n3,four\n", "'four' is not"),
        ("x,y\n1,2\n3,nan\n", "'nan' is not"),
        ("x,y\n1,2\n1,3\n", "rows 2 and 3 have the same point (1)"),
    ],
)
def test_bad_tables(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, content: str | None, message: str
) -> None:
    table, proof = tmp_path / "table.csv", tmp_path / "proof.json"
    if content is not None:
        table.write_text(content)
    run = Run(capsys, "solve", table, "--certificate", proof)
    assert run.code == 2
    assert run.out == ""
    assert message in run.err
    assert len(run.err.strip().splitlines()) == 1
    assert not proof.exists()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--p", "1.5"], "p must lie between 0 and 1"),
        (["--p", "half"], "p must be a number"),
        (["--p", "0.5", "--objective", "neurons"], "exclude each other"),
        (["--objective", "depth"], "objective must be one of 'neurons'"),
        (["--skip", "some"], "skip must be one of 'affine', 'none'"),
        (["--workers", "0"], "workers must be at least 1"),
        (["--method", "magic"], "method must be one of"),
        (["--time-limit", "-1"], "time_limit must be"),
        (["--y", "z"], "no column named 'z'"),
        (["--certificate", "/nowhere/proof.json"], "does not exist"),
        (["--certificate", "."], "is a directory"),
        (["--plot", "law.xyz", "--certificate", "p.json"], "must end in .png or .svg or .pdf"),
        (["--certificate", "x.svg", "--plot", "x.svg"], "is an output already"),
        (["--certificate", PEAK], "is the data already"),
        (["--unknown"], "No such option"),
    ],
)
def test_bad_options(
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    run = Run(capsys, "solve", PEAK, *options)
    assert run.code == 2
    assert run.out == ""
    assert message in run.err
    assert list(tmp_path.iterdir()) == []


def test_pickles_are_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "data.npy"
    np.save(
        path,
        np.array([[Payload(tmp_path / "executed"), 1], [2, 3]], dtype=object),
        allow_pickle=True,
    )
    assert Run(capsys, "solve", path).code == 2
    assert not (tmp_path / "executed").exists()


def test_rejected_certificates_exit_with_four(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    proof = tmp_path / "proof.json"
    Run(capsys, "solve", PEAK, "--certificate", proof)
    proof.write_text(proof.read_text().replace('"value": 3', '"value": 2'))
    run = Run(capsys, "check", proof, PEAK)
    assert (run.code, run.out.split(":")[0]) == (4, "rejected")
    assert Run(capsys, "check", tmp_path / "missing.json").code == 2


def hard_ties(path: Path) -> Path:
    """One run of 60,001 points with two alternating jumps: every comparison is close."""
    jumps = np.resize([1, 3, 1, 5, 1, 7], 60_001)
    y = np.cumsum(np.concatenate(([0, 0], np.cumsum(jumps))))
    np.savetxt(path, np.column_stack((np.arange(len(y)), y)), fmt="%d", delimiter=",")
    return path


def test_time_limit_gives_a_feasible_result(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("exactsparse.routes.univariate.route.COMPILED_FROM", 10**9)
    run = Run(
        capsys,
        "solve",
        hard_ties(tmp_path / "t.csv"),
        "--p",
        ".5",
        "--time-limit",
        "0.05",
        "--json",
    )
    result = json.loads(run.out)
    assert run.code == 3
    assert result["status"] == "feasible"
    assert result["lower_bound"] < result["value"]
    assert result["unique"] is None


def test_interrupt_keeps_the_best_result(tmp_path: Path) -> None:
    table = hard_ties(tmp_path / "table.csv")
    script = (
        "import exactsparse.routes.univariate.route as route, sys\n"
        "route.COMPILED_FROM = 10**9\n"
        "inner = route.match_run\n"
        "def announced(*arguments):\n"
        "    print('matching', file=sys.stderr, flush=True)\n"
        "    while True:\n"
        "        inner(*arguments)\n"
        "route.match_run = announced\n"
        "from exactsparse.cli import main\n"
        f"main(['solve', {str(table)!r}, '--p', '0.37', '--quiet'])\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr.readline() == "matching\n"
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=120)
    assert process.returncode == 3
    assert out.startswith("feasible ")


def test_standard_input_and_version() -> None:
    command = [sys.executable, "-m", "exactsparse"]
    table = Path(PEAK).read_text()
    run = subprocess.run(
        [*command, "solve", "-", "--quiet"], input=table, capture_output=True, text=True, check=True
    )
    assert run.stdout == "optimal 3\n"
    version = subprocess.run([*command, "--version"], capture_output=True, text=True, check=True)
    assert version.stdout == installed_version("exactsparse") + "\n"


def test_core_does_not_import_optional_packages() -> None:
    code = (
        "import sys, exactsparse as es; es.solve([0, 1, 2], [0, 1, 0]).to_json();"
        "sys.exit(any(m in sys.modules for m in ('torch', 'numba', 'matplotlib', 'networkx')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_interrupted_certificate_keeps_the_result(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("exactsparse.solution.solution.certify", interrupted)
    proof = tmp_path / "proof.json"
    run = Run(capsys, "solve", PEAK, "--certificate", proof, "--json")
    assert run.code == 3
    assert json.loads(run.out)["certificate"] is None
    assert "interrupted before everything" in run.err
    assert not proof.exists()


def test_huge_numbers_are_printed(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    table = tmp_path / "huge.csv"
    table.write_text("x,y\n1,1e9000\n2,2\n4,5\n")
    run = Run(capsys, "solve", table, "--p", "1")
    assert run.code == 0
    assert "≈1e+9000" in run.out
    assert Run(capsys, "solve", PEAK, "--p", "1e-5000", "--json").code == 0


def test_narrow_encodings_and_closed_pipes() -> None:
    command = [sys.executable, "-m", "exactsparse", "solve", PEAK, "--p", "0.5"]
    ascii_only = {**os.environ, "PYTHONIOENCODING": "ascii"}
    run = subprocess.run(command, capture_output=True, text=True, env=ascii_only, check=True)
    assert run.stdout.startswith("optimal")
    reading, writing = os.pipe()
    os.close(reading)
    # Quiet, for progress is said where a loaded machine takes a second.
    command.append("--quiet")
    closed = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert (closed.returncode, closed.stderr) == (141, b"")
