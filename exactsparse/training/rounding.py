"""Trained networks made exact, or taken as they are within a tolerance."""

from __future__ import annotations

from exactsparse.patterns.merging import merge
from exactsparse.problem.band import Tolerance
from exactsparse.problem.dataset import Dataset
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.objective import objective_named
from exactsparse.problem.problem import Problem
from exactsparse.problem.residuals import largest_residual
from exactsparse.problem.rows import points_of
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
    exact = network.exact()
    return round_to_exact(dataset, exact, objective_named(objective), Deadline(seconds))


def within_band(problem: Problem, network: FloatNetwork) -> Rounded:
    """A trained network as it is, if none of its residuals exceeds the tolerance.

    Parameters
    ----------
    problem : Problem
        With a tolerance.
    network : FloatNetwork
        Its floats are the dyadic rationals that they are.

    Returns
    -------
    Rounded
        ``unpruned`` is the network, ``network`` the same without idle neurons.
    """
    if not isinstance(problem.band, Tolerance):
        raise ValueError("the problem has no tolerance")
    if not network.is_finite:
        return Rounded(None, reason=DIVERGED)
    exact = network.exact().with_skip(problem.skip == "affine")
    if largest_residual(exact, problem.dataset).value > problem.band.half_width:
        return Rounded(None, reason="it misses labels by more than the tolerance")
    return Rounded(merge(IntegerTable.of(points_of(problem)), exact).network, exact)
