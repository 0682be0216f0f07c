"""Progress as people see it: a live bar on a terminal or in a notebook, lines elsewhere, a log."""

from __future__ import annotations

import importlib
import logging
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import escape
from types import TracebackType
from typing import TYPE_CHECKING, Any

from exactsparse.errors import ProblemError
from exactsparse.printable import printable
from exactsparse.progress import COMPILING, Progress, silent

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress
    from rich.progress import TaskID

_logger = logging.getLogger(__name__)

_QUIET_SECONDS = 1.0
_SECONDS_BETWEEN_LINES = 5.0
_SECONDS_BETWEEN_FRAMES = 0.25
_BAR_WIDTH = 20


class ProgressBar:
    """A progress callable that says nothing about work shorter than a second.

    Of longer work, no phase (a task whose total is unknown) passes without a line: those of the
    first second are said when it is over, whether or not another report comes, and that kernels are
    being compiled is said at once.  Reports may come from several threads.

    Parameters
    ----------
    enabled : bool
        Whether to show anything.
    clock : callable
        Seconds from an arbitrary moment.
    """

    def __init__(self, enabled: bool = True, clock: Callable[[], float] = time.monotonic) -> None:
        self._enabled = enabled
        self._clock = clock
        self._began = clock()
        self._next_line = self._began + _QUIET_SECONDS
        self._lock = threading.RLock()
        self._over = threading.Event()
        self._watch = threading.Thread(target=self._keep_alive, daemon=True)
        self._held: list[tuple[str, float]] = []
        self._said: set[str] = set()
        self._live = _live(lambda: clock() - self._began)
        self._rated = ("", 0, 0.0)

    def __enter__(self) -> ProgressBar:
        if self._enabled:
            self._watch.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        with self._lock:
            self._held.clear()
            if self._live is not None:
                self._live.close()

    def __call__(self, task: str, done: int, total: int) -> None:
        """Report that ``done`` of ``total`` steps of a task are done; a total of 0 is unknown."""
        if not self._enabled:
            return
        with self._lock:
            now = self._clock()
            is_new = not total and task not in self._said
            if now < self._began + _QUIET_SECONDS and task != COMPILING:
                if is_new:
                    self._said.add(task)
                    self._held.append((task, now))
                return
            self.say_held()
            self._said.add(task)
            rate = self._rate(task, done, now)
            if self._live is not None:
                self._live.show(task, done, total, rate)
            elif is_new or now >= self._next_line:
                self._print(", ".join(filter(None, (task, _share(done, total), rate))), now)

    def say_held(self) -> None:
        """Say what was reported within the first second."""
        with self._lock:
            for task, at in self._held:
                if self._live is not None:
                    self._live.show(task, 0, 0, "")
                else:
                    self._print(task, at)
            self._held.clear()

    def _keep_alive(self) -> None:
        """Say what is held when the first second is over, and let a clock in a notebook go on."""
        if self._over.wait(_QUIET_SECONDS):
            return
        self.say_held()
        while isinstance(self._live, _NotebookBar) and not self._over.wait(1.0):
            with self._lock:
                if not self._over.is_set():
                    self._live.draw()

    def _print(self, text: str, at: float) -> None:
        sys.stderr.write(f"{printable(text)} ({at - self._began:.0f} s)\n")
        sys.stderr.flush()
        self._next_line = at + _SECONDS_BETWEEN_LINES

    def _rate(self, task: str, done: int, now: float) -> str:
        """Steps per second since the task was first reported, if there is one each second."""
        if task != self._rated[0] or done < self._rated[1]:
            self._rated = (task, done, now)
        _, before, began = self._rated
        rate = (done - before) / max(now - began, 0.1)
        return f"{rate:,.0f}/s" if rate >= 1 else ""


def _share(done: int, total: int) -> str:
    if total:
        return f"{done / total:.0%}"
    return f"{done:,} so far" if done else ""


def _live(elapsed: Callable[[], float]) -> _TerminalBar | _NotebookBar | None:
    """A bar that moves, where there is a place for one."""
    if "IPython" in sys.modules:
        from rich.console import Console

        if Console().is_jupyter:
            return _NotebookBar(elapsed)
    return _TerminalBar(elapsed) if sys.stderr.isatty() else None


