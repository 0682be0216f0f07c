"""What all functions of fewest knots through windows do at one abscissa: an exact interval.

The greatest value at x is the greatest v for which K knots still suffice when ``f(x) >= v`` is
asked for, too.  A trial at v that needs more ends with more than K triples, some of which use the
new bound; each holds just for v above a *threshold*, the value at x of the line through its two
other ends.  Above the greatest of these thresholds all of them hold, so v may go down to it.  There
are finitely many lines through two ends, so this stops: at the greatest value, or, if K knots
suffice for a v above all those lines, without a bound.
"""

from __future__ import annotations

from fractions import Fraction

from exactsparse.problem.band import Bound
from exactsparse.routes.univariate.band.stabbing import Triple, stab
from exactsparse.routes.univariate.band.windows import (
    EmptyIntersection,
    Windows,
    intersect,
)


def tube(windows: Windows, knots: int, x: Fraction) -> tuple[Bound, Bound]:
    """Least and greatest value at an abscissa over all functions of fewest knots.

    Parameters
    ----------
    windows : Windows
        At least one.
    knots : int
        The fewest knots through them.
    x : Fraction
        The abscissa, anywhere.

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
    turned = Windows(
        windows.x,
        [None if v is None else -v for v in windows.upper],
        [None if v is None else -v for v in windows.lower],
        windows.upper_rows,
        windows.lower_rows,
    )
    low = _greatest(turned, knots, x)
    return None if low is None else -low, _greatest(windows, knots, x)


def _greatest(windows: Windows, knots: int, x: Fraction) -> Bound:
    value = _above_all_lines(windows, x)
    while True:
        asked = intersect([*windows.x, x], [*windows.lower, value], [*windows.upper, None])
        if isinstance(asked, EmptyIntersection):
            value = windows.upper[windows.x.index(x)] or Fraction(0)
            continue
        found = stab(asked)
        if found.n_knots <= knots:
            return None if value == _above_all_lines(windows, x) else value
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
