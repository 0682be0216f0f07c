"""Where no function meets the data: the rows that forbid one, as a table and in a picture."""

from __future__ import annotations

import numpy as np

from exactsparse.exact.numbers import counted
from exactsparse.problem.rows import Window, windows_of
from exactsparse.report.html.numbers import exact_text
from exactsparse.report.html.rows import Rows
from exactsparse.report.html.spec import Layer, Picture, Stops
from exactsparse.report.html.tables import HtmlTable
from exactsparse.report.html.thinning import drawn
from exactsparse.solution import InfeasibleSolution


def forbidding_rows(solution: InfeasibleSolution) -> list[int]:
    """Positions of the rows that no function meets together, by their points."""
    problem, argument = solution.problem, solution.argument
    windows = windows_of(problem.dataset, problem.half_width)
    if argument["kind"] == "empty_interval":
        return list(dict.fromkeys(_ends(windows[argument["abscissa"]])))
    sign, *places = argument["triple"]
    ends = [_ends(windows[place]) for place in places]
    # Of a change upwards: the lower ends of the outer rows, the upper end of the middle one.
    outer = 0 if sign > 0 else 1
    return [ends[0][outer], ends[1][1 - outer], ends[2][outer]]


def _ends(window: Window) -> tuple[int, int]:
    return window.lower_row, window.upper_row


def forbidding_table(solution: InfeasibleSolution, which: list[int]) -> HtmlTable:
    """Rows as they are in the table, with what is allowed at each.

    Parameters
    ----------
    solution : InfeasibleSolution
        What was proved.
    which : list of int
        Positions of the rows.
    """
    rows, dataset = Rows.of(solution), solution.problem.dataset
    names = list(dataset.shown_features)
    if rows.intervals is None:
        names.append(dataset.shown_label)
    cells = []
    for row in which:
        *point, label = dataset.row(row)
        numbers = point if rows.intervals is not None else [*point, label]
        allowed = rows.window_text(row)
        cells.append((str(dataset.origin.row_number(row)), *map(exact_text, numbers), allowed))
    heads = ("row", *names, "allowed")
    return HtmlTable("The rows that no function meets together, exact", heads, tuple(cells))


def forbidding_picture(solution: InfeasibleSolution, which: list[int]) -> Picture:
    """The data of one feature, with the rows that forbid a function.

    Parameters
    ----------
    solution : InfeasibleSolution
        Of one feature.
    which : list of int
        Positions of the rows.
    """
    rows, dataset = Rows.of(solution), solution.problem.dataset
    x = dataset.features[0].to_float64()
    order = np.argsort(x, kind="stable")
    kept = order[drawn(x[order], rows.y[order], rows.lower[order], rows.upper[order])]
    kept = kept[np.isin(kept, which, invert=True)]
    kept = np.concatenate((kept, which))
    name = dataset.shown_features[0]
    values = [
        [str(dataset.origin.row_number(i)), exact_text(dataset.features[0][i]), rows.window_text(i)]
        for i in kept.tolist()
    ]
    marked = Layer("diamonds", "knots", "rows that forbid a function", x[which], rows.y[which])
    caption: tuple[str, ...] = ()
    if len(kept) < len(x):
        caption = (f"Of {len(x):,} rows {len(kept):,} are drawn, the extremes of narrow columns.",)
    return Picture(
        key="law",
        title=f"{dataset.shown_label} over {name}",
        description=f"{counted(len(x), 'row')} of data, with those marked that forbid a function.",
        x_label=name,
        panels=((dataset.shown_label, 1.0),),
        layers=(*rows.layers(x[kept], rows.lower[kept], rows.upper[kept], rows.y[kept]), marked),
        stops=(Stops("row", ("row", name, "allowed"), x[kept], rows.y[kept], values),),
        caption=caption,
    )
