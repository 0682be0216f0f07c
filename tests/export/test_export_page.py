"""What the page about export shows is what the code prints, and its models find the optimum."""

from __future__ import annotations

import contextlib
import io
import re
import warnings
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BLOCKS = re.findall(
    r"```(python|text)\n(.*?)```", (ROOT / "docs/export.md").read_text(encoding="utf-8"), re.DOTALL
)


def test_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks of Python run one after the other; those of text are what they print, or parts."""
    (tmp_path / "data").symlink_to(ROOT / "data")
    monkeypatch.chdir(tmp_path)
    space: dict[str, object] = {}
    printed, shown, models = "", 0, 0
    for language, block in BLOCKS:
        if language == "text":
            shown += 1
            for part in block.split("…\n"):
                assert part in printed
        elif "import gurobipy" not in block:
            printed = _run(block, space)
            if answer := space.pop("answer", None):
                models += 1
                assert answer == pytest.approx(225979.6875, abs=1e-6)
    assert (shown, models) == (6, 3) and (tmp_path / "tax.xlsx").exists()


def test_gurobi(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("gurobipy", reason="its licence is not ours to install")
    monkeypatch.chdir(ROOT)
    space: dict[str, object] = {}
    for language, block in BLOCKS:
        if language == "python" and re.search("^import exactsparse|points = |gurobipy", block):
            _run(block, space)
    assert space["answer"] == pytest.approx(225979.6875, abs=1e-6)


def _run(block: str, space: dict[str, object]) -> str:
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()) as out:
        # Theirs, about interfaces that may change.
        warnings.simplefilter("ignore")
        exec(block, space)
    return out.getvalue()
