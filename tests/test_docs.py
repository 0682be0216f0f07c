"""Commands in the documentation print what stands below them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli.common import Run

ROOT = Path(__file__).parents[1]
PAGES = ["data.md"]
_SECONDS = re.compile(r"\d+\.\d+ s\b")


def commands(page: str) -> list[tuple[str, str]]:
    """Commands of a page, each with the output that it shows."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    blocks = re.findall(r"```console\n(.*?)```", text, re.DOTALL)
    shown = [part for block in blocks for part in block.split("$ ")[1:]]
    return [(command, output) for command, _, output in (part.partition("\n") for part in shown)]


@pytest.mark.parametrize(
    ("command", "output"), [example for page in PAGES for example in commands(page)]
)
def test_commands_print_what_the_documentation_shows(
    command: str, output: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    program, *arguments = command.split()
    assert program == "exactsparse"
    run = Run(capsys, *arguments)
    assert _plain(run.out + run.err) == _plain(output)


def test_examples_are_found() -> None:
    assert len(commands("data.md")) >= 4


def _plain(text: str) -> list[str]:
    """Words of an output: neither line breaks nor times count."""
    return _SECONDS.sub("… s", text).split()
