"""A formula in LaTeX: ``cases`` of one feature, a sum of positive parts of several."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from exactsparse.exact.numbers import digits_apart, format_rational, rational_text
from exactsparse.export.formula import Formula
from exactsparse.printable import printable
from exactsparse.problem.network import Network
from exactsparse.routes.univariate.band.law import Chain
from exactsparse.routes.univariate.piecewise_linear import PiecewiseLinear

_MOST_IN_NOTEBOOKS = 20
# Neurons times features, or knots.
_LARGEST_IN_NOTEBOOKS = 1_000
_SIGNS = {
    " ": r"\ ",
    "\\": r"{\backslash}",
    "^": r"{\wedge}",
    "~": r"{\sim}",
    "<": r"{\lt}",
    ">": r"{\gt}",
    "'": r"\text{'}",
    "`": r"\text{`}",
    "-": r"\text{-}",
    **{sign: f"\\{sign}" for sign in "_%$#&{}"},
}


def latex_formula(formula: Formula, *, exact: bool = False, most: int | None = None) -> str:
    r"""The formula, to stand in mathematics mode; needs amsmath.

    Parameters
    ----------
    formula : Formula
        Of any number of features.
    exact : bool
        Whether long quotients are written in full; else they are rounded to 10 digits, and
        ``\approx`` stands for ``=``.
    most : int, optional
        How many pieces, or neurons, are written; the rest is dots.

    Examples
    --------
    >>> import exactsparse as es
    >>> print(latex_formula(es.solve([0, 1, 2], [0, 1, 0]).formula))
    y = \begin{cases}
    x, & x < 1 \\
    -x + 2, & 1 \le x
    \end{cases}
    """
    # Neither ends nor values at them may look alike.
    numbers = _Numbers(exact, max(digits_apart(formula.knots), digits_apart(formula.ends)))
    names = [latex_name(name) for name in formula.features]
    if formula.all_pieces is None:
        left, right = _neurons(formula, names, numbers, most)
    else:
        left, right = "", _cases(formula, names[0], numbers, most)
    sign = r"\approx" if numbers.rounded else "="
    head = f"{latex_name(formula.label)} {sign} "
    if left:
        return f"{left}{head}{{}}& {right}\n\\end{{aligned}}"
    return head + right


def latex_file(formula: Formula) -> str:
    r"""The formula below comments that say where it comes from, to be read by ``\input``."""
    lines = (
        f"{formula.label} from {', '.join(formula.features)}.",
        *formula.provenance,
        r"Needs amsmath: \[ \input{this file} \]",
    )
    comments = "".join(f"% {printable(line)}\n" for line in lines)
    return f"{comments}{latex_formula(formula)}\n"


def notebook_latex(function: Network | PiecewiseLinear | Chain) -> str | None:
    """What a notebook typesets of a law or a network: its beginning, nothing of a very large one.

    Parameters
    ----------
    function : Network, PiecewiseLinear or Chain
        Of any size.
    """
    if isinstance(function, Network):
        size = len(function.neurons) * function.n_features
    else:
        size = function.n_knots
    if size > _LARGEST_IN_NOTEBOOKS:
        return None
    return f"$\\displaystyle {latex_formula(Formula.of(function), most=_MOST_IN_NOTEBOOKS)}$"


def latex_name(name: str) -> str:
    r"""A name in mathematics mode: letters of one upright word, one letter in italics.

    Examples
    --------
    >>> latex_name("x"), latex_name("tax_usd"), latex_name("50% \\input")
    ('x', '\\mathrm{tax\\_usd}', '\\mathrm{50\\%\\ {\\backslash}input}')
    """
    if len(name) == 1 and name.isascii() and name.isalpha():
        return name
    return rf"\mathrm{{{''.join(map(_sign, printable(name)))}}}"


def _sign(character: str) -> str:
    if character in _SIGNS:
        return _SIGNS[character]
    if character.isascii():
        return character if character.isalnum() else f"{{{character}}}"
    return rf"\text{{{character}}}"


class _Numbers:
    """Numbers in LaTeX, and whether one of them was rounded."""

    def __init__(self, exact: bool, digits: int) -> None:
        self.exact = exact
        self.digits = digits
        self.rounded = False

    def __call__(self, value: Fraction) -> str:
        text = format_rational(value, self.digits)
        if text.startswith("≈"):
            if self.exact:
                text = rational_text(value)
            else:
                self.rounded = True
                text = text[1:]
        if "/" in text:
            sign = "-" if value < 0 else ""
            top, bottom = text.removeprefix("-").split("/")
            return rf"{sign}\frac{{{top}}}{{{bottom}}}"
        mantissa, _, exponent = text.partition("e")
        return rf"{mantissa}\cdot 10^{{{int(exponent)}}}" if exponent else text

    def affine(self, weights: Sequence[Fraction], names: Sequence[str], constant: Fraction) -> str:
        """Write ``Σ weights names + constant``."""
        terms = [(w, name) for w, name in zip(weights, names, strict=True) if w]
        if constant or not terms:
            terms.append((constant, ""))
        text = ""
        for value, name in terms:
            size = abs(value)
            amount = rf"{self(size)}\,{name}" if name else self(size)
            amount = name if name and size == 1 else amount
            sign = "-" if value < 0 else "+"
            text += f" {sign} {amount}" if text else f"{'-' if value < 0 else ''}{amount}"
        return text


def _cases(formula: Formula, x: str, numbers: _Numbers, most: int | None) -> str:
    pieces = formula.require_pieces("cases")
    if len(pieces) == 1:
        return numbers.affine([pieces[0].slope], [x], pieces[0].intercept)
    rows = []
    for piece in pieces[:most]:
        low = "" if piece.start is None else rf"{numbers(piece.start)} \le "
        high = "" if piece.end is None else f" < {numbers(piece.end)}"
        line = numbers.affine([piece.slope], [x], piece.intercept)
        rows.append(f"{line}, & {low}{x}{high}")
    if len(rows) < len(pieces):
        rows.append(r"\dots")
    return "\\begin{cases}\n" + " \\\\\n".join(rows) + "\n\\end{cases}"


def _neurons(
    formula: Formula, names: Sequence[str], numbers: _Numbers, most: int | None
) -> tuple[str, str]:
    """How the formula begins, empty for one line, and its right side."""
    weights, constant = formula.affine
    terms = [numbers.affine(weights, names, constant)] if any(weights) or constant else []
    for sign, inner, bias in formula.neurons[:most]:
        inside = numbers.affine(inner, names, bias)
        lead = "-" if sign < 0 else "+" if terms else ""
        space = " " if lead and terms else ""
        terms.append(rf"{lead}{space}\left({inside}\right)_+")
    if most is not None and len(formula.neurons) > most:
        terms.append(r"+ \dots")
    if len(terms) < 2:
        return "", terms[0] if terms else "0"
    return "\\begin{aligned}\n", " \\\\\n& ".join(terms)
