"""The pieces of a law of one feature as rows of text."""

from __future__ import annotations

from fractions import Fraction
from itertools import islice

from exactsparse.exact.numbers import format_rational
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
    rows = [list(cells_of_piece(piece)) for piece in pieces]
    intervals = solution.knot_intervals if isinstance(solution, BandSolution) else None
    if intervals:
        titles.append("knot lies in")
        for k, row in enumerate(rows):
            row.append(format_interval(*intervals[k]) if k < len(intervals) else "")
    return titles, rows, max(n_knots_of(solution) + 1 - most, 0)


def format_interval(low: Fraction, high: Fraction) -> str:
    """Write an interval, its ends rounded outwards to three digits of its width.

    Examples
    --------
    >>> format_interval(Fraction("11584.2261"), Fraction("11635.6945"))
    '11584.2 … 11635.7'
    """
    if low == high:
        return format_rational(low)
    step = Fraction(1)
    while step * 100 > high - low:
        step /= 10
    while step * 1000 < high - low:
        step *= 10
    return f"{format_rational(low // step * step)} … {format_rational(-(-high // step) * step)}"
