"""How long a replay may take."""

from fractions import Fraction
from time import process_time

# Numbers of no more bits, as all floats are, take no longer than their text; of longer ones so many
# bits are read in a second or two.
SHORT, MANY = 1 << 10, 1 << 20


def is_long(*numbers: Fraction) -> bool:
    """Whether one of them is so long that the clock may be looked at whenever it is used."""
    return any(
        n.denominator.bit_length() > SHORT or n.numerator.bit_length() > SHORT for n in numbers
    )


class OutOfTime(Exception):
    """The time that a replay may take has passed."""


class Patience:
    """A stopwatch of processor time, which other programs do not use up; it may have a limit."""

    def __init__(self, seconds: float | None) -> None:
        self._limit, self._begin, self._calls = seconds, process_time(), 0
        self._bits = 0

    @property
    def elapsed(self) -> float:
        """Processor seconds since the beginning."""
        return process_time() - self._begin

    def pause(self) -> None:
        """Raise OutOfTime if the limit has passed."""
        if self._limit is not None and self.elapsed > self._limit:
            raise OutOfTime

    def pause_seldom(self) -> None:
        """Do so once in 1024 calls: small enumerations are finished whatever the limit is."""
        self._calls += 1
        if self._calls % 1024 == 0:
            self.pause()

    def spend(self, bits: int) -> None:
        """Raise OutOfTime if the limit has passed, whenever numbers of many bits were read."""
        if bits > SHORT:
            self._bits += bits
        if self._bits > MANY:
            self._bits = 0
            self.pause()


def duration(seconds: float) -> str:
    """Say a number of seconds in words."""
    for unit, size in (("day", 86400), ("hour", 3600), ("minute", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}s"
    return f"{max(seconds, 1):.0f} seconds"
