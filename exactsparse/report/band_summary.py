"""A short text summary of a solution within a band."""

from __future__ import annotations

from fractions import Fraction

from rich.console import Console
from rich.table import Table
from rich.text import Text

from exactsparse.exact.numbers import counted, format_rational
from exactsparse.report.data_summary import fitted
from exactsparse.report.summary import (
    MOST_PIECES,
    cells_of_piece,
    format_tolerance,
    format_value,
    print_table,
    within,
)
from exactsparse.routes.univariate.band.solution import (
    BandSolution,
    LawSolution,
    ToleranceSolution,
)
from exactsparse.solution import InfeasibleSolution, Solution, Status

_STYLES = {Status.OPTIMAL: "bold green", Status.FEASIBLE: "bold yellow"}


def print_band_summary(
    solution: BandSolution | ToleranceSolution | InfeasibleSolution, console: Console
) -> None:
    """Print status, value, what is proved, timing, and the pieces of the law."""
    dataset = solution.problem.dataset
    style = _STYLES.get(solution.status, "bold red")
    claim = Text(claim_of(solution), "bold")
    console.print(Text(f"{solution.status}", style), claim, sep="  ", soft_wrap=True)
    console.print(fitted(dataset), highlight=False, markup=False, soft_wrap=True)
    if isinstance(solution, InfeasibleSolution):
        console.print(solution.reason, highlight=False, markup=False, soft_wrap=True)
        return
    optimal = solution.status is Status.OPTIMAL
    bound = f"{format_value(solution.bound)} ({'proved' if optimal else 'proved, not attained'})"
    unique = ""
    if isinstance(solution, BandSolution):
        unique = {True: "   unique yes", False: "   unique no", None: ""}[solution.unique]
    points = counted(dataset.n_points, "point")
    console.print(
        f"lower bound {bound}{unique}   {points}   {solution.seconds:.3f} s",
        highlight=False,
        soft_wrap=True,
    )
    _pieces(solution, console)


def claim_of(solution: Solution) -> str:
    """What was found, in a sentence."""
    problem = solution.problem
    shape = f"{problem.shape} " if problem.shape else ""
    if isinstance(solution, ToleranceSolution):
        least = "the least tolerance" if solution.status is Status.OPTIMAL else "a tolerance"
        used, most = solution.law.n_knots, problem.limit.most if problem.limit else 0
        enough = f"; this law has {used}" if used < most else ""
        return f"{format_tolerance(solution.tolerance)} is {least} with {problem.limit}{enough}"
    if isinstance(solution, InfeasibleSolution):
        return (
            f"no {shape}function is within the band" if problem.band else f"no {shape}interpolant"
        )
    if not isinstance(solution, BandSolution):
        raise AssertionError("other solutions are summed up elsewhere")
    knots = counted(solution.result.n_knots, "knot")
    fewer = f"no {shape}function has fewer" if solution.status is Status.OPTIMAL else ""
    return "; ".join(filter(None, (f"{knots} {within(solution.problem)}".strip(), fewer)))


def _pieces(solution: LawSolution, console: Console) -> None:
    table = Table(box=None, pad_edge=False, header_style="dim")
    intervals = solution.knot_intervals if isinstance(solution, BandSolution) else None
    for title in ("from", "to", "slope", "intercept"):
        table.add_column(title, justify="right", no_wrap=True)
    if intervals:
        table.add_column("knot lies in", justify="right", no_wrap=True, style="dim")
    for k, piece in enumerate(solution.first_pieces(MOST_PIECES)):
        row = [*cells_of_piece(piece)]
        if intervals:
            row.append(format_interval(*intervals[k]) if k < len(intervals) else "")
        table.add_row(*row)
    console.print()
    print_table(table, console)
    more = _n_knots(solution) + 1 - MOST_PIECES
    if more > 0:
        console.print(f"… and {counted(more, 'more piece')}; --json prints all", style="dim")


def _n_knots(solution: LawSolution) -> int:
    """Knots of the law, which need not be made for that."""
    if isinstance(solution, BandSolution):
        return solution.result.n_knots
    return solution.law.n_knots


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
