"""Regressors for scikit-learn, each fit with a proof; the only room that needs scikit-learn."""

from exactsparse.packages import require_package

require_package("sklearn", "sklearn")
from exactsparse.estimators.base import NotProvedWarning  # noqa: E402
from exactsparse.estimators.piecewise_linear import PiecewiseLinearRegressor  # noqa: E402
from exactsparse.estimators.sparse_relu import SparseReLURegressor  # noqa: E402

__all__ = ["NotProvedWarning", "PiecewiseLinearRegressor", "SparseReLURegressor"]
