"""Python code of a formula, in floats or in Fractions."""

from __future__ import annotations

import builtins
import keyword
from collections.abc import Callable, Sequence
from fractions import Fraction

from exactsparse.export.formula import Formula
from exactsparse.export.names import identifier, identifiers, renamed
from exactsparse.export.rounding import FloatNeurons, FloatPieces, accuracy
from exactsparse.export.text import line_text, listed, signed_sum, sum_text
from exactsparse.printable import printable

MOST_BRANCHES = 12
# Python reads decimal literals of 4,300 digits, and hexadecimal ones of any length.
_MOST_BITS = 10_000
_TAKEN = {*keyword.kwlist, *keyword.softkwlist, *dir(builtins), "Fraction", "bisect_right"}
_EXACT = (
    "Exact: arguments are Fractions, integers, decimal strings, or floats, which stand for the",
    "binary numbers that they hold; the value is a Fraction. NaN and infinities raise ValueError",
    "or OverflowError.",
)
_NAN = ("NaN gives NaN.",)
# A name that begins with an underscore is no parameter: theirs begin with a letter.
_POSITIVE = "def _positive(z):\n    return z if not z <= 0.0 else 0.0\n"
_EXACT_POSITIVE = "def _positive(z):\n    return max(z, Fraction(0))\n"


def python_code(formula: Formula, *, exact: bool = False) -> str:
    """A module with one function of the features.

    Parameters
    ----------
    formula : Formula
        Of any number of features.
    exact : bool
        Whether it reckons in Fractions.

    Raises
    ------
    OutputError
        If a number exceeds float64, unless it is exact.

    Examples
    --------
    >>> import exactsparse as es
    >>> space = {}
    >>> exec(python_code(es.solve([0, 1, 2], [0, 1, 0]).formula), space)
    >>> space["predict_y"](1.5)
    0.5
    """
    function = f"predict_{identifier(formula.label)}"
    parameters = identifiers(formula.features, {*_TAKEN, function})
    several = formula.all_pieces is None
    imports = ["from fractions import Fraction"] if exact else []
    if several:
        before = _EXACT_POSITIVE if exact else _POSITIVE
        body = (_exact_neurons if exact else _neurons)(formula, parameters)
    else:
        before, body = (_exact_pieces if exact else _pieces)(formula, parameters[0])
        imports = (["from bisect import bisect_right"] if before else []) + imports
    head = f"def {function}({', '.join(parameters)}):\n{_docstring(formula, parameters, exact)}"
    parts = ["".join(f"{line}\n" for line in imports), before, head + body]
    return "\n\n".join(filter(None, parts))


def _docstring(formula: Formula, parameters: Sequence[str], exact: bool) -> str:
    names = ", ".join(formula.features)
    lines = [f"{formula.label} from {names}.", *renamed(formula.features, parameters), ""]
    lines += [*formula.provenance, ""]
    lines += _EXACT if exact else (*accuracy(formula), *_NAN)
    safe = [printable(line).replace("\\", "\\\\").replace('"', '\\"') for line in lines]
    inside = "\n".join(f"    {line}".rstrip() for line in safe[1:])
    return f'    """{safe[0]}\n{inside}\n    """\n'


def _pieces(formula: Formula, x: str) -> tuple[str, str]:
    table = FloatPieces.of(formula)
    body = f"    {x} = float({x})\n"
    if len(table.slopes) > MOST_BRANCHES or not table.slopes[-1]:
        body += f"    if {x} != {x}:\n        return {x}\n"
    if len(table.slopes) <= MOST_BRANCHES:
        lines = [
            line_text(height, slope, x, anchor)
            for height, slope, anchor in zip(
                table.heights, table.slopes, table.anchors, strict=True
            )
        ]
        return "", body + _branches(x, list(map(repr, table.starts)), lines)
    columns = {
        "_STARTS": table.starts,
        "_ANCHORS": table.anchors,
        "_HEIGHTS": table.heights,
        "_SLOPES": table.slopes,
    }
    body += (
        f"    _k = bisect_right(_STARTS, {x})\n"
        "    _slope = _SLOPES[_k]\n"
        f"    return _HEIGHTS[_k] + (_slope * ({x} - _ANCHORS[_k]) if _slope else 0.0)\n"
    )
    return _table({name: list(map(repr, column)) for name, column in columns.items()}), body


def _exact_pieces(formula: Formula, x: str) -> tuple[str, str]:
    pieces = formula.require_pieces("pieces")
    starts = [_fraction(knot) for knot in formula.knots]
    body = f"    {x} = Fraction({x})\n"
    if len(pieces) <= MOST_BRANCHES:
        lines = [f"{_fraction(p.slope)} * {x} + {_fraction(p.intercept)}" for p in pieces]
        return "", body + _branches(x, starts, lines)
    columns = {
        "_STARTS": starts,
        "_SLOPES": [_fraction(piece.slope) for piece in pieces],
        "_INTERCEPTS": [_fraction(piece.intercept) for piece in pieces],
    }
    body += f"    _k = bisect_right(_STARTS, {x})\n    return _SLOPES[_k] * {x} + _INTERCEPTS[_k]\n"
    return _table(columns), body


def _branches(x: str, starts: Sequence[str], lines: Sequence[str]) -> str:
    text = ""
    for start, line in zip(starts, lines, strict=False):
        text += f"    if {x} < {start}:\n        return {line}\n"
    return f"{text}    return {lines[-1]}\n"


def _table(columns: dict[str, list[str]]) -> str:
    return "".join(f"{name} = (\n{listed(held, '    ')}\n)\n" for name, held in columns.items())


def _neurons(formula: Formula, names: Sequence[str]) -> str:
    table = FloatNeurons.of(formula)
    terms = [(1, sum_text(table.skip, names, table.constant))]
    if terms == [(1, "0.0")] and table.signs:
        terms = []
    for sign, weights, bias in zip(table.signs, table.weights, table.biases, strict=True):
        terms.append((sign, f"_positive({sum_text(weights, names, bias)})"))
    return _sum([names[k] for k in table.used], "float", terms)


def _exact_neurons(formula: Formula, names: Sequence[str]) -> str:
    skip, constant = formula.affine
    terms = [(1, _exact_sum(skip, names, constant))]
    if formula.neurons and not constant and not any(skip):
        terms = []
    for sign, weights, bias in formula.neurons:
        terms.append((sign, f"_positive({_exact_sum(weights, names, bias)})"))
    rows = (skip, *(weights for _, weights, _ in formula.neurons))
    used = [name for k, name in enumerate(names) if any(row[k] for row in rows)]
    return _sum(used, "Fraction", terms)


def _sum(used: Sequence[str], number: str, terms: Sequence[tuple[int, str]]) -> str:
    body = "".join(f"    {name} = {number}({name})\n" for name in used)
    return f"{body}    return (\n        {signed_sum(terms, chr(10) + ' ' * 8)}\n    )\n"


def _exact_sum(weights: Sequence[Fraction], names: Sequence[str], constant: Fraction) -> str:
    terms = [f"{_fraction(w)} * {name}" for w, name in zip(weights, names, strict=True) if w]
    return " + ".join([*terms, _fraction(constant)] if constant or not terms else terms)


def _fraction(value: Fraction) -> str:
    write: Callable[[int], str] = hex if _is_long(value) else str
    if value.denominator == 1:
        return f"Fraction({write(value.numerator)})"
    return f"Fraction({write(value.numerator)}, {write(value.denominator)})"


def _is_long(value: Fraction) -> bool:
    return max(value.numerator.bit_length(), value.denominator.bit_length()) > _MOST_BITS
