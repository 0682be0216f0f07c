"""What is to be minimised over which data: the one input of every route."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast

import numpy as np

from exactsparse.errors import ProblemError, UnsupportedProblemError
from exactsparse.exact.numbers import counted, rational_text, to_fraction
from exactsparse.problem.band import Band, Tolerance
from exactsparse.problem.dataset import Dataset
from exactsparse.problem.limit import Limit
from exactsparse.problem.network import Network
from exactsparse.problem.objective import (
    COUNTS,
    NEURONS,
    PARAMETERS,
    PATH_NORM,
    TOLERANCE,
    Objective,
    objective_named,
)
from exactsparse.problem.written import half_unit

Exponent = int | float | str | Fraction | Decimal


SKIPS = ("affine", "none")
SHAPES = ("convex", "concave", "increasing", "decreasing")


@dataclass(frozen=True, eq=False, repr=False)
class Problem:
    """Meet every label of a dataset, or an interval around each, at minimal cost.

    Parameters
    ----------
    dataset : Dataset
        The points.
    objective : Objective
        The cost, equal to its name: ``"neurons"`` (knot count, the ℓ⁰ path norm),
        ``"parameters"``, ``"path_norm"`` (``Σ |vₖwₖ|ᵖ``), or ``"tolerance"``: the least one with
        which what ``limit`` allows suffices.
    p : Fraction or None
        Exponent of the path norm in [0, 1]; None for other objectives.
    skip : str
        ``"affine"``: a free term ``a·x + c``.
    band : Tolerance, Intervals or None
        The interval that each label is to be met within; None for the label itself.
    limit : Limit or None
        Of objective ``"tolerance"``.
    shape : str or None
        ``"convex"`` or ``"concave"``: what functions are allowed; None for all.
    simplify : bool
        Whether, of several functions of equal cost within a band, the one of simplest numbers is
        wanted.

    Examples
    --------
    >>> import exactsparse as es
    >>> dataset = es.Dataset.from_arrays([[0, 0], [1, 2]], [0, 1])
    >>> es.Problem.of(dataset).description
    "objective 'parameters' with skip 'none' of 2 features"
    """

    dataset: Dataset
    objective: Objective
    p: Fraction | None
    skip: str
    band: Band | None = None
    limit: Limit | None = None
    shape: str | None = None
    simplify: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "objective", objective_named(self.objective))

    @classmethod
    def of(
        cls,
        dataset: Dataset,
        *,
        objective: str | None = None,
        p: Exponent | None = None,
        skip: str | None = None,
        tolerance: Exponent | None = None,
        knots: int | None = None,
        parameters: int | None = None,
        neurons: int | None = None,
        shape: str | None = None,
        simplify: bool = True,
    ) -> Problem:
        """The problem of options as users give them, with the defaults for what they leave out.

        Parameters
        ----------
        dataset : Dataset
            The points.
        objective : {"neurons", "parameters"}, optional
            What is counted; by default neurons for one feature with an affine part, else
            parameters.
        p : number or str, optional
            Minimise a path norm instead; ``0.1`` means 1/10.
        skip : {"affine", "none"}, optional
            By default affine for one feature, else none.
        tolerance : number, str or "auto", optional
            How far a function may be from every label; ``"auto"`` is half a unit in the last digit
            that the labels are written with.  0 asks for the labels themselves.
        knots, parameters, neurons : int, optional
            Ask for the least tolerance with which so many suffice; one of the three.
        shape : {"convex", "concave"}, optional
            Allow such functions only.
        simplify : bool
            Whether the function of simplest numbers is wanted.

        Raises
        ------
        ProblemError
            If an option is out of range, or options exclude each other.

        Examples
        --------
        >>> from exactsparse import Dataset, Problem
        >>> problem = Problem.of(Dataset.from_arrays([0, 1, 2], [0, 1, 0]))
        >>> problem.objective, problem.skip
        ('neurons', 'affine')
        """
        if objective is not None and p is not None:
            raise ProblemError("objective and p exclude each other: p asks for the path norm")
        if objective is not None:
            require_choice("objective", objective, COUNTS)
        if skip is not None:
            require_choice("skip", skip, SKIPS)
        if shape is not None:
            require_choice("shape", shape, SHAPES)
        one = dataset.n_features == 1
        skip = skip or ("affine" if one else "none")
        limits = {"knots": knots, "parameters": parameters, "neurons": neurons}
        limit = Limit.of(limits)
        if limit is not None and (objective or p is not None or tolerance is not None or shape):
            raise ProblemError(
                f"{limit.counted} asks for the least tolerance with which so many suffice: leave "
                "objective, p, tolerance and shape out"
            )
        if limit is not None and dataset.intervals is not None:
            raise ProblemError("every row has its own interval: there is no tolerance to vary")
        if limit is not None and limit.counted == "neurons" and one and skip == "affine":
            limit = Limit("knots", limit.most)
        exponent = None if p is None else parse_exponent(p)
        kind: Objective = NEURONS if one and skip == "affine" else PARAMETERS
        if objective is not None:
            kind = objective_named(objective)
        elif exponent is not None:
            kind = PATH_NORM
        elif limit is not None:
            kind = TOLERANCE
        band = _band(dataset, tolerance)
        return cls(dataset, kind, exponent, skip, band, limit, shape, simplify)

    def __repr__(self) -> str:
        return f"<Problem: {self.description}, {counted(self.dataset.n_points, 'point')}>"

    @property
    def description(self) -> str:
        """The objective, skip and number of features, as messages name them."""
        what = self.objective.describe(self.p)
        what += "" if self.limit is None else f" with {self.limit}"
        n = self.dataset.n_features
        within = "" if self.band is None else f" within {self.band}"
        among = "" if self.shape is None else f" among {self.shape} functions"
        return f"{what} with skip {self.skip!r} of {n} feature{'s' * (n > 1)}{within}{among}"

    @property
    def labels(self) -> str:
        """What is asked of a function at a row: ``"exact"`` or ``"band"``."""
        return "exact" if self.band is None else "band"

    @property
    def half_width(self) -> Fraction:
        """How far from its label a value may be; 0 where every row has its own interval."""
        return self.band.half_width if isinstance(self.band, Tolerance) else Fraction(0)

    @property
    def exponent(self) -> Fraction:
        """Exponent p of the path norm that is minimised; 0 for a count."""
        return self.p or Fraction(0)

    def cost(self, network: Network) -> int | Fraction:
        """What a network costs, counted or, for p = 1, summed from its weights.

        Raises
        ------
        ValueError
            If the objective is a path norm with another p, which is no rational.
        """
        return self.objective.cost_of(network, self.p)

    def objective_json(self) -> dict[str, str | int | None]:
        """The objective as solutions and certificates write it."""
        objective: dict[str, str | int | None] = {
            "kind": self.objective,
            "p": None if self.p is None else rational_text(self.p),
            "skip": self.skip,
            "tolerance": "0" if self.band is None else self.band.to_json(),
        }
        if self.limit is not None:
            return objective | {"tolerance": None, self.limit.counted: self.limit.most}
        if self.band is not None or self.shape is not None:
            return objective | {"shape": self.shape}
        return objective


def _band(dataset: Dataset, tolerance: Exponent | None) -> Band | None:
    """The band of a tolerance as users give it, or the one that comes with the data."""
    if dataset.intervals is not None:
        if tolerance is not None:
            raise ProblemError("tolerance is given twice: the data have an interval per row")
        return dataset.intervals
    if tolerance is None:
        return None
    if isinstance(tolerance, str) and tolerance.strip() == "auto":
        try:
            return Tolerance(half_unit(dataset.labels), automatic=True)
        except ValueError as error:
            raise ProblemError(f"tolerance auto: {error}") from None
    half_width = parse_tolerance(tolerance)
    return Tolerance(half_width) if half_width else None


def require_choice(option: str, value: object, allowed: tuple[str, ...]) -> None:
    """Refuse an option that is none of the allowed values.

    Raises
    ------
    ProblemError
        If it is none of them.
    """
    if value not in allowed:
        names = ", ".join(map(repr, allowed))
        raise ProblemError(f"{option} must be one of {names}, but it is {value!r}")


def parse_exponent(value: Exponent) -> Fraction:
    """Read p as typed: ``0.1`` means 1/10, also when it comes as a float.

    Raises
    ------
    ProblemError
        If the value is no number in [0, 1].
    """
    try:
        typed = str(value) if isinstance(value, float | np.floating) else value
        exponent = to_fraction(typed)
    except ValueError:
        raise ProblemError(f"p must be a number from 0 to 1, but it is {value!r}") from None
    if not 0 <= exponent <= 1:
        raise ProblemError(f"p must lie between 0 and 1, but it is {value}")
    return exponent


def parse_tolerance(value: Exponent) -> Fraction:
    """Read a tolerance as typed: ``0.1`` means 1/10, also when it comes as a float.

    Raises
    ------
    ProblemError
        If the value is no nonnegative number.
    """
    try:
        typed = str(value) if isinstance(value, float | np.floating) else value
        tolerance = to_fraction(typed)
    except ValueError:
        raise ProblemError(f"tolerance must be a number or 'auto', but it is {value!r}") from None
    if tolerance < 0:
        raise ProblemError(f"tolerance must not be negative, but it is {value}")
    return tolerance


def names_a_column(tolerance: str) -> bool:
    """Whether a tolerance is text that is neither a number nor ``"auto"``."""
    try:
        parse_tolerance(tolerance)
    except ProblemError:
        return tolerance.strip() != "auto" and not tolerance.strip().startswith("-")
    return False


def require_one_number(x: object) -> None:
    """Refuse an array where a solution is called with one abscissa.

    Raises
    ------
    ProblemError
        If it is one.
    """
    if np.ndim(cast("Any", x)) > 0:
        raise ProblemError(
            "a solution is called with one abscissa, exact; solution.law.predict(x) takes an array"
        )


def require_one_feature(dataset: Dataset, what: str, instead: str = "") -> None:
    """Refuse several features, and say which columns they are.

    Parameters
    ----------
    dataset : Dataset
        What was read.
    what : str
        What is for one feature, the beginning of the message.
    instead : str
        What may be asked of several, its end.

    Raises
    ------
    UnsupportedProblemError
        If there are several.
    """
    if dataset.n_features > 1:
        raise UnsupportedProblemError(
            f"{what} for one feature only, but {dataset.label_name} is read from "
            f"{dataset.n_features}: {dataset.listed_features}; say which is the feature (--x) and "
            f"which the label (--y), in Python by passing no other columns{instead}"
        )
