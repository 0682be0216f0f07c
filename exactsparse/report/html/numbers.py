"""Numbers as a report shows them: exact where that can be read, and marked where it is not."""

from __future__ import annotations

import math
from fractions import Fraction

from exactsparse.exact.numbers import format_rational, rational_text, rounded
from exactsparse.exact.powers import Enclosure
from exactsparse.report.law_table import format_interval

_LONGEST = 40
_DIGITS = 17


def exact_text(value: Fraction | int) -> str:
    """A decimal or a quotient, exact; beyond 40 characters rounded to 17 digits after a ≈.

    Examples
    --------
    >>> exact_text(Fraction(1, 8)), exact_text(Fraction(1, 3)), exact_text(Fraction(-7))
    ('0.125', '1/3', '-7')
    >>> exact_text(Fraction(1, 3**90))
    '≈1.1457426376713199e-43'
    """
    text = format_rational(Fraction(value))
    if not text.startswith("≈"):
        return text
    if max(abs(value.numerator), value.denominator).bit_length() <= 4 * _LONGEST:
        text = rational_text(Fraction(value))
        if len(text) <= _LONGEST:
            return text
    return f"≈{rounded(Fraction(value), _DIGITS)}"


def interval_text(low: Fraction, high: Fraction) -> str:
    """An interval rounded outwards; one number as any other.

    Examples
    --------
    >>> interval_text(Fraction(1, 3), Fraction(1, 3)), interval_text(Fraction(0), Fraction(1, 3))
    ('1/3', '0 … 0.334')
    """
    return exact_text(low) if low == high else format_interval(low, high)


def value_text(value: int | float | Fraction | Enclosure) -> str:
    """A cost: exact, or an enclosure by both of its ends."""
    if isinstance(value, Enclosure):
        low, high = (rounded(end, _DIGITS) for end in value)
        return f"≈{low}" if low == high else f"{low} … {high}"
    if isinstance(value, float):
        if math.isinf(value):
            return "none"
        return f"{value:.12g}"
    return exact_text(value)
