"""Sums k_1 a_1^p + ... + k_m a_m^p with rational a_j > 0 and 0 <= p <= 1, and their signs."""

from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from math import isqrt

from exactsparse_check.schema import require

# Enclosures as fine as this take seconds each.
MOST_BITS = 1 << 13
# Sums of fractions whose denominators are longer, in bits, take long.
LONG = 1 << 14


@lru_cache(maxsize=1 << 16)
def power(a: Fraction, p: Fraction, bits: int) -> tuple[Fraction, Fraction]:
    """Enclose a^p, to a relative width below 2^-bits.

    Let a = 2^k m with 1/2 < m < 2, and pk = e + f with e = floor(pk), so a^p = 2^e m^p 2^f. If
    p = 0.p_1 p_2 ... and f = 0.f_1 f_2 ... in binary, then m^p 2^f = h_0 in the recursion
    h_{j-1} = sqrt(h_j m^{p_j} 2^{f_j}), with 1/2 < h_n < 4 whatever n. Products and square
    roots of positive numbers are monotone, so all are rounded down for the lower end and all
    up for the upper one; each square root halves the relative error that it is handed.
    """
    if p in (0, 1) or a == 1:
        return a**p.numerator, a**p.numerator
    k = a.numerator.bit_length() - a.denominator.bit_length()
    m, (e, f) = a / Fraction(2) ** k, divmod(p * k, 1)
    n = bits + 8
    low, high = 1 << n - 1, 4 << n
    m_low, p_digits, f_digits = (int(q * 2**n) for q in (m, p, f))
    for j in range(n):
        if p_digits >> j & 1:
            low, high = low * m_low >> n, (high * (m_low + 1) >> n) + 1
        shift = n + (f_digits >> j & 1)
        low, high = isqrt(low << shift), isqrt(high << shift) + 1
    return low * Fraction(2) ** (e - n), high * Fraction(2) ** (e - n)


class PowerSum:
    """A sum of powers k a^p, kept as terms {a: k} and within an enclosure.

    `pause` is called where numbers are longer than usual, and may raise.
    """

    def __init__(
        self, p: Fraction, bits: int = 64, pause: Callable[[], object] = lambda: None
    ) -> None:
        self.p, self.bits, self._pause = p, bits, pause
        self.terms: dict[Fraction, Fraction] = {}
        self.low = self.high = Fraction(0)

    def add(self, k: Fraction, a: Fraction) -> None:
        """Add k a^p."""
        if self.low.denominator.bit_length() > LONG:
            self._pause()
        low, high = sorted(k * end for end in power(a, self.p, self.bits))
        self.low, self.high = self.low + low, self.high + high
        self.terms[a] = self.terms.get(a, Fraction(0)) + k
        if self.terms[a] == 0:
            del self.terms[a]

    def sign(self) -> int:
        """Return -1, 0 or 1, by ever finer enclosures and an exact test for 0."""
        if self.low > 0 or self.high < 0:
            return 1 if self.low > 0 else -1
        if self._vanishes():
            return 0
        # Sums may agree to as many digits as their bases and p have.
        longest = max((n.bit_length() for a in self.terms for n in a.as_integer_ratio()), default=1)
        enough = max(1024, 4 * self.p.denominator.bit_length(), 4 * longest)
        enough = min(enough, MOST_BITS)
        require(self.bits < enough, f"a sum of powers could not be decided at {self.bits} bits")
        finer = PowerSum(self.p, 2 * self.bits, self._pause)
        for a, k in self.terms.items():
            self._pause()
            finer.add(k, a)
        return finer.sign()

    def _vanishes(self) -> bool:
        # With p = r/s in lowest terms, (a/b)^p is rational iff a/b = q^s for a rational q, and
        # then it is q^r. Positive real radicals with irrational ratios are linearly independent
        # over the rationals (Besicovitch 1940, Mordell 1953), so each class must vanish.
        left = dict(self.terms)
        while left:
            b, total = next(iter(left)), Fraction(0)
            for a in list(left):
                top, bottom = (_root(n, self.p.denominator) for n in (a / b).as_integer_ratio())
                if top and bottom:
                    total += left.pop(a) * Fraction(top, bottom) ** self.p.numerator
            if total:
                return False
        return True


def _root(n: int, s: int) -> int:
    """Return the s-th root of n >= 1 if that is an integer, else 0."""
    if n.bit_length() <= s:
        return int(n == 1)
    root = 1 << -(-n.bit_length() // s)
    # Newton's iteration from above falls until it is at the floor of the root.
    while (step := ((s - 1) * root + n // root ** (s - 1)) // s) < root:
        root = step
    return root if root**s == n else 0
