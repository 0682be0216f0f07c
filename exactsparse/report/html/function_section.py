"""The function itself: picture, formula and table; or the rows for which there is none."""

from __future__ import annotations

from dataclasses import dataclass

from exactsparse.report.formula import formula_lines
from exactsparse.report.html.curve import Curve
from exactsparse.report.html.forbidden import (
    forbidding_picture,
    forbidding_rows,
    forbidding_table,
)
from exactsparse.report.html.law_picture import law_picture
from exactsparse.report.html.plane_picture import plane_picture
from exactsparse.report.html.spec import Picture
from exactsparse.report.html.tables import Case, HtmlTable, cases, neurons_table, pieces_table
from exactsparse.routes.univariate.band.solution import LawSolution
from exactsparse.routes.univariate.route import UnivariateSolution
from exactsparse.solution import InfeasibleSolution, Solution


@dataclass(frozen=True)
class FunctionSection:
    """The first section of a report.

    Parameters
    ----------
    heading, table_heading : str
        What it and its table are called.
    picture : Picture or None
        What is drawn.
    note : str
        Why nothing is drawn; empty where something is.
    table : HtmlTable
        Exact numbers.
    cases : tuple of Case or None
        A law of few pieces as a formula.
    units : str
        A network as a sum of units; empty for a law.
    """

    heading: str
    table_heading: str
    picture: Picture | None
    note: str
    table: HtmlTable
    cases: tuple[Case, ...] | None = None
    units: str = ""

    @classmethod
    def of(cls, solution: Solution, curve: Curve | None) -> FunctionSection:
        """The section on a solution.

        Parameters
        ----------
        solution : Solution
            Any.
        curve : Curve or None
            Its function, if it is one of one feature.
        """
        dataset = solution.problem.dataset
        picture = None
        if isinstance(solution, InfeasibleSolution):
            which = forbidding_rows(solution)
            if dataset.n_features == 1:
                picture = forbidding_picture(solution, which)
            table = forbidding_table(solution, which)
            return cls("Why no function meets the data", "The rows", *_drawn(picture), table)
        if curve is not None:
            picture = law_picture(solution, curve)
        if isinstance(solution, UnivariateSolution | LawSolution):
            table = pieces_table(solution)
            return cls("The law", "The pieces", *_drawn(picture), table, cases(solution))
        if dataset.n_features == 2:
            picture = plane_picture(solution)
        remedy = "the table of neurons goes on"
        units = formula_lines(solution.network, dataset.shown_label, dataset.shown_features, remedy)
        table = neurons_table(solution)
        return cls("The network", "The neurons", *_drawn(picture), table, units="\n".join(units))


def _drawn(picture: Picture | None) -> tuple[Picture | None, str]:
    """A picture, or why there is none."""
    if picture is None:
        return None, "Functions of more than two features are not drawn."
    if not picture.is_finite:
        return None, "It is not drawn: its numbers are beyond the range of float64."
    return picture, ""
