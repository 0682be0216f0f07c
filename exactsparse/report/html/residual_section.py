"""How far values are from labels, beside the band that is allowed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from exactsparse.exact.numbers import counted, to_float
from exactsparse.problem.residuals import residuals
from exactsparse.report.html.curve import Curve
from exactsparse.report.html.numbers import exact_text
from exactsparse.report.html.rows import Rows
from exactsparse.report.html.spec import Floats, Layer, Picture, Stops
from exactsparse.report.html.tables import HtmlTable, residual_table
from exactsparse.report.html.thinning import COLUMNS, drawn
from exactsparse.solution import InfeasibleSolution, Solution

# Of so many rows residuals are found exactly before the extremes are chosen.
_MOST_EXACT = 20_000


@dataclass(frozen=True)
class ResidualSection:
    """The section on residuals within a band.

    Parameters
    ----------
    picture : Picture or None
        All of them; None beyond float64.
    table : HtmlTable
        The largest.
    """

    picture: Picture | None
    table: HtmlTable

    @classmethod
    def of(cls, solution: Solution, curve: Curve | None) -> ResidualSection | None:
        """The section on a solution; None where labels are met, or rows are too many.

        Parameters
        ----------
        solution : Solution
            Any.
        curve : Curve or None
            Its function, if it is one of one feature.
        """
        if isinstance(solution, InfeasibleSolution):
            return None
        exact = _residuals(solution, curve)
        if not exact:
            return None
        picture = _picture(solution, curve, exact)
        table = residual_table(exact, solution.problem.dataset)
        return cls(picture if picture.is_finite else None, table)


def _residuals(solution: Solution, curve: Curve | None) -> list[Fraction]:
    dataset = solution.problem.dataset
    if not Rows.of(solution).has_band or len(dataset) > _MOST_EXACT:
        return []
    if curve is None:
        return list(residuals(solution.network, dataset))
    rows = (dataset.row(i) for i in range(len(dataset)))
    return [curve.evaluate(x) - label for x, label in rows]


def _picture(solution: Solution, curve: Curve | None, exact: Sequence[Fraction]) -> Picture:
    rows, dataset = Rows.of(solution), solution.problem.dataset
    floats = np.array([to_float(v) for v in exact])
    if curve is not None:
        x, label = dataset.features[0].to_float64(), dataset.shown_features[0]
    else:
        x = np.array([float(dataset.origin.row_number(i)) for i in range(len(dataset))])
        label = "row of the table"
    low, high = _bounds(rows)
    order = np.argsort(x, kind="stable")
    kept = order[drawn(x[order], floats[order], low[order], high[order])]
    found = rows.layers(x[kept], low[kept], high[kept], floats[kept])
    # Residuals stand where the labels stood.
    layers = [layer for layer in found if layer.style != "data"]
    function = "law" if curve is not None else "network"
    name = f"{function} − {'label' if rows.intervals is None else 'middle'}"
    layers.append(Layer("dots", "residual", name, x[kept], floats[kept]))
    values = [
        [str(dataset.origin.row_number(i)), exact_text(exact[i]), _allowed(rows, i)]
        for i in kept.tolist()
    ]
    caption = (
        ()
        if len(kept) == len(x)
        else (f"Of {len(x):,} rows {len(kept):,} are drawn: the extremes of {COLUMNS:,} columns.",)
    )
    return Picture(
        key="residuals",
        title=f"Residuals over {label}",
        description=(
            f"How far the function is from {counted(len(dataset), 'label')}, and the band that is "
            "allowed around each; zero is the label itself."
        ),
        x_label=label,
        panels=((name, 1.0),),
        layers=tuple(layers),
        stops=(Stops("row", ("row", name, "allowed"), x[kept], floats[kept], values),),
        caption=caption,
    )


def _bounds(rows: Rows) -> tuple[Floats, Floats]:
    """What is allowed, as differences from the labels, rounded once."""
    if rows.intervals is None:
        half = np.full(len(rows.y), to_float(rows.half_width or Fraction(0)))
        return -half, half
    low, high = np.full(len(rows.y), -np.inf), np.full(len(rows.y), np.inf)
    for i, label in enumerate(rows.dataset.labels[k] for k in range(len(rows.y))):
        below, above = rows.window(i)
        low[i] = -np.inf if below is None else to_float(below - label)
        high[i] = np.inf if above is None else to_float(above - label)
    return low, high


def _allowed(rows: Rows, row: int) -> str:
    if rows.intervals is None:
        return f"±{exact_text(rows.half_width or Fraction(0))}"
    return f"{rows.window_text(row)} for the value"
