"""The argument for one feature: points x_0 < ... < x_{n-1}, affine part free of charge.

A neuron v (w x + b)_+ bends the network at its knot -b/w, by v |w|. Let s_i be the slope of
the chord from point i to point i+1, c_i = s_i - s_{i-1} for 0 < i < n-1, and f any network
through all the points.

p = 0. If c_i > 0 then f has a knot of positive bend in the open interval (x_{i-1}, x_{i+1}):
without one its slope would nowhere rise there, yet its mean is s_{i-1} left of x_i and the
larger s_i right of it. Likewise if c_i < 0. Knots of opposite bend are different, and so are
knots in disjoint intervals. So f has at least as many neurons as there are witnesses i, no
two of them of equal sign and with overlapping intervals.

0 < p <= 1. As t^p is concave and subadditive in t >= 0, f can be changed at no cost until each
i with c_i != 0 has a knot of its own, of bend c_i, or shares one, of bend c_i + c_j, with a
neighbour j = i - 1 or i + 1 of equal sign (Theorem 3.1 of Nakhleh and Nowak 2025, arXiv
2505.21791). So if z_i <= |c_i|^p for all i and z_i + z_j <= (|c_i| + |c_j|)^p for neighbours
of equal sign, f costs at least the sum of the z_i. The certificate names the indices, called
shared, at which z_i = (|c_{i-1}| + |c_i|)^p - z_{i-1}; elsewhere z_i = |c_i|^p.
"""

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from itertools import pairwise
from typing import Any

from exactsparse_check.data import Points
from exactsparse_check.patience import is_long
from exactsparse_check.powers import PowerSum
from exactsparse_check.schema import decimal, fit, in_digits, rational, require

Neuron = tuple[Fraction, Fraction, Fraction]
ONE = Fraction(1)
# A wider enclosure would say too little to be called a value.
WIDEST = Fraction(1, 10**9)


def check_univariate(
    tree: Any, points: Points, done: list[str], pause: Callable[[], object] = lambda: None
) -> None:
    """Replay a certificate for one feature, or reject it."""
    p = tree["objective"]["p"]
    between = 0 < p < 1
    value = fit(tree["claim"]["value"], (rational, rational) if between else rational if p else int)
    low, high = value if between else (Fraction(value), Fraction(value))
    indices = tree["lower_bound"]["shared" if p else "indices"]
    neurons = [(*n["weights"], n["bias"], n["output"]) for n in tree["network"]["neurons"]]
    require(all(w * v for w, _, v in neurons), "a neuron of the network is zero")
    skip = tree["network"]["skip"]
    check_fit(points, neurons, skip["weights"][0], skip["bias"], pause)
    done.append(f"that the network passes through every point: {len(points)}")
    cost = PowerSum(p, pause=pause)
    for w, _, v in neurons:
        cost.add(Fraction(1), abs(v * w))
    check_cost(cost, low, high)
    done.append(f"that the network costs what is claimed: {in_words(low, high, p)}")
    check_bound(points, indices, cost, pause)
    narrow = high - low <= WIDEST * low
    require(narrow, "the claimed value is an enclosure, but wider than 10^-9 of the value")
    by = f"a dual with {len(indices)} shared points" if p else f"{len(indices)} witnesses"
    done.append(f"that no network through these points costs less: lower bound by {by}")


def in_words(low: Fraction, high: Fraction, p: Fraction) -> str:
    """Say a value, or the middle of an enclosure and how far it may be off."""
    if not p:
        return f"{low} knots"
    if low == high:
        return f"a path norm of {in_digits(low)}"
    return (
        f"a path norm of {decimal((low + high) / 2)}, give or take {decimal((high - low) / 2, 2)}"
    )


def check_fit(
    points: Points,
    neurons: list[Neuron],
    a: Fraction,
    c: Fraction,
    pause: Callable[[], object] = lambda: None,
) -> None:
    """Reject a network that misses a point, in one sweep over its knots and the points."""
    values = values_along([x for x, _ in points], neurons, a, c, pause)
    for i, (value, (_, y)) in enumerate(zip(values, points, strict=True)):
        require(value == y, f"the network misses the point {i}, counted from 0 along x")


