"""What is known of a trained network once it is compared with data and with the optimum."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from exactsparse.exact.numbers import counted, format_rational, rational_text
from exactsparse.exact.powers import Enclosure, sum_of_powers
from exactsparse.problem.dataset import Dataset
from exactsparse.problem.network import Network
from exactsparse.problem.residuals import LargestResidual
from exactsparse.solution import Solution, Status, Value, json_number
from exactsparse.upper_bounds.rounding import Rounded


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


def path_norm(network: Network, p: Fraction, univariate: bool) -> PathNorm:
    """The path norm of a network; of one feature with an affine part it leaves biases out."""
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


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Verification:
    """What :func:`exactsparse.verify` found.

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
    dead : tuple of int
        Which hidden units are dead, counted from 0 in the order of the model.  Where an output bias
        counts as a neuron, it comes after them.
    mergeable : tuple of tuple of int
        Units that the data cannot tell from one, or that cancel there.
    affine : tuple of int
        Units that are affine on the data, where the affine part is free.
    pruned : Network
        The same function as the model, everywhere, without units that are dead everywhere; units of
        one hyperplane and direction are one.
    optimum : Solution or None
        The sparsest network within the tolerance, or the best that was found with a proved bound;
        None if interrupted before there was any.
    at_residual : Solution or None
        Of one feature, where the model misses labels and no tolerance is given: the sparsest
        network that misses none by more than the model does.
    assumed : tuple of str
        What the file of the model does not say and was taken to be so, as ``activation relu``.

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
    dead: tuple[int, ...]
    mergeable: tuple[tuple[int, ...], ...]
    affine: tuple[int, ...]
    pruned: Network
    optimum: Solution | None
    at_residual: Solution | None = None
    assumed: tuple[str, ...] = ()

    def __repr__(self) -> str:
        neurons = counted(self.network.n_neurons, "neuron")
        residual = f"largest residual {format_rational(self.residual.value)}"
        best = "" if self.optimum is None else f", optimum {self.optimum!r}"
        return f"<Verification: {neurons}, {residual}{best}>"

    @property
    def interpolates(self) -> bool:
        """Whether the model meets every label exactly."""
        return self.residual.value == 0

    @property
    def within_tolerance(self) -> bool:
        """Whether no residual exceeds the tolerance."""
        return self.residual.value <= self.tolerance

    @property
    def is_far(self) -> bool:
        """Whether a constant is as near to the labels as the model: often its data were scaled."""
        labels = self.dataset.labels
        spread = labels[int(labels.values.argmax())] - labels[int(labels.values.argmin())]
        return 2 * self.residual.value >= spread > 0

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
            "dead_neurons_indices": list(self.dead),
            "mergeable_groups": [list(group) for group in self.mergeable],
            "affine_neurons_indices": list(self.affine),
            "pruned": _counts(self.pruned.with_skip(self.network.skip is not None)),
            "rounded": rounded and _counts(rounded),
            "optimum": optimum and self._optimum_json(optimum),
            "excess": self.excess,
            "assumed": list(self.assumed),
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


def _counts(network: Network) -> dict[str, int]:
    return {"parameters": network.n_parameters, "neurons": network.n_neurons}
