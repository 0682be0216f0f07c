"""Lines of progress: none of short work, every phase of long work."""

from __future__ import annotations

import io

import pytest

import exactsparse as es
from exactsparse.progress import COMPILING
from exactsparse.progress_bar import ProgressBar


class Told:
    """A bar whose clock is moved by hand, and what it prints."""

    def __init__(self, capsys: pytest.CaptureFixture[str], enabled: bool = True) -> None:
        self.now, self._capsys = 50.0, capsys
        self.bar = ProgressBar(enabled, clock=lambda: self.now)

    def lines(self) -> list[str]:
        return self._capsys.readouterr().err.splitlines()

    def after(self, seconds: float, task: str, done: int = 0, total: int = 0) -> list[str]:
        self.now += seconds
        self.bar(task, done, total)
        return self.lines()


def test_every_phase_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    told = Told(capsys)
    assert told.after(0, "reading") == []
    assert told.after(0.5, "first interpolants") == []
    assert told.after(1, "level 1", 1, 4) == ["reading (0 s)", "first interpolants (0 s)"]
    assert told.after(0.1, "sparse interpolants") == ["sparse interpolants (2 s)"]
    assert told.after(0.1, "rounding") == ["rounding (2 s)"]
    assert told.after(0.1, "rounding") == []
    assert told.after(1, "level 2", 2, 4) == []
    assert told.after(4, "level 2", 3, 4) == ["level 2, 75% (7 s)"]
    assert told.after(1, "level 2", 3, 4) == []


def test_compiling_is_said_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    told = Told(capsys)
    assert told.after(0.1, "reading") == []
    assert told.after(0.1, COMPILING) == ["reading (0 s)", f"{COMPILING} (0 s)"]
    assert told.after(0.1, COMPILING) == []
    assert told.after(6, COMPILING) == [f"{COMPILING} (6 s)"]


def test_a_first_phase_that_lasts_is_said_without_another_report(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("exactsparse.progress_bar._QUIET_SECONDS", 0.01)
    with ProgressBar(clock=lambda: 0.0) as bar:
        bar("reading", 0, 0)
        bar._watch.join()
        assert capsys.readouterr().err == "reading (0 s)\n"


def test_short_and_quiet_work_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with ProgressBar() as bar:
        bar("reading", 0, 0)
    told = Told(capsys, enabled=False)
    assert told.after(2, "reading") == []
    assert told.after(2, COMPILING) == []


def test_true_asks_for_a_bar_and_names_no_callable(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("exactsparse.progress_bar._QUIET_SECONDS", 0.0)
    monkeypatch.setattr("exactsparse.progress_bar._SECONDS_BETWEEN_LINES", 0.0)
    xor = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]
    es.solve(*xor, progress=True)
    said = capsys.readouterr().err
    assert "\nlevel 3 of at most 8: no network of 3 parameters so far, " in said
    es.tradeoff(range(5), [0, 1, 0, 1, 0], progress=True)
    assert "least tolerances, " in capsys.readouterr().err
    es.verify(es.solve(*xor).network, *xor, progress=True)
    assert "merging neurons (0 s)" in capsys.readouterr().err
    es.solve(*xor)
    es.solve(*xor, progress=False)
    assert not capsys.readouterr().err
    for wrong in ("yes", 1, None):
        with pytest.raises(es.ProblemError, match="progress must be True, False, or a callable"):
            es.solve(*xor, progress=wrong)


def test_a_terminal_shows_one_task_with_how_long_all_took(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    shown = Terminal()
    monkeypatch.setattr("sys.stderr", shown)
    monkeypatch.setenv("TERM", "xterm")
    now = 0.0
    with ProgressBar(clock=lambda: now) as bar:
        now = 2.0
        bar("[red]level 3", 1, 4)
        now = 75.0
        bar("[red]level 3", 2, 4)
        bar("pricing", 1234, 0)
    text = shown.getvalue()
    assert "[red]level 3" in text and "1,234 so far" in text and "75 s" in text
