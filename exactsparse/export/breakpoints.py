"""Points and slopes of a law between two ends, as modellers of mixed-integer programs need them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from exactsparse.errors import ProblemError
from exactsparse.exact.numbers import format_rational, to_fraction
from exactsparse.export.formula import Formula
from exactsparse.export.rounding import rounded


@dataclass(frozen=True)
class Breakpoints:
    """A law between two ends: the ends and the knots inside, ascending.

    Parameters
    ----------
    x, y : list of float, or of Fraction, length k
        Abscissae and the values there; as floats, each value is the nearest to that of the law at
        the float that stands for its abscissa.
    slopes : list of float, or of Fraction, length k - 1
        Between them.

    Examples
    --------
    >>> import exactsparse as es
    >>> points = es.solve([0, 1, 2, 3], [0, 1, 1, 0]).breakpoints(-1, 4)
    >>> points.x, points.y, points.slopes
    ([-1.0, 1.5, 4.0], [-1.0, 1.5, -1.0], [1.0, -1.0])
    """

    x: list[Any]
    y: list[Any]
    slopes: list[Any]


def breakpoints_of(
    formula: Formula, low: Any = None, high: Any = None, *, exact: bool = False
) -> Breakpoints:
    """The ends, the knots between them, and the slopes.

    Parameters
    ----------
    formula : Formula
        Of one feature.
    low, high : number or str, optional
        The ends; those of the data by default.
    exact : bool
        Whether numbers are Fractions.

    Raises
    ------
    ProblemError
        If the ends are no numbers, or do not ascend.
    OutputError
        If a number exceeds float64, unless they are exact.
    UnsupportedProblemError
        If there are several features.
    """
    formula.require_pieces("breakpoints")
    ends = [formula.ends[0] if low is None else low, formula.ends[1] if high is None else high]
    try:
        first, last = map(to_fraction, ends)
    except ValueError as error:
        raise ProblemError(f"the ends of breakpoints: {error}") from None
    if first >= last:
        raise ProblemError(
            "breakpoints lie between two ends, low < high, and these are "
            f"{format_rational(first)} and {format_rational(last)}"
        )
    at = [first, *(knot for knot in formula.knots if first < knot < last), last]
    if not exact:
        # Knots that are the same float64 are one.
        at = list(dict.fromkeys(Fraction(rounded(x, "an abscissa")) for x in at))
    if len(at) == 1:
        raise ProblemError("the two ends of breakpoints are the same float64; take exact=True")
    y = [formula(x) for x in at]
    runs = zip(at, at[1:], y, y[1:], strict=False)
    slopes = [(d - c) / (b - a) for a, b, c, d in runs]
    if exact:
        return Breakpoints(at, y, slopes)
    return Breakpoints(
        [float(x) for x in at],
        [rounded(value, "the value at a knot") for value in y],
        [rounded(slope, "a slope") for slope in slopes],
    )
