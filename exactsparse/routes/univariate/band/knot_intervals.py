"""Where each knot can lie, over all functions of fewest knots through windows.

A function of K knots has knot j at c just if j − 1 knots serve the windows up to c, K − j serve
those from c on, and both parts can meet at c.  What values the one part takes at c lies between
the extreme lines of the pass from the left, those of the other between the lines of the pass from
the right; so in every gap between windows two linear inequalities in c remain.  Where a part has a
knot to spare, behind ``r_{j−2}`` or before ``s_{j+1}``, it takes every value inside a gap.
"""

from __future__ import annotations

from fractions import Fraction

from exactsparse.routes.univariate.band.laws import OptimalLaws, mirrored
from exactsparse.routes.univariate.band.stabbing import Line, extreme_lines

Pair = tuple[Line | None, Line | None]
FREE: Pair = (None, None)


def knot_intervals(laws: OptimalLaws) -> list[tuple[Fraction, Fraction]]:
    """Least and greatest abscissa of every knot over all functions of fewest knots.

    The ends are infimum and supremum: a knot comes as near to them as one likes.

    Examples
    --------
    >>> from exactsparse.routes.univariate.band.windows import around
    >>> y = [Fraction(v) for v in (0, 0, 0, 10, 20)]
    >>> windows = around([Fraction(v) for v in range(5)], y, [Fraction(1)] * 5)
    >>> [(str(low), str(high)) for low, high in knot_intervals(OptimalLaws(windows))]
    [('18/11', '26/11')]
    """
    windows, last = laws.windows, len(laws.windows) - 1
    left = extreme_lines(windows)
    # Mirrored lines, back in the abscissae of the table.
    right: list[Pair] = []
    for low, high in reversed(extreme_lines(mirrored(windows))):
        right.append((_turned(low), _turned(high)))
    found = []
    for knot in range(laws.n_knots):
        first, stop = laws.left_of(knot), laws.right_of(knot)
        # Rows at which the part to the left, or to the right, has a knot to spare.
        spare_left = laws.right_of(knot - 1) if knot else 0
        spare_right = laws.left_of(knot + 1) if knot + 1 < laws.n_knots else last
        ends: list[Fraction] = []
        for rows in (range(first, stop), range(stop - 1, first - 1, -1)):
            for i in rows:
                before = left[i] if i >= spare_left else FREE
                behind = right[i + 1] if i + 1 <= spare_right else FREE
                gap = meeting(windows.x[i], windows.x[i + 1], before, behind)
                if gap is not None:
                    ends.append(gap[len(ends)])
                    break
        found.append((ends[0], ends[1]))
    return found


def _turned(line: Line | None) -> Line | None:
    return None if line is None else Line(-line.slope, line.intercept)


def meeting(
    low: Fraction, high: Fraction, before: Pair, behind: Pair
) -> tuple[Fraction, Fraction] | None:
    """Part of a gap where values between two pairs of lines agree; None where they never do."""
    for bottom, top in ((before[0], behind[1]), (behind[0], before[1])):
        if bottom is None or top is None:
            continue
        # bottom(c) <= top(c)
        slope, rest = bottom.slope - top.slope, top.intercept - bottom.intercept
        if slope > 0:
            high = min(high, rest / slope)
        elif slope < 0:
            low = max(low, rest / slope)
        elif rest < 0:
            return None
    return (low, high) if low <= high else None
