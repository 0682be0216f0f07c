"""The LaTeX that is written: exact or said not to be, and no name is a command."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest

import exactsparse as es
from exactsparse import Formula
from exactsparse.export.latex import latex_name
from exactsparse.routes.univariate.band.law import Chain
from tests.export.laws import ROOF, UGLY, law, plane, saw

_COMMANDS = {"begin", "end", "frac", "le", "mathrm", "text", "approx", "cdot", "left", "right"}
_OF_NAMES = {"backslash", "wedge", "sim", "lt", "gt"}


def number(text: str) -> Fraction:
    """A number as LaTeX has it."""
    text = re.sub(r"\\frac\{(\d+)\}\{(\d+)\}", r"\1/\2", text)
    mantissa, _, exponent = text.partition(r"\cdot 10^")
    return Fraction(mantissa) * Fraction(10) ** int(exponent.strip("{}") or 0)


def rows(text: str) -> list[tuple[Fraction, Fraction, str]]:
    """Slope, intercept and condition of every case."""
    found = []
    inside = text.split("\\begin{cases}\n")[1].split("\n\\end{cases}")[0]
    for row in inside.split(" \\\\\n"):
        line, condition = row.split(", & ")
        slope = intercept = Fraction(0)
        for sign, term in re.findall(r"(^-?|[-+] )([^ ]+(?:\\cdot [^ ]+)?)", line):
            size = -1 if "-" in sign else 1
            if term.endswith("x"):
                slope = size * (number(term.removesuffix("x").removesuffix(r"\,") or "1"))
            else:
                intercept = size * number(term)
        found.append((slope, intercept, condition))
    return found


@pytest.mark.parametrize("law", [ROOF, saw(9), law([1e9], [2e-9], "1/97", -1)])
def test_cases_are_the_pieces(law: Chain) -> None:
    formula = Formula.of(law)
    text = formula.to_latex(exact=True)
    assert text.startswith("y = \\begin{cases}")
    pieces = list(law.pieces())
    for piece, (slope, intercept, condition) in zip(pieces, rows(text), strict=True):
        assert (slope, intercept) == (piece.slope, piece.intercept)
        low, _, high = condition.partition("x")
        assert [number(end) for end in re.split(r" \\le | < ", low + high) if end] == [
            end for end in (piece.start, piece.end) if end is not None
        ]


def test_what_is_rounded_is_said() -> None:
    long = law(["1/3"], [0], "123456789/987654321", 1)
    assert r"y \approx" in Formula.of(long).to_latex()
    exact = Formula.of(long).to_latex(exact=True)
    assert "y = " in exact and r"\frac{13717421}{109739369}" in exact
    assert [row[:2] for row in rows(exact)] == [(p.slope, p.intercept) for p in long.pieces()]


def test_few_of_many_pieces() -> None:
    text = Formula.of(saw(50)).to_latex(most=3)
    assert text.count("\\\\") == 3 and "\n\\dots\n" in text
    text = Formula.of(plane()).to_latex(most=1)
    assert text.count("_+") == 1 and text.endswith("+ \\dots\n\\end{aligned}")


def test_a_notebook_shows_it() -> None:
    shown = Formula.of(saw(50), ["<b>"])._repr_latex_()
    assert shown.startswith(r"$\displaystyle y = \begin{cases}") and shown.endswith("$")
    assert shown.count("\\\\") == 20 and "<b>" not in shown


def test_several_features() -> None:
    assert Formula.of(plane(), ["a", "b_c"]).to_latex().splitlines() == [
        r"\begin{aligned}",
        r"y = {}& \frac{1}{3}\,a + 6.1 \\",
        r"& - \left(a - 6\,\mathrm{b\_c} + \frac{3}{7}\right)_+ \\",
        r"& + \left(\frac{1}{3}\,\mathrm{b\_c} - \frac{5}{3}\right)_+",
        r"\end{aligned}",
    ]


@pytest.mark.parametrize("name", UGLY)
def test_a_name_is_no_command(name: str) -> None:
    text = latex_name(name)
    assert set(re.findall(r"\\([A-Za-z]+)", text)) <= _COMMANDS | _OF_NAMES
    bare = re.sub(r"\\[_%$#&{}]", "", text)
    assert bare.count("{") == bare.count("}")
    assert not set("%$#&~^\n\r<>\u2028\u202e") & set(bare)
    assert text in Formula.of(ROOF, [name], name).to_latex()


def test_a_line_and_nothing() -> None:
    assert es.solve([0, 1], [3, 5]).to_latex() == "y = 2\\,x + 3"
    assert es.solve([[0, 0]], [0]).to_latex() == "y = 0"
