"""Trained networks made exact."""

from __future__ import annotations

from exactsparse.problem.dataset import Dataset
from exactsparse.progress import Deadline
from exactsparse.training.trainer import FloatNetwork
from exactsparse.upper_bounds.rounding import Rounded, round_to_exact

DIVERGED = "its parameters are not finite"
SECONDS = 1.0


def round_network(
    dataset: Dataset, network: FloatNetwork, objective: str, seconds: float = SECONDS
) -> Rounded:
    """An exact interpolant with the supports and patterns of a trained network, if there is one.

    Parameters
    ----------
    dataset : Dataset
        The data.
    network : FloatNetwork
        Weights of any size; a network that has diverged is no error.
    objective : {"parameters", "neurons"}
        What is counted.
    seconds : float
        Time limit.

    Raises
    ------
    ProblemError
        If the network has another number of inputs.
    ConflictingLabelsError
        If equal points carry different labels.
    """
    if not network.is_finite:
        return Rounded(None, reason=DIVERGED)
    return round_to_exact(dataset, network.exact(), objective, Deadline(seconds))
