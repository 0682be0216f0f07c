"""Files beside the result: one that fails stops no other, and an old one is not taken for new."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from tests.cli.common import Run, random_table

Capsys = pytest.CaptureFixture[str]


def test_what_can_be_written_is_written(capsys: Capsys, tmp_path: Path) -> None:
    """No picture and no code in float64 of such abscissae; proof and report all the same."""
    table = tmp_path / "tiny.csv"
    table.write_text("x,y\n1e-400,0\n2e-400,1\n4e-400,0\n")
    names = [tmp_path / name for name in ("p.json", "law.c", "law.png", "r.html")]
    proof, code, picture, report = names
    run = Run(
        capsys, "solve", table, "--certificate", proof, "--export", code, "--plot", picture,
        "--report", report,
    )  # fmt: skip
    assert run.code == 2 and run.out.startswith("optimal  1 knot")
    assert [name.exists() for name in names] == [True, False, False, True]
    assert f"proof: {proof}" in run.err and f"report: {report}" in run.err
    assert "law.c" not in run.err and "law.png" not in run.err
    lines = run.err.splitlines()
    assert lines[-2].startswith("exactsparse: ") and "larger than float64" in lines[-2]
    assert lines[-1].startswith("note: ") and "cannot be drawn" in lines[-1]


def test_an_old_certificate_is_named(capsys: Capsys, tmp_path: Path) -> None:
    table, proof = random_table(tmp_path / "t.csv", 20), tmp_path / "old.json"
    arguments = ["solve", table, "--time-limit", "0.01", "--certificate", proof]
    run = Run(capsys, *arguments)
    assert run.code == 3 and run.err.endswith(f"{proof} is not written\n")
    proof.write_text("{}")
    run = Run(capsys, *arguments)
    assert run.code == 3 and run.err.endswith(f"{proof} is not written; what is there is older\n")
    assert proof.read_text() == "{}"


def test_a_table_from_standard_input_is_not_named(
    capsys: Capsys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    proof, report = tmp_path / "p.json", tmp_path / "r.html"
    monkeypatch.setattr("sys.stdin", io.StringIO("a;b\n0;0\n1;1,5\n2;0\n"))
    run = Run(
        capsys, "solve", "-", "--y", "b", "--decimal", ",", "--certificate", proof,
        "--report", report,
    )  # fmt: skip
    page = report.read_text(encoding="utf-8")
    assert run.code == 0 and f"proof: {proof} (exactsparse check {proof})" in run.err
    assert "exactsparse solve - --y b --decimal ," in page.replace("&#39;", "")
    assert "reads the table again" not in page and "takes the rows from the certificate" in page
    assert Run(capsys, "check", proof).code == 0
