"""The plain form with p = 1 in cvxpy: a cross-check of the program over rays.

Its value is what a floating-point solver claims; nothing is proved by it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from exactsparse.errors import ProblemError
from exactsparse.finite_program.program import FiniteProgram
from exactsparse.packages import require_package


def claimed_path_norm(program: FiniteProgram, solver: str = "HIGHS") -> float:
    """Least ``Σ ‖ν_j‖₁ + ‖ω_j‖₁`` of the plain form, as a float solver claims it.

    Parameters
    ----------
    program : FiniteProgram
        Data and skip.
    solver : str
        A linear solver known to cvxpy.

    Raises
    ------
    ProblemError
        If the solver does not claim an optimum.
    ProgramTooLargeError
        If the plain form does not fit into memory.
    MissingPackageError
        If cvxpy is not installed.

    Notes
    -----
    J. Nakhleh and R. D. Nowak 2025, Lemma 4.1 with p = 1.
    """
    cp = require_package("cvxpy", "convex")
    form = program.plain
    # Every row over its largest entry: solvers have absolute tolerances.
    scale = np.abs(program.table.points).max(axis=1)
    fitted: list[Any] = []
    norms: list[Any] = []
    constraints: list[Any] = []
    for block in form.blocks:
        columns = (block.columns / scale[:, None]).astype(np.float64)
        cone = (block.cone / scale[:, None]).astype(np.float64)
        positive, negative = cp.Variable(cone.shape[1]), cp.Variable(cone.shape[1])
        fitted.append(columns @ (positive - negative))
        norms += [cp.norm1(positive), cp.norm1(negative)]
        constraints += [cone @ positive >= 0, cone @ negative >= 0]
    if form.affine.shape[1]:
        affine = (form.affine / scale[:, None]).astype(np.float64)
        fitted.append(affine @ cp.Variable(affine.shape[1]))
    labels = (form.labels / scale).astype(np.float64)
    constraints.append(cp.sum(fitted) == labels)
    problem = cp.Problem(cp.Minimize(cp.sum(norms)), constraints)
    problem.solve(solver=solver)
    if problem.status != cp.OPTIMAL:
        raise ProblemError(f"{solver} ended with status {problem.status!r}")
    return float(problem.value)
