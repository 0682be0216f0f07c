"""What the regressors have in common."""

from __future__ import annotations

import os
import warnings
from dataclasses import replace
from decimal import ROUND_FLOOR, Context, Decimal
from fractions import Fraction
from typing import Any

import narwhals as nw
import numpy as np
from narwhals import selectors
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils.validation import check_is_fitted, validate_data

from exactsparse.certificate import Certificate
from exactsparse.errors import (
    ConflictingLabelsError,
    DataError,
    NoCertificateError,
    NoFunctionError,
    ProblemError,
)
from exactsparse.exact.numbers import format_rational, to_float
from exactsparse.problem.conflicts import reconciling_tolerance
from exactsparse.problem.dataset import Dataset
from exactsparse.problem.frames import named_columns, one_column
from exactsparse.problem.limit import whole_number
from exactsparse.solution import InfeasibleSolution, Solution, Status
from exactsparse.solve import solve


class NotProvedWarning(ConvergenceWarning):
    """The time was over before the fewest were proved: ``solution_.status`` is ``feasible``."""


class ExactRegressor(RegressorMixin, BaseEstimator):
    """What the regressors have in common."""

    n_jobs: int | None
    time_limit: float | None
    solution_: Any

    def predict(self, X: ArrayLike) -> NDArray[np.float64]:
        """Values of the fitted function, in float64 arithmetic, or exact where that fails.

        Each is off by some units in the last place of the largest number that occurs on the way;
        exact, and then rounded, are those at integers beyond 2⁵³, at Fractions and at Decimals.

        Parameters
        ----------
        X : array_like, shape (m, d)
            Points.

        Returns
        -------
        ndarray of float64, shape (m,)
        """
        check_is_fitted(self)
        _checked(self, X, reset=False)
        points = _without_booleans(X)
        # A law knows its pieces, where a network goes through all of its neurons.
        law = getattr(self.solution_, "law", None)
        values: NDArray[np.float64] = (
            self.solution_.network.predict(points) if law is None else law.predict(points)
        )
        return values

    @property
    def certificate_(self) -> Certificate:
        """The proof, made when it is asked for; no such attribute where nothing is proved."""
        check_is_fitted(self)
        try:
            certificate: Certificate = self.solution_.certificate
        except NoCertificateError as error:
            raise AttributeError(str(error)) from error
        return certificate

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "solution_")

    def _dataset(self, X: Any, y: Any) -> Dataset:
        """The rows as :func:`exactsparse.solve` reads them; what was fitted before is forgotten.

        What scikit-learn makes of them is in float64, which loses digits, and serves for its checks
        only.  It goes by the order of rows, and not by an index.
        """
        for name in [name for name in vars(self) if name.endswith("_") and name[0] != "_"]:
            delattr(self, name)
        _checked(self, X, y, y_numeric=True)
        X, y, label = _without_booleans(X), _without_booleans(y), "y"
        if (series := named_columns(y)) is not None:
            (label,), (y,) = one_column(series)
        return replace(Dataset.from_arrays(X, y), label_name=label or "y")

    def _solve(self, dataset: Dataset, **options: Any) -> Solution:
        """Solve with threads and a time limit, but for laws of one feature: they need no threads.

        Nor are those within a tolerance cut off, as nothing could be returned before the end.
        """
        one = dataset.n_features == 1 and options.get("skip") in (None, "affine")
        counts_parameters = "parameters" in (options.get("objective"), *options)
        if not one or counts_parameters:
            options["workers"] = _workers(self.n_jobs)
        if not one or counts_parameters or "tolerance" not in options:
            options["time_limit"] = self.time_limit
        return solve(dataset, **options)

    def _keep(self, solution: Solution) -> None:
        """Keep a result, and warn of one that is not proved; raise where there is no function."""
        if isinstance(solution, InfeasibleSolution):
            conflict = "no value in common" in solution.reason
            raise (ConflictingLabelsError if conflict else NoFunctionError)(solution.reason)
        self.solution_ = solution
        known = getattr(solution, "tolerance", None)
        self.tolerance_ = to_float(solution.problem.half_width if known is None else known)
        if solution.status is Status.FEASIBLE:
            kind, cost, bound = solution.problem.objective, solution.value, solution.lower_bound
            # With a size given the tolerance is what is looked for.
            advice = "" if solution.problem.limit is not None else " or a larger tolerance"
            warnings.warn(
                f"what was found fits, but is not proved to be the least: {kind} {_brief(cost)}, "
                f"proved {_brief(bound)} at least; allow more time{advice}",
                NotProvedWarning,
                stacklevel=3,
            )


def half_deviation(dataset: Dataset) -> Fraction:
    """Half the standard deviation of the labels in two digits, rounded down; more if needed."""
    labels = dataset.labels
    values = [labels[i] for i in range(len(labels))]
    size = max(map(abs, values))
    # Of 1, so that no square overflows.
    spread = np.std([to_float(value / size) for value in values]) if size else 0.0
    half = Fraction(float(spread)) * size / 2
    digits = Context(prec=2, rounding=ROUND_FLOOR)
    rounded = Fraction(digits.divide(Decimal(half.numerator), Decimal(half.denominator)))
    return max(rounded, reconciling_tolerance(dataset))


def _checked(model: ExactRegressor, *data: Any, **options: Any) -> None:
    """Let scikit-learn check names, shapes and entries, and keep the number of features."""
    try:
        validate_data(model, *data, **options)
    except OverflowError:
        raise DataError(
            "a number exceeds float64, in which scikit-learn checks data: use exactsparse.solve"
        ) from None


def _without_booleans(data: Any) -> Any:
    """Columns of yes and no as 1 and 0, as scikit-learn takes them; all others as they are."""
    if isinstance(data, np.ndarray) and data.dtype.kind == "b":
        return data.astype(np.int8)
    frame = nw.from_native(data, pass_through=True, allow_series=True)
    if isinstance(frame, nw.DataFrame) and nw.Boolean in frame.schema.values():
        return frame.with_columns(selectors.boolean().cast(nw.Int8)).to_native()
    if isinstance(frame, nw.Series) and frame.dtype == nw.Boolean:
        return frame.cast(nw.Int8).to_native()
    return data


def _workers(n_jobs: int | None) -> int | None:
    """Threads as :func:`exactsparse.solve` has them, of the number as scikit-learn has it."""
    if n_jobs is None:
        return 1
    jobs = whole_number("n_jobs", n_jobs)
    if not jobs:
        raise ProblemError("n_jobs must not be 0: None means 1, and -1 all processors")
    return max(1, (os.cpu_count() or 1) + 1 + jobs) if jobs < 0 else jobs


def _brief(value: int | Fraction | float) -> str:
    return format_rational(value) if isinstance(value, Fraction) else str(value)
