"""How long a replay may take."""

from time import monotonic


class OutOfTime(Exception):
    """The time that a replay may take has passed."""


class Patience:
    """A stopwatch that may have a limit."""

    def __init__(self, seconds: float | None) -> None:
        self._limit, self._begin = seconds, monotonic()

    @property
    def elapsed(self) -> float:
        """Seconds since the beginning."""
        return monotonic() - self._begin

    def pause(self) -> None:
        """Raise OutOfTime if the limit has passed."""
        if self._limit is not None and self.elapsed > self._limit:
            raise OutOfTime


def duration(seconds: float) -> str:
    """Say a number of seconds in words."""
    for unit, size in (("day", 86400), ("hour", 3600), ("minute", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}s"
    return f"{max(seconds, 1):.0f} seconds"
