"""The certificate document ``exactsparse/certificate/1``: data, claim, network, lower bound.

The lower bound is one of

* ``witnesses`` (knot counts): interior points of nonzero curvature, those of equal sign at least
  two apart; each forces a knot of its sign in the open interval between its neighbours, and these
  intervals are disjoint, so that no interpolant has fewer knots than there are witnesses;
* ``path_dual`` (path norms, 0 < p <= 1): the points ``i`` whose dual value is
  ``zᵢ = (|cᵢ₋₁| + |cᵢ|)ᵖ − zᵢ₋₁``; every other curved point has ``zᵢ = |cᵢ|ᵖ``.  If ``zᵢ <= |cᵢ|ᵖ``
  and ``zᵢ₋₁ + zᵢ <= (|cᵢ₋₁| + |cᵢ|)ᵖ`` inside every run, no interpolant costs less than ``Σ zᵢ``
  (linear programming duality for matchings on a path);
* ``farkas`` (counts, also within a band): cuts, each a list of rationals ``λᵢ``, one per distinct
  point, with ``Σ λᵢ yᵢ > 0``, within a band ``Σ λᵢ⁺ lᵢ − λᵢ⁻ uᵢ > 0``, and with a skip
  ``Σ λᵢ x̄ᵢ = 0``.  Every network has a neuron of a type of which some column a has ``λ·a > 0``;
  that no cheaper set of types meets all cuts is not written down but found again by the checker;
* ``ray_dual`` (path norms with p = 1 that count biases): prices ``λᵢ``, one per distinct point,
  with ``|Σ λᵢ (w·x̄ᵢ)₊| <= ‖w‖₁`` for all w and with a skip ``Σ λᵢ x̄ᵢ = 0``.  No network through
  the points costs less than ``Σ λᵢ yᵢ``, and none within a band less than ``Σ λᵢ⁺ lᵢ − λᵢ⁻ uᵢ``;
* ``activities`` (counts, also within a band): for every cost below the claim, and every kind of
  networks of that cost (inputs and signs of the neurons, columns of single inputs), a tree: a node
  names a row and its children which neurons are active there, a leaf lists bounds and cones of
  which one combination is a contradiction.  :mod:`exactsparse_check.activities` says what children
  may be left out, and how a tree is written;
* ``tolerance_trees`` (least tolerances for a number of parameters or neurons): trees of the same
  kind for every cost up to that number, whose leaves are contradictions at all smaller tolerances;
  or the place among the distinct points at which two labels are twice the tolerance apart.
  :mod:`exactsparse_check.tolerance_trees` says why that proves it;
* ``triples`` (knots within a band or among convex or concave functions): ``[sign, p, q, r]``,
  places among the distinct abscissae.  For sign 1 the upper end at q lies below the chord of the
  lower ends at p and r, for sign -1 it mirrors that: a slope change of that sign in between, a
  different one for every triple, as those of a sign do not overlap;
* ``least_tolerance``: one triple more than there are knots, all of which hold for every smaller
  tolerance, or the abscissa at which two labels are twice the tolerance apart;
* ``forbidding_triple``, ``empty_interval`` (claims ``infeasible``): the triple of the sign that the
  shape has not; the place among the distinct points, of any number of features, where intervals
  have no value in common.

The last five, and ``farkas``, ``ray_dual`` and ``activities`` within a band, are about rows ``x y``
in which equal points may have different labels or, where ``tolerance`` is ``intervals``, about the
intersection ``x lower upper`` at every distinct point, null for no bound.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from exactsparse.errors import OutputError
from exactsparse.exact.numbers import counted, rational_text
from exactsparse.exact.powers import Enclosure
from exactsparse.problem.network import Network
from exactsparse.problem.problem import Problem
from exactsparse.problem.rows import Row, digest_of, rows_of

EMBEDDED_POINTS = 10_000


@dataclass(frozen=True, repr=False)
class Certificate:
    """A proof of optimality as a JSON document.

    Parameters
    ----------
    document : dict
        The content; rationals are strings.

    Examples
    --------
    >>> import exactsparse as es
    >>> certificate = es.solve([0, 1, 2], [0, 1, 0]).certificate
    >>> certificate.document["lower_bound"]
    {'kind': 'witnesses', 'indices': [1]}
    """

    document: dict[str, Any]

    def __repr__(self) -> str:
        claim, kind = self.document["claim"], self.document["lower_bound"]["kind"]
        rows = counted(self.document["data"]["n_points"], "point")
        return f"<Certificate: {claim['status']}, by {kind.replace('_', ' ')}, of {rows}>"

    @property
    def text(self) -> str:
        """The document as JSON, as files hold it."""
        return json.dumps(self.document, indent=1) + "\n"

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the document as JSON.

        Parameters
        ----------
        path : str or path
            Written over if it exists.

        Raises
        ------
        OutputError
            If the file cannot be written.
        """
        try:
            Path(path).write_text(self.text, encoding="utf-8")
        except OSError as error:
            raise OutputError(f"{path}: cannot write the certificate: {error.strerror}") from None


def certify(
    problem: Problem,
    network: Network | None,
    cost: int | Fraction | float | Enclosure | None,
    lower_bound: dict[str, Any],
) -> Certificate:
    """Write the certificate of a proved optimum, or of the proof that there is no function.

    Parameters
    ----------
    problem : Problem
        What was solved.
    network : Network or None
        An optimal network.
    cost : int, Fraction or Enclosure, or None
        Its cost.
    lower_bound : dict
        The argument that no function costs less, or meets the data, as the module docstring
        describes.
    """
    n, digest, points = canonical_data(problem)
    value: Any = cost
    if isinstance(cost, Enclosure):
        value = [rational_text(cost.lower), rational_text(cost.upper)]
    elif isinstance(cost, Fraction):
        value = rational_text(cost)
    dataset = problem.dataset
    return Certificate(
        {
            "schema": "exactsparse/certificate/1",
            "data": {
                "sha256": digest,
                "n_points": n,
                "n_features": dataset.n_features,
                "features": list(dataset.feature_names),
                "label": dataset.label_name,
                "points": points,
            },
            "objective": problem.objective_json(),
            "claim": {"status": "infeasible" if network is None else "optimal", "value": value},
            "network": None if network is None else network.to_json(),
            "lower_bound": lower_bound,
        }
    )


def canonical_data(problem: Problem) -> tuple[int, str, list[list[str | None]] | None]:
    """How many rows a proof is about, their digest, and the rows themselves if not too many."""
    dataset = problem.dataset
    if problem.labels == "exact" and not problem.objective.is_tolerance and problem.shape is None:
        canonical = dataset.canonical
        n, digest = canonical.n_points, canonical.digest
        rows: Iterable[Row] = (canonical.row(i) for i in range(n))
    else:
        rows = rows_of(dataset)
        n, digest = len(rows), digest_of(rows)
    if n > EMBEDDED_POINTS:
        return n, digest, None
    return n, digest, [[None if v is None else rational_text(v) for v in row] for row in rows]
