"""Hypothesis strategies for univariate data that is easy to get wrong."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st

Data = tuple[list[Fraction], list[Fraction]]


def _from_slopes(steps: list[Fraction], slopes: list[Fraction], start: Fraction) -> Data:
    x, y = [start], [Fraction(0)]
    for step, slope in zip(steps, slopes, strict=False):
        x.append(x[-1] + step)
        y.append(y[-1] + slope * step)
    return x, y


@st.composite
def integers(draw: st.DrawFn, max_size: int = 10) -> Data:
    """Small integers: many collinear triples and equal slope changes."""
    x = draw(st.lists(st.integers(-12, 12), min_size=1, max_size=max_size, unique=True))
    y = draw(st.lists(st.integers(-4, 4), min_size=len(x), max_size=len(x)))
    return [Fraction(v) for v in sorted(x)], [Fraction(v) for v in y]


@st.composite
def decimals(draw: st.DrawFn, max_size: int = 10) -> Data:
    """Two decimals, as typed into a table."""
    x = draw(st.lists(st.integers(-999, 999), min_size=1, max_size=max_size, unique=True))
    y = draw(st.lists(st.integers(-999, 999), min_size=len(x), max_size=len(x)))
    return [Fraction(v, 100) for v in sorted(x)], [Fraction(v, 100) for v in y]


@st.composite
def runs(draw: st.DrawFn, max_size: int = 10, magnitudes: int = 5) -> Data:
    """Chosen slope changes: long runs, collinear stretches inside and between them."""
    n = draw(st.integers(1, max_size))
    changes = draw(st.lists(st.integers(-magnitudes, magnitudes), min_size=n, max_size=n))
    if draw(st.booleans()):
        changes = [abs(change) for change in changes]
    slopes = [Fraction(sum(changes[:k])) for k in range(n)]
    steps = draw(st.lists(st.integers(1, 3), min_size=n, max_size=n))
    return _from_slopes([Fraction(s) for s in steps], slopes, Fraction(0))


@st.composite
def wild_floats(draw: st.DrawFn, max_size: int = 8) -> Data:
    """Doubles of any magnitude, subnormal to the largest."""
    value = st.floats(allow_nan=False, allow_infinity=False)
    x = draw(st.lists(value, min_size=1, max_size=max_size, unique=True))
    y = draw(st.lists(value, min_size=len(x), max_size=len(x)))
    return [Fraction(v) for v in sorted(x)], [Fraction(v) for v in y]


@st.composite
def near_collinear(draw: st.DrawFn, max_size: int = 8) -> Data:
    """Doubles on a line, each rounded and moved by at most one unit in the last place."""
    import math

    x = draw(st.lists(st.floats(-1e3, 1e3), min_size=3, max_size=max_size, unique=True).map(sorted))
    slope, intercept = draw(st.floats(-10, 10)), draw(st.floats(-10, 10))
    y = []
    for value in x:
        exact = slope * value + intercept
        nudge = draw(st.sampled_from((-math.inf, None, math.inf)))
        y.append(exact if nudge is None else math.nextafter(exact, nudge))
    return [Fraction(v) for v in x], [Fraction(v) for v in y]


def any_data(max_size: int = 9) -> st.SearchStrategy[Data]:
    """All families."""
    return st.one_of(
        integers(max_size), decimals(max_size), runs(max_size), wild_floats(), near_collinear()
    )


exponents = st.sampled_from([Fraction(p) for p in ("1/10", "0.37", "1/3", "1/2", "2/3", "0.9")])
