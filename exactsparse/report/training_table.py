"""Tables and pictures of trained batches beside the proved optimum."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, cast

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table
from rich.text import Text

from exactsparse.errors import OutputError
from exactsparse.exact.numbers import counted
from exactsparse.report.summary import print_table
from exactsparse.solution import Solution, Status
from exactsparse.training.experiment import Experiment, RegimeOutcome
from exactsparse.training.figures import PublishedCounts

_BAND = (10, 90)
_SPREAD = (0, 50, 100)


def print_experiment(experiment: Experiment, solution: Solution, console: Console) -> None:
    """Print a row per regime, the best network, and the optimum or its bounds."""
    training = experiment.training
    settings = training.settings
    what = experiment.objective
    console.print(
        f"{counted(settings.restarts, 'restart')} of {counted(settings.width, 'neuron')}, "
        f"{training.steps:,} steps; "
        f"{what}: least–median–most",
        highlight=False,
        soft_wrap=True,
    )
    table = Table(box=None, pad_edge=False, header_style="dim")
    optimum = f"at {_bound(solution)}"
    band = solution.problem.band
    held = ("exact", "rounded", "pruned") if band is None else ("within", "so trained", "merged")
    titles = ("penalty", "λ", "lr", "median MSE", "trained", *held, optimum, f"{held[-1]} there")
    for title in titles:
        table.add_column(title, justify="left" if title == "penalty" else "right", no_wrap=True)
    for outcome in experiment.outcomes:
        table.add_row(*_row(outcome, cast(int, solution.bound)))
    print_table(table, console)
    for reason, count in Counter(r for o in experiment.outcomes for r in o.reasons if r).items():
        console.print(f"{count} not rounded: {reason}", highlight=False, soft_wrap=True)
    best = experiment.best
    if best is None:
        lacking = "an exact interpolant" if band is None else f"a network within {band}"
        console.print(Text(f"no restart gives {lacking}", "bold yellow"))
    else:
        met = "exact" if band is None else f"within {band}"
        console.print(Text(f"best of training: {best.count(what)} {what}, {met}", "bold"))
    optimal = solution.status is Status.OPTIMAL
    claim = (
        f"proved optimum: {solution.value} {what}"
        if optimal
        else f"optimum between {solution.bound} (proved) and {solution.value} {what}"
    )
    console.print(Text(claim, "bold green" if optimal else "bold yellow"))


def _bound(solution: Solution) -> str:
    if solution.status is Status.OPTIMAL:
        return f"optimum {solution.value}"
    return f"bound {solution.bound}"


def _row(outcome: RegimeOutcome, bound: int) -> list[str]:
    regime, n = outcome.regime, len(outcome.rounded)
    finite = outcome.errors[np.isfinite(outcome.errors)]
    unpenalised = regime.penalty == "none"
    return [
        regime.label,
        "" if unpenalised else f"{regime.strength:g}",
        f"{regime.rate:g}",
        f"{np.median(finite):.1e}" if len(finite) else "–",
        _spread(outcome.before[np.isfinite(outcome.before)]),
        f"{sum(count is not None for count in outcome.rounded)}/{n}",
        _spread([count for count in outcome.rounded if count is not None]),
        _spread([count for count in outcome.pruned if count is not None]),
        f"{outcome.share_at(bound):.0%}",
        f"{outcome.share_at(bound, pruned=True):.0%}",
    ]


def _spread(counts: NDArray[Any] | Sequence[int]) -> str:
    if len(counts) == 0:
        return "–"
    return "–".join(f"{q:.0f}" for q in np.percentile(counts, _SPREAD))


def outcome_json(outcome: RegimeOutcome, bound: int) -> dict[str, Any]:
    """A row of the table as a JSON object; counts that do not exist are null."""

    def numbers(values: NDArray[Any]) -> list[float | None]:
        return [float(value) if np.isfinite(value) else None for value in values]

    regime = outcome.regime
    return {
        "penalty": regime.penalty,
        "p": regime.p,
        "lambda": regime.strength,
        "lr": regime.rate,
        "mean_squared_errors": numbers(outcome.errors),
        "trained": numbers(outcome.before),
        "rounded": list(outcome.rounded),
        "pruned": list(outcome.pruned),
        "reasons": list(outcome.reasons),
        "share_exact": outcome.share_exact,
        "share_at_bound": outcome.share_at(bound),
        "share_at_bound_pruned": outcome.share_at(bound, pruned=True),
    }


def print_published(
    published: Mapping[float, PublishedCounts], experiment: Experiment, console: Console
) -> None:
    """Print the authors' counts, and under the notebook's rule the first restart beside them."""
    training = experiment.training
    steps = np.array(training.recorded_steps)
    for k, regime in enumerate(training.settings.regimes):
        theirs = published.get(regime.p) if regime.p is not None else None
        if theirs is None:
            continue
        text = f"{regime.label}: the authors print {', '.join(map(str, theirs.counts))}"
        text += theirs.remark
        reached = [m for m in theirs.middles if len(steps) and m <= steps[-1]]
        if training.settings.variant == "notebook" and reached:
            counts = experiment.curves(k)[[int(np.abs(steps - m).argmin()) for m in reached], 0]
            here = ", ".join("–" if np.isnan(count) else f"{count:.0f}" for count in counts)
            text += f"; seed {training.settings.seed} here, at those steps: {here}"
        console.print(text, highlight=False, soft_wrap=True)


def draw_curves(
    axes: Axes,
    experiment: Experiment,
    solution: Solution,
    title: str,
    published: Mapping[float, PublishedCounts],
) -> None:
    """Counts over time on axes: median and 10–90 % band over restarts, the optimum as a line."""
    steps = experiment.training.recorded_steps
    for k, outcome in enumerate(experiment.outcomes):
        curves = experiment.curves(k)
        seen = np.isfinite(curves).any(axis=1)
        if not seen.any():
            continue
        low, median, high = np.nanpercentile(curves[seen], (_BAND[0], 50, _BAND[1]), axis=1)
        shown = np.array(steps)[seen]
        line = axes.plot(shown, median, label=outcome.regime.label)[0]
        axes.fill_between(shown, low, high, alpha=0.2, color=line.get_color(), linewidth=0)
        theirs = published.get(outcome.regime.p) if outcome.regime.p is not None else None
        if theirs is not None:
            reach = np.array(
                [((m - a), (b - m)) for (a, b), m in zip(theirs.steps, theirs.middles, strict=True)]
            )
            axes.errorbar(
                theirs.middles, theirs.counts, xerr=reach.T, fmt="o", markersize=4, linewidth=1,
                color=line.get_color(), markeredgecolor="black",
                label=f"the authors' run, p={outcome.regime.p:g}{theirs.remark}",
            )  # fmt: skip
    if solution.status is Status.OPTIMAL:
        axes.axhline(float(solution.value), color="black", linestyle="--", label="proved optimum")
    else:
        axes.axhline(float(solution.bound), color="black", linestyle=":", label="proved bound")
        axes.axhline(float(solution.value), color="0.5", linestyle="--", label="best known, exact")
    axes.set_xlabel("step")
    axes.set_ylabel(experiment.objective)
    axes.set_yscale("log")
    axes.set_title(title)
    axes.legend(frameon=False, fontsize="small")


def plot_panels(
    panels: Sequence[tuple[str, Experiment, Solution]],
    path: str | os.PathLike[str] | None = None,
    published: Sequence[Mapping[float, PublishedCounts]] = (),
) -> Figure:
    """Draw sparsity over time, a panel for each experiment.

    Parameters
    ----------
    panels : sequence of (title, Experiment, Solution)
        What to draw.
    path : path, optional
        ``.png``, ``.svg`` or ``.pdf``.
    published : sequence of mappings from p to PublishedCounts, optional
        Counts of the authors for each panel, drawn as points under their name.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    figure = Figure(figsize=(7 * len(panels), 4.5), layout="constrained")
    for k, (title, experiment, solution) in enumerate(panels):
        axes = figure.add_subplot(1, len(panels), k + 1)
        draw_curves(axes, experiment, solution, title, published[k] if published else {})
    try:
        if path is not None:
            figure.savefig(path, dpi=150)
    except (OSError, ValueError) as error:
        raise OutputError(f"{path}: cannot write the picture: {error}") from None
    return figure
