"""The argument by prices: the least path norm with p = 1 of any number of features.

Let x = (x, 1) be the inputs of a point, and |w| the sum of the absolute entries of w. The path norm
of a network is the sum of |u| over its neurons, u = |v| (w, b), each of which adds s (u . x)_+ at
x, with s = 1 or -1. Let numbers l_i be given, one per point, and if there is a skip, with
sum_i l_i x_i = 0. If

    |sum_i l_i (u . x_i)_+| <= |u|  for all u,

then sum_i l_i y_i, which is the sum over the neurons of s sum_i l_i (u . x_i)_+, is at most the
path norm of any network through the points.

Within a band, of windows m_i <= f(x_i) <= u_i, the sum over the neurons is sum_i l_i f(x_i), which
is at least the sum of l_i m_i over the positive l_i and of l_i u_i over the negative ones: a price
above 0 stands on the lower bound, one below 0 on the upper one, and there must be such a bound.

Rays. The hyperplanes x_i . u = 0 and u_c = 0 cut space into cells on which all (u . x_i)_+ and |u|
are linear in u. No line is in a closed cell, as the u_c keep their signs: each u in it is a sum of
nonnegative multiples of its extreme rays, and if the inequality holds for these it holds for u. An
extreme ray is where all but one of as many independent hyperplanes meet as there are inputs; all
such lines are gone through here, both ways.
"""

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations
from math import comb
from operator import mul
from typing import Any

from exactsparse_check.data import Points
from exactsparse_check.inequalities import relations
from exactsparse_check.linear import Vector, primitive
from exactsparse_check.network import Network, dot, least_sum
from exactsparse_check.neuron_types import Table
from exactsparse_check.patience import OutOfTime, Patience
from exactsparse_check.schema import in_digits, require
from exactsparse_check.verdict import Outcome
from exactsparse_check.windows import asked

TOO_HIGH = "the prices are too high for some neuron"


class RayCheck:
    """The check of one certificate; `seconds` is None if it may take any time."""

    def __init__(self, tree: Any, points: Points, seconds: float | None, done: list[str]) -> None:
        self._tree, self._seconds, self._done = tree, seconds, done
        skip = tree["objective"]["skip"]
        # Of one feature with a skip, the path norm counts no biases: univariate.py.
        width = tree["data"]["n_features"]
        require(skip == "none" or width > 1, "malformed: unknown objective")
        self._skip = skip == "affine"
        self._windows, self._tolerance, self._what = asked(tree, points)
        rows = [(*window.point, Fraction(0)) for window in self._windows]
        self._table = Table.of(rows, Patience(seconds).pause)
        self.not_replayed: list[str] = []

    @property
    def outcome(self) -> tuple[Outcome, str]:
        """The outcome, if nothing is rejected, and its reason."""
        return ("undecided", self.not_replayed[0]) if self.not_replayed else ("accepted", "")

    def run(self) -> None:
        """Check everything, or reject."""
        value = self._tree["claim"]["value"]
        patience = Patience(self._seconds)
        self._check_network(value, patience)
        prices = self._tree["lower_bound"]["duals"]
        due = len(self._windows)
        require(len(prices) == due, "there are not as many prices as points")
        bound = least_sum(prices, self._windows, self._tolerance, "a price", patience.pause)
        require(bound >= value, "the prices prove less than what is claimed")
        whole, common = self._table.multipliers(prices, patience.pause)
        if self._skip:
            sums = (sum(map(mul, whole, column)) for column in zip(*self._table.rows, strict=True))
            require(not any(sums), "an affine function has a price that is not 0")
        self._check_prices(whole, common)

    def _check_network(self, value: Fraction, patience: Patience) -> None:
        network = Network(self._tree["network"], self._tree["data"]["n_features"], self._skip)
        network.check_windows(self._windows, self._tolerance, self._what, patience)
        met = f"{self._what}: {len(self._windows)}"
        self._done.append(f"that the network passes through every {met}")
        outputs = (abs(v) for inputs, v in network.neurons for _ in inputs)
        weights = (abs(w) for inputs, _ in network.neurons for w in inputs)
        cost = dot(outputs, weights, patience.pause)
        require(cost == value, "the network's cost is not as claimed")
        self._done.append(
            f"that the network costs what is claimed: a path norm of {in_digits(value)}"
        )

    def _check_prices(self, whole: Vector, common: int) -> None:
        """Reject prices that are too high for a neuron on a ray."""
        patience, count = Patience(self._seconds), 0
        planes = self._planes()
        choices = comb(len(planes), len(planes[0]) - 1)
        try:
            for ray in self._rays(planes):
                patience.pause()
                count += 1
                most = common * sum(map(abs, ray))
                heights = [sum(map(mul, ray, row)) for row in self._table.rows]
                for side in (1, -1):
                    active = (max(side * height, 0) for height in heights)
                    require(abs(sum(map(mul, whole, active))) <= most, TOO_HIGH)
        except OutOfTime:
            self.not_replayed.append(
                f"that the prices respect all neurons: {count} of up to {choices} rays were gone "
                "through; pass --full"
            )
            return
        self._done.append(f"that the prices respect all neurons, on {count} rays both ways")
        self._done.append(f"that no network through these {self._what}s costs less")

    def _planes(self) -> list[Vector]:
        """List the normals of the different hyperplanes."""
        width = len(self._table.rows[0])
        units = [[int(i == c) for i in range(width)] for c in range(width)]
        return list(dict.fromkeys(primitive(row) for row in [*units, *self._table.rows]))

    def _rays(self, planes: list[Vector]) -> Iterator[Vector]:
        """Give each line in which hyperplanes meet, some of them more than once."""
        for chosen in combinations(planes, len(planes[0]) - 1):
            null = relations(list(zip(*chosen, strict=True)))
            if len(null) == 1:
                yield primitive(null[0])
