"""Whether a law meets all its points: evaluation at every row, in one pass.

A law is made of lines through two neighbouring points each.  A point with a knot of its own is on
both lines that end there.  A point without a knot is on its line if and only if it and its
neighbours are on one line; two points that share a knot are on theirs if the knot, where the lines
meet, lies between them: if and only if the slope changes at both have the same sign.  These
determinants of three points are computed anew from the coordinates, in float64 with a bound of its
error, in exact products or in integers, and at last in rationals.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from exactsparse.exact.orientation import decide_read_signs, reading_offs
from exactsparse.problem.network import Network
from exactsparse.routes.univariate.piecewise_linear import PiecewiseLinear
from exactsparse.routes.univariate.points import COMPILED_FROM, Points

_CHUNK = 1 << 18
# The pass over long data is bound by memory, and waits less in two threads.
_THREADS = 2


def meets_all_points(law: PiecewiseLinear) -> bool:
    """Whether a law interpolates, exact.

    Parameters
    ----------
    law : PiecewiseLinear
        Of any origin; its signs are tested like its knots.

    Examples
    --------
    >>> import exactsparse as es
    >>> law = es.solve([0, 1, 2, 3], [0, 0, 1, 3]).law
    >>> meets_all_points(law)
    True
    >>> meets_all_points(es.PiecewiseLinear(law.points, ~law.shared))
    False
    """
    points, shared = law.points, law.shared
    n, signs = len(points), points.signs
    if len(signs) != n or len(shared) != n or signs[0] or signs[-1]:
        return False
    if shared[0] or shared[max(n - 2, 0) :].any():
        return False
    if n < COMPILED_FROM or not points.is_float64:
        return _in_rationals(points, shared)
    test = partial(_by_reading if points.is_rounded else _by_floats, points, shared)
    starts = range(1, n - 1, _CHUNK)
    if len(starts) == 1:
        return test(1)
    with ThreadPoolExecutor(_THREADS) as threads:
        return all(threads.map(test, starts))


def network_meets_all_points(network: Network, points: Points) -> bool:
    """Whether a network of one feature with neurons ``v (x − t)₊`` interpolates, exact.

    Parameters
    ----------
    network : Network
        The neurons in ascending order of their kinks, as laws write them.
    points : Points
        The data.
    """
    skip, neurons = network.skip, network.neurons
    kinks = [-neuron.bias for neuron in neurons]
    if skip is None or any(list(neuron.weights) != [1] for neuron in neurons):
        return False
    if any(after < before for before, after in pairwise(kinks)):
        return False
    slope, intercept, k = skip.weights[0], skip.bias, 0
    for i in range(len(points)):
        x = points.x[i]
        while k < len(kinks) and kinks[k] < x:
            slope, intercept = slope + neurons[k].output, intercept - neurons[k].output * kinks[k]
            k += 1
        if slope * x + intercept != points.y[i]:
            return False
    return True


def _in_rationals(points: Points, shared: NDArray[np.bool_]) -> bool:
    signs, matters = points.signs, _matters(points, shared)
    if matters is None:
        return False
    x, y = points.x.values, points.y.values
    at = np.flatnonzero(matters[1:-1]) + 1
    left = (y[at + 1] - y[at]) * (x[at] - x[at - 1])
    right = (y[at] - y[at - 1]) * (x[at + 1] - x[at])
    return bool(((left > right) == (signs[at] > 0)).all() and
                ((left < right) == (signs[at] < 0)).all())  # fmt: skip


def _matters(points: Points, shared: NDArray[np.bool_]) -> NDArray[np.bool_] | None:
    """Where signs decide whether points are met; None where knots are shared as none can be."""
    signs, pairs = points.signs, np.flatnonzero(shared)
    if (signs[pairs] != signs[pairs + 1]).any() or shared[pairs + 1].any():
        return None
    if not signs[pairs].all():
        return None
    matters: NDArray[np.bool_] = signs == 0
    matters[pairs] = matters[pairs + 1] = True
    return matters


def _by_reading(points: Points, shared: NDArray[np.bool_], first: int) -> bool:
    """Whether a stretch of points is met, where floats stand for numbers beside them."""
    from exactsparse.exact.reading_kernels import read_determinants
    from exactsparse.routes.univariate.interpolation_kernel import is_missed

    x, y = points.x, points.y
    stop = min(first + _CHUNK, len(x) - 1)
    found = np.empty(stop - first, dtype=np.int8)
    read_determinants(x.values, y.values, *reading_offs(x, y), found, first)
    decide_read_signs(x, y, found, first)
    return not is_missed(points.signs, shared, first, found)


def _by_floats(points: Points, shared: NDArray[np.bool_], first: int) -> bool:
    """Whether a stretch of points is met; in floats as far as their bound decides."""
    from exactsparse.exact.kernels import UNDECIDED, exact_signs
    from exactsparse.routes.univariate.interpolation_kernel import filter_rows

    x, y, signs = points.x.values, points.y.values, points.signs
    stop = min(first + _CHUNK, len(x) - 1)
    found = np.ones(stop - first + 2, dtype=np.int8)
    own, claimed = found[1:-1], signs[first:stop]
    outcome = filter_rows(x, y, signs, shared, first, own)
    if outcome <= 0:
        return bool(outcome == 0)
    was_open = own == 0
    exact_signs(x[first - 1 : stop + 1], y[first - 1 : stop + 1], found, 1, stop - first + 1)
    left = np.flatnonzero(was_open & (own != claimed))
    return all(
        own[i] == UNDECIDED and _rational_sign(points, first + i) == claimed[i]
        for i in left.tolist()
    )


def _rational_sign(points: Points, i: int) -> int:
    change = points.slope(i) - points.slope(i - 1)
    return (change > 0) - (change < 0)
