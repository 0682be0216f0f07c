"""A batch beside the proved optimum: counts, shares, and the alarm when one beats it."""

from __future__ import annotations

import numpy as np
import pytest

import exactsparse as es
from exactsparse.progress import Deadline
from exactsparse.report.training_table import plot_panels
from exactsparse.training import Regime, Settings, train
from exactsparse.training.experiment import NOT_DECIDED, Experiment, round_all
from exactsparse.training.figures import PUBLISHED
from exactsparse.training.rounding import DIVERGED

pytest.importorskip("torch")

PEAK = es.Dataset.from_arrays([-2, -1, 0, 1, 2, 3], [0, 0, 1, 1, 0, 0])
REGIMES = (Regime("path", 0.7), Regime("none"), Regime("none", rate=1e30))


@pytest.fixture(scope="module")
def experiment() -> Experiment:
    settings = Settings(REGIMES, 4, 40, 10_000, 0, False, True, 20)
    return round_all(train(PEAK, settings, device="cpu"), "neurons")


def test_shares_and_counts(experiment: Experiment) -> None:
    path, none, diverged = experiment.outcomes
    assert experiment.best is not None and experiment.best.n_neurons == 3
    assert path.share_exact > 0 and path.share_at(3, pruned=True) > 0
    assert (none.before > 10).all() and experiment.curves(1).shape == (20, 4)
    assert diverged.reasons == (DIVERGED,) * 4 and diverged.share_at(3) == 0
    for outcome in experiment.outcomes:
        for count, fewer in zip(outcome.rounded, outcome.pruned, strict=True):
            assert (count is None) == (fewer is None)
            assert count is None or 3 <= fewer <= count


def test_a_count_below_the_bound_raises_the_alarm(experiment: Experiment) -> None:
    with pytest.raises(AssertionError, match="contradicts the bound 50"):
        experiment.outcomes[1].share_at(50)


def test_networks_that_are_not_reached_are_not_decided(experiment: Experiment) -> None:
    late = round_all(experiment.training, "neurons", Deadline(0))
    assert {r for outcome in late.outcomes for r in outcome.reasons} == {NOT_DECIDED}
    assert late.best is None


def test_a_picture_of_runs_that_diverged(experiment: Experiment) -> None:
    figure = plot_panels([("peak", experiment, es.solve(PEAK))])
    labels = figure.axes[0].get_legend_handles_labels()[1]
    assert labels == ["path p=0.7", "none", "proved optimum"]


def test_the_authors_points_are_theirs_in_the_picture(experiment: Experiment) -> None:
    figure = plot_panels([("peak", experiment, es.solve(PEAK))], published=PUBLISHED[:1])
    handles, labels = figure.axes[0].get_legend_handles_labels()
    drawn = dict(zip(labels, handles, strict=True))
    # p = 0.4 was not trained, and has no points.
    assert [label for label in labels if "authors" in label] == ["the authors' run, p=0.7"]
    points = drawn["the authors' run, p=0.7"].lines[0]
    assert list(points.get_ydata()) == list(PUBLISHED[0][0.7].counts)


def test_sparse_networks_are_rounded_first(experiment: Experiment) -> None:
    def stop(task: str, done: int, total: int) -> None:
        if done == 6:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        round_all(experiment.training, "neurons", progress=stop)
    counted = Deadline(interrupts_count=True)
    early = round_all(experiment.training, "neurons", counted, progress=stop)
    before = np.concatenate([outcome.before for outcome in early.outcomes])
    reasons = [reason for outcome in early.outcomes for reason in outcome.reasons]
    left = np.array([reason == NOT_DECIDED for reason in reasons])
    assert left.sum() == len(before) - 6
    assert np.nanmax(before[~left]) <= np.nanmin(before[left])
