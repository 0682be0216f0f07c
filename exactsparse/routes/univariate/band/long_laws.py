"""The law of simplest numbers for long tables, by the few rows that matter.

A function of K knots through all windows passes through any part of them, and where the part holds
the triples of the pass it needs as many knots.  So the simplest law through the rows of all
triples, to which the rows that it misses are added until it misses none, is one of fewest knots
through all windows; it is proved by every row, with a certified filter and rational arithmetic
where that leaves one open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from exactsparse.exact.numbers import to_float
from exactsparse.progress import Deadline
from exactsparse.routes.univariate.band.compiled import FastStabbing, stab_compiled
from exactsparse.routes.univariate.band.float_windows import FloatWindows
from exactsparse.routes.univariate.band.law import Chain
from exactsparse.routes.univariate.band.laws import OptimalLaws
from exactsparse.routes.univariate.band.stabbing import Line

_ROUNDS = 60


def simplest_law(
    windows: FloatWindows, found: FastStabbing, deadline: Deadline | None = None
) -> tuple[Chain, OptimalLaws] | None:
    """Choose a law of fewest knots by its numbers, as :meth:`OptimalLaws.simplest` does.

    Parameters
    ----------
    windows : FloatWindows
        The table.
    found : FastStabbing
        The compiled pass over it.
    deadline : Deadline, optional
        Raises Stopped once it has passed.

    Returns
    -------
    (Chain, OptimalLaws) or None
        The law, in the unit of the table, which passes through all windows, and all laws of as few
        knots through some of these, the law among them.  None if rows were still missed after many
        rounds.
    """
    n = len(windows)
    backward = stab_compiled(windows.mirrored(), deadline)
    rows = {0, n - 1, *found.triples[:, 1:].ravel().tolist()}
    rows.update((n - 1 - backward.triples[:, 1:]).ravel().tolist())
    for line in found.last:
        if line is not None:
            rows.update((line.p, line.q))
    for _ in range(_ROUNDS):
        if deadline is not None:
            deadline.check()
        laws = OptimalLaws(windows.at(sorted(rows)))
        if laws.n_knots != found.n_knots:
            return None
        chain = laws.simplest()
        missed = set(missed_rows(chain, windows))
        if not missed:
            return chain, laws
        rows |= missed
    return None


def missed_rows(chain: Chain, windows: FloatWindows) -> Iterator[int]:
    """Rows whose windows a law does not pass through: of every piece and side the worst one.

    Nothing is yielded just if the law passes through all windows.

    Notes
    -----
    With the value at the first row of a piece as its origin, a computed value is off by ``4u`` of
    itself there and ``6u`` of the rise since, and a bound by its radius; all is multiplied by
    three.  The slope times the radius of abscissae comes on top, and for a slope that underflows
    half of the smallest number times the way.
    """
    radius_x = 2 * (windows.radii[0] * windows.reach + windows.radii[1])
    pieces = pieces_of(chain, windows.x, windows.exact_x, windows.x_unit)
    for line, start, stop in pieces:
        origin = to_float(line.at(windows.exact_x(start) * windows.x_unit) / windows.y_unit)
        slope = to_float(line.slope * windows.x_unit / windows.y_unit)
        with np.errstate(over="ignore", invalid="ignore"):
            way = windows.x[start:stop] - windows.x[start]
            rise = slope * way
            value = origin + rise
            error = 2.0**-49 * (abs(origin) + np.abs(rise)) + 2 * abs(slope) * radius_x
            error += 2.0**-1073 * (way + radius_x)
        for side in range(2):
            bound = windows.ends[side, start:stop]
            with np.errstate(over="ignore", invalid="ignore"):
                beyond = (bound - value) if side == 0 else (value - bound)
            slack = (
                error
                + 2.0**-1000
                + windows.radii[3]
                + (windows.radii[2] + 2.0**-50) * np.where(np.isfinite(bound), np.abs(bound), 0.0)
            )
            # Written so that what is not a number is open.
            unsure = np.flatnonzero(~(beyond < -slack))
            for i in unsure[np.argsort(-beyond[unsure])].tolist():
                row = start + i
                exact = line.at(windows.exact_x(row) * windows.x_unit) / windows.y_unit
                if (exact - windows.exact_end(side, row)) * (2 * side - 1) > 0:
                    yield row
                    break


def pieces_of(
    chain: Chain, x: NDArray[np.float64], exact_x: Callable[[int], Fraction], unit: Fraction
) -> Iterator[tuple[Line, int, int]]:
    """Lines of a law with the first row that each holds and the one behind its last.

    Rows at a knot belong to the piece before it; pieces without rows are left out.
    """
    start = 0
    for k, line in enumerate(chain.lines):
        stop = len(x)
        if k < chain.n_knots:
            at = chain.positions[k] / unit
            stop = int(np.searchsorted(x, to_float(at), side="right"))
            # The doubles only come near.
            while stop > 0 and exact_x(stop - 1) > at:
                stop -= 1
            while stop < len(x) and exact_x(stop) <= at:
                stop += 1
        if start < stop:
            yield line, start, stop
        start = stop
