"""Zeros in (0, 1) of a sum of powers as a function of its exponent, isolated rigorously.

Order the bases.  By Descartes' rule for exponential sums (Laguerre 1883) a sum whose coefficients
change sign ``V`` times has at most ``V`` real zeros, counted with multiplicity.  Multiplying by
``b⁻ᵖ``, ``b`` a base next to a sign change, and differentiating turns every coefficient ``nₖ``
into ``nₖ (ln bₖ − ln b)``, which removes one sign change.  So the critical points of the sum
(divided by ``bᵖ``) are the zeros of a sum with one sign change fewer; between them it is monotone,
and its signs at a few points tell where the zeros are (Rolle).  The recursion ends at a sum of one
sign, which has none.  Only signs at points are needed, in balls of rising precision, so neither
huge nor nearly equal bases slow it down.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import flint
from flint import arb

from exactsparse.exact.powers import Enclosure, PowerSum, ball_sign, to_fmpq
from exactsparse.progress import Deadline

_WIDTH = Fraction(1, 2**64)
_FIRST_PRECISION = 128
_LAST_PRECISION = 1 << 14
_ENDS = (Fraction(0), Fraction(1))


@dataclass(frozen=True)
class Root:
    """An enclosure of zeros of a sum of powers.

    Parameters
    ----------
    enclosure : Enclosure
        If simple, inside (0, 1) and at most ``2**-64`` of the distance to the nearer end wide.
    simple : bool
        Whether the sum changes sign exactly once there.
    """

    enclosure: Enclosure
    simple: bool


def roots(total: PowerSum, deadline: Deadline | None = None) -> list[Root]:
    """All zeros in the open interval (0, 1), in ascending order, as disjoint enclosures.

    Parameters
    ----------
    total : PowerSum
        Not identically zero.
    deadline : Deadline, optional
        Raises Stopped once it has passed.

    Notes
    -----
    Ends of enclosures are dyadic, on one grid for all sums, so that sums with a common simple zero
    give it the same enclosure.
    """
    bases = sorted(total.terms)
    signs = [total.terms[base] > 0 for base in bases]
    changes = sum(left != right for left, right in pairwise(signs))
    trivial = sum(total.sign_at(end) == 0 for end in _ENDS)
    if changes <= trivial:
        return []
    sums = [_Derived(bases, [total.terms[base] for base in bases], (), deadline or Deadline())]
    while sums[-1].changes > 0:
        sums.append(sums[-1].derived())
    critical: list[Root] = []
    for derived in reversed(sums[1:]):
        critical = derived.zeros(critical)
    sums[0].exact = total
    return sums[0].zeros(critical)


class _Derived:
    """A sum ``Σ nₖ Π_j (ln bₖ − ln b_j) bₖᵖ`` over the bases but the ``b_j``."""

    def __init__(
        self, bases: list[Fraction], counts: list[int], removed: tuple[int, ...], deadline: Deadline
    ) -> None:
        self.bases, self.counts, self.removed, self.deadline = bases, counts, removed, deadline
        self.exact: PowerSum | None = None
        self.kept = [k for k in range(len(bases)) if k not in removed]
        self.balls: dict[int, list[tuple[arb, arb]]] = {}
        self.turn = next(
            (i for i, k in pairwise(self.kept) if self._positive(i) != self._positive(k)), None
        )
        positive = [self._positive(k) for k in self.kept]
        self.changes = sum(left != right for left, right in pairwise(positive))

    def _positive(self, k: int) -> bool:
        return (self.counts[k] > 0) == (sum(k < j for j in self.removed) % 2 == 0)

    def derived(self) -> _Derived:
        """The sum that is zero at the critical points of this one."""
        if self.turn is None:
            raise ValueError("a sum of one sign has no critical points to find")
        return _Derived(self.bases, self.counts, (*self.removed, self.turn), self.deadline)

    def _terms(self, precision: int) -> list[tuple[arb, arb]]:
        if precision not in self.balls:
            logs = [arb(to_fmpq(base)).log() for base in self.bases]
            terms = []
            for k in self.kept:
                coefficient = arb(self.counts[k])
                for j in self.removed:
                    coefficient *= logs[k] - logs[j]
                terms.append((logs[k], coefficient))
            self.balls[precision] = terms
        return self.balls[precision]

    def sign(self, p: Fraction) -> int | None:
        """Sign at a point; None where balls of the last precision did not decide."""
        self.deadline.check()
        precision = _FIRST_PRECISION
        while precision <= _LAST_PRECISION:
            with flint.ctx.workprec(precision):
                at, value = arb(to_fmpq(p)), arb(0)
                for log, coefficient in self._terms(precision):
                    value += coefficient * (at * log).exp()
                sign = ball_sign(value)
            if sign is not None:
                return sign
            if self.exact is not None:
                return self.exact.sign_at(p)
            precision *= 4
        return None

    def _vanishes_nowhere(self, cut: Enclosure) -> bool:
        """Whether a short interval is shown to hold no zero, by the mean value theorem."""
        middle, half = (cut.lower + cut.upper) / 2, (cut.upper - cut.lower) / 2
        with flint.ctx.workprec(4 * _FIRST_PRECISION):
            at, step = arb(to_fmpq(middle)), arb(0, to_fmpq(half))
            value, slope = arb(0), arb(0)
            for log, coefficient in self._terms(4 * _FIRST_PRECISION):
                value += coefficient * (at * log).exp()
                slope += coefficient * log * ((at + step) * log).exp()
            return ball_sign(value + slope * step) is not None

    def zeros(self, critical: list[Root]) -> list[Root]:
        """Zeros in (0, 1), given enclosures of all critical points there."""
        found: list[Root] = []
        lower = _ENDS[0]
        for cut in (root.enclosure for root in critical):
            found += self._on_monotone(lower, cut.lower)
            if not self._vanishes_nowhere(cut):
                found.append(Root(cut, simple=False))
            lower = cut.upper
        return found + self._on_monotone(lower, _ENDS[1])

    def _on_monotone(self, lower: Fraction, upper: Fraction) -> list[Root]:
        """Zeros strictly inside an interval on which the sum over a power is monotone."""
        if not lower < upper:
            return []
        below, above = self.sign(lower), self.sign(upper)
        if below is None or above is None:
            return self._beside_undecided(lower, upper, below, above)
        if below == above or below == 0 or above == 0:
            return []
        return [self._bisected(lower, upper, below)]

    def _beside_undecided(
        self, lower: Fraction, upper: Fraction, below: int | None, above: int | None
    ) -> list[Root]:
        # Most likely a zero at that very end, which no ball can tell; step away from it.
        step = _WIDTH / 2
        inner = lower + (step if below is None else 0), upper - (step if above is None else 0)
        ends = [
            Root(Enclosure(*sorted(pair)), simple=False)
            for pair in zip((lower, upper), inner, strict=True)
            if pair[0] != pair[1]
        ]
        if not inner[0] < inner[1] or None in (self.sign(inner[0]), self.sign(inner[1])):
            return [Root(Enclosure(lower, upper), simple=False)]
        between = self._on_monotone(*inner)
        return sorted([*ends, *between], key=lambda root: root.enclosure)

    def _bisected(self, lower: Fraction, upper: Fraction, below: int) -> Root:
        # Splitting at the coarsest dyadic number inside leads to the same enclosure from
        # (almost) whatever interval the search starts.
        undecided = None
        while upper - lower > _WIDTH * min(lower, 1 - upper):
            middle = _coarsest_between(lower, upper)
            if middle == undecided:
                middle = lower + 3 * (upper - lower) / 8
            sign = self.sign(middle)
            if sign == 0:
                return Root(Enclosure(middle, middle), simple=True)
            if sign is None and undecided is not None:
                return Root(Enclosure(lower, upper), simple=False)
            if sign is None:
                # Most likely the zero itself; other points close in on it.
                undecided = middle
            elif sign == below:
                lower = middle
            else:
                upper = middle
        return Root(Enclosure(lower, upper), simple=True)


def _coarsest_between(lower: Fraction, upper: Fraction) -> Fraction:
    """The dyadic rational strictly inside an interval with the smallest denominator."""
    denominator = 1
    while True:
        numerator = lower.numerator * denominator // lower.denominator + 1
        if Fraction(numerator, denominator) < upper:
            return Fraction(numerator, denominator)
        denominator *= 2
