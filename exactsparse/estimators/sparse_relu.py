"""Regression by the ReLU network with the fewest parameters or neurons."""

from __future__ import annotations

from typing import Any

from numpy.typing import ArrayLike

from exactsparse.errors import ProblemError
from exactsparse.estimators.base import ExactRegressor, half_deviation
from exactsparse.problem.problem import Exponent, require_choice


class SparseReLURegressor(ExactRegressor):
    """Regression by the ReLU network with the fewest parameters or neurons, proved.

    Parameters
    ----------
    objective : {"parameters", "neurons"}
        What is counted: nonzero input weights and biases, so that features that do not matter are
        left out, or neurons.
    skip : {"none", "affine"}
        Whether a free affine part, never counted, stands beside the neurons.
    tolerance : float, str or None
        The network is within it of every label: a number, or ``"auto"`` for half a unit in the last
        digit that the labels are written with.
    size : int or None
        In the place of a tolerance: the network has at most so many parameters or neurons, and is
        as near to the labels as possible.
    time_limit : float or None
        Seconds for the proof; compiling kernels, once after installation, does not count.
    n_jobs : int or None
        Threads; None means 1, and -1 all processors.

    Attributes
    ----------
    solution_ : Solution
        The result of :func:`exactsparse.solve`, exact: ``status``, ``value``, ``lower_bound``,
        ``network``.
    certificate_ : Certificate
        The proof, made when it is asked for.
    n_parameters_, n_neurons_ : int
        Of the network.
    tolerance_ : float
        What was allowed, or of ``size`` what is attained.
    n_features_in_ : int
        Number of features.
    feature_names_in_ : ndarray of str
        Their names, where a frame was fitted.

    Raises
    ------
    ConflictingLabelsError
        If rows of equal points have no value in common within the tolerance.
    ProblemError
        If a parameter is out of range, or parameters exclude each other.

    Warns
    -----
    NotProvedWarning
        If the time limit came before the proof; the network is within the tolerance all the same,
        and often far from sparse.

    Notes
    -----
    With neither ``tolerance`` nor ``size`` the tolerance is half the standard deviation of the
    labels, so that R² on the rows of the fit is at least 0.75, or more where rows of equal points
    need it.

    Examples
    --------
    >>> import exactsparse as es
    >>> X, y = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]
    >>> model = es.SparseReLURegressor(tolerance=0).fit(X, y)
    >>> model.n_parameters_, model.n_neurons_, model.predict(X)
    (4, 2, array([0., 1., 1., 0.]))
    >>> es.SparseReLURegressor(size=3).fit(X, y).tolerance_
    0.5
    """

    def __init__(
        self,
        objective: str = "parameters",
        skip: str = "none",
        tolerance: Exponent | None = None,
        size: int | None = None,
        time_limit: float | None = 10.0,
        n_jobs: int | None = None,
    ) -> None:
        self.objective = objective
        self.skip = skip
        self.tolerance = tolerance
        self.size = size
        self.time_limit = time_limit
        self.n_jobs = n_jobs

    def fit(self, X: ArrayLike, y: ArrayLike) -> SparseReLURegressor:
        """Find the sparsest network, or the nearest of its size.

        Parameters
        ----------
        X : array_like or frame, shape (n, d)
            Points; floats are the shortest decimals that round to them.
        y : array_like, shape (n,)
            Labels.

        Returns
        -------
        SparseReLURegressor
        """
        if self.tolerance is not None and self.size is not None:
            raise ProblemError("tolerance and size exclude each other: give one of them")
        require_choice("objective", self.objective, ("parameters", "neurons"))
        dataset = self._dataset(X, y)
        options: dict[str, Any] = {"skip": self.skip}
        if self.size is not None:
            options[self.objective] = self.size
        else:
            options["objective"] = self.objective
            given = self.tolerance
            options["tolerance"] = half_deviation(dataset) if given is None else given
        self._keep(self._solve(dataset, **options))
        network = self.solution_.network
        self.n_parameters_: int = network.n_parameters
        self.n_neurons_: int = network.n_neurons
        return self
