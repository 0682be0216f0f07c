"""Trained networks beside the proved optimum: how many restarts interpolate, and how sparsely."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exactsparse.problem.network import Network
from exactsparse.problem.problem import Problem
from exactsparse.progress import Deadline, Progress, until_stopped
from exactsparse.progress_bar import reports
from exactsparse.training.rounding import SECONDS, round_network, within_band
from exactsparse.training.settings import Regime
from exactsparse.training.trainer import Training
from exactsparse.upper_bounds.rounding import Rounded

NOT_DECIDED = "not decided within the time limit"


@dataclass(frozen=True, eq=False)
class RegimeOutcome:
    """What the restarts of a regime came to.

    Parameters
    ----------
    regime : Regime
        Penalty, exponent, strength, rate.
    before : ndarray, shape (restarts,)
        Counts of the trained networks, negligible products left out; NaN where diverged.
    errors : ndarray, shape (restarts,)
        Mean squared errors; NaN where diverged.
    rounded : tuple of int or None, length restarts
        Counts of the exact networks; None where there is none.
    pruned : tuple of int or None, length restarts
        Counts after leaving out what can be left out.
    reasons : tuple of str or None, length restarts
        Why there is no exact network.
    """

    regime: Regime
    before: NDArray[Any]
    errors: NDArray[Any]
    rounded: tuple[int | None, ...]
    pruned: tuple[int | None, ...]
    reasons: tuple[str | None, ...]

    @property
    def share_exact(self) -> float:
        """Share of restarts that have an exact interpolant."""
        return sum(count is not None for count in self.rounded) / len(self.rounded)

    def share_at(self, optimum: int, pruned: bool = False) -> float:
        """Share of restarts whose exact network has a count.

        Raises
        ------
        AssertionError
            If one has fewer than the proved optimum: the proof or the rounding is wrong.
        """
        counts = self.pruned if pruned else self.rounded
        below = [count for count in counts if count is not None and count < optimum]
        if below:
            raise AssertionError(f"an interpolant of {min(below)} contradicts the bound {optimum}")
        return sum(count == optimum for count in counts) / len(counts)


@dataclass(frozen=True, eq=False)
class Experiment:
    """A batch, rounded.

    Parameters
    ----------
    training : Training
        The batch.
    objective : {"parameters", "neurons"}
        What is counted.
    outcomes : tuple of RegimeOutcome
        One per regime.
    best : Network or None
        The sparsest exact network of all, or of those within the tolerance.
    """

    training: Training
    objective: str
    outcomes: tuple[RegimeOutcome, ...]
    best: Network | None

    def curves(self, regime: int) -> NDArray[Any]:
        """Counts over time, shape (T, restarts), of the trained networks of a regime."""
        restarts = self.training.settings.restarts
        counts = self.training.counts(self.objective)
        return counts[:, regime * restarts : (regime + 1) * restarts]


def round_all(
    training: Training,
    objective: str,
    deadline: Deadline | None = None,
    progress: Progress | bool = False,
    problem: Problem | None = None,
) -> Experiment:
    """Round every network of a batch, sparse ones first: they take less time, and promise more.

    Parameters
    ----------
    training : Training
        The batch.
    objective : {"parameters", "neurons"}
        What is counted.
    deadline : Deadline, optional
        Networks that are not reached before are reported as not decided.  Where interrupts count,
        Ctrl-C does the same; else it is raised.
    progress : bool or callable
        As in :func:`exactsparse.solve`.
    problem : Problem, optional
        One with a tolerance: networks within it are taken as they are, and none is rounded.
    """
    settings = training.settings
    total = len(settings.runs)
    measured = len(training.history) > 0
    missing = np.full(total, np.nan)
    before = training.counts(objective)[-1] if measured else missing
    errors = training.errors[-1] if measured else missing
    results = [Rounded(None, reason=NOT_DECIDED)] * total
    deadline = deadline or Deadline()
    with reports(progress) as told, until_stopped(deadline):
        for done, run in enumerate(np.argsort(before, kind="stable").tolist()):
            told("rounding", done, total)
            left = deadline.seconds_left
            if not left:
                break
            network = training.network(run)
            if problem is not None and problem.band is not None:
                results[run] = within_band(problem, network)
                continue
            results[run] = round_network(training.dataset, network, objective, min(SECONDS, left))

    def counts(networks: Sequence[Network | None]) -> tuple[int | None, ...]:
        return tuple(None if network is None else network.count(objective) for network in networks)

    outcomes = []
    for k, regime in enumerate(settings.regimes):
        part = slice(k * settings.restarts, (k + 1) * settings.restarts)
        outcomes.append(
            RegimeOutcome(
                regime=regime,
                before=before[part],
                errors=errors[part],
                rounded=counts([result.unpruned for result in results[part]]),
                pruned=counts([result.network for result in results[part]]),
                reasons=tuple(result.reason for result in results[part]),
            )
        )
    exact = [result.network for result in results if result.network is not None]
    best = min(exact, key=lambda network: network.count(objective), default=None)
    return Experiment(training, objective, tuple(outcomes), best)
