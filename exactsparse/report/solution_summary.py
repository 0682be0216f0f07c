"""A solution as text: status, claim, data, proof, and the law or network."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from exactsparse.exact.numbers import counted
from exactsparse.report.data_summary import fitted
from exactsparse.report.formula import formula_lines
from exactsparse.report.law_table import law_table
from exactsparse.report.summary import print_table
from exactsparse.report.verdict import claim_of, facts_of
from exactsparse.routes.univariate.band.solution import LawSolution
from exactsparse.routes.univariate.route import UnivariateSolution
from exactsparse.solution import InfeasibleSolution, Solution, Status

_STYLES = {Status.OPTIMAL: "bold green", Status.FEASIBLE: "bold yellow"}


def print_solution(solution: Solution, console: Console) -> None:
    """Print what was found of any problem, and what is proved."""
    dataset = solution.problem.dataset
    style = _STYLES.get(solution.status, "bold red")
    claim = Text(claim_of(solution), "bold")
    console.print(Text(f"{solution.status}", style), claim, sep="  ", soft_wrap=True)
    lines = [fitted(dataset)]
    if isinstance(solution, InfeasibleSolution):
        lines.append(solution.reason)
    else:
        lines += ["   ".join(facts_of(solution)), *solution.remarks]
    for line in lines:
        console.print(line, highlight=False, markup=False, soft_wrap=True)
    if isinstance(solution, InfeasibleSolution):
        return
    console.print()
    if isinstance(solution, UnivariateSolution | LawSolution):
        _print_pieces(solution, console)
        return
    formula = formula_lines(
        solution.network, dataset.shown_label, dataset.shown_features, "--json prints all"
    )
    for line in formula:
        console.print(line, highlight=False, markup=False, soft_wrap=True)


def _print_pieces(solution: UnivariateSolution | LawSolution, console: Console) -> None:
    titles, rows, more = law_table(solution)
    table = Table(box=None, pad_edge=False, header_style="dim")
    for title in titles:
        dim = "dim" if title == "knot lies in" else ""
        table.add_column(title, justify="right", no_wrap=True, style=dim)
    for row in rows:
        table.add_row(*row)
    print_table(table, console)
    if more:
        console.print(f"… and {counted(more, 'more piece')}; --json prints all", style="dim")
