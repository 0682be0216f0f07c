"""Numbers as exact rationals: read from text and objects, written as text, rounded to float64."""

from __future__ import annotations

import math
import numbers
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

_EXPONENT_LIMIT = 10_000
# Reading takes the square of the length: this is a hundredth of a second.
_LONGEST = 20_000
# What is written exactly.
_MOST_DIGITS = 14
_LONGEST_INTEGER = 20
# What is written of other numbers: a hundredth of a gap is seen.
_DIGITS, _MOST_DIGITS_APART = 10, 40
_SHORT_BITS = 256
# Blanks and line breaks, but no control characters.
_BLANKS = r"[ \t\r\n]*"
_RATIONAL = re.compile(rf"{_BLANKS}([-+]?\d+){_BLANKS}/{_BLANKS}(\d+){_BLANKS}", re.ASCII)
_DECIMAL = re.compile(
    rf"{_BLANKS}[-+]?(\d+(?:\.\d*)?|\.\d+)([eE]([-+]?\d{{1,9}}))?{_BLANKS}", re.ASCII
)


def parse_number(text: str) -> Fraction:
    """Read a decimal (``"-1.5e3"``) or a quotient (``"1/3"``) exactly.

    Raises
    ------
    ValueError
        If the text is no finite number or longer than 20,000 characters, or its exponent exceeds
        10,000 in size.
    """
    if len(text) > _LONGEST:
        raise ValueError(f"a number of {len(text):,} characters is too long; {_LONGEST:,} are read")
    if quotient := _RATIONAL.fullmatch(text):
        numerator, denominator = (int(Decimal(part)) for part in quotient.groups())
        if denominator == 0:
            raise ValueError(f"{text!r} divides by zero")
        return Fraction(numerator, denominator)
    decimal = _DECIMAL.fullmatch(text)
    if decimal is None:
        raise ValueError(f"{text!r} is not a finite number")
    if decimal[3] and abs(int(decimal[3])) > _EXPONENT_LIMIT:
        raise ValueError(f"the exponent of {text.strip()!r} exceeds {_EXPONENT_LIMIT}")
    # Decimal reads any number of digits; int() and Fraction() of a string stop at 4,300.
    return Fraction(Decimal(text.strip()))


def rational_text(value: Fraction) -> str:
    """Write a rational in lowest terms as certificates do: ``"-1/2"``, ``"3"``.

    The same as ``str`` for short numbers; ``str`` refuses integers of more than 4,300 digits.
    """
    numerator = str(Decimal(value.numerator))
    return numerator if value.denominator == 1 else f"{numerator}/{Decimal(value.denominator)}"


def format_rational(value: Fraction, digits: int = _DIGITS) -> str:
    """Write a rational exactly as a short decimal or quotient, else rounded with a leading ≈.

    Parameters
    ----------
    value : Fraction
        Integers of 64 bits are always written in full.
    digits : int
        To so many others are rounded; see :func:`digits_apart`.

    Examples
    --------
    >>> format_rational(Fraction(446, 5)), format_rational(Fraction(1, 3))
    ('89.2', '1/3')
    """
    longest = max(_MOST_DIGITS, digits) + 2
    if max(value.numerator.bit_length(), value.denominator.bit_length()) < _SHORT_BITS:
        scaled, places = value, 0
        while scaled.denominator != 1 and places < longest - 1:
            scaled, places = scaled * 10, places + 1
        exact = str(value)
        if scaled.denominator == 1 and places:
            exact = decimal_text(scaled.numerator, -places)
        if len(exact) <= (longest if places else max(longest, _LONGEST_INTEGER + 1)):
            return exact
    return f"≈{rounded(value, digits)}"


def digits_apart(positions: Iterable[Fraction]) -> int:
    """How many digits tell neighbours apart, and a hundredth of what is between them.

    Parameters
    ----------
    positions : iterable of Fraction
        In any order; equal ones are one.

    Returns
    -------
    int
        From 10 to 40.

    Examples
    --------
    >>> digits_apart([Fraction(0), Fraction(5)]), digits_apart([Fraction(10**18), 10**18 + 2])
    (10, 21)
    """
    ordered = sorted(set(positions))
    if len(ordered) < 2:
        return _DIGITS
    gap = min(b - a for a, b in pairwise(ordered))
    ratio = max(abs(ordered[0]), abs(ordered[-1])) // gap
    return min(max(_DIGITS, len(rational_text(Fraction(ratio))) + 3), _MOST_DIGITS_APART)


def rounded(value: Fraction, digits: int) -> str:
    """Write a rational as a decimal of so many digits."""
    # Decimal has the range that float64 lacks.
    with localcontext(prec=digits):
        return f"{(Decimal(value.numerator) / Decimal(value.denominator)).normalize():g}"


