"""Solutions and curves as HTML, for notebooks: text in the colours of the page, and a picture."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING

from exactsparse.errors import ExactSparseError
from exactsparse.exact.numbers import counted
from exactsparse.report.data_summary import fitted
from exactsparse.report.formula import formula_lines
from exactsparse.report.law_table import law_table, n_knots_of
from exactsparse.report.verdict import claim_of, facts_of
from exactsparse.routes.univariate.band.solution import LawSolution
from exactsparse.routes.univariate.route import UnivariateSolution
from exactsparse.solution import InfeasibleSolution, Solution, Status

if TYPE_CHECKING:
    from exactsparse.report.canvas import Picture
    from exactsparse.tradeoff import Tradeoff

_VERDICTS = {
    Status.OPTIMAL: "✓ optimal, proved",
    Status.FEASIBLE: "… feasible, not proved optimal",
    Status.INFEASIBLE: "✗ infeasible, proved",
}
_MOST_PIECES = 12
# Longer laws are neither made nor drawn unasked.
_MOST_KNOTS_DRAWN = 20_000
_MOST_NEURONS_DRAWN = 2_000


def solution_html(solution: Solution) -> str:
    """Verdict in words, data, what is proved, law or network, and the picture.

    Parameters
    ----------
    solution : Solution
        Of any kind; long laws are shortened.
    """
    dataset = solution.problem.dataset
    claim = claim_of(solution)
    parts = [f"<strong>{escape(_VERDICTS[solution.status])}</strong>: {escape(claim)}"]
    if isinstance(solution, InfeasibleSolution):
        parts += [escape(fitted(dataset)), escape(solution.reason)]
        return _block(parts)
    facts = [fitted(dataset), *facts_of(solution)]
    parts += [escape(" · ".join(facts)), *map(escape, solution.remarks)]
    if isinstance(solution, UnivariateSolution | LawSolution):
        titles, rows, more = law_table(solution, _MOST_PIECES)
        body = _table(titles, rows)
        if more:
            body += f"<p>… and {counted(more, 'more piece')}: <code>solution.to_frame()</code></p>"
        drawn = n_knots_of(solution) <= _MOST_KNOTS_DRAWN
    else:
        lines = formula_lines(
            solution.network, dataset.shown_label, dataset.shown_features, "solution.to_frame()",
            _MOST_PIECES,
        )  # fmt: skip
        body = f"<pre>{escape(chr(10).join(lines))}</pre>"
        drawn = len(solution.network.neurons) <= _MOST_NEURONS_DRAWN
    return _block(parts, body, _picture_of(solution) if drawn else "")


def tradeoff_html(tradeoff: Tradeoff) -> str:
    """The curve as a table, and its picture."""
    from exactsparse.report.tradeoff_plot import tradeoff_figure
    from exactsparse.report.tradeoff_table import tradeoff_facts, tradeoff_rows

    titles = [tradeoff.counted, "least tolerance", ""]
    parts = [escape(fitted(tradeoff.dataset)), escape(" · ".join(tradeoff_facts(tradeoff)))]
    body = _table(titles, tradeoff_rows(tradeoff))
    alternative = f"least tolerance against {tradeoff.counted}"
    return _block(parts, body, _image(tradeoff_figure(tradeoff), alternative))


def _picture_of(solution: Solution) -> str:
    from exactsparse.report.plot import solution_figure

    try:
        figure = solution_figure(solution)
    except ExactSparseError as error:
        return f"<p>no picture: {escape(str(error))}</p>"
    return _image(figure, f"picture: {claim_of(solution)}")


def _image(figure: Picture, alternative: str) -> str:
    # White below, as axes and letters in the picture are black on any page.
    data = base64.b64encode(figure.png()).decode()
    width = int(figure.get_figwidth() * 80)
    return (
        f'<img style="max-width: 100%; background: white" width="{width}" '
        f'alt="{escape(alternative)}" src="data:image/png;base64,{data}">'
    )


def _block(lines: Iterable[str], *more: str) -> str:
    return f"<div>{''.join(f'<p>{line}</p>' for line in lines)}{''.join(more)}</div>"


def _table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    head = "".join(f'<th scope="col">{escape(title)}</th>' for title in titles)
    body = "".join(
        f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