def values_along(
    abscissae: Iterable[Fraction],
    neurons: list[Neuron],
    a: Fraction,
    c: Fraction,
    pause: Callable[[], object] = lambda: None,
) -> Iterator[Fraction]:
    """Give what a network with the affine part a x + c computes at ascending abscissae."""
    knots = sorted(((-b / w, v * abs(w), w < 0) for w, b, v in neurons), reverse=True)
    # Far to the left just the neurons with w < 0 are active. Added from the right, they give
    # slopes of the network itself, not sums that grow and grow in length.
    for knot, bend, active in knots:
        if is_long(a, c):
            pause()
        if active:
            a, c = a - bend, c + bend * knot
    for x in abscissae:
        while knots and knots[-1][0] <= x:
            if is_long(a, c):
                pause()
            knot, bend, _ = knots.pop()
            a, c = a + bend, c - bend * knot
        if is_long(a, c, x):
            pause()
        yield a * x + c


def check_cost(cost: PowerSum, low: Fraction, high: Fraction) -> None:
    """Reject a cost outside of [low, high]."""
    for side, end in (1, low), (-1, high):
        cost.add(-end, ONE)
        require(side * cost.sign() >= 0, "the network's cost is not the claimed one")
        cost.add(end, ONE)


def check_bound(
    points: Points, indices: list[int], cost: PowerSum, pause: Callable[[], object] = lambda: None
) -> None:
    """Reject a lower bound that does not hold, or is not the cost."""
    s: list[Fraction] = []
    c: list[Fraction] = []
    for o, q in pairwise(points):
        s.append((q[1] - o[1]) / (q[0] - o[0]))
        c.append(s[-1] - s[-2] if c else Fraction(0))
        if is_long(s[-1]):
            pause()
    # The end points have c = 0, which is of neither sign.
    c.append(Fraction(0))
    bends = all(0 < i < len(s) and c[i] for i in indices)
    require(bends, "the lower bound names an index without curvature")
    ordered = all(i < j for i, j in pairwise(indices))
    require(ordered, "the indices of the lower bound are not strictly increasing")
    if cost.p:
        _subtract_dual(c, indices, cost, pause)
    else:
        _subtract_witnesses(c, indices, cost)
    require(cost.sign() == 0, "the network's cost is not the lower bound")


def _subtract_witnesses(c: list[Fraction], witnesses: list[int], cost: PowerSum) -> None:
    last = {True: -1, False: -1}
    for i in witnesses:
        require(i - last[c[i] > 0] >= 2, f"the witness {i} overlaps another of its sign")
        last[c[i] > 0] = i
        cost.add(-ONE, ONE)


def _subtract_dual(
    c: list[Fraction], indices: list[int], cost: PowerSum, pause: Callable[[], object]
) -> None:
    shared = set(indices)
    z, parity = PowerSum(cost.p, pause=pause), ONE
    for i, own in enumerate(map(abs, c)):
        both, pair = abs(c[i - 1]) + own, c[i - 1] * c[i] > 0
        require(pair or i not in shared, f"the index {i} has no neighbour to share with")
        if pair:
            # z_{i-1} is parity * z, so that along a chain no sum is built twice.
            z.add(-parity, both)
            z.add(parity, own)
            excess = parity * z.sign()  # of |c_i|^p over (|c_{i-1}| + |c_i|)^p - z_{i-1}
            lesser = excess >= 0 if i in shared else excess <= 0
            require(lesser, f"the dual breaks an inequality at the index {i}")
            z.add(-parity, own)
            parity = -parity
        if own and i not in shared:
            z, parity = PowerSum(cost.p, pause=pause), ONE
            z.add(ONE, own)
    i = len(c) - 1
    while i > 0:
        # At a shared i, z_{i-1} + z_i is a single power.
        if c[i]:
            cost.add(-ONE, abs(c[i - 1]) + abs(c[i]) if i in shared else abs(c[i]))
        i -= 2 if i in shared else 1
