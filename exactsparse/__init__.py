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
    NoCertificateError,
    OutputError,
    ProblemError,
    ProgramTooLargeError,
    TimeLimitError,
    UndecidedError,
    UnsupportedProblemError,
)
from exactsparse.exact.powers import Enclosure
from exactsparse.network import Network, Neuron, Skip
from exactsparse.problem import Problem
from exactsparse.readers import read
from exactsparse.solution import Solution, Status
from exactsparse.solve import solve
from exactsparse.univariate import Law, PPath, RunClass, UnivariateSolution

if TYPE_CHECKING:
    from exactsparse.search import SearchSolution

__all__ = [
    "Certificate",
    "ConflictingLabelsError",
    "DataError",
    "DataNotFoundError",
    "Dataset",
    "Enclosure",
    "ExactSparseError",
    "Law",
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
    "read",
    "solve",
]

__version__ = version("exactsparse")


def __getattr__(name: str) -> Any:
    # The search loads its compiler only when it is used.
    if name == "SearchSolution":
        from exactsparse.search import SearchSolution

        return SearchSolution
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
