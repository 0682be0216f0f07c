"""What the benchmarks keep of every run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import results

TABLE = ["| d | N | seconds |", "|---|---|---|", "| 2 | 6 | 0.5 |", "| 3 | 7 | 1.5 |", "", "Hot."]


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results, "RESULTS", tmp_path / "RESULTS.md")
    monkeypatch.setattr(results, "HISTORY", tmp_path / "history.jsonl")
    monkeypatch.setattr(results, "commit", lambda: "abc")


def _entries() -> list[dict]:
    return [json.loads(line) for line in results.HISTORY.read_text("utf-8").splitlines()]


def test_every_table_becomes_a_line_with_its_figures() -> None:
    results.record("Search", [("Random", TABLE), ("Memory", ["* Peak 5 MiB"])])
    first, second = _entries()
    assert (first["area"], first["table"], first["commit"]) == ("Search", "Random", "abc")
    assert first["figures"] == [
        {"d": "2", "N": "6", "seconds": "0.5"},
        {"d": "3", "N": "7", "seconds": "1.5"},
    ]
    assert first["remarks"] == ["Hot."]
    assert first["machine"]
    assert first["date"]
    assert second["figures"] == []
    assert second["remarks"] == ["* Peak 5 MiB"]


def test_nothing_is_kept_twice_and_nothing_is_lost() -> None:
    results.record("Search", [("Random", TABLE)])
    results.record("Search", [("Random", TABLE), ("Planted", TABLE)])
    results.record("Search", [("Random", [*TABLE[:3], "| 3 | 7 | 1.4 |"])])
    assert [entry["table"] for entry in _entries()] == ["Random", "Planted", "Random"]
    latest = results.RESULTS.read_text("utf-8")
    assert "1.4" in latest
    assert "1.5" not in latest


def test_tables_of_two_kinds_keep_their_own_columns() -> None:
    both = [*TABLE, "", "| p | ms |", "|:--|--:|", "| 1/2 | 3 |"]
    assert results.figures(both)[-1] == {"p": "1/2", "ms": "3"}
