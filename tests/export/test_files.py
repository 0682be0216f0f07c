"""The door to all files: by suffix, in Python and on the command line."""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import Any

import pytest

import exactsparse as es
from exactsparse import Formula, MissingPackageError, OutputError, UnsupportedProblemError
from exactsparse.export import WRITERS
from tests.cli.common import PEAK, XOR, Run
from tests.export.laws import plane

SUFFIXES = [".py", ".c", ".sql", ".xlsx", ".tex", ".csv"]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_command_writes_what_python_writes(
    suffix: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / f"law{suffix.upper()}"
    run = Run(capsys, "solve", PEAK, "--export", out)
    assert run.code == 0 and f"function: {out} (" in run.err
    solution = es.solve(es.read(PEAK))
    if suffix == ".xlsx":
        assert out.read_bytes()[:2] == b"PK"
    else:
        assert out.read_bytes() == WRITERS[suffix](solution.formula)
    if suffix == ".csv":
        rows = list(csv.DictReader(out.read_text().splitlines()))
        assert [row["from exact"] for row in rows][1:] == [str(k) for k, _ in solution.law.knots()]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_networks_and_formulas_are_written_too(suffix: str, tmp_path: Path) -> None:
    es.export(plane(), tmp_path / f"a{suffix}")
    es.export(Formula.of(plane()), tmp_path / f"b{suffix}")
    assert (tmp_path / f"a{suffix}").stat().st_size == (tmp_path / f"b{suffix}").stat().st_size


def test_a_network_of_several_features_from_a_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "xor.csv"
    table.write_text(XOR)
    run = Run(capsys, "solve", table, "--export", tmp_path / "xor.py", "--quiet")
    assert run.code == 0 and run.err == ""
    space: dict[str, Any] = {}
    exec((tmp_path / "xor.py").read_text(encoding="utf-8"), space)
    assert [space["predict_y"](a, b) for a in (0, 1) for b in (0, 1)] == [0, 1, 1, 0]


def test_an_unknown_suffix_lists_all(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    every = ".json, .safetensors, .pt, .onnx, .py, .c, .sql, .xlsx, .tex, .csv"
    run = Run(capsys, "solve", PEAK, "--export", tmp_path / "law.java")
    assert run.code == 2 and every in " ".join(run.err.split())
    with pytest.raises(OutputError, match=f"must end in {every}"):
        es.export(plane(), tmp_path / "law")


def test_where_there_is_no_function_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "t.csv").write_text("x,y\n0,0\n1,1\n2,0\n")
    out = tmp_path / "law.py"
    run = Run(capsys, "solve", tmp_path / "t.csv", "--shape", "convex", "--export", out)
    assert run.code == 4 and not out.exists() and "is not written" in run.err
    with pytest.raises(es.NoFunctionError):
        es.solve([0, 1, 2], [0, 1, 0], shape="convex").to_python()


def test_a_formula_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedProblemError, match="export the solution or the network"):
        es.export(Formula.of(plane()), tmp_path / "law.json")
    with pytest.raises(OutputError, match="cannot write the function"):
        es.export(plane(), tmp_path / "none" / "law.py")


@pytest.mark.parametrize(
    ("module", "extra", "write"),
    [
        ("xlsxwriter", "sheets", lambda s, p: s.to_excel(p)),
        ("sympy", "sympy", lambda s, p: s.to_sympy()),
    ],
)
def test_a_missing_package_names_its_extra(
    module: str, extra: str, write: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingPackageError, match=rf"exactsparse\[{extra}\]"):
        write(es.solve([0, 1], [0, 1]), tmp_path / "law.xlsx")


@pytest.mark.parametrize(
    "options",
    [{"p": 1}, {"objective": "neurons", "skip": "none"}, {"tolerance": 1}, {"knots": 1}],
)
def test_every_kind_of_solution_of_one_feature_has_pieces(options: dict[str, Any]) -> None:
    solution = es.solve([0, 1, 2, 3], [0, 1, 5, 2], **options)
    for x in (-1, "1/3", 1, "7/4", 9):
        assert solution.formula(x) == solution.network.evaluate(x)


def test_a_table_that_is_too_long_for_a_digest_says_its_rows_only() -> None:
    n = 100_001
    solution = es.solve(range(n), [abs(k - 7) for k in range(n)])
    assert solution.formula.provenance[1] == "data: 100001 rows"
