"""The simplest number in an interval: on the coarsest grid of round steps, or a short quotient."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

# Steps between round numbers, in tenths of a power of ten: thousands, five hundreds, quarters, ….
_STEPS = (50, 25, 20, 10)


def simplest_number(low: Fraction | None, high: Fraction | None) -> Fraction:
    """Choose the simplest number of a closed interval.

    Zero, if it may be; else a multiple of the coarsest step among 1, 2, 2.5, 5 times powers of
    ten that has one there, the one nearest to the middle; or the quotient of least denominator
    where that takes fewer digits to write.

    Parameters
    ----------
    low, high : Fraction or None
        Ends of the interval; None for none.

    Raises
    ------
    ValueError
        If the interval is empty.

    Examples
    --------
    >>> from fractions import Fraction as F
    >>> [str(simplest_number(F(a), F(b))) for a, b in (("0.11991", "0.12006"), ("0.333", "0.334"))]
    ['3/25', '1/3']
    >>> int(simplest_number(F(100519), F(100531)))
    100525
    """
    if low is not None and high is not None and low > high:
        raise ValueError(f"there is no number between {low} and {high}")
    if (low is None or low <= 0) and (high is None or high >= 0):
        return Fraction(0)
    if low is None or low < 0:
        return -simplest_number(None if high is None else -high, None if low is None else -low)
    # Without an end the numbers next to the other end are as good as those far away.
    top = 2 * low if high is None else high
    quotient = _least_denominator(low, top)
    # A decimal of more digits than the quotient's is not wanted; one as fine as a tenth of the
    # interval exists.
    digits = _digits(quotient)
    finest = max((top - low) / 10, top / Fraction(10) ** (digits + 1))
    for step, of in _round_steps(top, finest):
        # Whether a multiple is there, in integers: most steps have none.
        most = top.numerator * of // (top.denominator * step)
        if most * step * low.denominator < low.numerator * of:
            continue
        decimal = nearest_multiple(low, top, Fraction(step, of))
        if decimal is None:
            raise AssertionError("the greatest multiple below the upper end is not below the lower")
        return decimal if _decimal_digits(decimal) <= digits else quotient
    return quotient


def round_steps(top: Fraction, least: Fraction) -> Iterator[Fraction]:
    """Round steps, descending, from one that exceeds ``top`` to the last one not below ``least``.

    Parameters
    ----------
    top, least : Fraction
        Positive.
    """
    return (Fraction(step, of) for step, of in _round_steps(top, least))


def _round_steps(top: Fraction, least: Fraction) -> Iterator[tuple[int, int]]:
    """The same as numerators and denominators, not in lowest terms."""
    unit, of = 10 ** (_integer_digits(top.numerator // top.denominator) + 1), 10
    while True:
        for step in _STEPS:
            if step * unit * least.denominator < least.numerator * of:
                return
            yield step * unit, of
        if unit > 1:
            unit //= 10
        else:
            of *= 10


def nearest_multiple(
    low: Fraction | None, high: Fraction | None, step: Fraction
) -> Fraction | None:
    """Multiple of a step in an interval, nearest to its middle; None where there is none.

    An interval without an end has its middle at the other one, or at zero.
    """
    ends = [v for v in (low, high) if v is not None]
    nearest = round(sum(ends, Fraction(0)) / (len(ends) or 1) / step)
    if low is not None:
        nearest = max(nearest, -(-low // step))
    if high is not None:
        nearest = min(nearest, high // step)
    value = nearest * step
    return None if low is not None and value < low else value


def _least_denominator(low: Fraction, high: Fraction) -> Fraction:
    """Quotient of least denominator in an interval of positive numbers (Stern & Brocot)."""
    whole: list[int] = []
    while True:
        floor = low.numerator // low.denominator
        if floor == low or floor + 1 <= high:
            value = Fraction(floor if floor == low else floor + 1)
            break
        whole.append(floor)
        low, high = 1 / (high - floor), 1 / (low - floor)
    for floor in reversed(whole):
        value = floor + 1 / value
    return value


def _digits(value: Fraction) -> int:
    if value.denominator == 1:
        return _integer_digits(value.numerator)
    return _integer_digits(value.numerator) + _integer_digits(value.denominator)


def _decimal_digits(value: Fraction) -> int:
    """Digits of a positive decimal, without zeros at its ends."""
    numerator, power = value.numerator, value.denominator
    while power % 10 == 0:
        power //= 10
    twos = (power & -power).bit_length() - 1
    fives = 0
    while power % 5 ** (fives + 1) == 0:
        fives += 1
    numerator *= 5**twos * 2**fives
    while numerator % 10 == 0:
        numerator //= 10
    return _integer_digits(numerator)


def _integer_digits(value: int) -> int:
    # str() refuses integers of more than 4,300 digits; this is exact to one digit.
    return abs(value).bit_length() * 30103 // 100000 + 1
