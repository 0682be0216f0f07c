"""Sums of powers ``Σ nₖ bₖᵖ`` of positive rationals, compared without tolerances.

At a rational exponent the sign is decided by ball arithmetic of rising precision (Arb) and, where
the balls cannot tell, by linear algebra: for ``p = r/s`` two powers ``aᵖ, bᵖ`` are rational
multiples of each other exactly when ``a/b`` is the s-th power of a rational, and powers of
pairwise different classes are linearly independent over the rationals (Besicovitch 1940; Mordell
1953, *On the linear independence of algebraic numbers*).  A sum is therefore zero if and only if
the rational coefficients of every class add up to zero.

As functions of p such sums are exponential sums; their zeros in (0, 1) are isolated by
Descartes' rule of signs (Laguerre 1883: at most as many real zeros, with multiplicity, as the
coefficients ordered by base change sign) and bisection with a monotonicity test in balls.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

import flint
from flint import arb, fmpq, fmpz

from exactsparse.exact.numbers import to_float

_FIRST_PRECISION = 64
_ZERO_TEST_PRECISION = 128
_SUM_PRECISION = 128
_ROOT_PRECISION = 192
_ROOT_WIDTH = Fraction(1, 2**64)


class Enclosure(NamedTuple):
    """A closed interval with rational ends that contains a real number.

    ``float(enclosure)`` is its midpoint rounded to float64, infinite beyond its range.
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


@dataclass(frozen=True)
class Root:
    """An enclosure of zeros of an exponential sum.

    ``simple`` is False where the enclosure could not be shown to hold exactly one sign change.
    """

    enclosure: Enclosure
    simple: bool


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

    def roots(self, within: Enclosure, logs: dict[Fraction, arb] | None = None) -> list[Root]:
        """Zeros in (0, 1) that may lie in a given interval, ascending, as disjoint enclosures.

        Parameters
        ----------
        within : Enclosure
            The function has no zero in this part of (0, 1) outside the enclosures.
        logs : dict, optional
            Logarithms of bases, kept between calls for sums that share bases.

        Notes
        -----
        Ends of enclosures are dyadic, on the same grid for all functions, so that functions with
        a common zero give it the same enclosure.
        """
        ends = [p for p in (Fraction(0), Fraction(1)) if self.sign_at(p) == 0]
        if self._sign_changes() <= len(ends):
            return []
        logs = {} if logs is None else logs
        with flint.ctx.workprec(_ROOT_PRECISION):
            terms = []
            for base, coefficient in self.terms.items():
                if base not in logs:
                    logs[base] = arb(to_fmpq(base)).log()
                terms.append((logs[base], coefficient))
            found = _merged(self._isolate(terms, Fraction(0), Fraction(1), within))
        return [root for root in found if root.enclosure.overlaps(within)]

    def _sign_changes(self) -> int:
        signs = [self.terms[base] > 0 for base in sorted(self.terms)]
        return sum(left != right for left, right in pairwise(signs))

    def _isolate(
        self,
        terms: list[tuple[arb, int]],
        lower: Fraction,
        upper: Fraction,
        within: Enclosure,
    ) -> Iterator[Root]:
        if not within.overlaps(Enclosure(lower, upper)):
            return
        middle, half = (lower + upper) / 2, (upper - lower) / 2
        p = arb(to_fmpq(middle), to_fmpq(half))
        slope = sum((n * log * (p * log).exp() for log, n in terms), arb(0))
        center = sum((n * (to_fmpq(middle) * log).exp() for log, n in terms), arb(0))
        if ball_sign(center + slope * arb(0, to_fmpq(half))) is not None:
            return
        if ball_sign(slope) is not None:
            signs = self.sign_at(lower), self.sign_at(upper)
            if signs[0] * signs[1] < 0:
                yield Root(self._bisect(lower, upper, signs[0]), simple=True)
            return
        if half < _ROOT_WIDTH:
            yield Root(Enclosure(lower, upper), simple=False)
            return
        yield from self._isolate(terms, lower, middle, within)
        if self.sign_at(middle) == 0:
            yield Root(Enclosure(middle, middle), simple=True)
        yield from self._isolate(terms, middle, upper, within)

    def _bisect(self, lower: Fraction, upper: Fraction, sign_below: int) -> Enclosure:
        while upper - lower > _ROOT_WIDTH:
            middle = (lower + upper) / 2
            sign = self.sign_at(middle)
            if sign == 0:
                return Enclosure(middle, middle)
            if sign == sign_below:
                lower = middle
            else:
                upper = middle
        return Enclosure(lower, upper)


def _merged(roots: Iterable[Root]) -> list[Root]:
    merged: list[Root] = []
    for root in roots:
        if merged and merged[-1].enclosure.overlaps(root.enclosure):
            merged[-1] = Root(merged[-1].enclosure.hull(root.enclosure), simple=False)
        else:
            merged.append(root)
    return merged


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
