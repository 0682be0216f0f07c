"""The training experiments of the paper: J. Nakhleh and R. D. Nowak, arXiv 2505.21791, figure 3."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from exactsparse.packages import require_package
from exactsparse.problem.dataset import Dataset
from exactsparse.training.parameters import Floats
from exactsparse.training.settings import Regime, Settings

NOTES = (
    "The authors' points are the counts that their notebooks print, of one run from torch seed 20; "
    "at which steps is known by running their rule again: a bar is where it gives the same pair.",
    "Their notebooks differ from appendix A.3 in seven ways, see docs/train.md; their curve for "
    "p = 1 is logged from the model of p = 0.7.",
)
_NOTES_ON_DATA = {
    "paper": "The second panel's data are random: here standard normal points and labels, float32, "
    "of NumPy seed 0, not the draws of the authors.",
    "notebook": "The second panel's data are those of the authors: uniform on (−1, 1), torch seed "
    "20.  Other restarts have the same data.",
}
_STEPS = 100_000
_FIRST_SEED = 20
_RATE = 0.01


@dataclass(frozen=True)
class PublishedCounts:
    """Counts that the authors print of one run: theirs, never a result of this package.

    Parameters
    ----------
    steps : tuple of (int, int)
        First and last step at which a count can have been printed.
    counts : tuple of int
        Neurons or parameters.
    logged_from : float or None
        The p whose model the counts are of, where it is another.
    """

    steps: tuple[tuple[int, int], ...]
    counts: tuple[int, ...]
    logged_from: float | None = None

    @property
    def remark(self) -> str:
        """Words on whose model the counts are, empty if it is the one named."""
        return "" if self.logged_from is None else f" (logged from p={self.logged_from:g})"

    @property
    def middles(self) -> tuple[float, ...]:
        """Middles of the ranges of steps."""
        return tuple((first + last) / 2 for first, last in self.steps)


# Found by their rule in torch float32, count by count every 1,000 steps, for both p.
_PRINTED_AT = (
    (5_000, 5_000),
    (10_000, 10_000),
    (14_000, 25_000),
    (29_000, 48_000),
    (50_000, 58_000),
    (59_000, 99_000),
    (100_000, 100_000),
)
_LAST = ((100_000, 100_000),)
# By panel and p.
PUBLISHED = (
    {
        0.4: PublishedCounts(_PRINTED_AT, (10, 6, 6, 5, 4, 3, 3)),
        0.7: PublishedCounts(_PRINTED_AT, (14, 10, 6, 5, 4, 4, 4)),
    },
    {
        0.4: PublishedCounts(_LAST, (11,)),
        0.7: PublishedCounts(_LAST, (12,)),
        1.0: PublishedCounts(_LAST, (12,), 0.7),
    },
)


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
    published : dict
        Counts of the authors by p.
    note : str
        Where the data come from, empty if they are the authors'.
    """

    title: str
    dataset: Dataset
    objective: str
    settings: Settings
    published: dict[float, PublishedCounts]
    note: str = ""


def figure_3(seeds: int, steps: int = _STEPS, variant: str = "paper") -> tuple[Panel, Panel]:
    """Peak and plateau, and ten random points of 50 features.

    Parameters
    ----------
    seeds : int
        Restarts per regime; the first has the authors' seed 20.
    steps : int
        100,000 in the paper.
    variant : {"paper", "notebook"}
        Rule, and with it the data of the second panel.

    Raises
    ------
    MissingPackageError
        If torch is not installed and the data are torch's.
    """
    peak = Dataset.from_arrays([-2, -1, 0, 1, 2, 3], [0, 0, 1, 1, 0, 0])
    notebook = variant == "notebook"
    points, labels = _authors_draws() if notebook else _own_draws()
    first = Settings(
        _regimes(0.003), seeds, 80, steps, _FIRST_SEED, penalise_bias=False, skip=not notebook,
        variant=variant,
    )  # fmt: skip
    second = Settings(
        _regimes(0.005), seeds, 100, steps, _FIRST_SEED, variant=variant,
        draws_before=points.size + labels.size if notebook else 0,
    )  # fmt: skip
    return (
        Panel("peak and plateau", peak, "neurons", first, PUBLISHED[0]),
        Panel(
            "N = 10, d = 50",
            Dataset.from_arrays(points, labels),
            "parameters",
            second,
            PUBLISHED[1],
            _NOTES_ON_DATA[variant],
        ),
    )


def _own_draws() -> tuple[Floats, Floats]:
    rng = np.random.default_rng(0)
    points = rng.standard_normal((10, 50)).astype(np.float32)
    return points, rng.standard_normal(10).astype(np.float32)


def _authors_draws() -> tuple[Floats, Floats]:
    torch = require_package("torch", "train")
    generator = torch.Generator()
    generator.manual_seed(_FIRST_SEED)
    points, labels = (
        torch.empty(shape).uniform_(-1, 1, generator=generator).numpy() for shape in ((10, 50), 10)
    )
    return points, labels


def _regimes(strength: float) -> tuple[Regime, ...]:
    return (
        Regime("none", None, strength, _RATE),
        Regime("decay", None, strength, _RATE),
        *(Regime("path", p, strength, _RATE) for p in (1.0, 0.7, 0.4)),
    )
