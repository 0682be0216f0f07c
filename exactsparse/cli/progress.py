"""Progress on standard error: a live bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from exactsparse.progress import COMPILING

_QUIET_SECONDS = 1.0
_SECONDS_BETWEEN_LINES = 5.0


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
        self._terminal = sys.stderr.isatty()
        self._began = clock()
        self._next_line = self._began + _QUIET_SECONDS
        self._lock = threading.RLock()
        self._alarm = threading.Timer(_QUIET_SECONDS, self.say_held)
        self._alarm.daemon = True
        self._held: list[tuple[str, float]] = []
        self._said: set[str] = set()
        self._bar: Progress | None = None
        self._tasks: dict[str, TaskID] = {}
        self._rated = ("", 0, 0.0)

    def __enter__(self) -> ProgressBar:
        if self._enabled:
            self._alarm.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._alarm.cancel()
        with self._lock:
            self._held.clear()
            if self._bar is not None:
                self._bar.stop()

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
            if self._terminal:
                self._show(task, done, total)
            elif is_new or now >= self._next_line:
                share = f" {done / total:.0%}, {self._rate(task, done, now)}" if total else ""
                self._print(f"{task}{share}", now)

    def say_held(self) -> None:
        """Say what was reported within the first second."""
        with self._lock:
            for task, at in self._held:
                if self._terminal:
                    self._show(task, 0, 0)
                else:
                    self._print(task, at)
            self._held.clear()

    def _print(self, text: str, at: float) -> None:
        print(f"{text} ({at - self._began:.0f} s)", file=sys.stderr, flush=True)
        self._next_line = at + _SECONDS_BETWEEN_LINES

    def _show(self, task: str, done: int, total: int) -> None:
        if self._bar is None:
            self._bar = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                TextColumn("{task.percentage:>3.0f} %"),
                TextColumn("{task.fields[rate]}"),
                TimeRemainingColumn(),
                console=Console(stderr=True),
                transient=True,
            )
            self._bar.start()
        if task not in self._tasks:
            self._tasks[task] = self._bar.add_task(task, rate="")
        for name, shown in self._tasks.items():
            self._bar.update(shown, visible=name == task)
        rate = self._rate(task, done, self._clock()) if total else ""
        self._bar.update(self._tasks[task], completed=done, total=total or None, rate=rate)

    def _rate(self, task: str, done: int, now: float) -> str:
        """Steps per second since the task was first reported."""
        if task != self._rated[0]:
            self._rated = (task, done, now)
        _, before, began = self._rated
        return f"{(done - before) / max(now - began, 0.1):,.0f}/s"
