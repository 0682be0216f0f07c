"""Pictures of laws and of tolerances: what is written in them can be read."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Annotation

import exactsparse as es
from tests.cli.common import DATA

TAX = es.read(DATA / "us_income_tax_2024_rounded.csv")


def annotations(figure: Figure) -> list[Annotation]:
    """What is written in the first axes, drawn."""
    FigureCanvasAgg(figure).draw()
    return [text for text in figure.axes[0].texts if isinstance(text, Annotation)]


def peak() -> es.Solution:
    """A peak between three knots near each other, and a fall after it."""
    x = [k / 2 for k in range(100)]
    y = [20 + 0.25 * min(t, 40 - t) for t in x]
    y[40] = 85
    return es.solve(x, y, tolerance="0.1")


@pytest.mark.parametrize("solution", [es.solve(TAX, tolerance="auto"), peak()])
def test_labels_of_knots_stand_beside_their_knots_and_not_on_each_other(
    solution: es.Solution,
) -> None:
    figure = solution.plot()
    labels = annotations(figure)
    assert len(labels) == solution.value
    frame = figure.axes[0].get_window_extent()
    boxes = [label.get_window_extent() for label in labels]
    for box in boxes:
        assert frame.x0 <= box.x0 < box.x1 <= frame.x1 and frame.y0 <= box.y0 < box.y1 <= frame.y1
    assert not any(a.overlaps(b) for a, b in combinations(boxes, 2))
    knots = figure.axes[0].transData.transform([label.xy for label in labels])
    for k, box in enumerate(boxes):
        corners = np.array([(u, v) for u in (box.x0, box.x1) for v in (box.y0, box.y1)])
        distances = [np.hypot(*(corners - knot).T).min() for knot in knots]
        assert np.argmin(distances) == k


@pytest.mark.parametrize("y", [[0, 0, 1, 1, 0, 3, 1, 4], [0, 1, 2, 1, 0, 0, 0, 0], [1] * 8])
def test_where_a_curve_ends_is_written_off_the_curve(y: list[int]) -> None:
    curve = es.tradeoff(range(8), y)
    assert curve[-1].tolerance == 0
    figure = curve.plot()
    axes = figure.axes[0]
    (label,) = annotations(figure)[:1]
    assert label.get_text().endswith(": exact")
    box = label.get_window_extent()
    points = [(p.knots, float(p.tolerance)) for p in curve if p.tolerance]
    for x, height in axes.transData.transform(points) if points else []:
        assert not box.contains(x, height)
    ticks = axes.get_xticks()
    assert np.array_equal(ticks, np.round(ticks)) and axes.get_xlim()[0] == -0.5
    assert figure.axes[-1].get_title().endswith(", exact")


def test_marks_of_many_knots_do_not_hide_the_law() -> None:
    few, many = (es.solve(range(n), [k % 2 for k in range(n)]) for n in (5, 1000))
    sizes = []
    for solution in (few, many):
        line = next(a for a in solution.plot().axes[0].lines if a.get_label() == "knots")
        sizes.append(line.get_markersize())
    assert sizes[0] > 3 * sizes[1]
    assert few.plot().axes[0].get_title() == "optimal 3   (3 knots, 5 points)"
    assert es.solve([0], [1]).plot().axes[0].get_title().endswith("(0 knots, 1 point)")


@pytest.mark.parametrize("n", [20, 2000])
def test_bounds_of_one_side_are_drawn_and_named(n: int) -> None:
    x = list(range(n))
    lower = [k % 3 if k % 5 else None for k in x]
    upper = [5 if k % 2 else None for k in x]
    axes = es.solve(x, lower=lower, upper=upper).plot().axes[0]
    drawn = {line.get_label(): len(line.get_xdata()) for line in axes.lines}
    both = sum(k % 5 > 0 and k % 2 > 0 for k in x)
    assert drawn["lower bound only"] == sum(k % 5 > 0 for k in x) - both
    assert drawn["upper bound only"] == n // 2 - both
    assert drawn["middle"] == both
    labels = es.solve(x, lower=lower).plot().axes[0].get_legend_handles_labels()[1]
    assert labels == ["lower bound only", "law"]


def test_numbers_beyond_floats_are_refused_in_silence(recwarn: pytest.WarningsRecorder) -> None:
    with pytest.raises(es.OutputError):
        es.solve(["0", "1", "2", "3"], ["0", "1e999", "0", "1"], tolerance="1e998").plot()
    assert not recwarn.list
