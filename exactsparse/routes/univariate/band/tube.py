"""What all functions of fewest knots through windows do at one abscissa: an exact interval.

The greatest value at x is the greatest v for which K knots still suffice when ``f(x) >= v`` is
asked for, too.  A trial at v that needs more ends with more than K triples, some of which use the
new bound; each holds just for v above a *threshold*, the value at x of the line through its two
other ends.  Above the greatest of these thresholds all of them hold, so v may go down to it.  There
are finitely many lines through two ends, so this stops: at the greatest value, or, if K knots
suffice for a v above all those lines, without a bound.

Of a long table some windows bound the values at x, as they allow more functions; where a function
that attains the bound passes through all windows, they allow no other.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

import numpy as np

from exactsparse.problem.band import Bound
from exactsparse.progress import Deadline
from exactsparse.routes.univariate.band.float_windows import FloatWindows
from exactsparse.routes.univariate.band.law import Chain
from exactsparse.routes.univariate.band.long_laws import missed_rows
from exactsparse.routes.univariate.band.stabbing import Line, Triple, stab
from exactsparse.routes.univariate.band.windows import (
    EmptyIntersection,
    Windows,
    intersect,
)


def tube(
    windows: Windows, knots: int, x: Fraction, deadline: Deadline | None = None
) -> tuple[Bound, Bound]:
    """Least and greatest value at an abscissa over all functions of fewest knots.

    Parameters
    ----------
    windows : Windows
        At least one.
    knots : int
        The fewest knots through them.
    x : Fraction
        The abscissa, anywhere.
    deadline : Deadline, optional
        Raises Stopped once it has passed.

    Returns
    -------
    low, high : Fraction or None
        None where values are not bounded to that side.

    Examples
    --------
    >>> from exactsparse.routes.univariate.band.windows import around
    >>> windows = around([Fraction(0), Fraction(2)], [Fraction(0)] * 2, [Fraction(1)] * 2)
    >>> [str(end) for end in tube(windows, 0, Fraction(4))]
    ['-3', '3']
    """
    ceiling, deadline = _above_all_lines(windows, x), deadline or Deadline()
    low, _ = _greatest(_turned(windows), knots, x, ceiling, deadline)
    high, _ = _greatest(windows, knots, x, ceiling, deadline)
    return None if low is None else -low, high


def long_tube(
    windows: FloatWindows,
    rows: Iterable[int],
    knots: int,
    x: Fraction,
    deadline: Deadline | None = None,
) -> tuple[Bound, Bound]:
    """As :func:`tube`, for long tables.

    Parameters
    ----------
    windows : FloatWindows
        The table.
    rows : iterable of int
        Some of its rows, which need as many knots.
    knots : int
        The fewest knots through all.
    x : Fraction
        The abscissa, in the unit of the table.
    deadline : Deadline, optional
        Raises Stopped once it has passed.
    """
    known, ends, deadline = set(rows), list[Bound](), deadline or Deadline()
    ceiling = _above_all_long_lines(windows, x)
    for sign in (-1, 1):
        while True:
            part = windows.at(sorted(known))
            turned = part if sign > 0 else _turned(part)
            value, chain = _greatest(turned, knots, x, ceiling, deadline)
            chain = Chain([Line(sign * line.slope, sign * line.intercept) for line in chain.lines])
            missed = set(missed_rows(chain, windows))
            if not missed:
                break
            known |= missed
        ends.append(None if value is None else sign * value)
    return ends[0], ends[1]


def _turned(windows: Windows) -> Windows:
    """The windows of the negated functions."""
    return Windows(
        windows.x,
        [None if v is None else -v for v in windows.upper],
        [None if v is None else -v for v in windows.lower],
        windows.upper_rows,
        windows.lower_rows,
    )


def _greatest(
    windows: Windows, knots: int, x: Fraction, ceiling: Fraction, deadline: Deadline
) -> tuple[Bound, Chain]:
    """Greatest value at x, None for none, and a function that attains it, or the ceiling."""
    value = ceiling
    while True:
        deadline.check()
        asked = intersect([*windows.x, x], [*windows.lower, value], [*windows.upper, None])
        if isinstance(asked, EmptyIntersection):
            value = windows.upper[windows.x.index(x)] or Fraction(0)
            continue
        found = stab(asked)
        if found.n_knots <= knots:
            return None if value == ceiling else value, Chain(found.lines())
        at = asked.x.index(x)
        thresholds = [
            threshold
            for triple in found.triples
            if (threshold := _threshold(triple, asked, at)) is not None
        ]
        if not thresholds:
            raise AssertionError("without the new bound fewer knots suffice")
        value = max(thresholds)


def _above_all_lines(windows: Windows, x: Fraction) -> Fraction:
    """A value at an abscissa above every line through two window ends, and above every end."""
    ends = [abs(v) for v in (*windows.lower, *windows.upper) if v is not None]
    size = max(ends, default=Fraction(0))
    gaps = [b - a for a, b in zip(windows.x, windows.x[1:], strict=False)]
    reach = max(abs(x - windows.x[0]), abs(x - windows.x[-1]))
    return 1 + size + (2 * size / min(gaps) * reach if gaps else 0)


def _above_all_long_lines(windows: FloatWindows, x: Fraction) -> Fraction:
    """The same, by the doubles of the windows: ends are off by their own sizes at most."""
    size = (2 * Fraction(windows.size) + Fraction(float(windows.radii[3]))) * windows.y_unit
    first, last = (windows.exact_x(row) * windows.x_unit for row in (0, len(windows) - 1))
    if len(windows) == 1:
        return 1 + size
    gaps = np.diff(windows.x)
    least = float(gaps.min())
    off = float(4 * (windows.radii[0] * windows.reach + windows.radii[1]) + 2.0**-1074)
    gap = Fraction(least) / 2
    if not least > 2 * off:
        # Rounding may be larger than half of a gap.
        near = np.flatnonzero(gaps <= least + 2 * off).tolist()
        gap = min(windows.exact_x(row + 1) - windows.exact_x(row) for row in near)
    reach = max(abs(x - first), abs(x - last))
    return 1 + size + 2 * size / (gap * windows.x_unit) * reach


def _threshold(triple: Triple, windows: Windows, at: int) -> Bound:
    """Value at a window above which its lower end makes a triple hold; None if it uses none."""
    sign, p, q, r = triple
    if sign > 0 and at in (p, r):
        ends = (q, windows.upper[q]), (p + r - at, windows.lower[p + r - at])
    elif sign < 0 and at == q:
        ends = (p, windows.upper[p]), (r, windows.upper[r])
    else:
        return None
    (i, first), (j, second) = ends
    if first is None or second is None:
        raise AssertionError("triples use bounds")
    slope = (second - first) / (windows.x[j] - windows.x[i])
    return first + slope * (windows.x[at] - windows.x[i])
