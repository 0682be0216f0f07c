"""Whether some set of elements, of a limited cost, meets all of given sets."""

from collections.abc import Callable, Sequence


class Covers:
    """A search through all sets of elements. `pause` is called for each case, and may raise."""

    def __init__(self, pause: Callable[[], object]) -> None:
        self._pause, self.nodes = pause, 0

    def within(self, budget: int, costs: Sequence[int], sets: Sequence[int]) -> list[int] | None:
        """Return elements, of a cost within the budget, that meet all sets; None if none do.

        Each set is given by its elements as bits. One of the smallest set is to be taken: one
        after the other is tried, and left out of what is tried later. A case is done if what is
        left of some set is empty, or if the sets are too dear: the elements of each set, one set
        after the other, give it as much of their costs as all of them have left. No matter which
        elements are taken, each gives no more than its cost, and each set gets its share from one
        of them, so that the sum of the shares is not more than the cost.
        """
        if budget < 0:
            return None
        self.nodes += 1
        self._pause()
        dear = sum(1 << k for k, cost in enumerate(costs) if cost > budget)
        return self._search(budget, costs, sorted((s & ~dear for s in sets), key=int.bit_count))

    def _search(self, budget: int, costs: Sequence[int], sets: list[int]) -> list[int] | None:
        if not sets:
            return []
        if not sets[0] or self._share(budget, costs, sets) > budget:
            return None
        left = sets
        for k in _bits(sets[0]):
            without = [s for s in left if not s >> k & 1]
            found = self.within(budget - costs[k], costs, without)
            if found is not None:
                return [k, *found]
            left = [s & ~(1 << k) for s in left]
        return None

    def _share(self, budget: int, costs: Sequence[int], sets: list[int]) -> int:
        """Add up the shares, as long as the sum is not above the budget."""
        total, most = 0, max(costs)
        # The elements that have more than c of their cost left, for c = 0, 1, ...
        more = [sum(1 << k for k, cost in enumerate(costs) if cost > c) for c in range(most)]
        for s in sets:
            share = next((c for c in range(most) if s & ~more[c]), most)
            total += share
            if total > budget:
                break
            richer = [*more[share:], *[0] * share]
            more = [m & ~s | r & s for m, r in zip(more, richer, strict=True)]
        return total


def _bits(number: int) -> list[int]:
    return [k for k in range(number.bit_length()) if number >> k & 1]
