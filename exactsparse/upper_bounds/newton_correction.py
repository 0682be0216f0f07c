"""Exact interpolants near dense networks: a small change of the weights meets the labels.

Where there are far more weights than rows, exact linear programs take too long, but there is room:
the least change in floats (one step of Newton's method) is followed by an exact one on a square
part of the equations, and the patterns are checked afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import flint
import numpy as np
from numpy.typing import NDArray

from exactsparse.exact.numbers import over_common_denominator, to_float
from exactsparse.patterns.neuron_types import NeuronType
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.network import Network, Neuron, Skip
from exactsparse.upper_bounds.budget import BUDGET

Floats = NDArray[np.float64]
_SINGULAR = 1e-10


def correct(
    table: IntegerTable,
    types: Sequence[NeuronType],
    signs: Sequence[int],
    weights: Sequence[Sequence[Fraction]],
    skip: Skip | None,
) -> Network | None:
    """Change the weights of a network so that it interpolates, types kept.

    Parameters
    ----------
    table : IntegerTable
        All rows.
    types : sequence of NeuronType
        Supports, and patterns on all rows.
    signs : sequence of int
        Signs of the output weights, 1 or −1.
    weights : sequence of (sequence of Fraction, length D)
        Input weights and bias of every neuron, with output weights of size 1.
    skip : Skip or None
        The free affine part.

    Returns
    -------
    Network or None
        None where the weights would leave their patterns, floats see no square part, or there are
        too many rows.
    """
    n, width = len(table), table.width
    active = [t.active(n) for t in types]
    places = [(k, c) for k, t in enumerate(types) for c in t.support]
    columns = [np.where(active[k], signs[k] * table.points[:, c], 0) for k, c in places]
    start = [weights[k][c] for k, c in places]
    if skip is not None:
        places += [(len(types), c) for c in table.basis]
        columns += [table.points[:, c] for c in table.basis]
        start += [(*skip.weights, skip.bias)[c] for c in table.basis]
    if n * n * len(places) > BUDGET.most_products or len(places) < n:
        return None
    matrix = np.array(columns, dtype=object).T
    scales = table.points[:, -1]
    rough = np.array(matrix / scales[:, None], dtype=np.float64)
    labels = np.array(
        [to_float(Fraction(y, int(s))) for y, s in zip(table.labels, scales, strict=True)]
    )
    values = np.array([to_float(value) for value in start])
    if not all(np.isfinite(part).all() for part in (rough, labels, values)):
        return None
    chosen = _independent(rough)
    if chosen is None:
        return None
    values += np.linalg.lstsq(rough, labels - rough @ values, rcond=None)[0]
    exact = [Fraction(value) for value in values.tolist()]
    integers, denominator = over_common_denominator(exact)
    missing = table.labels * denominator - matrix.dot(np.array(integers, dtype=object))
    square = flint.fmpz_mat(matrix[:, chosen].tolist())
    try:
        change = square.solve(flint.fmpz_mat([[int(m)] for m in missing]))
    except ZeroDivisionError:
        return None
    for at, j in enumerate(chosen):
        exact[j] += Fraction(int(change[at, 0].p), int(change[at, 0].q) * denominator)
    rows = [[Fraction(0)] * width for _ in range(len(types) + 1)]
    for (k, c), value in zip(places, exact, strict=True):
        rows[k][c] = value
    for row, on in zip(rows[:-1], active, strict=True):
        heights = table.points.dot(np.array(over_common_denominator(row)[0], dtype=object))
        if (np.where(on, heights, -heights) < 0).any():
            return None
    neurons = tuple(
        Neuron(tuple(row[:-1]), row[-1], Fraction(sign))
        for row, sign in zip(rows[:-1], signs, strict=True)
    )
    affine = None if skip is None else Skip(tuple(rows[-1][:-1]), rows[-1][-1])
    return Network(neurons, affine, width - 1)


def _independent(columns: Floats) -> list[int] | None:
    """As many well-conditioned columns as rows, each the farthest from the span of the last."""
    rest = columns.copy()
    least = _SINGULAR * max(np.abs(columns).max(initial=0.0), np.finfo(float).tiny)
    chosen = []
    for _ in range(len(columns)):
        norms = np.linalg.norm(rest, axis=0)
        best = int(np.argmax(norms))
        if not norms[best] > least:
            return None
        direction = rest[:, best] / norms[best]
        rest -= np.outer(direction, direction @ rest)
        chosen.append(best)
    return chosen
