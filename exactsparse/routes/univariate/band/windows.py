"""Windows ``lower <= f(x) <= upper`` of a univariate band problem, sorted and intersected."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TypeAlias

from exactsparse.problem.band import Bound

Exact: TypeAlias = int | Fraction

_COMMON_DENOMINATOR_BITS = 4096


@dataclass(frozen=True)
class EmptyIntersection:
    """Two rows of one abscissa whose windows have no point in common.

    Parameters
    ----------
    lower_row, upper_row : int
        The row whose lower bound lies above the upper bound of the other; equal for a row whose
        own window is empty.
    """

    lower_row: int
    upper_row: int


@dataclass(frozen=True, eq=False)
class Windows:
    """Closed windows at strictly increasing abscissae.

    Parameters
    ----------
    x : sequence of Fraction, length n
        Strictly increasing.
    lower, upper : sequence of Fraction or None, length n
        Bounds, None for none; no lower bound exceeds its upper bound.
    lower_rows, upper_rows : sequence of int, length n
        Row of the input that every bound comes from.
    """

    x: Sequence[Fraction]
    lower: Sequence[Bound]
    upper: Sequence[Bound]
    lower_rows: Sequence[int]
    upper_rows: Sequence[int]

    def __len__(self) -> int:
        return len(self.x)

    def bound(self, sign: int, index: int) -> Bound:
        """Lower bound for a positive sign, upper bound for a negative one."""
        return (self.lower if sign > 0 else self.upper)[index]

    @cached_property
    def integers(self) -> tuple[list[Exact], list[Exact | None], list[Exact | None]]:
        """``x``, ``lower``, ``upper`` times positive constants, integers where those stay small.

        Orientations of window ends are those of the windows themselves.
        """
        x = _over_common_denominator(self.x)
        both = _over_common_denominator([*self.lower, *self.upper])
        n = len(self.x)
        return [v for v in x if v is not None], both[:n], both[n:]


def _over_common_denominator(values: Iterable[Bound]) -> list[Exact | None]:
    given, denominator = list(values), 1
    for value in given:
        if value is not None:
            denominator = math.lcm(denominator, value.denominator)
            if denominator.bit_length() > _COMMON_DENOMINATOR_BITS:
                return list(given)
    return [
        None if value is None else value.numerator * (denominator // value.denominator)
        for value in given
    ]


def intersect(
    x: Sequence[Fraction], lower: Sequence[Bound], upper: Sequence[Bound]
) -> Windows | EmptyIntersection:
    """Sort rows by abscissa and intersect the windows of equal ones.

    Parameters
    ----------
    x : sequence of Fraction, length n
        Abscissae in any order, repeated or not.
    lower, upper : sequence of Fraction or None, length n
        Bounds of the rows, None for none.

    Returns
    -------
    Windows or EmptyIntersection
        The latter proves that no function meets the rows, and names two that contradict.

    Raises
    ------
    ValueError
        If the lengths differ.

    Examples
    --------
    >>> from fractions import Fraction as F
    >>> windows = intersect([F(1), F(0), F(1)], [F(0), F(2), None], [F(5), F(2), F(3)])
    >>> windows.upper
    [Fraction(2, 1), Fraction(3, 1)]
    >>> intersect([F(1), F(1)], [F(0), F(2)], [F(1), F(3)])
    EmptyIntersection(lower_row=1, upper_row=0)
    """
    if not len(x) == len(lower) == len(upper):
        raise ValueError(
            f"x, lower and upper must have one length, not {len(x)}, {len(lower)}, {len(upper)}"
        )
    xs: list[Fraction] = []
    lows: list[Bound] = []
    ups: list[Bound] = []
    low_rows: list[int] = []
    up_rows: list[int] = []
    for row in sorted(range(len(x)), key=x.__getitem__):
        low, up = lower[row], upper[row]
        if not xs or xs[-1] != x[row]:
            xs.append(x[row])
            lows.append(low)
            ups.append(up)
            low_rows.append(row)
            up_rows.append(row)
        else:
            before_low, before_up = lows[-1], ups[-1]
            if low is not None and (before_low is None or low > before_low):
                lows[-1], low_rows[-1] = low, row
            if up is not None and (before_up is None or up < before_up):
                ups[-1], up_rows[-1] = up, row
        now_low, now_up = lows[-1], ups[-1]
        if now_low is not None and now_up is not None and now_low > now_up:
            return EmptyIntersection(low_rows[-1], up_rows[-1])
    return Windows(xs, lows, ups, low_rows, up_rows)


def around(
    x: Sequence[Fraction], y: Sequence[Fraction], half_widths: Sequence[Fraction]
) -> Windows | EmptyIntersection:
    """Windows ``y ± half_width``, sorted and intersected as by :func:`intersect`."""
    pairs = list(zip(y, half_widths, strict=True))
    return intersect(x, [v - h for v, h in pairs], [v + h for v, h in pairs])


def orientation(ax: Exact, ay: Exact, bx: Exact, by: Exact, cx: Exact, cy: Exact) -> int:
    """Sign of how far ``(cx, cy)`` lies above the line through a and b, ``ax < bx``, exact."""
    left, right = (cy - ay) * (bx - ax), (by - ay) * (cx - ax)
    return (left > right) - (left < right)
