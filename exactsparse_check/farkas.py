"""The argument by cuts: each shows that a network needs a neuron out of a certain set.

Let x = (x, 1) be the inputs of a point. Write u = |v| (w, b) for a neuron, so that it adds
s (u . x)_+ at x, with s = 1 or -1. Let it use the inputs T only. Then u is in the closure of one
chamber (arrangement.py) of the vectors x_T, the one where it is active on the points of a mask m; a
kind of neuron is a triple (T, m, s). Only T with independent columns on all points are needed, as
else a smaller set does; and if neurons are counted, only a single one with the same span as all
inputs. Kinds with an empty mask add nothing. With a skip, (u . x)_+ may be replaced by
u . x + (-u . x)_+: of two complementary masks one will do.

Rays. As the columns of T are independent, no line is in the closed chamber, so that every u in it
is a sum of nonnegative multiples of its extreme rays, and |T| - 1 independent x_T vanish on each of
these. The vectors r and -r of which this is true, for all choices of |T| - 1 points, are listed
once; those in the closed chamber are its rays, and perhaps more. On the chamber (u . x)_+ is linear
in u at every point, so what a kind adds is a sum of nonnegative multiples of the columns
s (r . x)_+ over the points.

Cuts. Let numbers l_i be given with sum_i l_i y_i > 0, and if there is a skip, with
sum_i l_i x_i = 0. If sum_i l_i a_i <= 0 for all columns a of all neurons of a network, it does not
pass through the points. So each network has a neuron of a kind with sum_i l_i a_i > 0 for some
column a: the cut is the set of these kinds, found here from the l_i and nothing else.

Within a band, of windows m_i <= f(x_i) <= u_i, what has to be positive is the sum of l_i m_i over
the positive l_i and of l_i u_i over the negative ones, for which there must be such bounds: for any
f that meets the windows, sum_i l_i f(x_i) is no less.

Bound. A network of cost c gives a set of kinds, of a cost of at most c, that meets all cuts. That
there is none of a cost less than the claimed one is shown by going through all (covers.py). How the
solver found the cuts, and what its master program said, does not matter.
"""

from collections.abc import Callable
from fractions import Fraction
from itertools import combinations
from operator import mul
from typing import Any

from exactsparse_check.covers import Covers
from exactsparse_check.data import Points
from exactsparse_check.inequalities import relations
from exactsparse_check.linear import Vector, primitive
from exactsparse_check.network import check_network, least_sum
from exactsparse_check.neuron_types import Support, Supports, Table, masks_on
from exactsparse_check.patience import OutOfTime, Patience
from exactsparse_check.schema import require
from exactsparse_check.verdict import Outcome
from exactsparse_check.windows import asked

MOST_TYPES = 20_000


