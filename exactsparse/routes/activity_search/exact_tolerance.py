"""How small a tolerance may be on a path, and how far a network is from all labels, in rationals.

On a path, where it is decided which neurons are active, the least tolerance is a linear program.
It is approached from below: at a tolerance that is too small the bounds of some rows contradict
each other, by multipliers ``λ >= 0`` of ``slope · w + value + tolerance · width >= 0`` with
``Σ λ slope = 0``.  They do so up to the tolerance ``−Σ λ value / Σ λ width``, which is tried next.
There are finitely many such contradictions, and none holds at the next tolerance again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import NamedTuple

import flint
import numpy as np

from exactsparse.exact.cones import parameters_or_contradiction
from exactsparse.exact.numbers import over_common_denominator
from exactsparse.problem.dataset import Dataset
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.network import Network
from exactsparse.problem.residuals import scaled_values
from exactsparse.problem.rows import windows_of
from exactsparse.problem.scaled_rows import ScaledRows, primitive_rows
from exactsparse.routes.activity_search.exact_path import Path, Settled, inequalities, network_of
from exactsparse.routes.activity_search.kinds import Kind


class Fitted(NamedTuple):
    """A network of the activities of a path.

    Parameters
    ----------
    network : Network
        Within the tolerance at the rows of the path.
    tolerance : Fraction
        Least one there, or the one that was asked for at least.
    """

    network: Network
    tolerance: Fraction


class Farthest(NamedTuple):
    """How far a network is from the labels.

    Parameters
    ----------
    residual : Fraction
        Largest ``|f(xᵢ) − yᵢ|``.
    row : int
        Where.
    """

    residual: Fraction
    row: int


def labels_of(dataset: Dataset) -> IntegerTable:
    """The distinct points, greatest label as the lower bound and least one as the upper.

    With a tolerance ε on both sides these are the bounds of every row, in the order of
    :meth:`~exactsparse.problem.integer_table.IntegerTable.of_problem` with that tolerance.

    Parameters
    ----------
    dataset : Dataset
        Without intervals.
    """
    width = dataset.n_features + 1
    short = ScaledRows.of(dataset)
    if short is not None:
        scales = np.full_like(short.lower, short.denominator)
        rows = primitive_rows(np.column_stack((short.points, scales, short.lower, short.upper)))
        return IntegerTable(rows[:, :width], rows[:, width], (rows[:, width], rows[:, width + 1]))
    windows = windows_of(dataset)
    n = len(windows)
    points = np.empty((n, width), dtype=object)
    lower, upper = np.empty(n, dtype=object), np.empty(n, dtype=object)
    for i, window in enumerate(windows):
        if window.lower is None or window.upper is None:
            raise AssertionError("labels are bounds of both sides")
        row, scale = over_common_denominator((*window.point, window.lower, window.upper))
        points[i, :-1], points[i, -1] = row[:-2], scale
        lower[i], upper[i] = row[-2:]
    return IntegerTable(points, lower, (lower, upper))


def least_within(
    labels: IntegerTable,
    kind: Kind,
    path: Path,
    least: Fraction,
    below: Fraction | None,
    pause: Callable[[], object],
) -> Fitted | None:
    """A network of a path within its least tolerance; None if that is not below a bound.

    Parameters
    ----------
    labels, kind, path, least, below, pause
        As for :func:`fitted_or_excluded`.
    """
    return fitted_or_excluded(labels, kind, path, least, below, pause)[0]


def fitted_or_excluded(
    labels: IntegerTable,
    kind: Kind,
    path: Path,
    least: Fraction,
    below: Fraction | None,
    pause: Callable[[], object],
) -> tuple[Fitted | None, list[int]]:
    """A network of a path within its least tolerance, or what excludes all below a bound.

    Parameters
    ----------
    labels : IntegerTable
        As of :func:`labels_of`.
    kind : Kind
        Neurons of the network.
    path : tuple of (row, pattern)
        Decided rows.
    least : Fraction
        Where to begin: a smaller tolerance is of no use.
    below : Fraction or None
        Tolerances from here on are of no use.
    pause : callable
        Called before every pivot; may raise to end the work.

    Returns
    -------
    fitted : Fitted or None
        None if none is below the bound.
    codes : list of int
        Then, if ``least`` is below it, the bounds and cones of the path that contradict each other
        at all tolerances below the bound, as :class:`Settled` has them; else empty.
    """
    demands = inequalities(labels, kind, path)
    slopes = [demand.slope for demand in demands]
    values = [demand.value for demand in demands]
    # Codes of bounds are multiples of this; a row is scaled by the last entry of its point.
    period = len(kind.neurons) + 1
    widths = [
        0 if demand.code % period else int(labels.points[path[demand.code // period][0], -1])
        for demand in demands
    ]
    tolerance, places = least, list[int]()
    while below is None or tolerance < below:
        p, q = tolerance.as_integer_ratio()
        shifted = [q * value + p * width for value, width in zip(values, widths, strict=True)]
        weights, places = parameters_or_contradiction(slopes, shifted, kind.columns, pause)
        if weights is not None:
            return Fitted(network_of(labels, kind, [w / q for w in weights]), tolerance), []
        raised = _threshold(
            [slopes[place] for place in places],
            [values[place] for place in places],
            [widths[place] for place in places],
        )
        if raised <= tolerance:
            raise AssertionError("a contradiction holds below its threshold")
        tolerance = raised
    return None, sorted({demands[place].code for place in places})


def settle_below(
    labels: IntegerTable, kind: Kind, path: Path, least: Fraction, below: Fraction
) -> Settled:
    """Decide a path: whether it has a network that is nearer to the labels than a bound.

    Parameters
    ----------
    labels, kind, path
        As for :func:`fitted_or_excluded`.
    least : Fraction
        A tolerance that rows of equal points need, less than the bound.
    below : Fraction
        Only smaller tolerances count.
    """
    fitted, codes = fitted_or_excluded(labels, kind, path, least, below, lambda: None)
    if fitted is None:
        return Settled(None, None, codes)
    far = farthest(labels, fitted.network)
    return Settled(fitted.network, far.row if far.residual >= below else None, [])


def _threshold(
    slopes: Sequence[Sequence[int]], values: Sequence[int], widths: Sequence[int]
) -> Fraction:
    """Tolerance up to which demands contradict each other by their only combination."""
    # A column of zeros keeps a matrix without columns from being none.
    matrix = flint.fmpz_mat([[*slope, 0] for slope in slopes]).transpose()
    null, nullity = matrix.nullspace()
    multipliers = [int(null[i, 0]) for i in range(len(slopes))]
    if nullity != 1 or not (min(multipliers) > 0 or max(multipliers) < 0):
        raise AssertionError("a contradiction is the only positive combination of its demands")
    value = sum(m * v for m, v in zip(multipliers, values, strict=True))
    return Fraction(-value, sum(m * w for m, w in zip(multipliers, widths, strict=True)))


def farthest(labels: IntegerTable, network: Network) -> Farthest:
    """The largest residual of a network, exact, and the first row that has it.

    Parameters
    ----------
    labels : IntegerTable
        As of :func:`labels_of`.
    network : Network
        Of as many inputs as there are features.
    """
    best = Farthest(Fraction(-1), 0)
    for start, values, scale in scaled_values(network, labels):
        for row, value in enumerate(values.tolist(), start):
            excess = max(labels.lower[row] * scale - value, value - labels.upper[row] * scale)
            residual = Fraction(int(excess), scale * int(labels.points[row, -1]))
            if residual > best.residual:
                best = Farthest(residual, row)
    return best
