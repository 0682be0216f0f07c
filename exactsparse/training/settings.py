"""What is trained: penalties, exponents, rates, restarts, and how long."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from exactsparse.errors import ProblemError

PENALTIES = ("none", "decay", "path")
PRECISIONS = ("float32", "float64")
VARIANTS = ("paper", "notebook")


@dataclass(frozen=True)
class Regime:
    """A penalty with its exponent, strength and learning rate.

    Parameters
    ----------
    penalty : {"none", "decay", "path"}
        Nothing; decoupled weight decay (AdamW); the ℓᵖ path norm by reweighted thresholds.
    p : float or None
        Exponent in (0, 1] of the path norm.
    strength : float
        λ > 0, unused without penalty.
    rate : float
        Learning rate of Adam.

    Raises
    ------
    ProblemError
        If a number is out of its range.
    """

    penalty: str
    p: float | None = None
    strength: float = 0.003
    rate: float = 0.01

    def __post_init__(self) -> None:
        if self.penalty not in PENALTIES:
            names = ", ".join(map(repr, PENALTIES))
            raise ProblemError(f"penalty must be one of {names}, but it is {self.penalty!r}")
        if (self.penalty == "path") != (self.p is not None):
            raise ProblemError("an exponent p belongs to the penalty 'path', and to no other")
        if self.p is not None and not 0 < self.p <= 1:
            raise ProblemError(f"p of a penalty must lie in (0, 1], but it is {self.p}")
        for name, value in (("the strength of a penalty", self.strength), ("lr", self.rate)):
            if not (value > 0 and math.isfinite(value)):
                raise ProblemError(f"{name} must be a positive number, but it is {value}")

    @property
    def label(self) -> str:
        """A short name: ``none``, ``decay``, ``path p=0.4``."""
        return self.penalty if self.p is None else f"path p={self.p:g}"


@dataclass(frozen=True)
class Settings:
    """A batch: every regime from the same initial networks.

    Parameters
    ----------
    regimes : tuple of Regime
        At least one.
    restarts : int
        Networks per regime; restart r starts from seed ``seed + r`` in every regime.
    width : int
        Hidden neurons, K.
    steps : int
        Steps of Adam.
    seed : int
        Seed of the first restart.
    penalise_bias : bool
        Whether decay and path norm see the biases.
    skip : bool
        Whether there is a free affine part, never penalised.
    records : int
        How often the history is written, evenly over the steps.
    precision : {"float32", "float64"}
        Type of all numbers.
    variant : {"paper", "notebook"}
        ``paper``: appendix A.3 as written, where rebalancing leaves the function as it is.
        ``notebook``: what the authors' published notebooks do.  A free bias stays as it is when its
        neuron is rebalanced, so that the kink moves; weight decay sees all biases; the first five
        steps are not thresholded; products and norms below an absolute bound are zero; where biases
        are penalised, the previous product has the output weight after the step of Adam; there is
        no affine part.
    draws_before : int
        Numbers that are drawn from the generator of every seed before its network is.

    Raises
    ------
    ProblemError
        If a number is out of its range.
    """

    regimes: tuple[Regime, ...]
    restarts: int = 1
    width: int = 80
    steps: int = 10_000
    seed: int = 0
    penalise_bias: bool = True
    skip: bool = False
    records: int = 100
    precision: str = "float32"
    variant: str = "paper"
    draws_before: int = 0

    def __post_init__(self) -> None:
        if not self.regimes:
            raise ProblemError("there is nothing to train: name at least one penalty")
        for name in ("restarts", "width", "steps", "records"):
            if getattr(self, name) < 1:
                raise ProblemError(f"{name} must be at least 1, but it is {getattr(self, name)}")
        if not 0 <= self.seed < 2**62:
            raise ProblemError(f"seed must be a number from 0 to 2^62, but it is {self.seed}")
        if self.draws_before < 0:
            raise ProblemError(f"draws_before must not be negative, but it is {self.draws_before}")
        if self.variant not in VARIANTS:
            raise ProblemError(f"variant must be paper or notebook, not {self.variant!r}")
        if self.variant == "notebook" and self.skip:
            raise ProblemError(
                "the variant notebook has no affine part: choose skip none, or the variant paper"
            )
        if self.precision not in PRECISIONS:
            raise ProblemError(f"precision must be float32 or float64, not {self.precision!r}")

    @property
    def runs(self) -> tuple[tuple[Regime, int], ...]:
        """Regime and seed of every network of the batch."""
        return tuple((r, self.seed + k) for r in self.regimes for k in range(self.restarts))

    @property
    def recorded_steps(self) -> tuple[int, ...]:
        """Steps after which the history is written, the last among them."""
        count = min(self.records, self.steps)
        return tuple(self.steps * (k + 1) // count for k in range(count))

    @property
    def smallest(self) -> float | None:
        """Absolute bound up to which the notebooks take a product for zero; None in the paper's."""
        if self.variant == "paper":
            return None
        # One notebook per panel: free biases in the first, penalised ones in the second.
        return 1e-6 if self.penalise_bias else 1e-8

    def to_json(self) -> str:
        """Text that identifies the batch."""
        return json.dumps(asdict(self), sort_keys=True)


def grid(
    penalties: Sequence[str],
    exponents: Sequence[float],
    strengths: Sequence[float],
    rates: Sequence[float],
) -> tuple[Regime, ...]:
    """Every combination; exponents for the path norm only, strengths for penalties only."""
    regimes = []
    for rate in rates:
        for penalty in penalties:
            for strength in strengths if penalty != "none" else strengths[:1]:
                for p in exponents if penalty == "path" else [None]:
                    regimes.append(Regime(penalty, p, strength, rate))
    return tuple(regimes)
