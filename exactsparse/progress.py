"""How long work reports its progress and learns that it should stop."""

from __future__ import annotations

import math
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

Progress = Callable[[str, int, int], None]

COMPILING = "compiling kernels, once after installation, outside any time limit"


def silent(task: str, done: int, total: int) -> None:
    """Ignore the report."""


class Stopped(Exception):
    """Raised inside a route when the deadline has passed; never leaves the route."""


class WorkClock:
    """Seconds, without those that are no part of the work, such as compiling.

    Pauses may be nested and come from several threads; the clock stands while any lasts.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pauses, self._began, self._paused = 0, 0.0, 0.0
        self._reason = ""
        self._listeners: list[Progress] = []

    def now(self) -> float:
        """Seconds from an arbitrary moment."""
        with self._lock:
            return (self._began if self._pauses else time.monotonic()) - self._paused

    @property
    def reason(self) -> str:
        """Why the clock stands; empty while it goes."""
        with self._lock:
            return self._reason if self._pauses else ""

    def pause(self, reason: str) -> None:
        """Stop the clock, and say why to everyone who is told of pauses."""
        with self._lock:
            if not self._pauses:
                self._began = time.monotonic()
            self._pauses += 1
            self._reason = reason
            listeners = list(self._listeners)
        try:
            for listener in listeners:
                listener(reason, 0, 0)
        except BaseException:
            # What is not begun is not ended by anyone else.
            self.resume()
            raise

    def resume(self) -> None:
        """Let the clock go on, once for every pause."""
        with self._lock:
            self._pauses -= 1
            if not self._pauses:
                self._paused += time.monotonic() - self._began

    @contextmanager
    def pauses_told_to(self, progress: Progress) -> Iterator[None]:
        """Work during which pauses are reported, from whatever thread they come."""
        with self._lock:
            self._listeners.append(progress)
        try:
            yield
        finally:
            with self._lock:
                self._listeners.remove(progress)


WORK_CLOCK = WorkClock()
"""The clock of all deadlines; every process has one compiler, which stops it."""


class Deadline:
    """A moment after which work should end with its best result.

    Time during which kernels are compiled does not count.

    Parameters
    ----------
    seconds : float or None
        Time from now; None for no limit.
    interrupts_count : bool
        Whether Ctrl-C, too, ends work with its best result; else it is raised.
    """

    def __init__(self, seconds: float | None = None, *, interrupts_count: bool = False) -> None:
        self.interrupts_count = interrupts_count
        self._end = math.inf if seconds is None else WORK_CLOCK.now() + seconds
        self._interrupted = False
        self._begun, self._depth = False, 0

    @property
    def seconds_left(self) -> float:
        """Time until the moment, 0 once it has passed; infinite without a limit."""
        return 0.0 if self._interrupted else max(self._end - WORK_CLOCK.now(), 0.0)

    def end(self) -> None:
        """Let the moment be now."""
        self._end = -math.inf

    def check(self) -> None:
        """Raise Stopped once the moment has passed."""
        if self._interrupted or WORK_CLOCK.now() >= self._end:
            raise Stopped

    @contextmanager
    def hears_interrupts(self) -> Iterator[None]:
        """Work during which no Ctrl-C is lost; it has no effect on those of other handlers.

        Python drops what is raised in callbacks and destructors, of which a compiler has many: the
        moment has passed nevertheless.  If interrupts count, the first one after the beginning of
        work that may be stopped, but outside of it, raises nothing: a result is being made.
        """
        mine = threading.current_thread() is threading.main_thread()
        if not mine or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
            yield
            return
        signal.signal(signal.SIGINT, self._on_interrupt)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        if self._interrupted and not self.interrupts_count:
            raise KeyboardInterrupt

    def _on_interrupt(self, number: int, frame: FrameType | None) -> None:
        first, self._interrupted = not self._interrupted, True
        if not (first and self.interrupts_count and self._begun and not self._depth):
            raise KeyboardInterrupt

    @contextmanager
    def _stoppable(self) -> Iterator[None]:
        self._begun = True
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1


@contextmanager
def until_stopped(deadline: Deadline) -> Iterator[None]:
    """Work that its deadline may end; what it has found so far remains.

    Parameters
    ----------
    deadline : Deadline
        Says whether Ctrl-C may end it, too.

    Raises
    ------
    KeyboardInterrupt
        After Ctrl-C, unless that counts as the end of the time.
    """
    try:
        with deadline._stoppable():
            yield
    except Stopped:
        return
    except KeyboardInterrupt:
        if not deadline.interrupts_count:
            raise
    except SystemError as error:
        # What NumPy makes of Ctrl-C in a loop over Python objects.
        if not isinstance(error.__cause__, KeyboardInterrupt):
            raise
        if not deadline.interrupts_count:
            raise KeyboardInterrupt from error
