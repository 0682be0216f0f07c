"""The least of finitely many sums of powers as a function of the exponent, exactly.

Of two different sums the zeros of the difference in (0, 1) are isolated rigorously, so that the sum
that is least near 0 is known, and then, breakpoint by breakpoint, the next one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from exactsparse.errors import UndecidedError
from exactsparse.exact.powers import Enclosure, PowerSum
from exactsparse.exact.roots import Root, roots
from exactsparse.progress import Deadline

Sizes = tuple[Fraction, ...]

START = Root(Enclosure(Fraction(0), Fraction(0)), simple=True)
END = Root(Enclosure(Fraction(1), Fraction(1)), simple=True)


@dataclass(frozen=True)
class Piece:
    """The sum that is least strictly between two breakpoints.

    Parameters
    ----------
    lower, upper : Root
        The breakpoints; at a simple one the least sum changes, at another it may be met by others.
    sizes : tuple of Fraction
        Bases of the sum.
    met : tuple of tuples of Fraction
        Bases of other sums that are as small at the upper breakpoint, or may be.
    """

    lower: Root
    upper: Root
    sizes: Sizes
    met: tuple[Sizes, ...]


class Envelope:
    """The least of some sums on (0, 1).

    Parameters
    ----------
    sums : iterable of tuples of Fraction
        Bases of the sums, positive and sorted; no two sums have the same.
    deadline : Deadline
        Raises Stopped once it has passed.
    """

    def __init__(self, sums: Iterable[Sizes], deadline: Deadline) -> None:
        self.sums = list(sums)
        self.deadline = deadline
        self._known: dict[tuple[Sizes, Sizes], tuple[PowerSum, list[Root]]] = {}

    def pieces(self) -> list[Piece]:
        """Pieces in ascending order.

        Raises
        ------
        UndecidedError
            If breakpoints cannot be told apart, or from the ends.
        """
        found: list[Piece] = []
        lower, least = START, self._least(START, self.sums)
        while True:
            crossings = [
                (root, other)
                for other in self.sums
                if other != least and (root := self._next(least, other, lower)) is not None
            ]
            if not crossings:
                return [*found, Piece(lower, END, least, ())]
            crossings.sort(key=lambda crossing: crossing[0].enclosure)
            cut, met = crossings[0][0].enclosure, []
            for root, other in crossings:
                if root.enclosure.overlaps(cut):
                    cut = cut.hull(root.enclosure)
                    met.append((root, other))
            simple = len(met) == 1 and met[0][0].simple
            upper = Root(cut, simple)
            found.append(Piece(lower, upper, least, tuple(other for _, other in met)))
            lower, least = upper, self._least(upper, [least, *(other for _, other in met)])

    def _zeros(self, left: Sizes, right: Sizes) -> tuple[PowerSum, list[Root]]:
        """Difference of two sums, and its zeros."""
        if (left, right) not in self._known:
            self.deadline.check()
            total = PowerSum((size, 1) for size in left)
            for size in right:
                total.add(size, -1)
            self._known[left, right] = total, roots(total, self.deadline)
        return self._known[left, right]

    def _next(self, least: Sizes, other: Sizes, after: Root) -> Root | None:
        """The first zero after a breakpoint."""
        _, zeros = self._zeros(least, other)
        return next((z for z in zeros if z.enclosure.lower > after.enclosure.upper), None)

    def _least(self, after: Root, sums: Sequence[Sizes]) -> Sizes:
        """The least sum just behind a breakpoint."""
        least = sums[0]
        for other in sums[1:]:
            total, zeros = self._zeros(least, other)
            # Behind zeros that cannot be told from the breakpoint, which becomes theirs.
            beyond = max(
                [after.enclosure.upper]
                + [z.enclosure.upper for z in zeros if z.enclosure.overlaps(after.enclosure)]
            )
            following = min(
                [Fraction(1)] + [z.enclosure.lower for z in zeros if z.enclosure.lower > beyond]
            )
            if not beyond < following or (after is START and beyond > 0):
                raise UndecidedError("breakpoints of the path over p cannot be told apart")
            if total.sign_at((beyond + following) / 2) > 0:
                least = other
        return least
