"""Functions to be written, with names that files can have, and where to look at them."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from hypothesis import strategies as st

from exactsparse import Formula, Network, Neuron, Skip
from exactsparse.exact.numbers import to_fraction
from exactsparse.routes.univariate.band.law import Chain
from exactsparse.routes.univariate.band.stabbing import Line
from tests.models.networks import networks

UGLY = (
    'x"); DROP TABLE law; --',
    '=cmd|"/c calc"!A1',
    "*/ int main(void) { return 1; } /*",
    '"""\nraise SystemExit(7)\n"""',
    "100% of_it & {more} \\input{/etc/passwd} ^~#$",
    "a\nb\r\tc\x00\x0b\u2028d",
    "class",
    "double",
    "select",
    "lambda",
    "Größe µ",
    "温度",
    "\u202eevil",
    "`x`",
    "[x]",
    "it's",
    "??/",
    "\\",
    "",
    " ",
    "x",
    "X",
    "2nd",
    "_",
    "float",
    "linux",
    "exp",
)


def _exact(value: object) -> Fraction:
    return to_fraction(str(value) if isinstance(value, float) else value)


def law(knots: Sequence[object], values: Sequence[object], before: object, after: object) -> Chain:
    """A law of so many knots, of the slopes between them and of two slopes outside."""
    xs, ys = list(map(_exact, knots)), list(map(_exact, values))
    slopes = [_exact(before)]
    slopes += [(b - a) / (t - s) for s, t, a, b in zip(xs, xs[1:], ys, ys[1:], strict=False)]
    slopes.append(_exact(after))
    anchors = [0, *range(len(xs))]
    lines = [Line(slope, ys[k] - slope * xs[k]) for slope, k in zip(slopes, anchors, strict=True)]
    return Chain(lines)


# Zero at a knot that no float64 is; some are next to one.
HINGES = [
    law([at], [0], *slopes)
    for third in (Fraction(1 / 3), Fraction(-1 / 3))
    for at in (third, third + Fraction(1, 10**30), third - Fraction(1, 10**30), Fraction(1, 3))
    for slopes in ((0, Fraction(1, 7)), (Fraction(1, 7), 0))
]
# The first two have no float64 between them.
HINGES += [law([Fraction(1, 3), Fraction(1, 3) + Fraction(1, 10**25), 1], [0, 0, 1], "1/7", 2)]
ROOF = law([0, 1, "7/3"], [0, 1, "1/3"], "1/3", 0)


def saw(knots: int, step: Fraction = Fraction(1, 7)) -> Chain:
    """A law of many knots, the first of which is zero at no float64."""
    xs = [(k + 1) * step for k in range(knots)]
    return law(xs, [Fraction(k % 2) - Fraction(k, 3) for k in range(knots)], -1, 5)


def places(formula: Formula) -> list[float]:
    """Abscissae to compare at: around all knots, between them, far away, zeros."""
    ends = [float(knot) for knot in formula.knots] or [0.0]
    found = {0.0, -0.0, 1.0, 0.1, -3e7, 1e16, ends[0] - 1.0, ends[-1] + 1.0}
    for end in ends:
        found |= {end, math.nextafter(end, math.inf), math.nextafter(end, -math.inf)}
    found |= {(a + b) / 2 for a, b in pairwise(ends)}
    return sorted(found)


def bound(formula: Formula, point: Sequence[float]) -> Fraction:
    """How far a value in float64 may be from the exact one, as the headers say."""
    if formula.all_pieces is None:
        xs = [Fraction(x) for x in point]
        weights, constant = formula.affine
        size = abs(constant) + sum(abs(w * x) for w, x in zip(weights, xs, strict=True))
        for _, inner, bias in formula.neurons:
            size += abs(bias) + sum(abs(w * x) for w, x in zip(inner, xs, strict=True))
        return (len(xs) + len(formula.neurons) + 4) * size / 2**53
    x = Fraction(point[0])
    below = bisect_right(formula.knots, x)
    end = (formula.knots or formula.ends)[max(below - 1, 0)]
    # The float64 next to the end, on the side of the piece.
    anchor = float(end)
    if formula.knots and below and Fraction(anchor) < end:
        anchor = math.nextafter(anchor, math.inf)
    if formula.knots and not below and Fraction(anchor) > end:
        anchor = math.nextafter(anchor, -math.inf)
    size = max(abs(formula(x)), abs(formula(Fraction(anchor))))
    return size / 2**49 + Fraction(1, 2**1073)


def assert_near(formula: Formula, point: Sequence[float], value: float) -> None:
    """That a value in float64 is as near to the exact one as the headers say."""
    exact = formula(list(map(Fraction, point)))
    assert abs(Fraction(value) - exact) <= bound(formula, point), (formula, point, value)


names = st.sampled_from(UGLY) | st.text(max_size=12)


@st.composite
def chains(draw: st.DrawFn) -> Chain:
    """A law of up to 30 knots at fractions or wild floats."""
    number = draw(
        st.sampled_from(
            (
                st.fractions(-20, 20, max_denominator=30),
                st.floats(-1e12, 1e12).map(Fraction),
                st.integers(10**15, 10**15 + 40).map(Fraction),
            )
        )
    )
    xs = sorted(draw(st.lists(number, min_size=1, max_size=30, unique=True)))
    slopes = draw(
        st.lists(st.fractions(-9, 9, max_denominator=11), min_size=len(xs) + 1, max_size=40)
    )
    pairs = [slopes[0]]
    for k in range(1, len(xs) + 1):
        pairs.append(slopes[k] if slopes[k] != pairs[-1] else slopes[k] + 1)
    intercept = draw(number)
    lines = [Line(pairs[0], intercept)]
    for x, slope in zip(xs, pairs[1:], strict=True):
        lines.append(Line(slope, lines[-1].at(x) - slope * x))
    return Chain(lines)


@st.composite
def formulas(draw: st.DrawFn) -> Formula:
    """A function of one to three features with ugly names."""
    function: Chain | Network = draw(st.one_of(chains(), networks()))
    d = function.n_features if isinstance(function, Network) else 1
    return Formula.of(function, draw(st.lists(names, min_size=d, max_size=d)), draw(names))


def plane() -> Network:
    """Two features, an affine part, a constant neuron, a dead one."""
    third = Fraction(1, 3)
    neurons = (
        Neuron((third, Fraction(-2)), Fraction(1, 7), Fraction(-3)),
        Neuron((Fraction(0), Fraction(1)), Fraction(-5), third),
        Neuron((Fraction(0), Fraction(0)), Fraction(2), Fraction(3)),
        Neuron((Fraction(0), Fraction(0)), Fraction(-2), Fraction(3)),
        Neuron((Fraction(1), Fraction(1)), Fraction(0), Fraction(0)),
    )
    return Network(neurons, Skip((third, Fraction(0)), Fraction(1, 10)), 2)
