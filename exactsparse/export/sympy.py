"""A formula as an expression of SymPy, exact."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from exactsparse.export.formula import Formula
from exactsparse.packages import require_package


def sympy_expression(formula: Formula) -> Any:
    """``Piecewise`` of one feature, a sum of ``Max`` of several; the numbers are rationals.

    Parameters
    ----------
    formula : Formula
        Of any number of features; these are real symbols of their names.

    Raises
    ------
    MissingPackageError
        If SymPy is not installed.

    Examples
    --------
    >>> import sympy
    >>> import exactsparse as es
    >>> sympy_expression(es.solve([0, 1, 2], [0, 1, 0]).formula)
    Piecewise((x, x < 1), (2 - x, True))
    """
    sympy = require_package("sympy", "sympy")
    symbols = [sympy.Symbol(name, real=True) for name in formula.features]

    def number(value: Fraction) -> Any:
        return sympy.Rational(value.numerator, value.denominator)

    def affine(weights: Sequence[Fraction], constant: Fraction) -> Any:
        terms = [number(w) * x for w, x in zip(weights, symbols, strict=True) if w]
        return sympy.Add(*terms, number(constant))

    if formula.all_pieces is None:
        terms = [sign * sympy.Max(affine(w, bias), 0) for sign, w, bias in formula.neurons]
        return sympy.Add(affine(*formula.affine), *terms)
    lines = [affine([piece.slope], piece.intercept) for piece in formula.all_pieces]
    if len(lines) == 1:
        return lines[0]
    # Relations and pieces of many numbers are not to be simplified against each other.
    cases = [
        (line, sympy.StrictLessThan(symbols[0], number(knot), evaluate=False))
        for line, knot in zip(lines, formula.knots, strict=False)
    ]
    return sympy.Piecewise(*cases, (lines[-1], True), evaluate=False)
