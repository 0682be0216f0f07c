"""Sparsest ReLU interpolants with exact proofs of optimality."""

from typing import TYPE_CHECKING, Any

from exactsparse.certificate import Certificate
from exactsparse.errors import (
    ConflictingLabelsError,
    DataError,
    DataNotFoundError,
    ExactSparseError,
    MissingPackageError,
    NoCertificateError,
    NoFunctionError,
    OutputError,
    ProblemError,
    ProgramTooLargeError,
    TimeLimitError,
    ToleranceHint,
    UndecidedError,
    UnsupportedProblemError,
)
from exactsparse.exact.powers import Enclosure
from exactsparse.export import Breakpoints, Formula, export
from exactsparse.models import read_model
from exactsparse.problem.dataset import Dataset
from exactsparse.problem.network import Network, Neuron, Skip
from exactsparse.problem.problem import Problem
from exactsparse.readers import read
from exactsparse.routes.univariate.band.solution import (
    BandSolution,
    ToleranceSolution,
)
from exactsparse.routes.univariate.l1_minimisers import L1Minimisers
from exactsparse.routes.univariate.p_path import PPath
from exactsparse.routes.univariate.piecewise_linear import PiecewiseLinear
from exactsparse.routes.univariate.route import UnivariateSolution
from exactsparse.solution import InfeasibleSolution, Solution, Status
from exactsparse.solve import solve
from exactsparse.tradeoff import Tradeoff, tradeoff
from exactsparse.verification import Verification
from exactsparse.verify import verify

if TYPE_CHECKING:
    __version__: str

    from exactsparse.estimators import NotProvedWarning as NotProvedWarning
    from exactsparse.estimators import PiecewiseLinearRegressor as PiecewiseLinearRegressor
    from exactsparse.estimators import SparseReLURegressor as SparseReLURegressor
    from exactsparse.finite_program.program import FiniteProgram
    from exactsparse.routes.column_generation.route import RaysSolution
    from exactsparse.routes.concave_vertices.p_path import NetworkPath
    from exactsparse.routes.concave_vertices.route import VerticesSolution
    from exactsparse.routes.rank_search.route import SearchSolution
    from exactsparse.upper_bounds.claims import ClaimedSolution

__all__ = [
    "BandSolution",
    "Breakpoints",
    "Certificate",
    "ClaimedSolution",
    "ConflictingLabelsError",
    "DataError",
    "DataNotFoundError",
    "Dataset",
    "Enclosure",
    "ExactSparseError",
    "FiniteProgram",
    "Formula",
    "InfeasibleSolution",
    "L1Minimisers",
    "MissingPackageError",
    "Network",
    "NetworkPath",
    "Neuron",
    "NoCertificateError",
    "NoFunctionError",
    "OutputError",
    "PPath",
    "PiecewiseLinear",
    "Problem",
    "ProblemError",
    "ProgramTooLargeError",
    "RaysSolution",
    "SearchSolution",
    "Skip",
    "Solution",
    "Status",
    "TimeLimitError",
    "ToleranceHint",
    "ToleranceSolution",
    "Tradeoff",
    "UndecidedError",
    "UnivariateSolution",
    "UnsupportedProblemError",
    "Verification",
    "VerticesSolution",
    "export",
    "read",
    "read_model",
    "solve",
    "tradeoff",
    "verify",
]


# Not in ``__all__``: without scikit-learn, ``from exactsparse import *`` works as well.
_ESTIMATORS = ("NotProvedWarning", "PiecewiseLinearRegressor", "SparseReLURegressor")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, *_ESTIMATORS})


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("exactsparse")
    # These load a compiler or a solver, only when they are used.
    if name == "SearchSolution":
        from exactsparse.routes.rank_search.route import SearchSolution

        return SearchSolution
    if name == "RaysSolution":
        from exactsparse.routes.column_generation.route import RaysSolution

        return RaysSolution
    if name == "NetworkPath":
        from exactsparse.routes.concave_vertices.p_path import NetworkPath

        return NetworkPath
    if name == "VerticesSolution":
        from exactsparse.routes.concave_vertices.route import VerticesSolution

        return VerticesSolution
    if name == "ClaimedSolution":
        from exactsparse.upper_bounds.claims import ClaimedSolution

        return ClaimedSolution
    if name == "FiniteProgram":
        from exactsparse.finite_program.program import FiniteProgram

        return FiniteProgram
    if name in _ESTIMATORS:
        from exactsparse import estimators

        return getattr(estimators, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
