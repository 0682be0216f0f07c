"""A trained network against the data and against the exact optimum, in exact arithmetic."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from exactsparse.errors import ProblemError
from exactsparse.exact.numbers import counted
from exactsparse.models import model_of
from exactsparse.patterns.merging import merge
from exactsparse.patterns.pruning import prune
from exactsparse.problem.band import Tolerance
from exactsparse.problem.dataset import Dataset
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.network import Network
from exactsparse.problem.problem import (
    Exponent,
    Problem,
    parse_exponent,
    require_choice,
)
from exactsparse.problem.residuals import largest_residual
from exactsparse.problem.rows import points_of, windows_in_doubt
from exactsparse.progress import Deadline, Progress
from exactsparse.progress_bar import reports
from exactsparse.routes.registry import able, choose
from exactsparse.solution import Solution
from exactsparse.solve import INTERRUPTS, as_dataset, solve_beside
from exactsparse.upper_bounds.model_in_band import round_within_band
from exactsparse.upper_bounds.rounding import Rounded, round_to_exact
from exactsparse.verification import Verification, path_norm

_ROUNDING_SHARE = 0.5


def verify(
    model: Any,
    X: Any,
    y: Any = None,
    *,
    objective: str | None = None,
    skip: str | None = None,
    p: Exponent | Iterable[Exponent] = (),
    tolerance: Exponent = 0,
    time_limit: float | None = 10.0,
    workers: int | None = None,
    floats: str | None = None,
    layers: Sequence[str] | None = None,
    on_interrupt: str = "raise",
    progress: Progress | bool = False,
) -> Verification:
    """Compare a one-hidden-layer ReLU network with the data and with the sparsest interpolant.

    Parameters
    ----------
    model : str, path, Network or torch.nn.Module
        A file as :func:`exactsparse.read_model` reads it, a network, or
        ``nn.Sequential(Linear, ReLU, Linear)``.  Its floats are the dyadic rationals they are.
    X, y : Dataset, or array_like of shapes (n, d) and (n,)
        As in :func:`exactsparse.solve`.
    objective : {"neurons", "parameters"}, optional
        What the optimum counts; by default as in :func:`exactsparse.solve`.
    skip : {"affine", "none"}, optional
        Whether an affine part is free.  By default so for one feature and for models with a linear
        part.  Without it, an output bias ``c`` counts as the neuron ``c (0 · x + 1)₊``.
    p : number or str, or several, optional
        Exponents from 0 to 1 of path norms to compute; ``0.1`` means 1/10.
    tolerance : number or str
        Largest residual that is allowed; ``0.1`` means 1/10, ``"auto"`` half a unit in the last
        digit of the labels.  Of one feature with an affine part, the optimum is the one within it.
    time_limit : float or None
        Seconds for rounding and the optimum.
    workers : int, optional
        Threads of the search for the optimum.
    floats : {"decimal", "binary"}, optional
        How floats of the data are read, as in :func:`exactsparse.solve`.
    layers : sequence of two str, optional
        Names of the hidden and the output layer in the file, as in :func:`exactsparse.read_model`.
    on_interrupt : {"raise", "return"}
        What Ctrl-C does: raise KeyboardInterrupt, or return what is known.
    progress : bool or callable
        As in :func:`exactsparse.solve`.

    Returns
    -------
    Verification

    Raises
    ------
    DataError, DataNotFoundError
        If the model or the data cannot be read.
    ProblemError
        If an option is out of range, or the model takes another number of features.
    MissingPackageError
        If the package that reads the model is not installed.

    Examples
    --------
    >>> import exactsparse as es
    >>> from fractions import Fraction
    >>> neurons = [es.Neuron((Fraction(1),), Fraction(-knot), Fraction(1)) for knot in (1, 1)]
    >>> found = es.verify(es.Network(tuple(neurons), None, 1), [0, 1, 2, 3], [0, 0, 2, 4])
    >>> found.interpolates, found.mergeable_neurons, found.optimum.value
    (True, 1, 1)
    """
    dataset = as_dataset(X, y, floats)
    # Options out of range are refused before the model is read.
    Problem.of(dataset, objective=objective, skip=skip)
    require_choice("on_interrupt", on_interrupt, INTERRUPTS)
    allowed = _allowed(dataset, tolerance)
    exponents = [p] if isinstance(p, str) or not isinstance(p, Iterable) else list(p)
    powers = [parse_exponent(one) for one in exponents]
    deadline = Deadline(time_limit)
    held = model_of(model, layers)
    network = held.network
    if network.n_features != dataset.n_features:
        raise ProblemError(
            f"the model takes {counted(network.n_features, 'feature')}, but the data have "
            f"{dataset.n_features}: {dataset.listed_features}"
        )
    linear = network.skip is not None and any(network.skip.weights)
    skip = skip or ("affine" if linear else None)
    problem = Problem.of(dataset, objective=objective, skip=skip)
    within = replace(problem, band=Tolerance(allowed)) if allowed else problem
    if able(within):
        problem = within
    choose(problem).require_options({"workers": workers}, able(problem))
    univariate = dataset.n_features == 1 and problem.skip == "affine"
    network = network.with_skip(problem.skip == "affine")
    with reports(progress) as told:
        told("residuals", 0, 0)
        residual = largest_residual(network, dataset)
        told("merging neurons", 0, 0)
        merged = merge(IntegerTable.of(points_of(problem)), network)
        rounding, optimum, at_residual = Rounded(None, reason="interrupted"), None, None

        def best(asked: Problem, start: Network | None) -> Solution:
            left = deadline.seconds_left
            return solve_beside(
                asked,
                start,
                time_limit=None if math.isinf(left) else max(left, 0.1),
                workers=workers,
                on_interrupt=on_interrupt,
                progress=told,
            )

        try:
            if problem.band is not None and univariate:
                rounding = Rounded(None, reason="the labels are to be met within a tolerance only")
            else:
                told("rounding", 0, 0)
                rounding = _rounded(problem, network, _share_of(deadline))
            optimum = best(problem, rounding.network)
            missed = replace(problem, band=Tolerance(residual.value)) if residual.value else problem
            if problem.band is None and missed.band is not None and able(missed):
                at_residual = best(missed, None)
        except KeyboardInterrupt:
            if on_interrupt != "return":
                raise
            told("interrupted", 0, 0)
    return Verification(
        dataset=dataset,
        network=network,
        objective=problem.objective,
        tolerance=allowed,
        residual=residual,
        path_norms=tuple(path_norm(network, q, univariate) for q in (Fraction(1), *powers)),
        dead_neurons=merged.n_dead,
        mergeable_neurons=merged.n_merged,
        rounding=rounding,
        merged=merged.network,
        dead=merged.dead,
        mergeable=merged.groups,
        affine=merged.affine,
        pruned=prune(held.network),
        optimum=optimum,
        at_residual=at_residual,
        assumed=held.assumed,
    )


def _rounded(problem: Problem, network: Network, deadline: Deadline) -> Rounded:
    if problem.band is None:
        return round_to_exact(problem.dataset, network, problem.objective, deadline)
    windows = windows_in_doubt(problem)
    if any(window.is_empty for window in windows or ()):
        return Rounded(None, reason="no function is within the tolerance of all labels")
    table = IntegerTable.of_problem(problem, windows)
    return round_within_band(table, network, problem.objective, deadline)


def _allowed(dataset: Dataset, tolerance: Exponent) -> Fraction:
    """A tolerance as users give it."""
    if dataset.intervals is not None:
        raise ProblemError("models are verified against labels, not against an interval per row")
    band = Problem.of(dataset, tolerance=tolerance).band
    return band.half_width if isinstance(band, Tolerance) else Fraction(0)


def _share_of(deadline: Deadline) -> Deadline:
    left = deadline.seconds_left
    return Deadline(None if math.isinf(left) else _ROUNDING_SHARE * left)
