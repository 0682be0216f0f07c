"""How long work reports its progress and learns that it should stop."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Progress = Callable[[str, int, int], None]


def silent(task: str, done: int, total: int) -> None:
    """Ignore the report."""


class Stopped(Exception):
    """Raised inside a route when the deadline has passed; never leaves the route."""


class Deadline:
    """A moment after which work should end with its best result.

    Parameters
    ----------
    seconds : float or None
        Time from now; None for no limit.
    interrupts_count : bool
        Whether Ctrl-C, too, ends work with its best result; else it is raised.
    """

    def __init__(self, seconds: float | None = None, *, interrupts_count: bool = False) -> None:
        self.interrupts_count = interrupts_count
        self._end = math.inf if seconds is None else time.monotonic() + seconds

    @property
    def seconds_left(self) -> float:
        """Time until the moment, 0 once it has passed; infinite without a limit."""
        return max(self._end - time.monotonic(), 0.0)

    def check(self) -> None:
        """Raise Stopped once the moment has passed."""
        if time.monotonic() >= self._end:
            raise Stopped


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
