"""Commands in the documentation print what stands below them."""

from __future__ import annotations

import doctest
import json
import re
from pathlib import Path

import pytest

import exactsparse as es
from tests.cli.common import Run

ROOT = Path(__file__).parents[1]
_PYTHON = r"```pycon\n(.*?)```"
# Times, and how many cuts the floats of a solver led to.
_VARYING = re.compile(r"\d+\.\d+ s\b|\d+ cuts\b")
_PROGRESS = re.compile(r"^.*\(.*\d s.*\)\n", re.MULTILINE)
# Pages whose commands are not run, and why.
NOT_RUN = {
    "docs/train.md": "minutes of training, whose last digits depend on the processor",
}
# Programs that are no commands of ours, and commands that take minutes.
NOT_OURS = ("pip", "exactsparse train")
# The transcripts of the README tell of files that a reader has.
OF_THE_README = {
    "table.csv": "x,price\n0,0\n1,0\n2,1\n3,3\n4,4\n",
    "pairs.csv": "a,b,y\n0,0,0\n0,1,1\n1,0,1\n1,1,0\n",
}


def commands(page: Path) -> list[tuple[str, str]]:
    """Commands of a page, each with the output that it shows."""
    blocks = re.findall(r"```console\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    shown = [part for block in blocks for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]]
    return [(command, output) for command, _, output in (part.partition("\n") for part in shown)]


def _name(page: Path) -> str:
    return str(page.relative_to(ROOT))


PAGES = [
    page
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    if commands(page) and _name(page) not in NOT_RUN
]
PYTHON_PAGES = [
    page
    for page in sorted((ROOT / "docs").rglob("*.md"))
    if "```pycon" in page.read_text(encoding="utf-8")
]


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_commands_print_what_the_documentation_shows(
    page: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """One after the other in one folder, as some read what others wrote; notes may be left out."""
    for folder in ("data", "tests"):
        (tmp_path / folder).symlink_to(ROOT / folder)
    if page.name == "README.md":
        for name, text in OF_THE_README.items():
            (tmp_path / name).write_text(text)
        for suffix in (".pt", ".onnx"):
            es.export(es.solve([0, 1, 3], [0, 1, 0]).network, tmp_path / f"model{suffix}")
    monkeypatch.chdir(tmp_path)
    for command, output in commands(page):
        program, *arguments = _recipe(command.partition(" #")[0]).split()
        if command.startswith(NOT_OURS):
            continue
        assert program == "exactsparse", command
        run = Run(capsys, *arguments)
        assert "Traceback" not in run.err
        # Refusals are shown, or there are none.
        assert output.strip() or run.code in (0, 4), f"{command}\n{run.err}"
        printed = (run.out, run.out + _PROGRESS.sub("", run.err))
        assert any(_shows(output, text) for text in printed), f"{command}\n{printed[1]}"
    _compare_json(page, tmp_path)


@pytest.mark.parametrize("page", PYTHON_PAGES, ids=_name)
def test_python_prints_what_the_documentation_shows(
    page: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of a page in one session, in the folder of the repository."""
    monkeypatch.chdir(ROOT)
    code = "\n".join(re.findall(_PYTHON, page.read_text(encoding="utf-8"), re.DOTALL))
    session = doctest.DocTestParser().get_doctest(code, {}, _name(page), _name(page), 0)
    assert session.examples
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    said: list[str] = []
    assert not runner.run(session, out=said.append).failed, "".join(said)


def test_examples_are_found() -> None:
    found = {_name(page): len(commands(page)) for page in PAGES}
    assert found["docs/data.md"] >= 4
    assert found["docs/tolerance.md"] >= 8
    assert found["docs/several_features.md"] >= 6
    assert found["docs/tutorial/reading-a-proof.md"] >= 2
    assert all(commands(ROOT / page) for page in NOT_RUN)


def _recipe(command: str) -> str:
    """What a target of the Makefile runs, or the command itself."""
    if command.split()[0] != "make":
        return command
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    rule = rf"^{command.split()[1]}:.*\n\t@?\S*/(exactsparse .*)$"
    target = re.search(rule, makefile, re.MULTILINE)
    assert target is not None, command
    return target[1]


def _shows(shown: str, output: str) -> bool:
    """Whether an output is what is shown; a line of nothing but an ellipsis stands for any text."""
    parts = (" ".join(_plain(part)) for part in re.split(r"^…$", shown, flags=re.MULTILINE))
    pattern = ".*".join(re.escape(part) for part in parts)
    printed = " ".join(_plain(output))
    return not shown.strip() or re.fullmatch(pattern, printed) is not None


def _compare_json(page: Path, folder: Path) -> None:
    """Members of the certificate that a page shows are those that were written."""
    shown = re.findall(r"```json\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    for members in (json.loads(f"{{{text}}}") for text in shown):
        written = json.loads((folder / "proof.json").read_text(encoding="utf-8"))
        assert {name: written[name] for name in members} == members


def _plain(text: str) -> list[str]:
    """Words of an output: neither line breaks nor what varies counts."""
    return _VARYING.sub("…", text).split()
