"""Sums of powers ``Σ nₖ bₖᵖ`` of positive rationals, compared without tolerances.

At a rational exponent the sign is decided by ball arithmetic of rising precision (Arb) and, where
the balls cannot tell, by linear algebra: for ``p = r/s`` two powers ``aᵖ, bᵖ`` are rational
multiples of each other exactly when ``a/b`` is the s-th power of a rational, and powers of
pairwise different classes are linearly independent over the rationals (Besicovitch 1940; Mordell
1953, *On the linear independence of algebraic numbers*).  A sum is therefore zero if and only if
the rational coefficients of every class add up to zero.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

import flint
from flint import arb, fmpq, fmpz

from exactsparse.exact.numbers import to_float

_FIRST_PRECISION = 64
_ZERO_TEST_PRECISION = 128
_SUM_PRECISION = 128


class Enclosure(NamedTuple):
    """A closed interval with rational ends that contains a real number.

    ``float(enclosure)`` is its midpoint rounded to float64, infinite beyond its range.

    Parameters
    ----------
    lower, upper : Fraction
        Its ends.

    Examples
    --------
    >>> from fractions import Fraction
    >>> from exactsparse import Enclosure
    >>> enclosure = Enclosure(Fraction(1, 4), Fraction(3, 4))
    >>> float(enclosure), enclosure.overlaps(Enclosure(Fraction(1), Fraction(2)))
    (0.5, False)
    """

    lower: Fraction
    upper: Fraction

    def __float__(self) -> float:
        return to_float((self.lower + self.upper) / 2)

    def hull(self, other: Enclosure) -> Enclosure:
        """Return the smallest enclosure that contains both."""
        return Enclosure(min(self.lower, other.lower), max(self.upper, other.upper))

    def overlaps(self, other: Enclosure) -> bool:
        """Whether the two intervals share a point."""
        return self.lower <= other.upper and other.lower <= self.upper


def to_fmpq(value: Fraction) -> fmpq:
    """Return the rational as a flint rational."""
    return fmpq(value.numerator, value.denominator)


def ball_power(base: Fraction, p: Fraction) -> arb:
    """Ball that contains ``baseᵖ`` at the current flint precision (base > 0)."""
    if p == 0:
        return arb(1)
    if p == 1:
        return arb(to_fmpq(base))
    return arb(to_fmpq(base)) ** arb(to_fmpq(p))


def ball_enclosure(ball: arb) -> Enclosure:
    """Rational interval that contains the ball."""
    mantissa, exponent = ball.mid().man_exp()
    mid = Fraction(int(mantissa)) * Fraction(2) ** int(exponent)
    mantissa, exponent = ball.rad().upper().man_exp()
    radius = Fraction(int(mantissa)) * Fraction(2) ** int(exponent)
    return Enclosure(mid - radius, mid + radius)


def sum_of_powers(
    bases: Iterable[Fraction], p: Fraction, rest: Enclosure | None = None
) -> Enclosure:
    """Enclose ``Σ baseᵖ``, plus a number of which an enclosure is known, to about 38 digits."""
    with flint.ctx.workprec(_SUM_PRECISION):
        total = arb(0) if rest is None else enclosure_ball(rest)
        for base in bases:
            total += ball_power(base, p)
        return ball_enclosure(total)


def enclosure_ball(enclosure: Enclosure) -> arb:
    """Ball that contains the interval."""
    lower, upper = enclosure
    return arb(to_fmpq((lower + upper) / 2), to_fmpq((upper - lower) / 2))


def ball_sign(ball: arb) -> int | None:
    """Sign of every number in the ball, or None if the ball contains zero and another number."""
    if ball > 0:
        return 1
    if ball < 0:
        return -1
    return 0 if ball.is_zero() else None


class PowerSum:
    """The function ``p ↦ Σ nₖ bₖᵖ`` with integer ``nₖ ≠ 0`` and distinct rational ``bₖ > 0``."""

    __slots__ = ("terms",)

    def __init__(self, terms: Iterable[tuple[Fraction, int]] = ()) -> None:
        self.terms: dict[Fraction, int] = {}
        for base, coefficient in terms:
            self.add(base, coefficient)

    def add(self, base: Fraction, coefficient: int) -> None:
        """Add ``coefficient · baseᵖ`` in place; equal bases cancel exactly."""
        total = self.terms.get(base, 0) + coefficient
        if total:
            self.terms[base] = total
        else:
            self.terms.pop(base, None)

    def __bool__(self) -> bool:
        """Whether the function is not identically zero."""
        return bool(self.terms)

    def ball_at(self, p: Fraction) -> arb:
        """Ball that contains the value at ``p``, at the current flint precision."""
        return sum((n * ball_power(b, p) for b, n in self.terms.items()), arb(0))

    def sign_at(self, p: Fraction) -> int:
        """Sign at a rational ``p`` in [0, 1], decided exactly: -1, 0 or 1."""
        precision = _FIRST_PRECISION
        while True:
            with flint.ctx.workprec(precision):
                sign = ball_sign(self.ball_at(p))
            if sign is not None:
                return sign
            if precision == _ZERO_TEST_PRECISION and self.is_zero_at(p):
                return 0
            precision *= 2

    def is_zero_at(self, p: Fraction) -> bool:
        """Whether the sum is exactly zero at a rational ``p``, by classes of radicals."""
        classes: list[tuple[Fraction, Fraction]] = []
        for base, coefficient in self.terms.items():
            for k, (representative, total) in enumerate(classes):
                root = _rational_root(base / representative, p.denominator)
                if root is not None:
                    classes[k] = (representative, total + coefficient * root**p.numerator)
                    break
            else:
                classes.append((base, Fraction(coefficient)))
        return all(total == 0 for _, total in classes)


def _rational_root(value: Fraction, degree: int) -> Fraction | None:
    """The positive rational whose ``degree``-th power is ``value``, or None if there is none."""
    numerator = _integer_root(value.numerator, degree)
    denominator = _integer_root(value.denominator, degree)
    return None if numerator is None or denominator is None else Fraction(numerator, denominator)


def _integer_root(value: int, degree: int) -> int | None:
    if value == 1 or degree == 1:
        return value
    if value.bit_length() <= degree:
        return None
    root = int(fmpz(value).root(degree))
    return root if root**degree == value else None
