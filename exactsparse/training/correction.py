"""Exact interpolants near dense float networks: a small change of the weights meets the labels."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import flint
import numpy as np
from numpy.typing import NDArray

from exactsparse.network import Network, Neuron, Skip
from exactsparse.patterns import IntegerTable
from exactsparse.training.parameters import Sample

Floats = NDArray[np.float64]
_SINGULAR = 1e-10


def corrected(
    table: IntegerTable,
    sample: Sample,
    neurons: Sequence[tuple[int, Floats, int]],
    skip: bool,
) -> Network | None:
    """Change the nonzero weights of a network so that it interpolates, patterns kept.

    The least change in floats comes first, then an exact one on a square part of the equations.

    Parameters
    ----------
    table : IntegerTable
        All rows.
    sample : Sample
        The same rows as floats.
    neurons : sequence of (side, weights, mask)
        ``side · (weights · x̄)₊``, active on the rows of the mask.
    skip : bool
        Whether there is a free affine part.

    Returns
    -------
    Network or None
        None where the weights would leave their patterns, or floats see no square part.
    """
    n, width = len(table), table.width
    places = [(k, int(c)) for k, (_, w, _) in enumerate(neurons) for c in np.flatnonzero(w)]
    if skip:
        places += [(len(neurons), c) for c in table.basis]
    active = np.array([[mask >> i & 1 for i in range(n)] for *_, mask in neurons] + [[1] * n])
    sides = [side for side, *_ in neurons] + [1]
    columns = np.array([sides[k] * active[k] * sample.points[c] for k, c in places]).T
    weights = np.zeros((len(neurons) + 1, width))
    for k, (_, w, _) in enumerate(neurons):
        weights[k] = w
    values = np.array([weights[k, c] for k, c in places])
    chosen = _independent(columns)
    if chosen is None:
        return None
    values += np.linalg.lstsq(columns, sample.labels - columns @ values, rcond=None)[0]
    exact = [[Fraction(0)] * width for _ in weights]
    for (k, c), value in zip(places, values.tolist(), strict=True):
        exact[k][c] = Fraction(value)
    rows = table.points.tolist()

    def height(k: int, row: list[int]) -> Fraction:
        return sum((w * x for w, x in zip(exact[k], row, strict=True) if w), Fraction(0))

    missing = [
        label - sum(sides[k] * height(k, row) for k in range(len(exact)) if active[k, i])
        for i, (row, label) in enumerate(zip(rows, table.labels.tolist(), strict=True))
    ]
    square = [
        [int(sides[k] * active[k, i]) * rows[i][c] for k, c in (places[j] for j in chosen)]
        for i in range(n)
    ]
    right = [[flint.fmpq(m.numerator, m.denominator)] for m in missing]
    try:
        change = flint.fmpq_mat(flint.fmpz_mat(square)).solve(flint.fmpq_mat(right))
    except ZeroDivisionError:
        return None
    for at, j in enumerate(chosen):
        k, c = places[j]
        exact[k][c] += Fraction(int(change[at, 0].p), int(change[at, 0].q))
    for k in range(len(neurons)):
        for i, row in enumerate(rows):
            if height(k, row) * (1 if active[k, i] else -1) < 0:
                return None
    units = tuple(
        Neuron(tuple(exact[k][:-1]), exact[k][-1], Fraction(sides[k])) for k in range(len(neurons))
    )
    affine = Skip(tuple(exact[-1][:-1]), exact[-1][-1]) if skip else None
    return Network(units, affine, width - 1)


def _independent(columns: Floats) -> list[int] | None:
    """As many well-conditioned columns as rows, each the farthest from the span of the last."""
    rest = columns.astype(np.float64)
    chosen = []
    for _ in range(len(columns)):
        norms = np.linalg.norm(rest, axis=0)
        best = int(np.argmax(norms))
        if not norms[best] > _SINGULAR * max(np.abs(columns).max(initial=0.0), 1e-300):
            return None
        direction = rest[:, best] / norms[best]
        rest = rest - np.outer(direction, direction @ rest)
        chosen.append(best)
    return chosen
