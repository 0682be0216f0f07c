"""Linear algebra on integer vectors: over the rationals, and modulo a prime."""

from collections.abc import Callable, Iterable, Sequence
from math import gcd, isqrt

from exactsparse_check.patience import SHORT

Vector = Sequence[int]


def primitive(vector: Vector) -> tuple[int, ...]:
    """Divide out common divisors of a nonzero vector, and make its first nonzero entry positive."""
    divisor, lead = gcd(*vector), next(x for x in vector if x)
    return tuple(x // (divisor if lead > 0 else -divisor) for x in vector)


class Span:
    """The span over Q of integer vectors, as a basis in echelon form that grows.

    A vector is reduced by taking multiples of the basis from a multiple of the vector. What is
    left has integer entries, and is 0 iff the vector is in the span. `pause` is called where
    numbers are long, and may raise.
    """

    def __init__(
        self, vectors: Iterable[Vector] = (), pause: Callable[[], object] = lambda: None
    ) -> None:
        self._basis: list[tuple[int, Vector]] = []
        self._pause = pause
        for vector in vectors:
            self.add(vector)

    def rest(self, vector: Vector) -> Vector:
        """Return the vector reduced."""
        for pivot, row in self._basis:
            if b := vector[pivot]:
                a = row[pivot]
                if a.bit_length() > SHORT or b.bit_length() > SHORT:
                    self._pause()
                vector = [a * x - b * y for x, y in zip(vector, row, strict=True)]
        divisor = gcd(*vector)
        return [x // divisor for x in vector] if divisor > 1 else vector

    def add(self, vector: Vector) -> bool:
        """Take a vector in; return whether it was not in the span already."""
        rest = self.rest(vector)
        pivot = next((i for i, x in enumerate(rest) if x), None)
        if pivot is not None:
            self._basis.append((pivot, rest))
        return pivot is not None

    def copy(self, vectors: Iterable[Vector] = ()) -> "Span":
        """Return the span of more vectors, and leave this one as it is."""
        other = Span(pause=self._pause)
        other._basis = self._basis[:]
        for vector in vectors:
            other.add(vector)
        return other


def independent(vectors: Iterable[Vector]) -> list[int]:
    """Return the positions of the vectors that do not depend over Q on the ones before them."""
    span = Span()
    return [i for i, vector in enumerate(vectors) if span.add(vector)]


def spans(vectors: Iterable[Vector], target: Vector) -> bool:
    """Whether the target is in the span over Q of the vectors."""
    return not any(Span(vectors).rest(target))


def is_prime(p: int) -> bool:
    """Whether p is a prime, by trial division."""
    return p > 1 and all(p % k for k in range(2, isqrt(p) + 1))


def are_independent(vectors: Sequence[Vector], p: int) -> bool:
    """Whether vectors are independent modulo p; their entries are reduced."""
    left = list(vectors)
    while left:
        vector = left.pop()
        pivot = next((i for i, x in enumerate(vector) if x), None)
        if pivot is None:
            return False
        a = vector[pivot]
        for k, other in enumerate(left):
            if b := other[pivot]:
                left[k] = [(a * x - b * y) % p for x, y in zip(other, vector, strict=True)]
    return True


def reduced_echelon(rows: Iterable[Vector], p: int) -> tuple[list[list[int]], list[int]]:
    """Return the reduced row echelon form modulo p, without rows of zeros, and its pivots."""
    work, pivots = [[x % p for x in row] for row in rows], list[int]()
    for column in range(len(work[0]) if work else 0):
        done = len(pivots)
        found = next((r for r in range(done, len(work)) if work[r][column]), None)
        if found is None:
            continue
        work[done], work[found] = work[found], work[done]
        inverse = pow(work[done][column], -1, p)
        top = work[done] = [inverse * x % p for x in work[done]]
        for r, row in enumerate(work):
            if r != done and (b := row[column]):
                work[r] = [(x - b * y) % p for x, y in zip(row, top, strict=True)]
        pivots.append(column)
    return work[: len(pivots)], pivots


def annihilators(columns: Sequence[Vector], n: int, p: int) -> list[list[int]]:
    """Return a basis, in reduced echelon form, of the z with z . column = 0 modulo p for all."""
    echelon, pivots = reduced_echelon(columns, p)
    basis = []
    for free in sorted(set(range(n)) - set(pivots)):
        z = [int(i == free) for i in range(n)]
        for row, pivot in zip(echelon, pivots, strict=True):
            z[pivot] = -row[free]
        basis.append(z)
    return reduced_echelon(basis, p)[0]
