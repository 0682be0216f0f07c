"""Interpolants that are at hand before any search, all exact.

* Along a direction in which the points are distinct, ``N`` neurons ``(t − tᵢ)₊`` interpolate; along
  a coordinate they have two parameters each.
* Sets of types with N columns in all determine their weights, and some of them have the signs that
  the types ask for.  Many are tried in float64; what seems to fit is solved in rationals.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from exactsparse.network import Network, Neuron, Skip
from exactsparse.patterns import IntegerTable, NeuronType, complete, types_on, useful_supports
from exactsparse.progress import Deadline
from exactsparse.search.sampling import sample_sets

_MOST_TYPES = 20_000
_MOST_ROWS = 40
_ROUNDS = 40
_SAMPLES = 50_000
_MOST_CHORDS = 5_000


def along_a_direction(table: IntegerTable, objective: str, skip: bool) -> Network:
    """Interpolate along the best coordinate with distinct values, or else an integer direction."""
    d = table.width - 1
    candidates: list[Network] = []
    enough = 1 + _MOST_CHORDS // len(table)
    for c in range(d):
        direction = tuple(int(i == c) for i in range(d))
        if len(candidates) < enough and (network := _chords(table, direction, skip)) is not None:
            candidates.append(network)
    m = 2
    while not candidates:
        # Some curve point (1, m, m², …) separates all pairs of points.
        if (network := _chords(table, tuple(m**i for i in range(d)), skip)) is not None:
            candidates.append(network)
        m += 1
    return min(candidates, key=lambda n: n.n_neurons if objective == "neurons" else n.n_parameters)


def _chords(table: IntegerTable, direction: tuple[int, ...], skip: bool) -> Network | None:
    """Connect neighbours along a direction; None if two points coincide in it."""
    d = table.width - 1
    along = table.points[:, :d].dot(np.array(direction, dtype=object))
    scales = table.points[:, d]
    where = [Fraction(int(a), int(s)) for a, s in zip(along, scales, strict=True)]
    if len(set(where)) < len(where):
        return None
    order = sorted(range(len(where)), key=where.__getitem__)
    places = [where[i] for i in order]
    labels = [Fraction(int(table.labels[i]), int(scales[i])) for i in order]
    if not skip:
        # Start from 0, one unit before the first point.
        places.insert(0, places[0] - 1)
        labels.insert(0, Fraction(0))
    slopes = [
        (labels[i + 1] - labels[i]) / (places[i + 1] - places[i]) for i in range(len(places) - 1)
    ]
    affine = None
    if skip:
        slope = slopes[0] if slopes else Fraction(0)
        affine = Skip(tuple(slope * w for w in direction), labels[0] - slope * places[0])
    else:
        slopes.insert(0, Fraction(0))
        places.insert(0, places[0])
    neurons = tuple(
        Neuron(tuple(map(Fraction, direction)), -place, after - before)
        for place, before, after in zip(places[1:], slopes, slopes[1:], strict=False)
        if after != before
    )
    return Network(neurons, affine, d)


def square_systems(
    table: IntegerTable, objective: str, skip: bool, deadline: Deadline
) -> Network | None:
    """A network with N parameters, none through the skip, found by drawing sets of types.

    The draws are the same in every run.  None if nothing was found, or there are too many types.
    """
    n = len(table)
    if skip or objective != "parameters" or n > _MOST_ROWS:
        return None
    supports = useful_supports(table, objective, 3)
    if sum(2 * n ** (len(s) - 1) for s in supports) > _MOST_TYPES:
        return None
    types = [t for support in supports for t in types_on(table, support) if t.mask]
    types.sort(key=lambda t: len(t.support))
    sizes = np.array([len(t.support) for t in types], dtype=np.int64)
    widest = int(sizes[-1])
    inputs = np.array([[*t.support, *[-1] * (widest - len(t.support))] for t in types])
    masks = np.array([t.active(n) for t in types])
    firsts = np.searchsorted(sizes, np.arange(widest + 2))
    scale = np.array([max(abs(v) for v in (*row, 1)) for row in table.points], dtype=object)
    points = (table.points / scale[:, None]).astype(np.float64)
    labels = (table.labels / scale).astype(np.float64)
    largest = np.abs(labels).max()
    if not (largest > 0 and np.isfinite(labels).all()):
        return None
    found = np.empty((16, n), dtype=np.int64)
    for seed in range(_ROUNDS):
        deadline.check()
        count = sample_sets(
            points, labels / largest, inputs, sizes, masks, firsts, seed, _SAMPLES, found
        )
        for k in range(count):
            chosen: list[NeuronType] = [types[t] for t in found[k] if t >= 0]
            network = complete(table, range(n), chosen, skip, deadline)
            if network is not None:
                return network
    return None
