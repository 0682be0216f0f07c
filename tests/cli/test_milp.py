"""The ``solve`` command with ``--method milp``."""

import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from exactsparse.cli import main
from exactsparse_check.__main__ import main as run_checker

XOR = "a,b,y\n0,0,0\n0,1,1\n1,0,1\n1,1,0\n"


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as leaving:
        main(list(arguments))
    return int(leaving.value.code or 0)


@pytest.fixture
def xor(tmp_path: Path) -> str:
    path = tmp_path / "xor.csv"
    path.write_text(XOR)
    return str(path)


def test_cpsat_proves_and_its_certificate_is_accepted(
    xor: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    proof = str(tmp_path / "proof.json")
    options = ["--method", "milp", "--solver", "cpsat", "--certificate", proof, "--json"]
    assert run("solve", xor, *options) == 0
    result = json.loads(capsys.readouterr().out)
    assert (result["status"], result["value"], result["lower_bound"]) == ("optimal", 4, 4)
    assert (result["method"], result["solver"]) == ("milp", "cpsat")
    assert run_checker([proof, xor]) == 0
    assert "that no network through these points costs less" in capsys.readouterr().out


def test_a_float_backend_is_reported_as_a_claim(
    xor: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("solve", xor, "--method", "milp", "--solver", "highs", "--big-m", "100") == 3
    captured = capsys.readouterr()
    lines = captured.out.splitlines()
    assert lines[0].startswith("feasible  4 nonzero parameters")
    assert "lower bound 1 (proved, not attained)" in lines[1]
    assert any(line.startswith("claimed lower bound 4: highs optimal") for line in lines)
    assert "note: nothing is proved optimal, no certificate" in captured.err


def test_the_json_of_a_claim_keeps_the_bounds_apart(
    xor: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("solve", xor, "--method", "milp", "--solver", "scip", "--json") == 3
    result = json.loads(capsys.readouterr().out)
    assert (result["status"], result["lower_bound"]) == ("feasible", 1)
    assert result["claimed_lower_bound"] == pytest.approx(4)
    assert result["claim"]["status"] == "optimal"


def test_bad_options_are_bad_usage(xor: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("solve", xor, "--method", "milp", "--solver", "guess") == 2
    assert "solver must be one of" in capsys.readouterr().err
    assert run("solve", xor, "--solver", "highs") == 2
    assert "options of method 'milp'" in capsys.readouterr().err


@pytest.mark.parametrize("solver", ["cpsat", "highs"])
def test_ctrl_c_keeps_the_best_result(solver: str, tmp_path: Path) -> None:
    draw = random.Random(7).uniform
    cells = [[f"{draw(-1, 1):.3f}" for _ in "aby"] for _ in range(12)]
    table = tmp_path / "hard.csv"
    table.write_text("a,b,y\n" + "\n".join(map(",".join, cells)) + "\n")
    options = ["--method", "milp", "--solver", solver, "--json"]
    command = [sys.executable, "-m", "exactsparse", "solve", str(table), *options]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        # Progress is reported once the solver is at work.
        assert process.stderr.readline()
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=60)
    assert process.returncode == 3
    result = json.loads(out)
    assert result["status"] == "feasible"
    assert 1 <= result["lower_bound"] < result["value"] <= 24
