"""A picture of a network of three features or more: values against labels, along features."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from exactsparse.exact.numbers import counted
from exactsparse.problem.network import Network
from exactsparse.report.canvas import (
    LAW,
    Picture,
    in_lines,
    new_figure,
    number_axes,
    plain,
    require_finite,
)
from exactsparse.report.residual_plot import draw_fit
from exactsparse.report.verdict import claim_of
from exactsparse.solution import Solution

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MOST_LINES = 5
_PLACES = 201
# Features along which lines are tried, neurons times features.
_MOST_PRODUCTS = 2_000_000

Floats = NDArray[np.float64]


def partial_figure(solution: Solution) -> Picture:
    """A figure of values against labels, and of the function along the features that move it most.

    Along a line every other feature is at its median.

    Parameters
    ----------
    solution : Solution
        Of three features or more.

    Raises
    ------
    OutputError
        If the data exceed float64.
    """
    used, lines = _lines(solution)
    size = 1 + min(len(lines), _MOST_LINES)
    columns = 2 if size in (2, 4) else min(size, 3)
    figure = new_figure(3.4 * columns, 3.2 * -(-size // columns) + 0.4)
    panels = np.atleast_1d(figure.subplots(-(-size // columns), columns, squeeze=False)).ravel()
    draw_fit(panels[0], solution)
    shared = None
    for panel, (feature, at, values) in zip(panels[1:], lines[:_MOST_LINES], strict=False):
        if shared is not None:
            panel.sharey(shared)
        shared = panel
        _draw(panel, solution, feature, at, values)
    for panel in panels[size:]:
        panel.set_visible(False)
    d = solution.problem.dataset.n_features
    note = f"uses {used} of {counted(d, 'feature')}"
    if used:
        note += "; along a line the others are at their medians"
    figure.suptitle(f"{in_lines(claim_of(solution))}\n{in_lines(note)}", fontsize="medium")
    return figure


def _draw(axes: Axes, solution: Solution, feature: int, at: Floats, values: Floats) -> None:
    dataset = solution.problem.dataset
    axes.plot(at, values, color=LAW, linewidth=1.4)
    axes.set_xlabel(plain(dataset.shown_features[feature]))
    axes.set_ylabel(plain(dataset.shown_label))
    number_axes(axes)


def _lines(solution: Solution) -> tuple[int, list[tuple[int, Floats, Floats]]]:
    """How many features are used; abscissae and values along them, those that move most first."""
    dataset, network = solution.problem.dataset, solution.network
    used = used_features(network)
    tried = used[: max(_MOST_PRODUCTS // (dataset.n_features * max(len(network.neurons), 1)), 1)]
    middle = np.array([np.median(feature.to_float64()) for feature in dataset.features])
    found = []
    for feature in tried:
        column = dataset.features[feature].to_float64()
        at = np.linspace(column.min(), column.max(), _PLACES)
        places = np.tile(middle, (_PLACES, 1))
        places[:, feature] = at
        require_finite(places)
        values = network.predict(places)
        require_finite(values)
        found.append((feature, at, values))
    found.sort(key=lambda line: -float(np.ptp(line[2])))
    return len(used), found


def used_features(network: Network) -> list[int]:
    """Features of some weight that is not 0, ascending.

    Examples
    --------
    >>> from exactsparse import Dataset, solve
    >>> used_features(solve([[0, 5], [1, 6], [2, 7]], [0, 1, 0], time_limit=60).network)
    [0]
    """
    weights = [neuron.weights for neuron in network.neurons]
    weights += [network.skip.weights] if network.skip is not None else []
    return sorted({k for row in weights for k, weight in enumerate(row) if weight})
