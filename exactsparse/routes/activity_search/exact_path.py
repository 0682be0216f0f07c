"""What is to be said of a path in rationals: a contradiction, or a network and a row it misses.

The one place of the search over activities where something counts as infeasible that floats did not
prove, and where a network comes from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import NamedTuple

import flint

from exactsparse.exact.cones import parameters_or_contradiction
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.network import Network, Neuron, Skip
from exactsparse.problem.residuals import missed_row
from exactsparse.routes.activity_search.kinds import Kind

# Rows, and bit j of a pattern set if neuron j is active.
Path = tuple[tuple[int, int], ...]


class Settled(NamedTuple):
    """What rationals say of a path.

    Parameters
    ----------
    network : Network or None
        A network of these activities that meets the rows of the path; None if there is none.
    missed : int or None
        A row that it misses; None if it meets all.
    contradiction : list of int
        Without a network, the bounds and cones that contradict each other: ``q (k + 1)`` for the
        bounds of the q-th row of the path, ``q (k + 1) + 1 + j`` for the cone of neuron j there.
    """

    network: Network | None
    missed: int | None
    contradiction: list[int]


def settle(table: IntegerTable, kind: Kind, path: Path, pause: Callable[[], object]) -> Settled:
    """Decide a path.

    Parameters
    ----------
    table : IntegerTable
        All rows.
    kind : Kind
        Neurons of the network.
    path : tuple of (row, pattern)
        Decided rows.
    pause : callable
        Called before every pivot; may raise to end the work.
    """
    demands = inequalities(table, kind, path)
    weights, places = parameters_or_contradiction(
        [demand.slope for demand in demands],
        [demand.value for demand in demands],
        kind.columns,
        pause,
    )
    if weights is None:
        return Settled(None, None, sorted({demands[place].code for place in places}))
    network = network_of(table, kind, weights)
    return Settled(network, missed_row(network, table), [])


def is_contradiction(table: IntegerTable, kind: Kind, path: Path, codes: list[int]) -> bool:
    """Whether some bounds and cones of a path contradict each other by their only combination.

    Parameters
    ----------
    table, kind, path
        As for :func:`settle`.
    codes : list of int
        As in :class:`Settled`.
    """
    wanted = set(codes)
    demands = [demand for demand in inequalities(table, kind, path) if demand.code in wanted]
    # Both bounds of a row have one vector, with multipliers of opposite signs.
    vectors = {d.code: [d.side * entry for entry in d.slope] for d in demands}
    if len(vectors) < len(wanted):
        return False
    # A column of zeros keeps a matrix without columns from being none.
    matrix = flint.fmpz_mat([[*vector, 0] for vector in vectors.values()]).transpose()
    null, nullity = matrix.nullspace()
    if nullity != 1:
        return False
    values = {(demand.code, demand.side): demand.value for demand in demands}
    for orientation in (1, -1):
        total = 0
        for i, code in enumerate(vectors):
            multiplier = orientation * int(null[i, 0])
            value = values.get((code, 1 if multiplier > 0 else -1)) if multiplier else 0
            if value is None:
                break
            total += abs(multiplier) * value
        else:
            if total < 0:
                return True
    return False


def children(kind: Kind, path: Path, row: int) -> Iterator[Path]:
    """The path with every activity at a further row."""
    for pattern in range(1 << len(kind.neurons)):
        if not (kind.turned and not path and pattern):
            yield (*path, (row, pattern))


class Demand(NamedTuple):
    """``slope · weights + value >= 0``.

    Parameters
    ----------
    code : int
        Bounds or cone, as in :class:`Settled`.
    side : int
        -1 for an upper bound, else 1.
    slope : list of int
        One for every weight.
    value : int
        The constant.
    """

    code: int
    side: int
    slope: list[int]
    value: int


def inequalities(table: IntegerTable, kind: Kind, path: Path) -> list[Demand]:
    """What the weights of a network must meet on a path, both bounds of a row beside each other.

    Parameters
    ----------
    table, kind, path
        As for :func:`settle`.
    """
    demands: list[Demand] = []
    for q, (row, pattern) in enumerate(path):
        point = [int(x) for x in table.points[row]]
        code = q * (len(kind.neurons) + 1)
        total: list[int] = []
        for j, (support, sign) in enumerate(kind.neurons):
            own = [point[c] for c in support]
            active = pattern >> j & 1
            cone = [0] * kind.columns
            side = sign if active else -sign
            cone[len(total) : len(total) + len(own)] = [side * x for x in own]
            total += own if active else [0] * len(own)
            demands.append(Demand(code + 1 + j, 1, cone, 0))
        total += [free_value(point[c], how) for c, how in kind.free]
        low, high = table.lower[row], table.upper[row]
        if high is not None:
            demands.append(Demand(code, -1, [-x for x in total], int(high)))
        if low is not None:
            demands.append(Demand(code, 1, total, -int(low)))
    return demands


def free_value(x: int, how: int) -> int:
    """Value of ``(x)₊``, ``(-x)₊`` or x, for 1, -1 and 0."""
    return x if how == 0 else max(how * x, 0)


def network_of(table: IntegerTable, kind: Kind, weights: list[Fraction]) -> Network:
    """The network of some weights, neurons without any left out.

    Parameters
    ----------
    table, kind
        As for :func:`settle`.
    weights : list of Fraction, length ``kind.columns``
        Those of the neurons, one after the other, then those of the free columns.
    """
    width, at = table.width, 0
    neurons = []
    for support, sign in kind.neurons:
        dense = [Fraction(0)] * width
        for c in support:
            dense[c] = sign * weights[at]
            at += 1
        if any(dense):
            neurons.append(Neuron(tuple(dense[:-1]), dense[-1], Fraction(sign)))
    affine = [Fraction(0)] * width
    for c, how in kind.free:
        weight, at = weights[at], at + 1
        if how == 0:
            affine[c] += weight
        elif weight:
            dense = [Fraction(0)] * width
            dense[c] = how * abs(weight)
            neurons.append(Neuron(tuple(dense[:-1]), dense[-1], Fraction(1 if weight > 0 else -1)))
    skip = Skip(tuple(affine[:-1]), affine[-1]) if kind.turned else None
    return Network(tuple(neurons), skip, width - 1)
