"""Compiling is said, stops the clock, and needs no folder to keep its results in."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import pytest

import exactsparse
from exactsparse import compiling
from exactsparse.progress import COMPILING, WORK_CLOCK, Deadline, Stopped, WorkClock

PROGRAM = textwrap.dedent(
    """
    import logging, sys
    from exactsparse.progress import WORK_CLOCK
    logging.basicConfig(format="%(name)s: %(message)s", stream=sys.stdout)
    from tiny import twice
    with WORK_CLOCK.pauses_told_to(lambda *report: print(report)):
        print(twice(21))
    """
)
TINY = textwrap.dedent(
    """
    from exactsparse.compiling import njit

    @njit(cache=True)
    def twice(x):
        return 2 * x
    """
)


class Hand:
    """A clock that is moved by hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 100.0
        monkeypatch.setattr("exactsparse.progress.time.monotonic", lambda: self.now)


def run(folder: Path, **environment: str) -> list[str]:
    (folder / "tiny.py").write_text(TINY)
    path = os.pathsep.join([str(folder), str(Path(exactsparse.__file__).parents[1])])
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-B", "-c", PROGRAM],
        env={**kept, "PYTHONPATH": path, **environment},
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where compiled kernels are kept."""
    compiling._note_no_cache.cache_clear()
    monkeypatch.setattr("numba.config.CACHE_DIR", str(tmp_path / "kept"))
    return tmp_path / "kept"


def double(x: int) -> int:
    return 2 * x


def compiles() -> bool:
    """Whether the function is compiled, as in a new process, when it is called."""
    reports: list[tuple[str, int, int]] = []
    with WORK_CLOCK.pauses_told_to(lambda *report: reports.append(report)):
        assert compiling.njit(cache=True)(double)(21) == 42
    assert reports in ([], [(COMPILING, 0, 0)])
    return bool(reports)


def test_a_kernel_that_is_kept_is_compiled_once(folder: Path) -> None:
    assert compiles()
    assert not compiles()


@pytest.mark.parametrize("pattern", ["*.nbi", "*.nbc"])
def test_a_kept_kernel_that_is_cut_off_is_compiled_again(folder: Path, pattern: str) -> None:
    compiles()
    (file,) = folder.rglob(pattern)
    whole = file.read_bytes()
    for length in (0, 3, 7, len(whole) // 2, len(whole) - 1):
        file.write_bytes(whole[:length])
        assert compiles()
        # What is compiled again takes the place of what could not be read.
        assert not compiles()


def test_a_disk_that_is_full_costs_a_note_only(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    kernel = compiling.njit(cache=True)(double)
    shutil.rmtree(folder)
    folder.write_text("")
    assert kernel(21) == 42
    assert "cannot be written" in caplog.text


def test_without_a_folder_kernels_are_compiled_and_a_note_is_made(tmp_path: Path) -> None:
    # A file where a folder would have to be stops even the superuser.
    blocked = tmp_path / "home"
    blocked.write_text("")
    (tmp_path / "__pycache__").write_text("")
    places = {"HOME": str(blocked), "XDG_CACHE_HOME": str(blocked), "LOCALAPPDATA": str(blocked)}
    note, compiled, result = run(tmp_path, **places)
    assert note.startswith("exactsparse.compiling: compiled kernels are not kept")
    assert "NUMBA_CACHE_DIR" in note
    assert (compiled, result) == (str((COMPILING, 0, 0)), "42")


def test_without_a_home_no_folder_is_made_in_the_current_one(tmp_path: Path) -> None:
    (tmp_path / "__pycache__").write_text("")
    # What os.path.expanduser gives where there is neither HOME nor an account.
    note, _, result = run(tmp_path, HOME="~")
    assert note.startswith("exactsparse.compiling: compiled kernels are not kept")
    assert result == "42" and not (tmp_path / "~").exists()


def test_compiling_stops_the_clock_of_deadlines(monkeypatch: pytest.MonkeyPatch) -> None:
    hand, clock = Hand(monkeypatch), WorkClock()
    monkeypatch.setattr("exactsparse.progress.WORK_CLOCK", clock)
    deadline = Deadline(10)
    hand.now += 4
    clock.pause(COMPILING)
    hand.now += 90
    assert deadline.seconds_left == 6
    clock.resume()
    hand.now += 5
    deadline.check()
    assert deadline.seconds_left == 1
    hand.now += 1
    with pytest.raises(Stopped):
        deadline.check()


def test_a_listener_that_fails_leaves_the_clock_going(monkeypatch: pytest.MonkeyPatch) -> None:
    hand, clock = Hand(monkeypatch), WorkClock()

    def interrupt(*report: object) -> None:
        raise KeyboardInterrupt

    began = clock.now()
    with clock.pauses_told_to(interrupt), pytest.raises(KeyboardInterrupt):
        clock.pause(COMPILING)
    hand.now += 1
    assert clock.now() == began + 1


def test_pauses_of_several_threads_are_one(monkeypatch: pytest.MonkeyPatch) -> None:
    hand, clock = Hand(monkeypatch), WorkClock()
    began = clock.now()
    reports: list[str] = []
    with clock.pauses_told_to(lambda task, *_: reports.append(task)):
        clock.pause("outer")
        hand.now += 3
        thread = threading.Thread(target=clock.pause, args=("inner",))
        thread.start()
        thread.join()
        hand.now += 3
        clock.resume()
        hand.now += 3
        assert clock.now() == began
        assert clock.reason
        clock.resume()
        assert not clock.reason
    clock.pause("nobody is told")
    clock.resume()
    hand.now += 2
    assert clock.now() == began + 2
    assert reports == ["outer", "inner"]


def test_all_kernels_are_compiled_here() -> None:
    package = Path(exactsparse.__file__).parent
    files = [file.relative_to(package) for file in package.rglob("*.py")]
    users = [str(file) for file in files if "njit(" in (package / file).read_text()]
    assert len(users) > 10
    assert [
        file for file in map(str, files) if "from numba import" in (package / file).read_text()
    ] == []


@compiling.njit(nogil=True)
def _next(x):
    return x + 1


@compiling.njit(nogil=True)
def _count_to(end):
    n = 0
    while n < end:
        n = _next(n)
    return n


def test_constants_do_not_have_a_kernel_compiled_once_more() -> None:
    assert _count_to(5) == 5
    assert len(_next.signatures) == 1


def test_small_work_is_done_by_plain_python_until_there_is_a_compiled_kernel(folder: Path) -> None:
    start = compiling.QuickStart(compiling.njit(cache=True)(double))
    assert start.form(10)(21) == 42
    assert not start._kernel.signatures
    # So much more would take too long.
    assert start.form(10**9)(21) == 42
    assert start._kernel.signatures
    assert start.form(10) is start._kernel
    # Another process finds it on disk.
    later = compiling.QuickStart(compiling.njit(cache=True)(double))
    assert later.form(10) is later._kernel


def test_plain_python_ends_when_it_has_taken_long_enough() -> None:
    start = compiling.QuickStart(compiling.njit()(double), most_seconds=0.03)
    assert start.form() is not start._kernel
    start._seconds = 0.04
    assert start.form() is start._kernel


def test_plain_kernels_call_plain_kernels() -> None:
    kernel = compiling.njit()(_calls)
    assert compiling.QuickStart(kernel).form()(1) == "called with 2"
    assert not kernel.signatures


def _calls(x):
    return _shown(_next(x))


@compiling.njit(nogil=True)
def _shown(x):
    return f"called with {x}"
