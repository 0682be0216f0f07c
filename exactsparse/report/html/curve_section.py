"""The trade-off between knots and tolerance, or why it is left out."""

from __future__ import annotations

import math
from dataclasses import dataclass

from markupsafe import Markup

from exactsparse.exact.numbers import counted, to_float
from exactsparse.report.html.numbers import exact_text
from exactsparse.report.html.svg import decades
from exactsparse.report.html.tables import HtmlTable
from exactsparse.solution import Solution
from exactsparse.tradeoff import Tradeoff, tradeoff

CURVE_SECONDS = 5.0
_MOST_ROWS = 20_000
_MOST_KNOTS = 20
WIDTH, HEIGHT = 620, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 78, 16, 14, 42


@dataclass(frozen=True)
class CurveSection:
    """The trade-off curve, or why there is none.

    Parameters
    ----------
    left_out : str
        Why it is not there; empty if it is.
    drawing : Markup
        The inner part of an SVG element.
    description : str
        For those who do not see it.
    table : HtmlTable or None
        The same numbers, exact.
    note : str
        What is proved of them.
    """

    left_out: str
    drawing: Markup | None = None
    description: str = ""
    table: HtmlTable | None = None
    note: str = ""

    @classmethod
    def of(cls, solution: Solution, seconds: float = CURVE_SECONDS) -> CurveSection:
        """The curve of the data of a solution, within the time that it may take."""
        dataset, problem = solution.problem.dataset, solution.problem
        command = "exactsparse tradeoff DATA"
        if dataset.n_features > 1:
            return cls(
                "It is left out: with several features every point of it is a search of its own. "
                f"{command} --parameters K finds it."
            )
        if problem.band is not None and dataset.intervals is not None:
            return cls("It is left out: every row has its own interval, so no tolerance varies.")
        if problem.skip != "affine" or problem.shape is not None or problem.exponent:
            return cls(
                "It is left out: it is about knots of all laws with a free affine part, and this "
                f"report is about something else. {command} finds it."
            )
        if len(dataset) > _MOST_ROWS or seconds <= 0:
            why = f"of more than {_MOST_ROWS:,} rows it may take long"
            why = why if seconds > 0 else "no time was allowed for it"
            return cls(f"It is left out: {why}. {command} finds it.")
        curve = tradeoff(dataset, knots=_MOST_KNOTS, time_limit=seconds)
        return cls._of_curve(curve, seconds)

    @classmethod
    def _of_curve(cls, curve: Tradeoff, seconds: float) -> CurveSection:
        note = "Every tolerance is proved to be the least."
        if not all(point.proved for point in curve):
            note = (
                f"The time for this curve, {seconds:g} s, was over before all of it was proved: "
                "hollow points are attained, and less may be enough."
            )
        rows = []
        for point in curve:
            remark = "elbow" if point.count == curve.elbow else ""
            if not point.proved:
                remark = f"at least {exact_text(point.lower_bound)} is needed"
            rows.append((str(point.count), exact_text(point.tolerance), remark))
        heads = ("knots", "least tolerance", "remark")
        table = HtmlTable("Least tolerance for every number of knots, exact", heads, tuple(rows))
        drawing = _drawing(curve)
        description = (
            f"The least tolerance for 0 to {len(curve) - 1} knots, on a logarithmic scale; the "
            "table below it holds the numbers."
        )
        return cls("", drawing, description, table, note)


def _drawing(curve: Tradeoff) -> Markup | None:
    points = [(p.count, to_float(p.tolerance), p) for p in curve]
    positive = [v for _, v, _ in points if v > 0]
    if not positive or not all(map(math.isfinite, positive)):
        return None
    low, high = min(positive), max(positive)
    low, high = low / 1.5, high * 1.5
    exact = next((k for k, v, _ in points if v == 0), None)
    most = max(points[-1][0], 1)

    def across(k: float) -> float:
        return _LEFT + (k + 0.5) / (most + 1) * (WIDTH - _LEFT - _RIGHT)

    def down(v: float) -> float:
        share = (math.log(high) - math.log(v)) / (math.log(high) - math.log(low))
        return _TOP + share * (HEIGHT - _TOP - _BOTTOM)

    text = Markup('<text class="{}" x="{:.1f}" y="{:.1f}">{}</text>')
    parts = []
    for v in decades(low, high):
        parts.append(
            Markup('<path class="grid" d="M{} {:.1f}H{}"/>').format(_LEFT, down(v), WIDTH - _RIGHT)
        )
        parts.append(text.format("tick up", _LEFT - 7, down(v) + 4, f"{v:g}"))
    step = 1 if most <= 20 else -(-most // 20)
    for k in range(0, most + 1, step):
        parts.append(text.format("tick across", across(k), HEIGHT - _BOTTOM + 17, k))
    parts.append(
        Markup('<rect class="frame" x="{}" y="{}" width="{}" height="{}"/>').format(
            _LEFT, _TOP, WIDTH - _LEFT - _RIGHT, HEIGHT - _TOP - _BOTTOM
        )
    )
    parts.append(text.format("label across", (_LEFT + WIDTH - _RIGHT) / 2, HEIGHT - 6, "knots"))
    parts.append(
        Markup('<text class="label up" transform="translate(14 {}) rotate(-90)">{}</text>').format(
            (HEIGHT - _BOTTOM + _TOP) / 2, "least tolerance"
        )
    )
    drawn = [(k, v, p) for k, v, p in points if v > 0]
    line = "L".join(f"{across(k):.1f} {down(v):.1f}" for k, v, _ in drawn)
    parts.append(Markup('<path class="line law" d="M{}"/>').format(line))
    for k, v, point in drawn:
        style = "elbow" if k == curve.elbow else "proved" if point.proved else "open"
        parts.append(
            Markup(
                '<circle class="{}" cx="{:.1f}" cy="{:.1f}" r="{}"><title>{}</title></circle>'
            ).format(
                style,
                across(k),
                down(v),
                7 if style == "elbow" else 4,
                f"{counted(k, 'knot')}: {exact_text(point.tolerance)}",
            )
        )
    if exact is not None:
        at = across(exact)
        parts.append(
            Markup('<path class="exact" d="M{:.1f} {}V{}"/>').format(at, _TOP, HEIGHT - _BOTTOM)
        )
        parts.append(
            text.format("exact end", at - 6, _TOP + 14, f"{counted(exact, 'knot')}: exact")
        )
    return Markup("\n").join(parts)
