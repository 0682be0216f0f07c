"""Laws and networks as data frames."""

from __future__ import annotations

import importlib
import importlib.util
import math
from fractions import Fraction
from typing import Any

from exactsparse.exact.numbers import rational_text, to_float
from exactsparse.problem.network import Network
from exactsparse.routes.univariate.band.solution import LawSolution
from exactsparse.routes.univariate.route import UnivariateSolution
from exactsparse.solution import Solution

Columns = dict[str, list[Any]]


def solution_frame(solution: Solution, exact: bool) -> Any:
    """The pieces or neurons of a solution: of pandas if that is installed, else of pyarrow.

    Parameters
    ----------
    solution : Solution
        With a function.
    exact : bool
        Whether numbers are texts of rationals; else float64.
    """
    if isinstance(solution, UnivariateSolution | LawSolution):
        columns = _pieces(solution, exact)
    else:
        columns = _neurons(solution.network, solution.problem.dataset.feature_names, exact)
    if importlib.util.find_spec("pandas") is not None:
        return importlib.import_module("pandas").DataFrame(columns)
    import pyarrow

    return pyarrow.table(columns)


def _pieces(solution: UnivariateSolution | LawSolution, exact: bool) -> Columns:
    pieces = list(solution.law.pieces())
    return {
        "start": [_number(piece.start, exact, -math.inf) for piece in pieces],
        "end": [_number(piece.end, exact, math.inf) for piece in pieces],
        "slope": [_number(piece.slope, exact) for piece in pieces],
        "intercept": [_number(piece.intercept, exact) for piece in pieces],
    }


def _neurons(network: Network, names: tuple[str, ...], exact: bool) -> Columns:
    parts = [(f"neuron {k}", n.weights, n.bias, n.output) for k, n in enumerate(network.neurons, 1)]
    if network.skip is not None:
        parts.append(("affine part", network.skip.weights, network.skip.bias, Fraction(1)))
    columns: Columns = {"part": [part[0] for part in parts]}
    for k, name in enumerate(names):
        columns[f"weight of {name}"] = [_number(part[1][k], exact) for part in parts]
    columns["bias"] = [_number(part[2], exact) for part in parts]
    columns["output"] = [_number(part[3], exact) for part in parts]
    return columns


def _number(value: Fraction | None, exact: bool, none: float = math.nan) -> str | float | None:
    if exact:
        return None if value is None else rational_text(value)
    return none if value is None else to_float(value)