class _TerminalBar:
    """A line at the end of a terminal."""

    def __init__(self, elapsed: Callable[[], float]) -> None:
        self._elapsed = elapsed
        self._bar: RichProgress | None = None
        self._tasks: dict[str, TaskID] = {}

    def show(self, task: str, done: int, total: int, rate: str) -> None:
        """Show one task in the place of the others."""
        if self._bar is None:
            self._bar = self._start()
        if task not in self._tasks:
            self._tasks[task] = self._bar.add_task(task, share="", rate="")
        for name, shown in self._tasks.items():
            self._bar.update(shown, visible=name == task)
        self._bar.update(
            self._tasks[task], completed=done, total=total or None,
            share=_share(done, total), rate=rate,
        )  # fmt: skip

    def _start(self) -> RichProgress:
        from rich.console import Console
        from rich.progress import BarColumn, ProgressColumn, Task, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as RichProgress
        from rich.text import Text

        elapsed = self._elapsed

        class Elapsed(ProgressColumn):
            """Seconds since the work began, not the task."""

            def render(self, task: Task) -> Text:
                return Text(f"{elapsed():.0f} s")

        bar = RichProgress(
            TextColumn("{task.description}", markup=False),
            BarColumn(_BAR_WIDTH),
            TextColumn("{task.fields[share]}"),
            TextColumn("{task.fields[rate]}"),
            Elapsed(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        bar.start()
        return bar

    def close(self) -> None:
        """Leave nothing behind."""
        if self._bar is not None:
            self._bar.stop()


class _NotebookBar:
    """An output of a notebook cell, which needs no widgets, and is empty in the end."""

    def __init__(self, elapsed: Callable[[], float]) -> None:
        self._elapsed = elapsed
        self._shown = ("", 0, 0, "")
        self._handle: Any = None
        self._drawn = 0.0

    def show(self, task: str, done: int, total: int, rate: str) -> None:
        """Show a task, at once if it is another one."""
        is_new = task != self._shown[0]
        self._shown = (task, done, total, rate)
        if is_new or self._elapsed() >= self._drawn + _SECONDS_BETWEEN_FRAMES:
            self.draw()

    def draw(self) -> None:
        """Draw what was shown last, and the time."""
        task, done, total, rate = self._shown
        self._drawn = self._elapsed()
        how_far = f' value="{done}" max="{total}"' if total else ""
        words = ", ".join(filter(None, (_share(done, total), rate, f"{self._drawn:.0f} s")))
        bar = f"<progress{how_far}></progress>"
        self._put(f'<div role="status">{escape(task)} {bar} {words}</div>', f"{task}, {words}")

    def _put(self, html: str, text: str) -> None:
        bundle = {"text/html": html, "text/plain": text}
        if self._handle is None:
            shown = importlib.import_module("IPython.display")
            self._handle = shown.display(bundle, raw=True, display_id=True)
        else:
            self._handle.update(bundle, raw=True)

    def close(self) -> None:
        """Leave nothing behind that is seen."""
        if self._handle is not None:
            self._put("", "")


@contextmanager
def reports(progress: Progress | bool) -> Iterator[Progress]:
    """What work tells its progress to: a bar, a callable, nobody; and the log, in any case.

    Parameters
    ----------
    progress : callable or bool
        As users give it: True asks for a bar.

    Raises
    ------
    ProblemError
        If it is something else.

    Examples
    --------
    >>> with reports(lambda task, done, total: print(task, done)) as told:
    ...     told("reading", 0, 0)
    reading 0
    """
    if not isinstance(progress, bool) and not callable(progress):
        raise ProblemError(
            f"progress must be True, False, or a callable of (task, done, total), not {progress!r}"
        )
    if progress is True:
        with ProgressBar() as bar:
            yield _logged(bar)
    else:
        yield _logged(progress or silent)


def _logged(progress: Progress) -> Progress:
    """A line of the log for every new task, if anyone reads it."""
    if not _logger.isEnabledFor(logging.INFO):
        return progress
    logged: set[str] = set()

    def tell(task: str, done: int, total: int) -> None:
        if task not in logged:
            logged.add(task)
            _logger.info("%s", task)
        progress(task, done, total)

    return tell
