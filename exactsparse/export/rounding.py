"""A formula in float64: constants rounded, the piece of every argument chosen exactly.

A knot ξ is rounded up, to the least float64 that is not below it.  A float64 x is then on the right
side: ``x < ξ`` if and only if ``x < start``.  A piece is reckoned from its left end a, the first
from the greatest float64 that is not above its right end, as ``h + s (x - a)``, where h is f(a):
large intercepts do not cancel.

With u = 2⁻⁵³, h and s have a relative error of u each; the difference, the product and the sum have
one of u more.  In all that is at most ``u (2|h| + 4|s (x - a)|)`` up to terms of order u², and, as
``s (x - a) = f(x) - h``, at most ``10 u max(|f(x)|, |h|) < 2⁻⁴⁹ max(|f(x)|, |h|)``; numbers that
are not normal lose 2⁻¹⁰⁷³ more at most.

Of several features, at most m = d + K + 3 roundings meet in a term, K being the number of neurons:
an error of at most ``(m + 1) u`` times the sum of the sizes of all products and constants.
"""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass
from fractions import Fraction

from exactsparse.errors import OutputError
from exactsparse.exact.numbers import to_float
from exactsparse.export.formula import Formula

_FACTORS = ("a slope", "a weight")
_RANGE = "where a number on the way exceeds 1.7e308, it is infinite or no number."
ONE_FEATURE = (
    "Every constant is rounded to float64, the piece is chosen exactly: the value at x is off by",
    "at most 2^-49 times the larger of |f(x)| and |f(a)|, a being the end that x is reckoned from,",
    f"and 2^-1073; {_RANGE}",
)


@dataclass(frozen=True)
class FloatPieces:
    """Pieces in float64; piece i holds from ``starts[i - 1]`` on, up to ``starts[i]``.

    Parameters
    ----------
    starts : tuple of float, length k
        Ascending.
    anchors, heights, slopes : tuple of float, length k + 1
        Piece i is ``heights[i] + slopes[i] * (x - anchors[i])``.
    """

    starts: tuple[float, ...]
    anchors: tuple[float, ...]
    heights: tuple[float, ...]
    slopes: tuple[float, ...]

    @classmethod
    def of(cls, formula: Formula) -> FloatPieces:
        """The pieces of a formula of one feature; those without a float64 inside are left out.

        Raises
        ------
        OutputError
            If a number exceeds float64.
        """
        pieces = formula.require_pieces("pieces")
        starts = [float_above(knot) for knot in formula.knots]
        ends = [*starts, math.inf]
        kept = [k for k, end in enumerate(ends) if k == 0 or starts[k - 1] < end]
        starts = [starts[k - 1] for k in kept[1:]]
        if starts:
            # Where the first line still is the function.
            anchors = [-float_above(-formula.knots[0]) + 0.0, *starts]
        else:
            anchors = [rounded(formula.ends[0], "an abscissa")]
        lines = [pieces[k] for k in kept]
        heights = [
            rounded(line.slope * Fraction(at) + line.intercept, "the value at a knot")
            for line, at in zip(lines, anchors, strict=True)
        ]
        slopes = [rounded(line.slope, "a slope") for line in lines]
        return cls(tuple(starts), tuple(anchors), tuple(heights), tuple(slopes))


def rounded(value: Fraction, what: str) -> float:
    """Nearest float64.

    Raises
    ------
    OutputError
        If it is infinite, or a factor has lost digits because it is too small.
    """
    nearest = to_float(value)
    small = value != 0 and abs(value) < sys.float_info.min
    # Places and heights that are no normal numbers are off by 2⁻¹⁰⁷⁵; factors lose digits.
    if math.isinf(nearest) or (small and what in _FACTORS):
        raise OutputError(
            f"{what} is {'smaller' if small else 'larger'} than float64 allows; exact are "
            "to_python(exact=True), to_sympy(), the .csv and the .json export"
        )
    # No -0.
    return nearest + 0.0


def float_above(value: Fraction) -> float:
    """The least float64 that is not below a value.

    Raises
    ------
    OutputError
        If the value exceeds float64.

    Examples
    --------
    >>> float_above(Fraction(1, 10)), float_above(Fraction(1, 3))
    (0.1, 0.33333333333333337)
    """
    nearest = to_float(value)
    if math.isinf(nearest):
        rounded(value, "a knot")
    above = nearest if Fraction(nearest) >= value else math.nextafter(nearest, math.inf)
    return above + 0.0


@dataclass(frozen=True)
class FloatNeurons:
    """``Σ signs (weights · x + biases)₊ + skip · x + constant`` in float64.

    Parameters
    ----------
    signs : tuple of int, length K
        1 or -1.
    weights : tuple of tuple of float, shape (K, d)
        Input weights.
    biases : tuple of float, length K
        Biases.
    skip : tuple of float, length d
        Weights of the affine part.
    constant : float
        Its constant.
    """

    signs: tuple[int, ...]
    weights: tuple[tuple[float, ...], ...]
    biases: tuple[float, ...]
    skip: tuple[float, ...]
    constant: float

    @classmethod
    def of(cls, formula: Formula) -> FloatNeurons:
        """The neurons of a formula of several features.

        Raises
        ------
        OutputError
            If a number exceeds float64.
        """
        skip, constant = formula.affine
        return cls(
            tuple(sign for sign, _, _ in formula.neurons),
            tuple(tuple(rounded(v, "a weight") for v in w) for _, w, _ in formula.neurons),
            tuple(rounded(bias, "a bias") for _, _, bias in formula.neurons),
            tuple(rounded(value, "a weight") for value in skip),
            rounded(constant, "a constant"),
        )

    @property
    def used(self) -> list[int]:
        """Features that the function depends on."""
        rows = (*self.weights, self.skip)
        return [k for k in range(len(self.skip)) if any(row[k] for row in rows)]


def accuracy(formula: Formula) -> tuple[str, ...]:
    """What code in float64 promises, in lines."""
    if formula.all_pieces is not None:
        return ONE_FEATURE
    roundings = len(formula.features) + len(formula.neurons) + 4
    return (
        "Every constant is rounded to float64: a value is off by at most "
        f"{roundings} * 2^-53 times",
        f"the sum of the absolute values of all products and constants; {_RANGE}",
    )
