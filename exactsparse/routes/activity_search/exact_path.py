"""What is to be said of a path in rationals: a contradiction, or a network and a row it misses.

The one place of the search over activities where something counts as infeasible that floats did not
prove, and where a network comes from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import NamedTuple

from exactsparse.exact.cones import nonnegative_parameters
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
    """

    network: Network | None
    missed: int | None


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
    slopes, values = inequalities(table, kind, path)
    weights = nonnegative_parameters(slopes, values, kind.columns, pause)
    if weights is None:
        return Settled(None, None)
    network = _network(table, kind, weights)
    return Settled(network, missed_row(network, table))


def children(kind: Kind, path: Path, row: int) -> Iterator[Path]:
    """The path with every activity at a further row."""
    for pattern in range(1 << len(kind.neurons)):
        if not (kind.turned and not path and pattern):
            yield (*path, (row, pattern))


def inequalities(table: IntegerTable, kind: Kind, path: Path) -> tuple[list[list[int]], list[int]]:
    """Slopes and constants of what is to be nonnegative in the weights.

    Parameters
    ----------
    table, kind, path
        As for :func:`settle`.

    Returns
    -------
    slopes : list of list of int
        One per inequality, in the order upper bound, lower bound, cone of every neuron, for every
        row; bounds that are none, and inequalities that always hold, are left out.
    values : list of int
        Their constants.
    """
    slopes: list[list[int]] = []
    values: list[int] = []

    def demand(slope: list[int], value: int) -> None:
        if any(slope) or value < 0:
            slopes.append(slope)
            values.append(value)

    for row, pattern in path:
        point = [int(x) for x in table.points[row]]
        total: list[int] = []
        cones: list[list[int]] = []
        for j, (support, sign) in enumerate(kind.neurons):
            own = [point[c] for c in support]
            active = pattern >> j & 1
            cone = [0] * kind.columns
            side = sign if active else -sign
            cone[len(total) : len(total) + len(own)] = [side * x for x in own]
            cones.append(cone)
            total += own if active else [0] * len(own)
        total += [free_value(point[c], how) for c, how in kind.free]
        low, high = table.lower[row], table.upper[row]
        if high is not None:
            demand([-x for x in total], int(high))
        if low is not None:
            demand(total, -int(low))
        for cone in cones:
            demand(cone, 0)
    return slopes, values


def free_value(x: int, how: int) -> int:
    """Value of ``(x)₊``, ``(-x)₊`` or x, for 1, -1 and 0."""
    return x if how == 0 else max(how * x, 0)


def _network(table: IntegerTable, kind: Kind, weights: list[Fraction]) -> Network:
    """The network of some weights, neurons without any left out."""
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
