"""Mixed-integer peers: fewest nonzero parameters of an interpolating ReLU network, as claims.

Two models of the objective ``parameters`` with ``skip="none"``, each for HiGHS and for SCIP:

* :func:`big_m_training`, after C. Lee and J. Linderoth, *Maximizing Sparsity in NN with MIP*
  (2025, github.com/changwon22/Maximizing-Sparsity-in-NN-with-MIP): the network itself, with as
  many neurons as points, output weights ±1 and all other weights in a box;
* :func:`lemma_4_1_milp`, after Lemma 4.1 of J. Nakhleh and R. D. Nowak (arXiv 2505.21791): the
  finite program over activation patterns.

What comes back is what a floating-point solver claims, "optimal" included.  A box that is too
small shuts out the sparsest network, and the claim is too high; a box that is too large lets a
weight be nonzero while its binary is zero up to the solver's tolerance, and the claim is too low.
"""

from __future__ import annotations

import importlib
import math
import time
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from exactsparse.patterns.cells import enumerate_cells
from exactsparse.patterns.supports import integer_rows
from exactsparse.problem.dataset import Dataset

Backend = Literal["highs", "scip"]
Indices = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Claim:
    """What a floating-point solver says about an instance; none of it is proved.

    Parameters
    ----------
    value : int or None
        Nonzero parameters of the best solution it reports, None without a solution.
    bound : float or None
        Its lower bound for the model, None without one.
    optimal : bool
        Whether it reports that ``value`` is the optimum of the model.
    status : str
        Its status, in its own words.
    seconds : float
        Wall time, with building the model.
    """

    value: int | None
    bound: float | None
    optimal: bool
    status: str
    seconds: float


def big_m_training(
    X: ArrayLike,
    y: ArrayLike,
    backend: Backend,
    time_limit: float,
    *,
    bound: float = 5.0,
    symmetry_breaking: bool = True,
    neurons: int | None = None,
    tolerance: float = 0.0,
) -> Claim:
    """Claimed fewest nonzero weights and biases of a network with ``v = ±1`` in a box.

    Parameters
    ----------
    X : array_like of float, shape (n, d)
        Points.
    y : array_like of float, shape (n,)
        Labels.
    backend : {"highs", "scip"}
        Solver, on one thread.
    time_limit : float
        Seconds, with building the model.
    bound : float
        Largest absolute value of a weight or bias.
    symmetry_breaking : bool
        Order the neurons by output sign, then by number of nonzeros.  The authors' model has no
        such rows.
    neurons : int, optional
        Neurons of the network; as many as points if omitted, as in the authors' model.
    tolerance : float
        How far outputs may be from the labels.

    Raises
    ------
    ImportError
        If the solver is not installed.
    ValueError
        If the backend is another.

    Notes
    -----
    Lee and Linderoth (2025), with one tightening: their single big-M is replaced, point by point,
    by the largest ``|w · x + b|`` in the box.
    """
    began = time.perf_counter()
    rows, labels = _rows_and_labels(X, y)
    n, width = rows.shape
    reach = bound * np.abs(rows).sum(axis=1)
    model = _Model()
    outputs: list[list[Indices]] = []
    order_keys: list[Indices] = []
    count = n if neurons is None else neurons
    for _ in range(count):
        weights = model.variables(width, -bound, bound)
        nonzero = model.binaries(width, cost=1.0)
        model.switch(weights, nonzero, bound)
        active = model.binaries(n)
        positive_part = model.variables(n, 0.0, reach)
        negative_part = model.variables(n, 0.0, reach)
        sign = model.binaries(1)
        product = model.variables(n, 0.0, reach)
        for i in range(n):
            p, q, r, a = positive_part[i], negative_part[i], product[i], active[i]
            # wᵀx̄ = p − q, of which at most one is nonzero; r = p if the sign is +, else 0.
            model.row([*weights, p, q], [*rows[i], -1.0, 1.0], 0.0, 0.0)
            model.row([p, a], [1.0, -reach[i]], -math.inf, 0.0)
            model.row([q, a], [1.0, reach[i]], -math.inf, reach[i])
            model.row([r, sign[0]], [1.0, -reach[i]], -math.inf, 0.0)
            model.row([r, p], [1.0, -1.0], -math.inf, 0.0)
            model.row([r, p, sign[0]], [1.0, -1.0, -reach[i]], -reach[i], math.inf)
        outputs.append([product, positive_part])
        order_keys.append(np.concatenate([sign, nonzero]))
    for i in range(n):
        terms = [parts[i] for pair in outputs for parts in pair]
        low, high = labels[i] - tolerance, labels[i] + tolerance
        model.row(terms, [2.0, -1.0] * count, low, high)
    if symmetry_breaking:
        weight = np.array([width + 1.0] + [1.0] * width)
        for first, second in pairwise(order_keys):
            model.row([*first, *second], [*weight, *-weight], 0.0, math.inf)
    return _solve(model, backend, began, time_limit)


