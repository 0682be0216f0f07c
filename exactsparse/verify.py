"""A trained network against the data and against the exact optimum, in exact arithmetic."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from exactsparse.errors import ProblemError
from exactsparse.exact.numbers import rational_text
from exactsparse.exact.powers import Enclosure, sum_of_powers
from exactsparse.models import network_of
from exactsparse.patterns.merging import merge
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
from exactsparse.problem.residuals import LargestResidual, largest_residual
from exactsparse.problem.rows import points_of
from exactsparse.progress import Deadline, Progress, silent
from exactsparse.routes.registry import able, choose
from exactsparse.solution import Solution, Status, Value, json_number
from exactsparse.solve import INTERRUPTS, as_dataset, solve_beside
from exactsparse.upper_bounds.rounding import Rounded, round_to_exact

_ROUNDING_SHARE = 0.5


@dataclass(frozen=True)
class PathNorm:
    """A path norm of a network.

    Parameters
    ----------
    p : Fraction
        Exponent in [0, 1].
    value : int, Fraction or Enclosure
        ``Σ ‖vₖ(wₖ, bₖ)‖ₚᵖ``; for one feature with an affine part ``Σ |vₖwₖ|ᵖ``.  A count for
        p = 0, exact for p = 1, an enclosure between.
    """

    p: Fraction
    value: Value

    def to_json(self) -> dict[str, Any]:
        """JSON object of exponent and value, a float with an enclosure for 0 < p < 1."""
        if not isinstance(self.value, Enclosure):
            return {"p": rational_text(self.p), "value": json_number(self.value)}
        number = float(self.value)
        held = self.value
        if math.isfinite(number):
            held = held.hull(Enclosure(Fraction(number), Fraction(number)))
        return {
            "p": rational_text(self.p),
            "value": json_number(number),
            "value_enclosure": [rational_text(end) for end in held],
        }


@dataclass(frozen=True, eq=False, kw_only=True)
class Verification:
    """What :func:`verify` found.

    Parameters
    ----------
    dataset : Dataset
        The points.
    network : Network
        The model, exact; with a skip only where the affine part is free.
    objective : {"neurons", "parameters"}
        What the optimum counts.
    tolerance : Fraction
        Residual that was allowed.
    residual : LargestResidual
        The largest residual and its row.
    path_norms : tuple of PathNorm
        That of p = 1, then the exponents that were asked for.
    dead_neurons : int
        Hidden units that add nothing to any row.
    mergeable_neurons : int
        Further ones that merging those that the data cannot tell apart would save.
    rounding : Rounded
        The exact interpolant that rounding gives, or why there is none.
    merged : Network
        The model without dead neurons, mergeable ones merged: equal to it on every row.
    optimum : Solution or None
        The sparsest network within the tolerance, or the best that was found with a proved bound;
        None if interrupted before there was any.
    at_residual : Solution or None
        Of one feature, where the model misses labels and no tolerance is given: the sparsest
        network that misses none by more than the model does.

    Examples
    --------
    >>> import exactsparse as es
    >>> network = es.solve([0, 1, 2, 3], [0, 1, 1, 0], p=1).network
    >>> es.verify(network, [0, 1, 2, 3], [0, 1, 1, 0]).interpolates
    True
    """

    dataset: Dataset
    network: Network
    objective: str
    tolerance: Fraction
    residual: LargestResidual
    path_norms: tuple[PathNorm, ...]
    dead_neurons: int
    mergeable_neurons: int
    rounding: Rounded
    merged: Network
    optimum: Solution | None
    at_residual: Solution | None = None

    @property
    def interpolates(self) -> bool:
        """Whether the model meets every label exactly."""
        return self.residual.value == 0

    @property
    def within_tolerance(self) -> bool:
        """Whether no residual exceeds the tolerance."""
        return self.residual.value <= self.tolerance

    @property
    def excess(self) -> int | None:
        """What the rounded model counts beyond the best interpolant known.

        Where the optimum is one within a tolerance, what the model counts beyond it, dead neurons
        left out and mergeable ones merged.  If the optimum is proved, exactly so many too many;
        otherwise at least so many.  None without an optimum, without a rounded network, or if the
        model is not within the tolerance.
        """
        if self.optimum is None or self.optimum.status is Status.INFEASIBLE:
            return None
        own = self.rounding.network
        if self.optimum.problem.band is not None:
            own = self.merged if self.within_tolerance else None
        return None if own is None else self.count(own) - self.count(self.optimum.network)

    def count(self, network: Network) -> int:
        """What the objective counts."""
        return network.count(self.objective)

    def to_json(self) -> dict[str, Any]:
        """JSON object of the schema ``exactsparse/verification/1``, rationals as strings.

        ``max_residual_row`` counts from 0.  ``path_norms`` is there if exponents were asked for.
        """
        rounded, optimum = self.rounding.network, self.optimum
        document: dict[str, Any] = {
            "schema": "exactsparse/verification/1",
            "interpolates": self.interpolates,
            "within_tolerance": self.within_tolerance,
            "max_residual": rational_text(self.residual.value),
            "max_residual_row": self.residual.row,
            "parameters": self.network.n_parameters,
            "neurons": self.network.n_neurons,
            "dead_neurons": self.dead_neurons,
            "mergeable_neurons": self.mergeable_neurons,
            "rounded": rounded
            and {"parameters": rounded.n_parameters, "neurons": rounded.n_neurons},
            "optimum": optimum and self._optimum_json(optimum),
            "excess": self.excess,
        }
        if self.at_residual is not None:
            document["at_residual"] = self._optimum_json(self.at_residual)
        if len(self.path_norms) > 1:
            document["path_norms"] = [norm.to_json() for norm in self.path_norms]
        return document

    def _optimum_json(self, optimum: Solution) -> dict[str, Any]:
        return {
            "objective": self.objective,
            "tolerance": optimum.problem.objective_json()["tolerance"],
            "status": str(optimum.status),
            "value": json_number(optimum.value),
            "lower_bound": json_number(optimum.lower_bound),
        }


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
    on_interrupt: str = "raise",
    progress: Progress = silent,
) -> Verification:
    """Compare a one-hidden-layer ReLU network with the data and with the sparsest interpolant.

    Parameters
    ----------
    model : str, path, Network or torch.nn.Module
        A file as :func:`exactsparse.read_model` reads it, a network, or
        ``nn.Sequential(Linear, ReLU, Linear)``.  Its floats are the dyadic rationals they are.
    X, y : Dataset, or array_like of shapes (n, d) and (n,)
        As in :func:`exactsparse.solve`.
    floats : {"decimal", "binary"}, optional
        How floats of the data are read, as in :func:`exactsparse.solve`.
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
    on_interrupt : {"raise", "return"}
        What Ctrl-C does: raise KeyboardInterrupt, or return what is known.
    progress : callable, optional
        Receives (task, done, total) now and then.

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
    network = network_of(model)
    if network.n_features != dataset.n_features:
        raise ProblemError(
            f"the model takes {network.n_features} features, but the data have {dataset.n_features}"
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
    progress("residuals", 0, 0)
    residual = largest_residual(network, dataset)
    progress("merging neurons", 0, 0)
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
            progress=progress,
        )

    try:
        if problem.band is None:
            progress("rounding", 0, 0)
            rounding = round_to_exact(dataset, network, problem.objective, _share_of(deadline))
        else:
            rounding = Rounded(None, reason="the labels are to be met within a tolerance only")
        optimum = best(problem, rounding.network)
        missed = replace(problem, band=Tolerance(residual.value)) if residual.value else problem
        if problem.band is None and missed.band is not None and able(missed):
            at_residual = best(missed, None)
    except KeyboardInterrupt:
        if on_interrupt != "return":
            raise
        progress("interrupted", 0, 0)
    return Verification(
        dataset=dataset,
        network=network,
        objective=problem.objective,
        tolerance=allowed,
        residual=residual,
        path_norms=tuple(_path_norm(network, q, univariate) for q in (Fraction(1), *powers)),
        dead_neurons=merged.n_dead,
        mergeable_neurons=merged.n_merged,
        rounding=rounding,
        merged=merged.network,
        optimum=optimum,
        at_residual=at_residual,
    )


def _allowed(dataset: Dataset, tolerance: Exponent) -> Fraction:
    """A tolerance as users give it."""
    if dataset.intervals is not None:
        raise ProblemError("models are verified against labels, not against an interval per row")
    band = Problem.of(dataset, tolerance=tolerance).band
    return band.half_width if isinstance(band, Tolerance) else Fraction(0)


def _share_of(deadline: Deadline) -> Deadline:
    left = deadline.seconds_left
    return Deadline(None if math.isinf(left) else _ROUNDING_SHARE * left)


def _path_norm(network: Network, p: Fraction, univariate: bool) -> PathNorm:
    # In ascending order, so that the last digits do not depend on the order of neurons.
    sizes = sorted(
        abs(w)
        for neuron in network.neurons
        for w in (neuron.scaled[0][:1] if univariate else neuron.scaled[0])
        if w
    )
    if p == 0:
        return PathNorm(p, len(sizes))
    return PathNorm(p, sum(sizes, Fraction(0)) if p == 1 else sum_of_powers(sizes, p))
