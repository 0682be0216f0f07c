"""``solve --parameters K`` and ``--neurons K``: the words, the numbers, and what is refused."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.cli.common import Run

TABLE = "a,b,y\n0,0,0.02\n0,1,0.98\n1,0,1.01\n1,1,-0.03\n"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "xor.csv"
    path.write_text(TABLE)
    return path


def test_summary(capsys: pytest.CaptureFixture[str], table: Path) -> None:
    run = Run(capsys, "solve", table, "--parameters", 4)
    assert run.code == 0
    lines = run.out.splitlines()
    assert lines[0] == "optimal  0.02 is the least tolerance with 4 parameters"
    assert lines[2].startswith("lower bound 0.02 (proved)   4 points, 2 features   ")
    assert lines[4].startswith("y = ") and "₊" in lines[4]
    run = Run(capsys, "solve", table, "--neurons", 0, "--skip", "affine", "--quiet")
    assert (run.code, run.out) == (0, "optimal 0.5\n")
    text = Run(capsys, "solve", table, "--parameters", 9).out
    assert re.match(
        r"optimal  0 is the least tolerance with 9 parameters; this network has \d\n", text
    )


def test_json_and_export(capsys: pytest.CaptureFixture[str], table: Path, tmp_path: Path) -> None:
    network = tmp_path / "network.json"
    run = Run(capsys, "solve", table, "--parameters", 4, "--json", "--export", network)
    about = json.loads(run.out)
    assert about["value"] == about["lower_bound"] == "1/50"
    assert about["objective"]["parameters"] == 4
    assert network.exists()


@pytest.mark.parametrize("count", ["--parameters", "--neurons"])
def test_certificate(
    capsys: pytest.CaptureFixture[str], table: Path, tmp_path: Path, count: str
) -> None:
    proof = tmp_path / "proof.json"
    run = Run(capsys, "solve", table, count, 1, "--certificate", proof)
    assert run.code == 0 and run.out.startswith("optimal  0.5")
    assert f"exactsparse check {proof}" in run.err
    run = Run(capsys, "check", proof, table)
    assert run.code == 0 and run.out.startswith("accepted\n")
    about = json.loads(proof.read_text())
    about["claim"]["value"] = "51/100"
    proof.write_text(json.dumps(about))
    assert Run(capsys, "check", proof, table).code == 4


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--parameters", 3, "--knots", 2), "knots and parameters exclude each other"),
        (("--neurons", 3, "--tolerance", "auto"), "leave objective, p, tolerance and shape out"),
        (("--parameters", 3, "--checkpoint", "work"), "does not use checkpoint"),
        (("--parameters", 3, "--method", "cuts"), "use method 'tree'"),
        (("--neurons", -1), "neurons must not be negative"),
    ],
)
def test_refusals(
    capsys: pytest.CaptureFixture[str], table: Path, options: tuple, message: str
) -> None:
    run = Run(capsys, "solve", table, *options)
    assert run.code == 2 and message in run.err and not run.out
