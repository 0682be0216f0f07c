"""Sparsest ReLU interpolants with exact proofs of optimality."""

from exactsparse.dataset import Dataset
from exactsparse.errors import (
    ConflictingLabelsError,
    DataError,
    DataNotFoundError,
    ExactSparseError,
    NoCertificateError,
    OutputError,
    ProblemError,
    UnsupportedProblemError,
)
from exactsparse.exact.powers import Enclosure
from exactsparse.network import Network, Neuron, Skip
from exactsparse.readers import read
from exactsparse.solution import Solution, Status
from exactsparse.solve import solve

__all__ = [
    "ConflictingLabelsError",
    "DataError",
    "DataNotFoundError",
    "Dataset",
    "Enclosure",
    "ExactSparseError",
    "Network",
    "Neuron",
    "NoCertificateError",
    "OutputError",
    "ProblemError",
    "Skip",
    "Solution",
    "Status",
    "UnsupportedProblemError",
    "read",
    "solve",
]
