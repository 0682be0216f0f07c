"""SymPy, the CSV of pieces, breakpoints: exact, or the nearest floats."""

from __future__ import annotations

import csv
import io
import math
from fractions import Fraction
from typing import Any

import pytest
import sympy
from hypothesis import given, settings

import exactsparse as es
from exactsparse import Formula, OutputError, ProblemError, UnsupportedProblemError
from exactsparse.export import pieces_csv
from tests.export.laws import ROOF, UGLY, chains, formulas, law, places, plane, saw


def rational(value: Fraction) -> Any:
    return sympy.Rational(value.numerator, value.denominator)


def value_of(expression: Any, point: list[Fraction]) -> Fraction:
    """What SymPy makes of it."""
    symbols = sorted(expression.free_symbols, key=lambda symbol: symbol.name)
    at = {symbol: rational(point[int(symbol.name[1:] or 1) - 1]) for symbol in symbols}
    value = expression.subs(at)
    return Fraction(int(value.p), int(value.q))


@pytest.mark.parametrize("law", [ROOF, saw(60)])
def test_sympy_agrees_exactly(law: Any) -> None:
    formula = Formula.of(law)
    expression = formula.to_sympy()
    for x in [*map(Fraction, places(formula)[::7]), *formula.knots]:
        assert value_of(expression, [x]) == formula(x)


@given(formulas())
@settings(max_examples=20, deadline=None)
def test_sympy_has_the_function_of_any_formula(formula: Formula) -> None:
    d = len(formula.features)
    named = Formula.of(formula.network or _network(formula))
    point = [Fraction(-7, 3), Fraction(1, 5), Fraction(4)][:d]
    assert value_of(named.to_sympy(), point) == formula(point)


def _network(formula: Formula) -> Any:
    from exactsparse.routes.univariate.band.law import Chain
    from exactsparse.routes.univariate.band.stabbing import Line

    return Chain([Line(piece.slope, piece.intercept) for piece in formula.pieces()])


@pytest.mark.parametrize("name", UGLY)
def test_symbols_have_the_names_of_features(name: str) -> None:
    (symbol,) = Formula.of(ROOF, [name]).to_sympy().free_symbols
    assert symbol.name == name and symbol.is_real


@given(chains())
@settings(max_examples=30, deadline=None)
def test_csv_has_every_piece_twice(chain: Any) -> None:
    rows = list(csv.DictReader(io.StringIO(pieces_csv(Formula.of(chain)))))
    for row, piece in zip(rows, chain.pieces(), strict=True):
        assert (row["from exact"], row["to exact"]) == (
            "" if piece.start is None else str(piece.start),
            "" if piece.end is None else str(piece.end),
        )
        assert Fraction(row["slope exact"]) == piece.slope
        assert Fraction(row["intercept exact"]) == piece.intercept
        assert float(row["from"]) == (-math.inf if piece.start is None else float(piece.start))
        assert float(row["to"]) == (math.inf if piece.end is None else float(piece.end))
        assert float(row["slope"]) == float(piece.slope)
        assert float(row["intercept"]) == float(piece.intercept)


def test_csv_of_several_features_and_ugly_names() -> None:
    for name in UGLY:
        text = pieces_csv(Formula.of(plane(), [name, "b"]))
        rows = list(csv.reader(io.StringIO(text)))
        assert len(rows) == 4
        # What begins so would be a formula to a spreadsheet.
        assert not any(cell[:1] in ("=", "+", "@", "\t") for row in rows for cell in row)
    exact = [[row[1], *map(Fraction, row[5:])] for row in rows[1:]]
    for point in ([Fraction(5), Fraction(-2)], [Fraction(-9, 2), Fraction(30)]):
        total = Fraction(0)
        for (sign, a, b, bias), row in zip(exact, rows[1:], strict=True):
            z = a * point[0] + b * point[1] + bias
            total += int(sign) * (z if row[0] == "affine" else max(z, Fraction(0)))
        assert total == plane().evaluate(point)


@given(chains())
@settings(max_examples=30, deadline=None)
def test_breakpoints_are_the_law_between_two_ends(chain: Any) -> None:
    formula = Formula.of(chain)
    low, high = formula.knots[0] - 1, formula.knots[-1] + Fraction(1, 3)
    exact = formula.breakpoints(low, high, exact=True)
    assert exact.x == [low, *formula.knots, high]
    assert exact.y == [formula(x) for x in exact.x]
    assert exact.slopes == [piece.slope for piece in formula.pieces()]
    points = formula.breakpoints(low, high)
    assert points.x == sorted(set(map(float, exact.x)))
    assert points.y == [float(formula(Fraction(x))) for x in points.x]


def test_breakpoints_reach_from_end_to_end_of_the_data() -> None:
    solution = es.solve([4, 0, 1, 2, 3], [0, 0, 1, 2, 1])
    points = solution.breakpoints()
    assert (points.x, points.y, points.slopes) == ([0, 2, 4], [0, 2, 0], [1, -1])
    assert solution.breakpoints("1/2", 1).x == [0.5, 1.0]
    for low, high, what in ((3, 1, "are 3 and 1"), (2, 2, "are 2 and 2"), ("a", 1, "'a' is not")):
        with pytest.raises(ProblemError, match=what):
            solution.breakpoints(low, high)
    with pytest.raises(ProblemError, match="are the same float64"):
        solution.breakpoints(1, 1 + Fraction(1, 10**30))
    assert solution.breakpoints(1, 1 + Fraction(1, 10**30), exact=True).slopes == [1]
    with pytest.raises(OutputError, match="an abscissa is larger"):
        solution.breakpoints(0, 10**400)


def test_several_features_have_no_pieces() -> None:
    formula = Formula.of(plane())
    for ask in (formula.pieces, formula.breakpoints):
        with pytest.raises(UnsupportedProblemError, match="of one feature, and this is one of 2"):
            ask()


def test_pieces_of_a_network_are_those_of_its_law() -> None:
    """Neurons that look to the left, at the same knot, with opposite signs, dead ones."""
    text = [
        ("-2", "4", "1"),
        ("1", "-2", "1"),
        ("3", "6", "-1/3"),
        ("0", "5", "2"),
        ("1", "2", "1"),
    ]
    text += [("0", "-5", "2"), ("1", "9", "0")]
    neurons = tuple(es.Neuron((Fraction(w),), Fraction(b), Fraction(v)) for w, b, v in text)
    network = es.Network(neurons, None, 1)
    formula = Formula.of(network)
    assert formula.knots == (2,)
    for x in (-7, -2, 0, 2, 5):
        assert formula(x) == network.evaluate(x)


def test_names_must_be_as_many_as_features() -> None:
    with pytest.raises(ProblemError, match="1 name for 2 features"):
        Formula.of(plane(), ["a"])
    assert Formula.of(plane()).features == ("x1", "x2")
    assert repr(Formula.of(plane())) == "<Formula: y of x1, x2, 2 neurons>"


def test_a_large_law_is_written_in_time() -> None:
    assert len(Formula.of(law(range(3000), [k % 2 for k in range(3000)], 2, 0)).pieces()) == 3001