class FarkasCheck:
    """The check of one certificate; `seconds` is None if it may take any time."""

    def __init__(self, tree: Any, points: Points, seconds: float | None, done: list[str]) -> None:
        self._tree, self._points, self._seconds, self._done = tree, points, seconds, done
        self._kind, self._skip = tree["objective"]["kind"], tree["objective"]["skip"] == "affine"
        self._windows, self._tolerance, self._what = asked(tree, points)
        rows = [(*window.point, Fraction(0)) for window in self._windows]
        self._table = Table.of(rows, Patience(seconds).pause)
        self._supports = Supports(self._table, self._kind)
        self.not_replayed: list[str] = []

    @property
    def outcome(self) -> tuple[Outcome, str]:
        """The outcome, if nothing is rejected, and its reason."""
        return ("undecided", self.not_replayed[0]) if self.not_replayed else ("accepted", "")

    def run(self) -> None:
        """Check everything, or reject."""
        patience = Patience(self._seconds)
        check_network(self._tree, self._points, self._done, patience)
        value, cuts = self._tree["claim"]["value"], self._tree["lower_bound"]["cuts"]
        multipliers = [self._multipliers(k, cut, patience.pause) for k, cut in enumerate(cuts)]
        if self._supports.most_types(value - 1, len(self._windows)) > MOST_TYPES:
            self.not_replayed.append("there are too many kinds of neurons to enumerate")
            return
        patience = Patience(self._seconds)
        covers = Covers(patience.pause)
        try:
            costs, sets = self._cuts(value - 1, multipliers, patience.pause)
            self._note(f"{len(cuts)} cuts, found again among {len(costs)} kinds of neurons")
            cover = covers.within(value - 1, costs, sets)
        except OutOfTime:
            self.not_replayed.append(
                "that all cuts together cost what is claimed: this takes too long; pass --full"
            )
            return
        require(cover is None, "the cuts allow for neurons that cost less than the claimed value")
        self._note(f"that meeting all cuts costs what is claimed, by {covers.nodes} cases")
        self._note(f"that no network through these {self._what}s costs less")

    def _multipliers(self, k: int, cut: list[Fraction], pause: Callable[[], object]) -> Vector:
        """Return the numbers for the rows of the table, in integers, if they make a cut."""
        name = f"cut {k}: "
        due = len(self._windows)
        require(len(cut) == due, name + f"there are not as many numbers as {self._what}s")
        least = least_sum(cut, self._windows, self._tolerance, name + "a number", pause)
        over = "labels" if self._what == "point" else "windows"
        require(least > 0, name + f"its sum over the {over} is not positive")
        whole, _ = self._table.multipliers(cut, pause)
        if self._skip:
            sums = (sum(map(mul, whole, column)) for column in zip(*self._table.rows, strict=True))
            require(not any(sums), name + "an affine function has a sum that is not 0")
        return whole

    def _cuts(
        self, most: int, multipliers: list[Vector], pause: Callable[[], object]
    ) -> tuple[list[int], list[int]]:
        """Return the cost of each kind up to some cost, and each cut as bits of kinds."""
        costs, sets = list[int](), [0] * len(multipliers)
        for support in self._supports.of_cost(most) if most > 0 else ():
            pause()
            rays = self._rays(support, pause)
            sums = [self._sums(cut, rays, pause) for cut in multipliers]
            for mask in masks_on(self._table, support, self._skip, pause):
                pause()
                inside = [
                    j
                    for j, (above, below, _) in enumerate(rays)
                    if not above & ~mask and not below & mask
                ]
                kind = 1 << len(costs)
                costs += [self._supports.cost(support)] * 2
                for k, found in enumerate(sums):
                    sets[k] |= kind * any(found[j] > 0 for j in inside)
                    sets[k] |= kind * 2 * any(found[j] < 0 for j in inside)
        return costs, sets

    def _rays(self, support: Support, pause: Callable[[], object]) -> list[tuple[int, int, Vector]]:
        """List where r . x > 0 and where r . x < 0, as bits, and the column, of each vector r."""
        rows = [[row[c] for c in support] for row in self._table.rows]
        found: set[tuple[int, ...]] = {(1,)} if len(support) == 1 else set()
        for chosen in combinations(rows, len(support) - 1) if len(support) > 1 else ():
            pause()
            null = relations(list(zip(*chosen, strict=True)))
            if len(null) == 1:
                found.add(primitive(null[0]))
        rays = list[tuple[int, int, Vector]]()
        for r in [*found, *(tuple(-x for x in r) for r in found)]:
            values = [sum(map(mul, r, row)) for row in rows]
            above = sum(1 << i for i, x in enumerate(values) if x > 0)
            below = sum(1 << i for i, x in enumerate(values) if x < 0)
            rays.append((above, below, [max(x, 0) for x in values]))
        return rays

    def _sums(
        self, cut: Vector, rays: list[tuple[int, int, Vector]], pause: Callable[[], object]
    ) -> list[int]:
        """Return the sum of a cut over the column of each ray."""
        pause()
        return [sum(map(mul, cut, column)) for _, _, column in rays]

    def _note(self, step: str) -> None:
        self._done.append(step)
