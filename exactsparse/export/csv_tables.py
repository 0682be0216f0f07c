"""The pieces of a law, or the neurons of a network, as CSV: in float64 and exact."""

from __future__ import annotations

import csv
import io
from fractions import Fraction

from exactsparse.exact.numbers import rational_text, to_float
from exactsparse.export.formula import Formula
from exactsparse.printable import printable

_ENDS = ("from", "to", "slope", "intercept")


def pieces_csv(formula: Formula) -> str:
    """A row for every piece, or for every neuron, with each number twice.

    Columns of floats hold the nearest float64, infinite beyond the largest and 0 below the least.
    Columns named ``… exact`` hold rationals as ``1/3``, and nothing where a piece has no end.  Of
    several features a row is ``sign (weights · x + bias)₊``; the last, the term ``affine``, is not
    cut off at 0.

    Parameters
    ----------
    formula : Formula
        Of any number of features.

    Examples
    --------
    >>> import exactsparse as es
    >>> print(pieces_csv(es.solve([0, 1, 2, 3], [0, 1, 1, 0]).formula))
    from,to,slope,intercept,from exact,to exact,slope exact,intercept exact
    -inf,1.5,1.0,0.0,,3/2,1,0
    1.5,inf,-1.0,3.0,3/2,,-1,3
    <BLANKLINE>
    """
    if formula.all_pieces is None:
        return _neurons(formula)
    rows = []
    for piece in formula.all_pieces:
        floats = [
            "-inf" if piece.start is None else repr(to_float(piece.start)),
            "inf" if piece.end is None else repr(to_float(piece.end)),
            repr(to_float(piece.slope)),
            repr(to_float(piece.intercept)),
        ]
        exact = [_exact(v) for v in (piece.start, piece.end, piece.slope, piece.intercept)]
        rows.append([*floats, *exact])
    return _written([[*_ENDS, *(f"{name} exact" for name in _ENDS)], *rows])


def _neurons(formula: Formula) -> str:
    # A title that began as a name does would be a formula to a spreadsheet.
    numbers = [*(f"weight of {printable(name)}" for name in formula.features), "bias"]
    terms = [("neuron", sign, (*weights, bias)) for sign, weights, bias in formula.neurons]
    weights, constant = formula.affine
    if constant or any(weights) or not terms:
        terms.append(("affine", 1, (*weights, constant)))
    rows = [["term", "sign", *numbers, *(f"{name} exact" for name in numbers)]]
    for kind, sign, values in terms:
        floats = [repr(to_float(value)) for value in values]
        rows.append([kind, str(sign), *floats, *map(_exact, values)])
    return _written(rows)


def _exact(value: Fraction | None) -> str:
    return "" if value is None else rational_text(value)


def _written(rows: list[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()
