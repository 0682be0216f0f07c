"""The pieces of a law of one feature as rows of text."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import islice

from exactsparse.exact.numbers import decimal_text, digits_apart, format_rational
from exactsparse.report.summary import cells_of_piece
from exactsparse.routes.univariate.band.solution import BandSolution, LawSolution
from exactsparse.routes.univariate.route import UnivariateSolution

MOST_PIECES = 20


def n_knots_of(solution: UnivariateSolution | LawSolution) -> int:
    """Knots of the law, which need not be made for that."""
    if isinstance(solution, BandSolution):
        return solution.result.n_knots
    return solution.law.n_knots


def law_table(
    solution: UnivariateSolution | LawSolution, most: int = MOST_PIECES
) -> tuple[list[str], list[list[str]], int]:
    """Titles, a row for each of the first pieces, and how many pieces are left out.

    Parameters
    ----------
    solution : UnivariateSolution, BandSolution or ToleranceSolution
        Of any number of pieces.
    most : int
        How many are listed.

    Examples
    --------
    >>> import exactsparse as es
    >>> law_table(es.solve([0, 1, 2], [0, 1, 0]))[1]
    [['-∞', '1', '1', '0'], ['1', '∞', '-1', '2']]
    """
    titles = ["from", "to", "slope", "intercept"]
    if isinstance(solution, LawSolution):
        pieces = solution.first_pieces(most)
    else:
        pieces = list(islice(solution.law.pieces(), most))
    digits = digits_of_knots(solution, [p.start for p in pieces if p.start is not None])
    rows = [list(cells_of_piece(piece, digits)) for piece in pieces]
    intervals = solution.knot_intervals if isinstance(solution, BandSolution) else None
    if intervals:
        titles.append("knot lies in")
        for k, row in enumerate(rows):
            row.append(format_interval(*intervals[k], digits) if k < len(intervals) else "")
    return titles, rows, max(n_knots_of(solution) + 1 - most, 0)


def digits_of_knots(solution: UnivariateSolution | LawSolution, knots: Sequence[Fraction]) -> int:
    """How many digits tell knots apart, and the two ends of the data.

    Parameters
    ----------
    solution : UnivariateSolution, BandSolution or ToleranceSolution
        Of one feature.
    knots : sequence of Fraction
        Of its law.
    """
    column = solution.problem.dataset.features[0]
    ends = (column[int(column.values.argmin())], column[int(column.values.argmax())])
    return max(digits_apart(knots), digits_apart(ends))


def format_interval(low: Fraction, high: Fraction, digits: int = 10) -> str:
    """Write an interval, its ends rounded outwards to three digits of its width.

    Parameters
    ----------
    low, high : Fraction
        Its ends.
    digits : int
        To so many an interval that is one number is rounded, if it is long.

    Examples
    --------
    >>> format_interval(Fraction("11584.2261"), Fraction("11635.6945"))
    '11584.2 … 11635.7'
    """
    if low == high:
        return format_rational(low, digits)
    exponent, width = 0, high - low
    while Fraction(10) ** exponent * 100 > width:
        exponent -= 1
    while Fraction(10) ** exponent * 1000 < width:
        exponent += 1
    step = Fraction(10) ** exponent
    return f"{decimal_text(low // step, exponent)} … {decimal_text(-(-high // step), exponent)}"
