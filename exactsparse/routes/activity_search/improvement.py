"""A network moved nearer to the labels: by floats over activities, then exactly on those it has."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.network import Network
from exactsparse.progress import Deadline
from exactsparse.routes.activity_search.exact_path import Path
from exactsparse.routes.activity_search.exact_tolerance import Farthest, farthest, least_within
from exactsparse.routes.activity_search.kinds import Kind
from exactsparse.upper_bounds.band_fit import FloatBand, Shape, fit
from exactsparse.upper_bounds.few_digits import in_floats

# Margins and heights that floats do not tell from the least, and from 0.
_TIGHT = 1e-7
_MOST_ROWS = 60


def improved(
    labels: IntegerTable,
    table: IntegerTable,
    network: Network,
    least: Fraction,
    deadline: Deadline,
) -> tuple[Network, Farthest] | None:
    """A network of the same supports and signs with the least residual of its activities.

    Parameters
    ----------
    labels : IntegerTable
        As of :func:`~exactsparse.routes.activity_search.exact_tolerance.labels_of`.
    table : IntegerTable
        The same rows with bounds that the network keeps, of positive width.
    network : Network
        To begin with.
    least : Fraction
        No network of its cost has a smaller residual.
    deadline : Deadline
        When to stop.

    Returns
    -------
    (Network, Farthest) or None
        None where floats cannot hold the table.

    Raises
    ------
    Stopped
        If the deadline has passed.
    """
    band = FloatBand.of(table)
    start = None if band is None else in_floats(band, network)
    if band is None or start is None:
        return None
    shape, weights = start
    weights, margin = fit(band, shape, weights, deadline, 1.0)
    heights = band.points @ shape.inputs(weights, table.width)[:-1].T
    active = heights > 0
    patterns = [sum(1 << j for j in np.flatnonzero(row).tolist()) for row in active]
    m = len(shape.signs)
    supports: list[list[int]] = [[] for _ in range(m + 1)]
    for j, c in zip(shape.neuron.tolist(), shape.column.tolist(), strict=True):
        supports[j].append(c)
    kind = Kind(
        tuple((tuple(supports[j]), shape.signs[j]) for j in range(m)),
        tuple((c, 0) for c in supports[m]),
        network.skip is not None,
    )
    tight = band.margins(shape.values(band, weights)) < margin + _TIGHT
    tight |= (np.abs(heights) < _TIGHT * np.abs(heights).max(axis=0, initial=0.0)).any(axis=1)
    rows = np.flatnonzero(tight).tolist()[:_MOST_ROWS]
    while True:
        deadline.check()
        path: Path = tuple((row, patterns[row]) for row in rows)
        fitted = least_within(labels, kind, path, least, None, deadline.check)
        if fitted is None:
            raise AssertionError("some tolerance is wide enough for every path")
        far = farthest(labels, fitted.network)
        if far.residual <= fitted.tolerance:
            return fitted.network, far
        rows.append(far.row)


def nearest_affine(table: IntegerTable, deadline: Deadline) -> Network | None:
    """An affine function about as near to the middles of the bounds as any, by floats.

    Parameters
    ----------
    table : IntegerTable
        Rows with bounds on both sides, of positive width.
    deadline : Deadline
        When to stop.

    Returns
    -------
    Network or None
        None where floats cannot hold the table.

    Raises
    ------
    Stopped
        If the deadline has passed.
    """
    band = FloatBand.of(table)
    if band is None:
        return None
    shape = Shape.of((), (), range(table.width))
    middles = (band.lower + band.upper) / 2
    start = np.asarray(np.linalg.lstsq(band.points, middles)[0], dtype=np.float64)
    weights, _ = fit(band, shape, start, deadline, 1.0)
    if not np.isfinite(weights).all():
        return None
    sizes, scale = map(Fraction, band.sizes.tolist()), Fraction(band.scale)
    exact = [Fraction(w) * scale / size for w, size in zip(weights.tolist(), sizes, strict=True)]
    return shape.network(exact, table.width, True)
