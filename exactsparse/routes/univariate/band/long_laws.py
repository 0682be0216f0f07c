"""The law of simplest numbers for long tables, by the few rows that matter.

A function of K knots through all windows passes through any part of them, and where the part holds
the triples of the pass it needs as many knots.  So the simplest law through the rows of all
triples, to which the rows that it misses are added until it misses none, is one of fewest knots
through all windows; it is proved by every row, with a certified filter and rational arithmetic
where that leaves one open.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from exactsparse.exact.numbers import to_float
from exactsparse.progress import Deadline
from exactsparse.routes.univariate.band.compiled import FastStabbing, FloatWindows, stab_compiled
from exactsparse.routes.univariate.band.law import Chain
from exactsparse.routes.univariate.band.laws import OptimalLaws

_ROUNDS = 60


def simplest_law(
    windows: FloatWindows, found: FastStabbing, deadline: Deadline | None = None
) -> Chain | None:
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
    Chain or None
        In the unit of the table; it passes through all windows.  None if rows were still missed
        after many rounds.
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
            return chain
        rows |= missed
    return None


def missed_rows(chain: Chain, windows: FloatWindows) -> Iterator[int]:
    """Rows whose windows a law does not pass through: of every piece and side the worst one.

    Nothing is yielded just if the law passes through all windows.

    Notes
    -----
    With the value at the first row of a piece as its origin, a computed value is off by ``4u`` of
    itself there and ``6u`` of the rise since, and a bound by its radius; all is multiplied by
    three.  The slope times the radius of abscissae comes on top.
    """
    n, starts = len(windows), [0]
    for knot in chain.knots:
        at = knot / windows.x_unit
        row = int(np.searchsorted(windows.x, to_float(at), side="right"))
        while row > 0 and windows.exact_x(row - 1) > at:
            row -= 1
        while row < n and windows.exact_x(row) <= at:
            row += 1
        starts.append(row)
    radius_x = 2 * (windows.radii[0] * windows.reach + windows.radii[1])
    for line, start, stop in zip(chain.lines, starts, [*starts[1:], n], strict=True):
        if start == stop:
            continue
        origin = to_float(line.at(windows.exact_x(start) * windows.x_unit) / windows.y_unit)
        slope = to_float(line.slope * windows.x_unit / windows.y_unit)
        with np.errstate(over="ignore", invalid="ignore"):
            rise = slope * (windows.x[start:stop] - windows.x[start])
            value = origin + rise
            error = 2.0**-49 * (abs(origin) + np.abs(rise)) + 2 * abs(slope) * radius_x
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