def lemma_4_1_milp(
    X: ArrayLike,
    y: ArrayLike,
    backend: Backend,
    time_limit: float,
    *,
    bound: float = 100.0,
) -> Claim:
    """Claimed optimum of the finite program over activation patterns, in a box.

    Parameters
    ----------
    X : array_like of float, shape (n, d)
        Points.
    y : array_like of float, shape (n,)
        Labels.
    backend : {"highs", "scip"}
        Solver, on one thread.
    time_limit : float
        Seconds, with enumerating the patterns and building the model.
    bound : float
        Largest absolute value of an entry of ``ν_j`` and ``ω_j``.

    Raises
    ------
    ImportError
        If the solver is not installed.
    ValueError
        If the backend is another.
    DataError
        If an entry is not a finite number.

    Notes
    -----
    Nakhleh and Nowak (2025), Lemma 4.1 with ``p = 0``: for every pattern ``D_j``, vectors ``ν_j``
    and ``ω_j`` in its cone, and one binary for every entry.  The patterns are enumerated exactly.
    """
    began = time.perf_counter()
    rows, labels = _rows_and_labels(X, y)
    n, width = rows.shape
    masks = enumerate_cells(integer_rows(Dataset.from_arrays(X, y))).masks
    model = _Model()
    terms: list[list[int]] = [[] for _ in range(n)]
    coefficients: list[list[float]] = [[] for _ in range(n)]
    for mask in masks[masks.any(axis=1)]:
        for sign in (1.0, -1.0):
            vector = model.variables(width, -bound, bound)
            model.switch(vector, model.binaries(width, cost=1.0), bound)
            for i in range(n):
                model.row(vector, rows[i] if mask[i] else -rows[i], 0.0, math.inf)
                if mask[i]:
                    terms[i] += vector.tolist()
                    coefficients[i] += (sign * rows[i]).tolist()
    for i in range(n):
        model.row(terms[i], coefficients[i], labels[i], labels[i])
    return _solve(model, backend, began, time_limit)


def _rows_and_labels(X: ArrayLike, y: ArrayLike) -> tuple[Floats, Floats]:
    """Rows ``x̄ = (x, 1)`` and flat labels."""
    points, labels = np.asarray(X, dtype=float), np.asarray(y, dtype=float).ravel()
    return np.column_stack([points, np.ones(len(points))]), labels


@dataclass
class _Model:
    """A mixed-integer minimisation problem, grown variable by variable and row by row."""

    cost: list[float] = field(default_factory=list)
    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    binary: list[bool] = field(default_factory=list)
    row_lower: list[float] = field(default_factory=list)
    row_upper: list[float] = field(default_factory=list)
    starts: list[int] = field(default_factory=lambda: [0])
    indices: list[int] = field(default_factory=list)
    values: list[float] = field(default_factory=list)

    def variables(self, count: int, lower: float, upper: float | Floats) -> Indices:
        """Add continuous variables; their positions."""
        return self._add(count, lower, upper, 0.0, binary=False)

    def binaries(self, count: int, cost: float = 0.0) -> Indices:
        """Add binary variables; their positions."""
        return self._add(count, 0.0, 1.0, cost, binary=True)

    def _add(
        self, count: int, lower: float, upper: float | Floats, cost: float, *, binary: bool
    ) -> Indices:
        first = len(self.cost)
        self.cost += [cost] * count
        self.lower += [lower] * count
        self.upper += np.broadcast_to(upper, count).tolist()
        self.binary += [binary] * count
        return np.arange(first, first + count)

    def row(self, indices: Any, values: Any, lower: float, upper: float) -> None:
        """Add ``lower <= values · variables[indices] <= upper``."""
        self.indices += map(int, indices)
        self.values += map(float, values)
        self.starts.append(len(self.indices))
        self.row_lower.append(float(lower))
        self.row_upper.append(float(upper))

    def switch(self, variables: Indices, binaries: Indices, bound: float) -> None:
        """Add ``|variable| <= bound · binary`` for every pair."""
        for pair in zip(variables, binaries, strict=True):
            self.row(pair, [1.0, -bound], -math.inf, 0.0)
            self.row(pair, [1.0, bound], 0.0, math.inf)


