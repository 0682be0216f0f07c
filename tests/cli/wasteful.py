"""Networks for the commands, one of them with neurons that it does not need."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import exactsparse as es


def network(rows: Sequence[Sequence[Any]], skip: Sequence[Any] | None = None) -> es.Network:
    """Neurons from rows ``w…, b, v``."""
    neurons = tuple(
        es.Neuron(tuple(map(Fraction, w)), Fraction(b), Fraction(v)) for *w, b, v in rows
    )
    part = skip and es.Skip(tuple(map(Fraction, skip[:-1])), Fraction(skip[-1]))
    return es.Network(neurons, part or None, len(rows[0]) - 2)


# Peak and plateau with a knot at every bend, one of them split in two, and two dead neurons.  The
# knots at 0 and 1 are one knot at 1/2 on the data.
WASTEFUL = network(
    [(1, 1, "1/2"), (2, 2, "1/4"), (1, 0, -1), (1, -1, -1), (1, -2, 1), (1, -9, 5), (3, 1, 0)],
    (0, 0),
)
