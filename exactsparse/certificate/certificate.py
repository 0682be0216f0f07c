"""The certificate document ``exactsparse/certificate/1``: data, claim, network, lower bound.

The lower bound is one of

* ``witnesses`` (knot counts): interior points of nonzero curvature, those of equal sign at least
  two apart; each forces a knot of its sign in the open interval between its neighbours, and these
  intervals are disjoint, so that no interpolant has fewer knots than there are witnesses;
* ``path_dual`` (path norms, 0 < p <= 1): the points ``i`` whose dual value is
  ``zᵢ = (|cᵢ₋₁| + |cᵢ|)ᵖ − zᵢ₋₁``; every other curved point has ``zᵢ = |cᵢ|ᵖ``.  If ``zᵢ <= |cᵢ|ᵖ``
  and ``zᵢ₋₁ + zᵢ <= (|cᵢ₋₁| + |cᵢ|)ᵖ`` inside every run, no interpolant costs less than ``Σ zᵢ``
  (linear programming duality for matchings on a path);
* ``farkas`` (counts, any number of features): cuts, each a list of rationals ``λᵢ``, one per point,
  with ``Σ λᵢ yᵢ > 0`` and with a skip ``Σ λᵢ x̄ᵢ = 0``.  Every network has a neuron of a type of
  which some column a has ``λ·a > 0``; that no cheaper set of types meets all cuts is not written
  down but found again by the checker.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from exactsparse.errors import OutputError
from exactsparse.exact.numbers import rational_text
from exactsparse.exact.powers import Enclosure
from exactsparse.problem.dataset import Dataset
from exactsparse.problem.network import Network
from exactsparse.problem.problem import Problem

EMBEDDED_POINTS = 10_000


@dataclass(frozen=True)
class Certificate:
    """A proof of optimality as a JSON document.

    Parameters
    ----------
    document : dict
        The content; rationals are strings.
    """

    document: dict[str, Any]

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the document as JSON.

        Raises
        ------
        OutputError
            If the file cannot be written.
        """
        try:
            Path(path).write_text(json.dumps(self.document, indent=1) + "\n", encoding="utf-8")
        except OSError as error:
            raise OutputError(f"{path}: cannot write the certificate: {error.strerror}") from None


def certify(
    problem: Problem,
    canonical: Dataset,
    network: Network,
    cost: int | Fraction | Enclosure,
    lower_bound: dict[str, Any],
) -> Certificate:
    """Write the certificate of a proved optimum.

    Parameters
    ----------
    problem : Problem
        What was solved.
    canonical : Dataset
        The data, sorted and merged.
    network : Network
        An optimal network.
    cost : int, Fraction or Enclosure
        Its cost.
    lower_bound : dict
        The argument that no interpolant costs less, as the module docstring describes.
    """
    points = None
    if canonical.n_points <= EMBEDDED_POINTS:
        points = [list(map(rational_text, canonical.row(i))) for i in range(canonical.n_points)]
    value: Any = cost
    if isinstance(cost, Enclosure):
        value = [rational_text(cost.lower), rational_text(cost.upper)]
    elif isinstance(cost, Fraction):
        value = rational_text(cost)
    return Certificate(
        {
            "schema": "exactsparse/certificate/1",
            "data": {
                "sha256": canonical.digest,
                "n_points": canonical.n_points,
                "n_features": canonical.n_features,
                "features": list(canonical.feature_names),
                "label": canonical.label_name,
                "points": points,
            },
            "objective": problem.objective_json(),
            "claim": {"status": "optimal", "value": value},
            "network": network.to_json(),
            "lower_bound": lower_bound,
        }
    )
