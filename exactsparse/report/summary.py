"""Numbers, tolerances and headlines as summaries write them."""

from __future__ import annotations

from fractions import Fraction

from rich.console import Console
from rich.table import Table

from exactsparse.exact.numbers import format_rational, rounded
from exactsparse.exact.powers import Enclosure
from exactsparse.problem.band import Tolerance
from exactsparse.problem.problem import Problem
from exactsparse.routes.univariate.piecewise_linear import Piece
from exactsparse.solution import Solution, Status

_LONGEST_QUOTIENT = 9
_WIDEST = 1000


def headline(solution: Solution) -> str:
    """Status and value in one line."""
    if solution.status is Status.INFEASIBLE:
        return str(solution.status)
    return f"{solution.status} {format_value(solution.cost)}"


def print_table(table: Table, console: Console) -> None:
    """Print a table of numbers: on a narrow console lines wrap, and no number is cut."""
    width = console.width
    console.width = max(width, _WIDEST)
    console.print(table, soft_wrap=True)
    console.width = width


def cells_of_piece(piece: Piece, digits: int = 10) -> tuple[str, str, str, str]:
    """Ends, slope and intercept of a piece of a law, as its row in a table.

    Parameters
    ----------
    piece : Piece
        Of a law.
    digits : int
        To so many its numbers are rounded, if they are long.
    """
    start = "-∞" if piece.start is None else _in_cell(piece.start, digits)
    end = "∞" if piece.end is None else _in_cell(piece.end, digits)
    return start, end, _in_cell(piece.slope, digits), _in_cell(piece.intercept, digits)


def _in_cell(value: Fraction, digits: int) -> str:
    """A decimal or a short quotient exactly; a long quotient, which nobody reads, rounded."""
    text = format_rational(value, digits)
    return f"≈{rounded(value, digits)}" if "/" in text and len(text) > _LONGEST_QUOTIENT else text


def format_value(value: int | float | Fraction | Enclosure) -> str:
    """Write a value: exactly where that is short, an enclosure by its middle."""
    if isinstance(value, Enclosure):
        return rounded((value.lower + value.upper) / 2, 12)
    if isinstance(value, Fraction):
        return format_rational(value)
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def format_short(value: Fraction, digits: int = 6) -> str:
    """Write a rational as a decimal: exactly where that is short, else rounded after a ≈.

    Parameters
    ----------
    value : Fraction
        Any.
    digits : int
        To so many it is rounded.

    Examples
    --------
    >>> format_short(Fraction(1, 8)), format_short(Fraction(751167, 8887))
    ('0.125', '≈84.5242')
    """
    text = format_rational(value)
    return text if "/" not in text and "≈" not in text else f"≈{rounded(value, digits)}"


def format_tolerance(value: Fraction) -> str:
    """A tolerance exactly, and as a decimal where it is a quotient."""
    exact, short = format_rational(value), format_short(value)
    return exact if exact == short or "/" not in exact else f"{exact} ({short})"


def within(problem: Problem) -> str:
    """How far a function may be from the labels of a problem, in words."""
    band = problem.band
    if band is None:
        return ""
    if not isinstance(band, Tolerance):
        return "within the interval of every row"
    unit = ", half a unit in their last digit" if band.automatic else ""
    return f"within {format_rational(band.half_width)} of the labels{unit}"
