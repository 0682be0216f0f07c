"""Sparsest ReLU interpolants with exact proofs of optimality."""

from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from exactsparse.certificate import Certificate
from exactsparse.dataset import Dataset
from exactsparse.errors import (
    ConflictingLabelsError,
    DataError,
    DataNotFoundError,
    ExactSparseError,
    MissingPackageError,
    NoCertificateError,
    OutputError,
    ProblemError,
    ProgramTooLargeError,
    TimeLimitError,
    UndecidedError,
    UnsupportedProblemError,
)
from exactsparse.exact.powers import Enclosure
from exactsparse.models import export, read_model
from exactsparse.network import Network, Neuron, Skip
from exactsparse.problem import Problem
from exactsparse.readers import read
from exactsparse.solution import Solution, Status
from exactsparse.solve import solve
from exactsparse.univariate import Law, PPath, RunClass, UnivariateSolution
from exactsparse.verification import Verification, verify

if TYPE_CHECKING:
    from exactsparse.reformulation import ConvexSolution, FiniteProgram
    from exactsparse.search import SearchSolution

__all__ = [
    "Certificate",
    "ConflictingLabelsError",
    "ConvexSolution",
    "DataError",
    "DataNotFoundError",
    "Dataset",
    "Enclosure",
    "ExactSparseError",
    "FiniteProgram",
    "Law",
    "MissingPackageError",
    "Network",
    "Neuron",
    "NoCertificateError",
    "OutputError",
    "PPath",
    "Problem",
    "ProblemError",
    "ProgramTooLargeError",
    "RunClass",
    "SearchSolution",
    "Skip",
    "Solution",
    "Status",
    "TimeLimitError",
    "UndecidedError",
    "UnivariateSolution",
    "UnsupportedProblemError",
    "Verification",
    "export",
    "read",
    "read_model",
    "solve",
    "verify",
]

__version__ = version("exactsparse")


def __getattr__(name: str) -> Any:
    # These load a compiler or a solver, only when they are used.
    if name == "SearchSolution":
        from exactsparse.search import SearchSolution

        return SearchSolution
    if name in ("ConvexSolution", "FiniteProgram"):
        from exactsparse import reformulation

        return getattr(reformulation, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