def decimal_text(mantissa: int, exponent: int) -> str:
    """Write ``mantissa · 10**exponent`` exactly as a decimal.

    Examples
    --------
    >>> decimal_text(-12, -1), decimal_text(5, -9), decimal_text(17, 2)
    ('-1.2', '5e-9', '1700')
    """
    while exponent < 0 and mantissa % 10 == 0:
        mantissa, exponent = mantissa // 10, exponent + 1
    if 0 <= exponent <= _LONGEST_INTEGER:
        mantissa, exponent = mantissa * 10**exponent, 0
    # With an exponent where zeros would stand before the digits.
    digits = Decimal(mantissa)
    with localcontext(prec=len(digits.as_tuple().digits)):
        return f"{digits.scaleb(exponent):g}"


def counted(number: int, what: str) -> str:
    """Write a number of things: ``1 knot``, ``2 knots``."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def linear_text(
    weights: Sequence[Fraction], constant: Fraction, names: Sequence[str], most: int | None = None
) -> str:
    """Write ``Σ weights · names + constant``, numbers as short as they are exact.

    Parameters
    ----------
    weights, names : sequences of the same length
        Terms of weight 0 are left out.
    constant : Fraction
        Left out if it is 0 and there is a term.
    most : int, optional
        Terms that are written; of more, the rest is counted.

    Examples
    --------
    >>> linear_text([Fraction(-1, 2), Fraction(1)], Fraction(3), ["a", "b"])
    '-0.5 a + b + 3'
    """
    terms = [(w, name) for w, name in zip(weights, names, strict=True) if w]
    left = 0 if most is None else max(len(terms) - most, 0)
    terms = terms[: len(terms) - left]
    text = ""
    for value, name in [*terms, (constant, "")] if constant or not terms else terms:
        size = abs(value)
        amount = f"{format_rational(size)} {name}".rstrip()
        amount = name if size == 1 and name else amount
        sign = "-" if value < 0 else "+"
        text += f" {sign} {amount}" if text else f"{'-' if value < 0 else ''}{amount}"
    return f"{text} + … ({counted(left, 'more term')})" if left else text


def exact_sum(values: Iterable[Fraction]) -> Fraction:
    """Sum of rationals by halves: of many different denominators, in far less than their square."""
    # A tenth of the time of Fractions.
    import flint

    terms = [flint.fmpq(*value.as_integer_ratio()) for value in values]
    while len(terms) > 1:
        last = terms[len(terms) & ~1 :]
        terms = [a + b for a, b in zip(terms[::2], terms[1::2], strict=False)] + last
    total = terms[0] if terms else flint.fmpq(0)
    return Fraction(int(total.p), int(total.q))


def scaled_integers(values: Iterable[Fraction], scale: int) -> NDArray[Any]:
    """Integers ``scale · value`` as objects, for a scale that all denominators divide."""
    return np.array([v.numerator * (scale // v.denominator) for v in values], dtype=object)


def over_common_denominator(values: Sequence[Fraction]) -> tuple[list[int], int]:
    """Integers over one positive denominator, the least.

    Examples
    --------
    >>> over_common_denominator([Fraction(1, 2), Fraction(-1, 3)])
    ([3, -2], 6)
    """
    scale = math.lcm(*(value.denominator for value in values))
    return [value.numerator * (scale // value.denominator) for value in values], scale


def to_float(value: Fraction) -> float:
    """Nearest float64; infinite where the value exceeds the largest."""
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def to_fraction(value: object) -> Fraction:
    """Return a number of any supported type as the exact rational that it is.

    Raises
    ------
    ValueError
        If the value is not a finite real number.
    """
    if isinstance(value, str):
        return parse_number(value)
    if isinstance(value, np.generic):
        value = value.item() if not isinstance(value, np.longdouble) else value
    if isinstance(value, bool) or not isinstance(
        value, numbers.Rational | Decimal | float | np.longdouble
    ):
        raise ValueError(f"{value!r} is not a real number")
    if isinstance(value, numbers.Rational):
        return Fraction(int(value.numerator), int(value.denominator))
    if isinstance(value, Decimal) and value.is_finite():
        # Beyond, the digits of the rational would fill the memory.
        exponent = value.as_tuple().exponent
        if isinstance(exponent, int) and max(abs(exponent), abs(value.adjusted())) > _LONGEST:
            raise ValueError(f"the exponent of {str(value)[:60]!r} exceeds {_LONGEST:,}")
    try:
        numerator, denominator = value.as_integer_ratio()
        return Fraction(numerator, denominator)
    except (ValueError, OverflowError):
        raise ValueError(f"{value!r} is not a finite number") from None
