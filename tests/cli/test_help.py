"""Help: examples that run, a man page that is up to date, completion, words for a slip."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import exactsparse as es
from exactsparse.cli.examples import EXAMPLES
from tests.cli.common import DATA, PEAK, Run

ROOT = DATA.parent
# These train for minutes: their options are read, and the data is not there.
_LONG = ("train", "reproduce")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the samples, and what earlier examples write."""
    made = tmp_path_factory.mktemp("examples")
    (made / "data").symlink_to(DATA)
    solution = es.solve(es.read(PEAK))
    solution.certificate.save(made / "proof.json")
    es.export(solution.network, made / "network.json")
    return made


@pytest.mark.parametrize(
    "example", [e for name, group in EXAMPLES.items() if name not in _LONG for e in group]
)
def test_examples_run(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, folder: Path, example: str
) -> None:
    monkeypatch.chdir(folder)
    _, *arguments = shlex.split(example)
    run = Run(capsys, *arguments)
    assert run.code == 0 and run.out


@pytest.mark.parametrize("example", [e for name in _LONG for e in EXAMPLES[name]])
def test_long_examples_are_read(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    example: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    _, *arguments = shlex.split(example)
    run = Run(capsys, *arguments, "--plot", "no_folder/x.png")
    assert run.code == 2 and "no_folder" in run.err and "No such option" not in run.err


@pytest.mark.parametrize("command", EXAMPLES)
def test_examples_end_the_help(capsys: pytest.CaptureFixture[str], command: str) -> None:
    shown = Run(capsys, *filter(None, [command]), "--help").out
    _, _, end = shown.partition("Examples:")
    assert [line.strip() for line in end.splitlines() if line.strip()] == list(EXAMPLES[command])


def test_every_command_has_examples() -> None:
    from typer.main import get_group

    from exactsparse.cli.main import app

    assert set(EXAMPLES) == {"", *get_group(app).commands}


@pytest.mark.parametrize(
    ("slip", "meant"),
    [("slove", "solve"), ("solve x.csv --tolerence 1", "--tolerance")],
)
def test_a_slip_is_told_what_may_be_meant(
    capsys: pytest.CaptureFixture[str], slip: str, meant: str
) -> None:
    run = Run(capsys, *slip.split())
    assert run.code == 2 and meant in run.err


def test_the_man_page_is_that_of_the_help() -> None:
    script = ROOT / "docs/man.py"
    names: dict[str, Any] = {"__name__": "man", "__file__": str(script)}
    exec(compile(script.read_text(encoding="utf-8"), str(script), "exec"), names)
    page = (ROOT / "docs/exactsparse.1").read_text(encoding="utf-8")
    assert names["manual"]() == page, "make man writes it anew"
    assert "\\-\\-tolerance" in page and "COMMAND CHECK" in page


def _completed(words: str, shell: str) -> list[str]:
    environment = dict(os.environ)
    environment |= {
        "_EXACTSPARSE_COMPLETE": f"complete_{shell}",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split(" ")) - 1),
        "_TYPER_COMPLETE_ARGS": words,
    }
    run = subprocess.run(
        [sys.executable, "-m", "exactsparse"], env=environment, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert not run.stderr
    return run.stdout.split()


def test_shells_complete_commands_and_words() -> None:
    assert "solve" in _completed("exactsparse so", "bash")
    assert _completed("exactsparse solve x.csv --objective p", "bash") == ["parameters"]
    assert "tree" in " ".join(_completed("exactsparse solve x.csv --method t", "zsh"))


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_script_of_completion_is_printed(shell: str) -> None:
    environment = dict(os.environ) | {"_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}
    run = subprocess.run(
        [sys.executable, "-m", "exactsparse", "--show-completion", shell],
        env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "_EXACTSPARSE_COMPLETE" in run.stdout
