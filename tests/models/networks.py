"""Networks to be written and read."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st

from exactsparse import Network, Neuron, Skip


def plain() -> Network:
    """Two neurons of two features, an output bias, parameters that float64 holds."""
    neurons = (
        Neuron((Fraction(1), Fraction(-1, 4)), Fraction(1, 2), Fraction(2)),
        Neuron((Fraction(0), Fraction(3)), Fraction(0), Fraction(-1)),
    )
    return Network(neurons, Skip((Fraction(0), Fraction(0)), Fraction(1, 8)), 2)


def with_linear_part() -> Network:
    """The same with a linear part, and thirds that no float holds."""
    skip = Skip((Fraction(2), Fraction(1, 3)), Fraction(1, 7))
    return Network(plain().neurons, skip, 2)


def law(x: Fraction) -> Fraction:
    """What most of the models in the fixtures compute."""
    return (
        max(x - 2, Fraction(0))
        + max(1 - x, Fraction(0)) / 2
        + max(2 * x - 6, Fraction(0)) / 4
        + Fraction(1, 8)
    )


@st.composite
def networks(draw: st.DrawFn) -> Network:
    """Up to four neurons of up to three features, rational parameters, any skip."""
    d = draw(st.integers(1, 3))
    number = st.fractions(-5, 5, max_denominator=12)
    weights = st.lists(number, min_size=d, max_size=d).map(tuple)
    neurons = draw(st.lists(st.builds(Neuron, weights, number, number), max_size=4))
    skip = draw(st.none() | st.builds(Skip, weights, number))
    return Network(tuple(neurons), skip, d)
