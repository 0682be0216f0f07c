"""The function as tables and formulas: pieces of one feature, neurons of several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice

from exactsparse.exact.numbers import counted
from exactsparse.problem.dataset import Dataset
from exactsparse.report.html.numbers import exact_text, interval_text, value_text
from exactsparse.report.law_table import n_knots_of
from exactsparse.routes.univariate.band.solution import BandSolution, LawSolution
from exactsparse.routes.univariate.piecewise_linear import Piece
from exactsparse.routes.univariate.route import UnivariateSolution
from exactsparse.solution import Solution

MOST_ROWS = 200
_MOST_CASES = 24
_MOST_RESIDUALS = 5


@dataclass(frozen=True)
class HtmlTable:
    """A table of texts.

    Parameters
    ----------
    caption : str
        What it is about.
    heads : tuple of str
        Names of the columns, the first of which names the rows.
    rows : tuple of tuple of str
        Cells.
    note : str
        What is left out; empty for nothing.
    """

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


@dataclass(frozen=True)
class Case:
    """One line of a formula by cases: ``slope · x + intercept`` between two ends."""

    slope: str
    intercept: str
    minus: bool
    start: str | None
    end: str | None


def pieces_table(solution: UnivariateSolution | LawSolution) -> HtmlTable:
    """Pieces of a law from left to right, exact."""
    pieces, n = first_pieces(solution, MOST_ROWS), n_knots_of(solution) + 1
    intervals = solution.knot_intervals if isinstance(solution, BandSolution) else None
    heads = ["piece", "from", "to", "slope", "intercept"]
    heads += ["knot at its end can lie in"] if intervals else []
    rows = []
    for k, piece in enumerate(pieces):
        start = "−∞" if piece.start is None else exact_text(piece.start)
        end = "∞" if piece.end is None else exact_text(piece.end)
        row = [str(k + 1), start, end, exact_text(piece.slope), exact_text(piece.intercept)]
        if intervals:
            row.append(interval_text(*intervals[k]) if k < len(intervals) else "")
        rows.append(tuple(row))
    more = n - len(pieces)
    note = (
        f"… and {counted(more, 'more piece')}; exactsparse solve --json prints all." if more else ""
    )
    return HtmlTable("The pieces of the law, exact", tuple(heads), tuple(rows), note)


def neurons_table(solution: Solution) -> HtmlTable:
    """Weights, bias and output weight of every neuron, exact."""
    network, names = solution.network, solution.problem.dataset.shown_features
    heads = ("neuron", *(f"weight of {name}" for name in names), "bias", "output weight")
    rows = [
        (str(k + 1), *map(exact_text, (*neuron.weights, neuron.bias, neuron.output)))
        for k, neuron in enumerate(network.neurons[:MOST_ROWS])
    ]
    if network.skip is not None:
        affine = (*network.skip.weights, network.skip.bias)
        rows.append(("affine part", *map(exact_text, affine), ""))
    more = len(network.neurons) - MOST_ROWS
    note = f"… and {counted(more, 'more neuron')}; exactsparse solve --json prints all."
    caption = "Each neuron is output weight · (weights · features + bias)₊, exact"
    return HtmlTable(caption, heads, tuple(rows), note if more > 0 else "")


def first_pieces(solution: UnivariateSolution | LawSolution, most: int) -> list[Piece]:
    """The first pieces of a law, exact."""
    if isinstance(solution, LawSolution):
        return solution.first_pieces(most)
    return list(islice(solution.law.pieces(), most))


def cases(solution: UnivariateSolution | LawSolution) -> tuple[Case, ...] | None:
    """The law by cases; None of laws of many pieces."""
    if n_knots_of(solution) >= _MOST_CASES:
        return None
    return tuple(map(_case, first_pieces(solution, _MOST_CASES)))


def _case(piece: Piece) -> Case:
    return Case(
        slope=exact_text(piece.slope) if piece.slope else "",
        intercept=exact_text(abs(piece.intercept)) if piece.intercept or not piece.slope else "",
        minus=piece.intercept < 0,
        start=None if piece.start is None else exact_text(piece.start),
        end=None if piece.end is None else exact_text(piece.end),
    )


def history_table(solution: Solution) -> HtmlTable | None:
    """What a search had proved and found, and when; None where nothing was searched."""
    if not solution.history:
        return None
    rows = tuple(
        (f"{stage.seconds:.3f}", value_text(stage.bound), value_text(stage.cost))
        for stage in solution.history[:MOST_ROWS]
    )
    heads = ("seconds", "proved: at least", "best network so far")
    return HtmlTable("How the search went", heads, rows)


def residual_table(exact: Sequence[Fraction], dataset: Dataset) -> HtmlTable:
    """The largest residuals, exact.

    Parameters
    ----------
    exact : sequence of Fraction
        Of every row.
    dataset : Dataset
        The rows.
    """
    order = sorted(range(len(exact)), key=lambda i: -abs(exact[i]))[:_MOST_RESIDUALS]
    rows = tuple((str(dataset.origin.row_number(i)), exact_text(exact[i])) for i in order)
    what = "middle of the interval" if dataset.intervals is not None else "label"
    return HtmlTable("The largest differences, exact", ("row", f"value − {what}"), rows)
