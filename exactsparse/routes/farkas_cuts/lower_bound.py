"""Least cost of a set that meets all cuts: lower bounds by exact branch and bound.

Costs are small integers, sets are bits of Python integers, and nothing is rounded.  A node gives
every cut, the ones of fewest elements first, as much of the costs of its elements as is left (a
feasible dual of the covering program, so that the sum is a lower bound), and branches on the
elements of a smallest cut; an element that was branched on is out for the branches after it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

Cut = int


class NodeLimit(Exception):
    """Raised when a search has visited as many nodes as it may."""


class HittingSets:
    """Elements of given costs, and cuts of which each needs one of its elements.

    Parameters
    ----------
    costs : sequence of int
        Positive cost of every element.
    """

    def __init__(self, costs: Sequence[int]) -> None:
        self._costs = list(costs)
        # Bit k of the level c is set where element k costs more than c.
        self._levels = [
            sum(1 << k for k, cost in enumerate(costs) if cost > level)
            for level in range(max(costs, default=0))
        ]
        self.nodes = 0
        self._last: int | None = None
        self._rank: list[tuple[int, int]] = []

    def any_within(
        self,
        cuts: Sequence[Cut],
        budget: int,
        pause: Callable[[], None],
        most_nodes: int | None = None,
    ) -> list[int] | None:
        """A set of cost at most ``budget`` that meets all cuts; None if and only if there is none.

        Parameters
        ----------
        cuts : sequence of int
            Sets of elements as bits.
        budget : int
            Most cost.
        pause : callable
            Called at every node; may raise to end the work.
        most_nodes : int, optional
            How many nodes to visit.

        Raises
        ------
        NodeLimit
            If these were not enough.
        """
        self._last = None if most_nodes is None else self.nodes + most_nodes
        # Elements of many cuts first: a hit is found soon, and later branches are without them.
        often = [sum(cut >> k & 1 for cut in cuts) for k in range(len(self._costs))]
        self._rank = [(-count, cost) for count, cost in zip(often, self._costs, strict=True)]
        if budget < 0:
            return None
        return self._search(sorted(cuts, key=int.bit_count), budget, pause)

    def _search(self, cuts: list[Cut], budget: int, pause: Callable[[], None]) -> list[int] | None:
        pause()
        if self.nodes == self._last:
            raise NodeLimit
        self.nodes += 1
        if not cuts:
            return []
        if self._bound(cuts, budget) > budget:
            return None
        allowed = -1
        for k in sorted(_bits(cuts[0]), key=self._rank.__getitem__):
            allowed &= ~(1 << k)
            left = budget - self._costs[k]
            # Elements that are too costly now are too costly in the whole branch.
            costly = self._levels[left] if 0 <= left < len(self._levels) else 0
            if left >= 0:
                rest = [cut & allowed & ~costly for cut in cuts if not cut >> k & 1]
                if all(rest):
                    found = self._search(sorted(rest, key=int.bit_count), left, pause)
                    if found is not None:
                        return [k, *found]
        return None

    def _bound(self, cuts: list[Cut], enough: int) -> int:
        """A lower bound of the cost of meeting all cuts; it may stop above ``enough``."""
        levels = self._levels[:]
        total = 0
        for cut in cuts:
            given = 0
            while given < len(levels) and not cut & ~levels[given]:
                given += 1
            if given:
                total += given
                if total > enough:
                    break
                levels = [
                    (level & ~cut) | (cut & levels[c + given] if c + given < len(levels) else 0)
                    for c, level in enumerate(levels)
                ]
        return total


def _bits(number: int) -> list[int]:
    return [k for k in range(number.bit_length()) if number >> k & 1]


def minimal_cuts(cuts: Sequence[Cut]) -> list[int]:
    """Positions of cuts that contain no other; the first of equal ones.

    Parameters
    ----------
    cuts : sequence of int
        Sets of elements as bits.
    """
    kept: list[int] = []
    for k in sorted(range(len(cuts)), key=lambda k: (cuts[k].bit_count(), k)):
        if not any(cuts[j] & ~cuts[k] == 0 for j in kept):
            kept.append(k)
    return sorted(kept)
