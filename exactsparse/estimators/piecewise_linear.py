"""Piecewise-linear regression with the fewest knots."""

from __future__ import annotations

import warnings
from dataclasses import replace
from fractions import Fraction
from itertools import takewhile
from typing import Any

from numpy.typing import ArrayLike

from exactsparse.errors import ProblemError
from exactsparse.estimators.base import ExactRegressor, NotProvedWarning, half_deviation
from exactsparse.problem.dataset import Dataset
from exactsparse.problem.problem import Exponent
from exactsparse.tradeoff import tradeoff

_NEURONS = {"objective": "neurons", "skip": "affine"}


class PiecewiseLinearRegressor(ExactRegressor):
    """Piecewise-linear regression with the fewest knots, proved.

    Of one feature a knot is a point, of several a hyperplane along which the function bends.

    Parameters
    ----------
    tolerance : float, str or None
        The function is within it of every label and has the fewest knots of all that are: a
        number, or ``"auto"`` for half a unit in the last digit that the labels are written with.
    n_knots : int or None
        The function has at most so many knots, and is as near to the labels as possible: its
        largest error is the least.
    shape : {"convex", "concave"} or None
        One feature, within a tolerance: the fewest knots of such functions.
    time_limit : float or None
        Seconds for a proof of several features, or of a least tolerance; compiling kernels, once
        after installation, does not count.  A law of one feature within a tolerance takes
        linear time, and as much as it needs.
    n_jobs : int or None
        Threads, of several features; None means 1, and -1 all processors.

    Attributes
    ----------
    solution_ : Solution
        The result of :func:`exactsparse.solve`, exact: ``status``, ``value``, ``lower_bound``,
        ``network``, and of one feature ``law`` and ``knot_intervals``.
    certificate_ : Certificate
        The proof, made when it is asked for.
    n_knots_ : int
        Knots of the function.
    tolerance_ : float
        What was allowed, or of ``n_knots`` what is attained.
    n_features_in_ : int
        Number of features.
    feature_names_in_ : ndarray of str
        Their names, where a frame was fitted.

    Raises
    ------
    ConflictingLabelsError
        If rows of equal points have no value in common within the tolerance.
    NoFunctionError
        If no function of the shape is within the tolerance.
    ProblemError
        If a parameter is out of range, or parameters exclude each other.

    Warns
    -----
    NotProvedWarning
        If the time limit came before the proof.
    ToleranceHint
        If the labels look noisy for the tolerance that is asked for.

    Notes
    -----
    With neither ``tolerance`` nor ``n_knots``: of one feature the number of knots at which the
    curve of least tolerances bends most (``exactsparse.tradeoff(x, y).elbow``), which is the law
    itself where labels are exact or rounded, and a rule of thumb where they are noisy.  Of several
    features, or with a shape, a tolerance of half the standard deviation of the labels, so
    that R² on the rows of the fit is at least 0.75, or more where rows of equal points need it.

    Examples
    --------
    >>> import numpy as np
    >>> import exactsparse as es
    >>> x = np.arange(6.0).reshape(-1, 1)
    >>> model = es.PiecewiseLinearRegressor().fit(x, [0, 0, 1, 2, 3, 4])
    >>> model.n_knots_, model.solution_.status.value, model.predict([[2.5]])
    (1, 'optimal', array([1.5]))
    >>> es.PiecewiseLinearRegressor(n_knots=0).fit(x, [0, 0, 1, 2, 3, 4]).tolerance_
    0.4
    """

    def __init__(
        self,
        tolerance: Exponent | None = None,
        n_knots: int | None = None,
        shape: str | None = None,
        time_limit: float | None = 10.0,
        n_jobs: int | None = None,
    ) -> None:
        self.tolerance = tolerance
        self.n_knots = n_knots
        self.shape = shape
        self.time_limit = time_limit
        self.n_jobs = n_jobs

    def fit(self, X: ArrayLike, y: ArrayLike) -> PiecewiseLinearRegressor:
        """Find the function of fewest knots, or of least error.

        Parameters
        ----------
        X : array_like or frame, shape (n, d)
            Points; floats are the shortest decimals that round to them.
        y : array_like, shape (n,)
            Labels.

        Returns
        -------
        PiecewiseLinearRegressor
        """
        if self.tolerance is not None and self.n_knots is not None:
            raise ProblemError("tolerance and n_knots exclude each other: give one of them")
        dataset = self._dataset(X, y)
        one = dataset.n_features == 1
        options: dict[str, Any] = {} if self.shape is None else {"shape": self.shape}
        if self.n_knots is not None:
            options["knots" if one else "neurons"] = self.n_knots
        elif self.tolerance is not None:
            options["tolerance"] = self.tolerance
        elif one and self.shape is None:
            options["tolerance"] = self._elbow(dataset)
        else:
            options["tolerance"] = half_deviation(dataset)
        if not one:
            options |= {"skip": "affine"} if "neurons" in options else _NEURONS
        self._keep(self._solve(dataset, **options))
        law = getattr(self.solution_, "law", None)
        self.n_knots_: int = self.solution_.network.n_neurons if law is None else law.n_knots
        return self

    def _elbow(self, dataset: Dataset) -> Fraction:
        """The tolerance at the bend of the curve, as far as it is proved in time."""
        curve = tradeoff(dataset, time_limit=self.time_limit)
        proved = tuple(takewhile(lambda point: point.proved, curve.points))
        if len(proved) < len(curve):
            warnings.warn(
                f"where the curve bends is read off its first {len(proved)} of {len(curve)} "
                "numbers of knots, which were proved in time; allow more time, or give n_knots",
                NotProvedWarning,
                stacklevel=3,
            )
        knots = replace(curve, points=proved).elbow if proved else None
        tolerance: Fraction = curve[knots or 0].tolerance
        return tolerance
