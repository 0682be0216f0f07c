"""Commands in the documentation print what stands below them."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

from tests.cli.common import Run

ROOT = Path(__file__).parents[1]
PAGES = ["data.md", "export.md", "tolerance.md", "several_features.md", "report.md"]
_SECONDS = re.compile(r"\d+\.\d+ s\b")
PYTHON_PAGES = ["notebook.md"]


def commands(page: str) -> list[tuple[str, str]]:
    """Commands of a page, each with the output that it shows."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    blocks = re.findall(r"```console\n(.*?)```", text, re.DOTALL)
    shown = [part for block in blocks for part in block.split("$ ")[1:]]
    return [(command, output) for command, _, output in (part.partition("\n") for part in shown)]


@pytest.mark.parametrize("page", PAGES)
def test_commands_print_what_the_documentation_shows(
    page: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """One after the other in one folder, as some read what others wrote; notes may be left out."""
    for folder in ("data", "tests"):
        (tmp_path / folder).symlink_to(ROOT / folder)
    monkeypatch.chdir(tmp_path)
    for command, output in commands(page):
        program, *arguments = command.split()
        assert program == "exactsparse"
        run = Run(capsys, *arguments)
        shown = (_plain(run.out), _plain(run.out + run.err))
        assert not output.strip() or _plain(output) in shown, command


@pytest.mark.parametrize("page", PYTHON_PAGES)
def test_python_prints_what_the_documentation_shows(
    page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of a page in one session, in the folder of the repository."""
    monkeypatch.chdir(ROOT)
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    code = "\n".join(re.findall(r"```pycon\n(.*?)```", text, re.DOTALL))
    session = doctest.DocTestParser().get_doctest(code, {}, page, page, 0)
    assert len(session.examples) >= 10
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    said: list[str] = []
    assert not runner.run(session, out=said.append).failed, "".join(said)


def test_examples_are_found() -> None:
    assert len(commands("data.md")) >= 4
    assert len(commands("tolerance.md")) >= 8
    assert len(commands("several_features.md")) >= 6


def _plain(text: str) -> list[str]:
    """Words of an output: neither line breaks nor times count."""
    return _SECONDS.sub("… s", text).split()
