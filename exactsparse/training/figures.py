"""The training experiments of the paper: J. Nakhleh and R. D. Nowak, arXiv 2505.21791, figure 3."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from exactsparse.problem.dataset import Dataset
from exactsparse.training.settings import Regime, Settings

NOTES = (
    "The method is that of appendix A.3. The authors' notebooks differ from it in two places: "
    "one logs its curve for p = 1 from the model of p = 0.7, and that of d = 50 takes its "
    "'previous product' as a view before the step of the optimiser, so that it changes with it.",
    "The second panel's data are random: here standard normal points and labels, float32, of NumPy "
    "seed 0, not the draws of the authors.",
)
_STEPS = 100_000
_FIRST_SEED = 20
_RATE = 0.01


@dataclass(frozen=True, eq=False)
class Panel:
    """Data and batch of one panel.

    Parameters
    ----------
    title : str
        Heading.
    dataset : Dataset
        The points.
    objective : {"neurons", "parameters"}
        What is counted.
    settings : Settings
        The five regimes.
    """

    title: str
    dataset: Dataset
    objective: str
    settings: Settings


def figure_3(seeds: int, steps: int = _STEPS) -> tuple[Panel, Panel]:
    """Peak and plateau, and ten random points of 50 features.

    Parameters
    ----------
    seeds : int
        Restarts per regime; the first has the authors' seed 20.
    steps : int
        100,000 in the paper.
    """
    peak = Dataset.from_arrays([-2, -1, 0, 1, 2, 3], [0, 0, 1, 1, 0, 0])
    rng = np.random.default_rng(0)
    points = rng.standard_normal((10, 50)).astype(np.float32)
    labels = rng.standard_normal(10).astype(np.float32)
    return (
        Panel(
            "peak and plateau",
            peak,
            "neurons",
            Settings(_regimes(0.003), seeds, 80, steps, _FIRST_SEED, False, True),
        ),
        Panel(
            "N = 10, d = 50",
            Dataset.from_arrays(points, labels),
            "parameters",
            Settings(_regimes(0.005), seeds, 100, steps, _FIRST_SEED),
        ),
    )


def _regimes(strength: float) -> tuple[Regime, ...]:
    return (
        Regime("none", None, strength, _RATE),
        Regime("decay", None, strength, _RATE),
        *(Regime("path", p, strength, _RATE) for p in (1.0, 0.7, 0.4)),
    )
