"""Progress on standard error: a live bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

_QUIET_SECONDS = 1.0
_SECONDS_BETWEEN_LINES = 5.0


class ProgressBar:
    """A progress callable that says nothing about work shorter than a second.

    Parameters
    ----------
    enabled : bool
        Whether to show anything.
    """

    def __init__(self, enabled: bool = True) -> None:
        self._enabled = enabled
        self._terminal = sys.stderr.isatty()
        self._began = time.monotonic()
        self._next_line = self._began + _QUIET_SECONDS
        self._bar: Progress | None = None
        self._tasks: dict[str, TaskID] = {}
        self._rated = ("", 0, 0.0)

    def __enter__(self) -> ProgressBar:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def __call__(self, task: str, done: int, total: int) -> None:
        """Report that ``done`` of ``total`` steps of a task are done; a total of 0 is unknown."""
        now = time.monotonic()
        if not self._enabled or now < self._began + _QUIET_SECONDS:
            return
        if self._terminal:
            self._show(task, done, total)
        elif now >= self._next_line:
            share = f" {done / total:.0%}, {self._rate(task, done, now)}" if total else ""
            print(f"{task}{share} ({now - self._began:.0f} s)", file=sys.stderr)
            self._next_line = now + _SECONDS_BETWEEN_LINES

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
            for shown in self._tasks.values():
                self._bar.update(shown, visible=False)
            self._tasks[task] = self._bar.add_task(task, rate="")
        rate = self._rate(task, done, time.monotonic()) if total else ""
        self._bar.update(self._tasks[task], completed=done, total=total or None, rate=rate)

    def _rate(self, task: str, done: int, now: float) -> str:
        """Steps per second since the task was first reported."""
        if task != self._rated[0]:
            self._rated = (task, done, now)
        _, before, began = self._rated
        return f"{(done - before) / max(now - began, 0.1):,.0f}/s"
