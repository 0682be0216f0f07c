"""Regressors for scikit-learn, each fit with a proof; the only room that needs scikit-learn."""

from exactsparse.packages import require_package

try:
    from exactsparse.estimators.base import NotProvedWarning
    from exactsparse.estimators.piecewise_linear import PiecewiseLinearRegressor
    from exactsparse.estimators.sparse_relu import SparseReLURegressor
except ImportError:
    # Says which extra to install; any other missing module speaks for itself.
    require_package("sklearn", "sklearn")
    raise

__all__ = ["NotProvedWarning", "PiecewiseLinearRegressor", "SparseReLURegressor"]
