"""Every solution has its picture; the axes that are given are used, and nothing else is kept."""

from __future__ import annotations

import logging
from pathlib import Path

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

import exactsparse as es
from exactsparse.report.partial_plot import used_features
from exactsparse.report.plane_plot import _segments
from tests.report.conftest import X2, X3, Y2

PANELS = {
    "knots": 1, "band": 2, "intervals": 2, "least": 2, "line": 1, "line in a band": 1,
    "plane": 2, "plane in a band": 3, "plane, least": 3, "rays": 2, "claims": 2,
    "space": 1, "space in a band": 1,
}  # fmt: skip


def drawn(figure: Figure) -> list[str]:
    """Draw a figure; titles and labels of its axes."""
    FigureCanvasAgg(figure).draw()
    texts = [figure.get_suptitle()]
    for axes in figure.axes:
        texts += [axes.get_title(), axes.get_xlabel(), axes.get_ylabel()]
    return texts


@pytest.mark.parametrize("kind", PANELS)
def test_a_solution_is_drawn_with_its_names(kind: str, solutions: dict[str, es.Solution]) -> None:
    solution = solutions[kind]
    figure = solution.plot()
    assert isinstance(figure, Figure)
    texts = drawn(figure)
    lines = len(used_features(solution.network)) if kind.startswith("space") else 0
    assert len([axes for axes in figure.axes if axes.get_visible()]) == PANELS[kind] + lines
    for name in (solution.problem.dataset.label_name, solution.problem.dataset.feature_names[0]):
        assert any(name in text.replace(r"\$", "$") for text in texts), name


@pytest.mark.parametrize("kind", PANELS)
def test_given_axes_are_drawn_into_and_returned(
    kind: str, solutions: dict[str, es.Solution]
) -> None:
    figure = Figure()
    left, right = figure.subplots(1, 2)
    assert solutions[kind].plot(ax=right) is right
    assert not left.has_data() and right.has_data()
    drawn(figure)


def test_the_picture_of_a_plane_shows_values_lines_and_data(
    solutions: dict[str, es.Solution],
) -> None:
    solution = solutions["plane in a band"]
    plane, residuals = solution.plot().axes[:2]
    mesh = plane.collections[0]
    values = np.asarray(mesh.get_array())
    assert values.min() <= 0.01 and values.max() >= 1.6
    points = plane.collections[-1]
    assert np.array_equal(points.get_offsets(), np.array(X2, dtype=float))
    assert np.array_equal(points.get_array(), np.array(Y2, dtype=float))
    exact = [solution(x) - y for x, y in zip(X2, Y2, strict=True)]
    dots = next(line for line in residuals.lines if line.get_label() == "value − label")
    assert np.allclose(dots.get_ydata(), [float(value) for value in exact])
    assert len(plane.lines) == len(solution.network.neurons)


def test_lines_of_neurons_are_where_their_inputs_are_zero() -> None:
    network = es.solve(X2, Y2, objective="neurons").network
    found = dict(_segments(network, ((-1.0, 3.0), (-1.0, 4.0))))
    assert found
    for number, ends in found.items():
        neuron = network.neurons[number - 1]
        for x, y in ends:
            inside = float(neuron.weights[0]) * x + float(neuron.weights[1]) * y
            assert inside + float(neuron.bias) == pytest.approx(0, abs=1e-9)
            assert min(abs(x + 1), abs(x - 3), abs(y + 1), abs(y - 4)) < 1e-9


def test_partial_lines_are_the_function_with_the_others_at_their_medians(
    solutions: dict[str, es.Solution],
) -> None:
    solution = solutions["space"]
    panels = solution.plot().axes[1:]
    middle = np.median(np.array(X3), axis=0)
    seen = 0
    for panel in panels:
        if not panel.get_visible():
            continue
        feature = int(panel.get_xlabel()[-1])
        (line,) = panel.lines
        for x, y in zip(line.get_xdata()[::50], line.get_ydata()[::50], strict=True):
            point = [*middle]
            point[feature] = x
            assert y == pytest.approx(float(solution(point)))
        seen += 1
    assert seen == 2


def test_many_neurons_and_constant_values_are_drawn() -> None:
    rng = np.random.default_rng(3)
    X = rng.integers(0, 99, (230, 2)).tolist()
    y = rng.integers(0, 9, 230).tolist()
    points = {tuple(x): label for x, label in zip(X, y, strict=True)}
    many = es.solve([*points], [*points.values()], time_limit=0.1)
    assert many.network.n_neurons > 200
    axes = many.plot().axes[0]
    assert "lines not drawn" in axes.get_title() and not axes.lines
    drawn(es.solve([[0, 0], [1, 1], [1, 0]], [0, 0, 0]).plot())
    drawn(es.solve([[0, 0, 0], [1, 1, 0]], [0, 0]).plot())


def test_what_cannot_be_drawn_is_said(tmp_path: Path) -> None:
    nothing = es.solve([0, 1, 2], [0, 1, 0], shape="convex")
    with pytest.raises(es.NoFunctionError, match="rows 0, 1 and 2"):
        nothing.plot()
    large = es.solve([["0", "0"], ["1", "1"], ["1e999", "3"]], [0, 0, 0])
    with pytest.raises(es.OutputError, match="beyond the range"):
        large.plot()
    with pytest.raises(es.OutputError, match="cannot write"):
        es.solve(X2, Y2).plot(tmp_path / "p.nothing")


def test_the_way_of_a_search(solutions: dict[str, es.Solution], tmp_path: Path) -> None:
    for kind in ("plane", "plane in a band", "plane, least", "rays", "claims", "space"):
        solution = solutions[kind]
        history = solution.history
        seconds = [stage.seconds for stage in history]
        assert seconds == sorted(seconds) and seconds[0] >= 0
        bounds, costs = ([getattr(s, what) for s in history] for what in ("bound", "cost"))
        assert bounds == sorted(bounds) and costs == sorted(costs, reverse=True)
        assert (bounds[-1], costs[-1]) == (solution.bound, solution.cost)
    figure = solutions["plane"].plot_search(tmp_path / "way.png")
    assert (tmp_path / "way.png").stat().st_size > 1000
    (axes,) = figure.axes
    cost, bound = axes.lines[:2]
    assert cost.get_ydata()[-1] == bound.get_ydata()[-1] == solutions["plane"].value
    other = Figure().add_subplot()
    assert solutions["rays"].plot_search(ax=other) is other
    with pytest.raises(es.UnsupportedProblemError, match="keeps no record"):
        solutions["knots"].plot_search()


def test_the_log_tells_the_story(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="exactsparse"):
        es.solve(X2, Y2)
    said = [record.getMessage() for record in caplog.records]
    assert said[0] == "objective 'parameters' with skip 'none' of 2 features, 6 points: search"
    assert said[-1].startswith("<SearchSolution: optimal, value ")
    assert "first interpolants" in said and "proved: at least 2 parameters" in said
    assert any(text.startswith("found: ") and " parameters, by " in text for text in said)
    assert any("no network of 1 parameter so far" in text for text in said)
    caplog.clear()
    es.solve(X2, Y2)
    assert not caplog.records


def test_a_curve_is_drawn_into_given_axes() -> None:
    curve = es.tradeoff(range(5), [0, 1, 0, 1, 0])
    axes = Figure().add_subplot()
    assert curve.plot(ax=axes) is axes and axes.get_xlabel() == "knots"
    assert isinstance(curve.plot().axes[0], Axes)