def _solve(model: _Model, backend: Backend, began: float, time_limit: float) -> Claim:
    """Run a solver for what is left of the time limit."""
    solvers = {"highs": _highs, "scip": _scip}
    if backend not in solvers:
        raise ValueError(f"backend must be one of {sorted(solvers)}, but it is {backend!r}")
    left = max(time_limit - (time.perf_counter() - began), 0.0)
    value, bound, optimal, status = solvers[backend](model, left)
    return Claim(
        value=None if value is None else round(value),
        bound=bound if math.isfinite(bound) else None,
        optimal=optimal,
        status=status,
        seconds=time.perf_counter() - began,
    )


def _imported(module: str) -> Any:
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise ImportError(
            f"this peer needs {module}: pip install 'exactsparse[bench]'", name=module
        ) from error


def _highs(model: _Model, seconds: float) -> tuple[float | None, float, bool, str]:
    """Value, bound, whether optimality is claimed, and status of HiGHS."""
    highspy = _imported("highspy")
    kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = len(model.cost), len(model.row_lower)
    program.col_cost_ = np.array(model.cost)
    program.col_lower_, program.col_upper_ = np.array(model.lower), np.array(model.upper)
    program.row_lower_, program.row_upper_ = np.array(model.row_lower), np.array(model.row_upper)
    program.integrality_ = [kinds[binary] for binary in model.binary]
    program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    program.a_matrix_.start_ = np.array(model.starts)
    program.a_matrix_.index_ = np.array(model.indices)
    program.a_matrix_.value_ = np.array(model.values)
    solver = highspy.Highs()
    options = {"output_flag": False, "threads": 1, "mip_rel_gap": 0.0, "time_limit": seconds}
    for name, setting in options.items():
        solver.setOptionValue(name, setting)
    if highspy.HighsStatus.kError in (solver.passModel(program), solver.run()):
        raise RuntimeError("HiGHS refused the model")
    status, info = solver.getModelStatus(), solver.getInfo()
    found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    return (
        info.objective_function_value if found else None,
        info.mip_dual_bound,
        status == highspy.HighsModelStatus.kOptimal,
        solver.modelStatusToString(status),
    )


def _scip(model: _Model, seconds: float) -> tuple[float | None, float, bool, str]:
    """Value, bound, whether optimality is claimed, and status of SCIP."""
    pyscipopt = _imported("pyscipopt")
    solver = pyscipopt.Model()
    solver.hideOutput()
    solver.setParams({"limits/time": seconds, "parallel/maxnthreads": 1})
    columns = zip(model.lower, model.upper, model.cost, model.binary, strict=True)
    variables = [
        solver.addVar(lb=lower, ub=upper, obj=cost, vtype="B" if binary else "C")
        for lower, upper, cost, binary in columns
    ]
    sides = zip(pairwise(model.starts), model.row_lower, model.row_upper, strict=True)
    for (start, stop), lower, upper in sides:
        terms = zip(model.values[start:stop], model.indices[start:stop], strict=True)
        total = pyscipopt.quicksum(value * variables[index] for value, index in terms)
        solver.addCons(pyscipopt.ExprCons(total, lower, upper))
    solver.optimize()
    bound = solver.getDualbound()
    return (
        solver.getObjVal() if solver.getNSols() else None,
        bound if abs(bound) < solver.infinity() else math.copysign(math.inf, bound),
        solver.getStatus() == "optimal",
        solver.getStatus(),
    )
