"""Options of reading, on the command line; what was fitted is said."""

import json
from pathlib import Path

import pytest

from tests.cli.common import Run
from tests.readers.workbooks import number, table, text, xlsx

TABLES = Path(__file__).parents[1] / "fixtures" / "tables"


def test_the_summary_says_what_was_fitted(capsys: pytest.CaptureFixture[str]) -> None:
    run = Run(capsys, "solve", TABLES / "index_column.csv")
    assert run.code == 0
    assert run.out.splitlines()[1] == "y from x, 5 rows"
    assert "note: column 1 ('c1') is an index and left aside" in run.err


def test_json_says_what_was_fitted(capsys: pytest.CaptureFixture[str]) -> None:
    run = Run(capsys, "solve", TABLES / "missing_last.csv", "--drop-missing", "--json", "--quiet")
    assert json.loads(run.out)["data"] == {
        "y": "y",
        "x": ["x"],
        "rows": 4,
        "notes": ["1 row with a missing cell dropped"],
    }


@pytest.mark.parametrize("command", ["solve", "patterns"])
def test_options_reach_the_reader(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = TABLES / "thousands_quoted.csv"
    refused = Run(capsys, command, path)
    assert refused.code == 2
    assert "--thousands" in refused.err
    assert Run(capsys, command, path, "--thousands", ",", "--x", "income", "--header").code == 0


def test_an_option_without_use_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    run = Run(capsys, "solve", TABLES / "suffix.pq", "--no-header")
    assert run.code == 2
    assert "--header has no use" in run.err


def test_names_with_commas_stand_in_quotes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "t.csv"
    path.write_text('"a, left",b,y\n1,x,2\n2,x,3\n')
    run = Run(capsys, "solve", path, "--x", '"a, left"')
    assert run.out.splitlines()[1] == "y from a, left, 2 rows"
    assert "no column named 'a'" in Run(capsys, "solve", path, "--x", "a, left").err


def test_a_sheet_below_a_title_with_dates(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    days = [number(f"A{k + 4}", str(45292 + k), 1) for k in range(4)]
    labels = [number(f"B{k + 4}", str(y)) for k, y in enumerate((0, 0, 1, 2))]
    raw = [text("A1", "Run 7"), *table([["day", "y"]], row=3), *days, *labels]
    book, proof = tmp_path / "book.xlsx", tmp_path / "proof.json"
    book.write_bytes(xlsx({"Raw": raw, "Other": table([["a", "b"], [1.0, 2.0]])}))
    said = ("--sheet", "Raw", "--skip-rows", "2", "--dates")
    assert "--sheet" in Run(capsys, "solve", book).err
    assert "--skip-rows 2" in Run(capsys, "solve", book, *said[:2]).err
    assert "--dates" in Run(capsys, "solve", book, *said[:4]).err
    run = Run(capsys, "solve", book, *said, "--certificate", proof)
    assert (run.code, run.out.splitlines()[1]) == (0, "y from day, 4 rows")
    assert "note: column 1 ('day') is read as days since 2024-01-01" in run.err
    assert Run(capsys, "check", proof, book, *said).code == 0
    assert Run(capsys, "check", proof, book, *said[:4]).code == 2
    assert Run(capsys, "check", proof, book, "--sheet", "Other").code == 4
    assert Run(capsys, "check", proof, TABLES / "dates.csv", "--dates").code == 0
