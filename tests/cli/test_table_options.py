"""Options of reading, on the command line; what was fitted is said."""

import json
from pathlib import Path

import pytest

from tests.cli.common import Run

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
