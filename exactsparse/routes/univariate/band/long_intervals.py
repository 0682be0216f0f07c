"""Where each knot of a long table can lie: gaps that doubles cannot rule out, decided exactly.

As in :mod:`~exactsparse.routes.univariate.band.knot_intervals`, knot j can lie at c if what the
part to the left and the part to the right can do there has a value in common.  The compiled passes
leave the extreme lines after every row; gaps where the two parts are certified to miss each other
at both ends are passed over, and of the others the first that is not empty, from either side, is
looked for in rational arithmetic.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from exactsparse.exact.memory import empty
from exactsparse.progress import Deadline
from exactsparse.routes.univariate.band.compiled import FastStabbing, stab_compiled
from exactsparse.routes.univariate.band.float_windows import FloatWindows
from exactsparse.routes.univariate.band.knot_intervals import FREE, Pair, meeting
from exactsparse.routes.univariate.band.stabbing import Line

Floats: TypeAlias = NDArray[np.float64]
Lines: TypeAlias = NDArray[np.int32]


class _Values(NamedTuple):
    """Values of lines at abscissae, and how far they may be off; not numbers for no line."""

    at: Floats
    off: Floats


def long_knot_intervals(
    windows: FloatWindows, found: FastStabbing, deadline: Deadline | None = None
) -> list[tuple[Fraction, Fraction]]:
    """Least and greatest abscissa of every knot over all functions of fewest knots, exact.

    Parameters
    ----------
    windows : FloatWindows
        The table.
    found : FastStabbing
        The pass over it, proved.
    deadline : Deadline, optional
        Raises Stopped once it has passed.
    """
    n, last = len(windows), len(windows) - 1
    left, right = _lines(windows, deadline), _lines(windows.mirrored(), deadline)
    # From the right, in the rows of the table.
    behind_rows = np.where(right[0] < 0, -1, last - right[0])[::-1]
    starts = found.triples[:, 3].tolist()
    ends = (last - right[1][::-1, 3]).tolist()
    if len(ends) != len(starts):
        raise AssertionError("both passes find the fewest knots")
    intervals = []
    for knot, (first, stop) in enumerate(zip(ends, starts, strict=True)):
        if deadline is not None:
            deadline.check()
        rows = np.arange(first, stop)
        before = left[0][rows].copy()
        before[rows < (starts[knot - 1] if knot else 0)] = -1
        behind = behind_rows[rows + 1].copy()
        behind[rows + 1 > (ends[knot + 1] if knot + 1 < len(ends) else n)] = -1
        open_gaps = np.flatnonzero(_may_meet(windows, rows, before, behind)).tolist()
        pair = []
        for side, gaps in enumerate((open_gaps, open_gaps[::-1])):
            pair.append(_first_meeting(windows, rows, before, behind, gaps)[side])
        intervals.append((pair[0] * windows.x_unit, pair[1] * windows.x_unit))
    return intervals


def _lines(windows: FloatWindows, deadline: Deadline | None) -> tuple[Lines, Lines]:
    """P and q of the highest and of the lowest last line after every row, and the triples."""
    lines = empty((len(windows), 4), np.int32)
    lines[:] = -2
    found = stab_compiled(windows, deadline, lines)
    # A row that was skipped leaves the lines as they are.
    kept = np.where(lines[:, 0] == -2, 0, np.arange(len(lines)))
    return lines[np.maximum.accumulate(kept)], found.triples


def _may_meet(
    windows: FloatWindows, rows: NDArray[np.int64], before: Lines, behind: Lines
) -> NDArray[np.bool_]:
    """Whether what both parts can do in a gap is not certified to differ."""
    may = np.ones(len(rows), dtype=bool)
    places = windows.x[rows], windows.x[rows + 1]
    for low, high in ((before, behind), (behind, before)):
        apart = np.ones(len(rows), dtype=bool)
        for at in places:
            bottom, top = _values(windows, 1, low[:, 2:], at), _values(windows, 0, high[:, :2], at)
            with np.errstate(invalid="ignore", over="ignore"):
                # Not a number is not apart.
                apart &= bottom.at - top.at > bottom.off + top.off
        may &= ~apart
    return may


def _values(windows: FloatWindows, side: int, lines: Lines, at: Floats) -> _Values:
    """Values of lines through the end of a side at p and the other end at q.

    Notes
    -----
    The slope is off by the radii of both ends over the way between them and ``2⁻⁵⁰`` of itself,
    the value by that times the way from p, the radii, and ``2⁻⁵⁰`` of both terms; all is doubled.
    """
    none = lines[:, 0] < 0
    p, q = np.where(none, 0, lines[:, 0]), np.where(none, 0, lines[:, 1])
    x, ends, radii = windows.x, windows.ends, windows.radii
    rx = 2 * (radii[0] * windows.reach + radii[1])
    ry = 2 * (radii[2] * windows.size + radii[3])
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        dx = x[q] - x[p]
        slope = (ends[1 - side, q] - ends[side, p]) / dx
        way = at - x[p]
        # Lines from the right have their q before p.
        size = np.abs(dx)
        loose = np.where(size > 2 * rx, (ry + np.abs(slope) * rx) / (size - rx), np.inf)
        loose += 2.0**-50 * np.abs(slope) + 2.0**-1000
        values = ends[side, p] + slope * way
        off = loose * (np.abs(way) + rx) + ry + np.abs(slope) * rx + 2.0**-1000
        off += 2.0**-50 * (np.abs(ends[side, p]) + np.abs(slope * way))
    values[none] = np.nan
    return _Values(values, 2 * off)


def _first_meeting(
    windows: FloatWindows,
    rows: NDArray[np.int64],
    before: Lines,
    behind: Lines,
    gaps: Iterable[int],
) -> tuple[Fraction, Fraction]:
    for gap in gaps:
        row = int(rows[gap])
        found = meeting(
            windows.exact_x(row),
            windows.exact_x(row + 1),
            _pair(windows, before[gap]),
            _pair(windows, behind[gap]),
        )
        if found is not None:
            return found
    raise AssertionError("a function of fewest knots has this knot somewhere")


def _pair(windows: FloatWindows, lines: Lines) -> Pair:
    """Exact lowest and highest line, in the units of the windows."""
    upper_p, upper_q, lower_p, lower_q = lines.tolist()
    if upper_p < 0 and lower_p < 0:
        return FREE
    return _line(windows, 1, lower_p, lower_q), _line(windows, 0, upper_p, upper_q)


def _line(windows: FloatWindows, side: int, p: int, q: int) -> Line | None:
    if p < 0:
        return None
    left, low = windows.exact_x(p), windows.exact_end(side, p)
    slope = (windows.exact_end(1 - side, q) - low) / (windows.exact_x(q) - left)
    return Line(slope, low - slope * left)
