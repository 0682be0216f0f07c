"""Lines of progress: none of short work, every phase of long work."""

from __future__ import annotations

import pytest

from exactsparse.cli.progress import ProgressBar
from exactsparse.progress import COMPILING


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
    assert told.after(4, "level 2", 3, 4) == ["level 2 75%, 0/s (7 s)"]
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
    monkeypatch.setattr("exactsparse.cli.progress._QUIET_SECONDS", 0.01)
    with ProgressBar(clock=lambda: 0.0) as bar:
        bar("reading", 0, 0)
        bar._alarm.join()
        assert capsys.readouterr().err == "reading (0 s)\n"


def test_short_and_quiet_work_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with ProgressBar() as bar:
        bar("reading", 0, 0)
    told = Told(capsys, enabled=False)
    assert told.after(2, "reading") == []
    assert told.after(2, COMPILING) == []
