"""A look, at linear cost, whether a small tolerance tells another story than the exact labels."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction

from exactsparse.exact.numbers import rational_text
from exactsparse.problem.column import Column
from exactsparse.problem.written import half_unit
from exactsparse.routes.univariate.band.fewest_knots import solve_band
from exactsparse.routes.univariate.piecewise_linear import PiecewiseLinear

# A law has a knot on more than this share of the points before anything is looked at.
_SHARE = Fraction(1, 4)
_FEWEST_KNOTS = 4
# The second tolerance that is tried, of the range of labels.
_OF_THE_RANGE = Fraction(1, 100)


def tolerance_hint(law: PiecewiseLinear) -> str | None:
    """Say that half as many knots or fewer do within a small tolerance; None where they do not.

    Half a unit in the last digit of the labels is tried, then a hundredth of their range.

    Parameters
    ----------
    law : PiecewiseLinear
        An interpolant of fewest knots.

    Examples
    --------
    >>> import exactsparse as es
    >>> solution = es.solve(range(9), [0, 3, 7, 10, 13, 17, 20, 23, 27], on_interrupt="return")
    >>> solution.hint
    '5 knots to the last digit; 0 within half a unit of it: tolerance auto'
    """
    knots, points = law.n_knots, law.points
    if knots < _FEWEST_KNOTS or knots <= _SHARE * len(points):
        return None
    for tolerance, words, remedy in _tolerances(points.dataset.labels):
        within = solve_band(points.x, points.y, tolerance, simplify=False).n_knots
        if 2 * within <= knots:
            return f"{knots} knots to the last digit; {within} within {words}: {remedy}"
    return None


def _tolerances(labels: Column) -> Iterator[tuple[Fraction, str, str]]:
    """Tolerances worth a look, their names, and the option that asks for them."""
    if not labels.rounded:
        # Floats of 16 and 17 digits were not written by a person.
        with suppress(ValueError):
            yield half_unit(labels), "half a unit of it", "tolerance auto"
    ends = labels[int(labels.values.argmin())], labels[int(labels.values.argmax())]
    size = _one_digit((ends[1] - ends[0]) * _OF_THE_RANGE)
    if size:
        text = rational_text(size) if size >= 1 else str(float(size))
        yield size, f"{text}, a hundredth of their range", f"tolerance {text}"


def _one_digit(value: Fraction) -> Fraction:
    """A positive number rounded down to one digit; zero as it is."""
    step = Fraction(1)
    while value and step > value:
        step /= 10
    while value >= 10 * step:
        step *= 10
    return value // step * step
