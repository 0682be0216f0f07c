"""The command within a band: what it prints, writes and refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.common import DATA, XOR, Run

TAX = DATA / "us_income_tax_2024_rounded.csv"


def test_the_tax_table(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    proof, picture = tmp_path / "proof.json", tmp_path / "law.png"
    run = Run(
        capsys, "solve", TAX, "--tolerance", "auto", "--certificate", proof, "--plot", picture
    )
    assert run.code == 0
    first, data, bound, _, _, *pieces = run.out.splitlines()
    assert first.startswith("optimal  6 knots within 0.5 of the labels, half a unit in")
    assert data == "tax_usd from income_usd, 72 rows"
    assert "lower bound 6 (proved)   unique no" in bound
    assert [piece.split()[1:3] for piece in pieces[:6]] == [
        ["11600", "0.1"], ["47150", "0.12"], ["100525", "0.22"], ["191950", "0.24"],
        ["243725", "0.32"], ["609350", "0.35"],
    ]  # fmt: skip
    assert "11584.2 … 11635.7" in pieces[0]
    assert picture.stat().st_size > 10_000
    assert Run(capsys, "check", proof, TAX).code == 0
    assert Run(capsys, "check", proof, DATA / "us_income_tax_2024.csv").code == 4


def test_a_number_of_knots(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    proof = tmp_path / "proof.json"
    run = Run(capsys, "solve", TAX, "--knots", 6, "--certificate", proof)
    assert run.code == 0
    assert run.out.startswith("optimal  0.5 is the least tolerance with 6 knots\n")
    assert Run(capsys, "check", proof, TAX).code == 0
    assert Run(capsys, "solve", TAX, "--knots", 6, "--quiet").out == "optimal 0.5\n"
    document = json.loads(Run(capsys, "solve", TAX, "--knots", 6, "--json").out)
    assert document["value"] == "1/2" and document["objective"]["knots"] == 6


def test_no_function(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    table, proof, network = (tmp_path / name for name in ("t.csv", "proof.json", "n.json"))
    table.write_text("x,y\n0,1\n1,2\n1,5\n")
    run = Run(capsys, "solve", table, "--tolerance", 1, "--certificate", proof, "--export", network)
    assert run.code == 4
    assert run.out.startswith("infeasible  no function is within the band\n")
    assert "rows 3 and 4 have the same point" in run.out
    assert not network.exists()
    assert Run(capsys, "check", proof, table).code == 0
    assert Run(capsys, "solve", table, "--tolerance", 1, "--quiet").out == "infeasible\n"
    shaped = Run(capsys, "solve", TAX, "--shape", "concave", "--tolerance", 5)
    assert shaped.code == 4 and "no concave function" in shaped.out


def test_what_is_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    xor = tmp_path / "xor.csv"
    xor.write_text(XOR)
    for arguments in (
        (TAX, "--tolerance", "much"),
        (TAX, "--tolerance", "-0.5x"),
        (TAX, "--tolerance", "-1"),
        (TAX, "--tolerance", "1", "--knots", "3"),
        (TAX, "--tolerance", "1", "--p", "0.5"),
        (TAX, "--shape", "increasing"),
        (xor, "--tolerance", "1", "--method", "search"),
        (xor, "--knots", "1"),
    ):
        run = Run(capsys, "solve", *arguments)
        assert run.code == 2 and run.err.startswith("exactsparse: ") and not run.out


def test_a_proof_about_labels_is_none_about_bounds(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    table, labels, bounds = (tmp_path / name for name in ("t.csv", "labels.json", "bounds.json"))
    table.write_text("x,low,high\n0,1,2\n1,0,1\n2,1,2\n")
    options = ("--x", "x", "--lower", "low", "--upper", "high")
    assert Run(capsys, "solve", table, *options, "--certificate", bounds).code == 0
    # The labels are the middles of the intervals.
    table.with_name("y.csv").write_text("x,y\n0,1.5\n1,.5\n2,1.5\n")
    assert Run(capsys, "solve", table.with_name("y.csv"), "--certificate", labels).code == 0
    run = Run(capsys, "check", labels, table, *options)
    assert run.code == 2 and "leave out --lower" in run.err and not run.out
    run = Run(capsys, "check", bounds, table, "--x", "x", "--y", "low")
    assert run.code == 2 and "give --lower and --upper" in run.err and not run.out
    assert Run(capsys, "check", bounds, table, *options).code == 0


def test_the_least_path_norm_of_several_features(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Rows of one point may differ within the band, and are infeasible beyond it."""
    table, proof = tmp_path / "t.csv", tmp_path / "proof.json"
    table.write_text("a,b,y\n0,1,2\n0,1,5\n1,1,3\n")
    run = Run(capsys, "solve", table, "--p", "1", "--tolerance", "2", "--certificate", proof)
    assert run.code == 0
    assert "no network has less" in run.out
    assert "duplicate" not in run.err
    assert Run(capsys, "check", proof, table).code == 0
    run = Run(capsys, "solve", table, "--p", "1", "--tolerance", "1", "--certificate", proof)
    assert run.code == 4
    assert "rows 2 and 3 have the same point and no value in common" in run.out
    assert Run(capsys, "check", proof, table).code == 0
