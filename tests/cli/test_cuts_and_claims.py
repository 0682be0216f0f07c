"""The ``solve`` command with ``--method cuts`` and ``--method big-m``."""

import json
from pathlib import Path

import pytest

from exactsparse_check.__main__ import main as run_checker
from tests.cli.common import Run, interrupted, random_table


def test_cpsat_proves_and_its_certificate_is_accepted(
    xor: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    proof = tmp_path / "proof.json"
    options = ["--method", "cuts", "--certificate", proof, "--json"]
    run = Run(capsys, "solve", xor, *options)
    assert run.code == 0
    result = json.loads(run.out)
    assert (result["status"], result["value"], result["lower_bound"]) == ("optimal", 4, 4)
    assert (result["method"], result["solver"]) == ("cuts", "cpsat")
    assert run_checker([str(proof), str(xor)]) == 0
    assert "that no network through these points costs less" in capsys.readouterr().out


def test_a_float_backend_is_reported_as_a_claim(
    xor: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = Run(capsys, "solve", xor, "--method", "big-m", "--solver", "highs", "--big-m", "100")
    assert run.code == 3
    lines = run.out.splitlines()
    assert lines[0].startswith("feasible  4 nonzero parameters")
    assert "lower bound 1 (proved; this one has 4)" in lines[2]
    assert any(line.startswith("claimed lower bound 4: highs optimal") for line in lines)
    assert "note: nothing is proved optimal, no certificate" in run.err


def test_the_json_of_a_claim_keeps_the_bounds_apart(
    xor: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = Run(capsys, "solve", xor, "--method", "big-m", "--solver", "scip", "--json")
    assert run.code == 3
    result = json.loads(run.out)
    assert (result["status"], result["lower_bound"]) == ("feasible", 1)
    assert result["claimed_lower_bound"] == pytest.approx(4)
    assert result["claim"]["status"] == "optimal"


def test_bad_options_are_bad_usage(xor: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = Run(capsys, "solve", xor, "--method", "big-m", "--solver", "guess")
    assert run.code == 2
    assert "solver must be one of" in run.err
    run = Run(capsys, "solve", xor, "--solver", "highs")
    assert run.code == 2
    assert "method 'search' does not use solver: leave it out, or use method 'big-m'" in run.err


def test_bounds_of_one_side_or_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table, proof = tmp_path / "bounds.csv", tmp_path / "proof.json"
    table.write_text("a,b,low,high\n0,0,,0.1\n0,1,0.9,1.1\n1,0,0.9,\n1,1,-0.1,0.1\n2,2,,\n")
    bounds = ["--lower", "low", "--upper", "high"]
    run = Run(
        capsys, "solve", table, *bounds, "--method", "cuts", "--quiet", "--certificate", proof
    )
    assert (run.code, run.out) == (0, "optimal 4\n")
    assert Run(capsys, "check", proof, table, *bounds).code == 0
    table.write_text(table.read_text().replace("1,1,-0.1", "1,1,-0.2"))
    run = Run(capsys, "check", proof, table, *bounds)
    assert (run.code, run.out.split(":")[0]) == (4, "rejected")
    table.write_text("a,b,low,high\n0,0,2,1\n0,1,0.9,1.1\n")
    run = Run(capsys, "solve", table, *bounds, "--method", "cuts", "--quiet")
    assert (run.code, run.out) == (4, "infeasible\n")


@pytest.mark.parametrize(
    ("method", "task", "others"),
    [
        ("cuts", "exact cuts", ()),
        ("cuts", "exact cuts", ("--tolerance", "0.01")),
        ("big-m", "highs at work", ()),
    ],
)
def test_ctrl_c_keeps_the_best_result(
    method: str, task: str, others: tuple[str, ...], tmp_path: Path
) -> None:
    table = random_table(tmp_path / "hard.csv", 12)
    options = ["--method", method, "--json", *others]
    code, out = interrupted("solve", table, *options, task=task)
    assert code == 3
    result = json.loads(out)
    assert result["status"] == "feasible"
    assert 1 <= result["lower_bound"] < result["value"] <= 24
