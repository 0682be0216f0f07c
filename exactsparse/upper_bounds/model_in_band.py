"""From a trained model to a sparse exact network within a band.

Its weights are moved into the band with its patterns free to change
(:mod:`exactsparse.upper_bounds.band_fit`); so are sparse weights for its patterns, by reweighted ℓ¹
(:mod:`exactsparse.upper_bounds.sparse_weights`), and its own weights without small ones.  What fits
is thinned out (:mod:`exactsparse.upper_bounds.thinning`).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import suppress

import numpy as np
from numpy.typing import NDArray

from exactsparse.exact.numbers import to_float
from exactsparse.lp.patterns import PatternProgram
from exactsparse.patterns.merging import merge
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.network import Network
from exactsparse.problem.objective import Objective
from exactsparse.problem.residuals import missed_row
from exactsparse.progress import Deadline, Stopped
from exactsparse.upper_bounds.band_fit import FloatBand, Shape, fit
from exactsparse.upper_bounds.budget import BUDGET
from exactsparse.upper_bounds.rounding import Rounded
from exactsparse.upper_bounds.sparse_weights import reweighted
from exactsparse.upper_bounds.thinning import TOUCHES, Thinning

Floats = NDArray[np.float64]

# Weights below these shares of the largest one are left out at first.
_SHARES = (0.03, 0.01, 1e-3, 1e-5, 0.0)


def round_within_band(
    table: IntegerTable, network: Network, objective: Objective, deadline: Deadline
) -> Rounded:
    """The sparsest network within a band that is found near one, evaluated exactly.

    Parameters
    ----------
    table : IntegerTable
        All rows, with bounds.
    network : Network
        Of as many inputs as the table has features, its weights exact or suggestions.  Where it
        has a skip, the affine part is free.
    objective : Objective
        What is to be small.
    deadline : Deadline
        When to stop with the best so far.

    Examples
    --------
    >>> from exactsparse import Dataset, Neuron, Problem
    >>> from exactsparse.problem.objective import PARAMETERS
    >>> from fractions import Fraction as F
    >>> problem = Problem.of(Dataset.from_arrays([[0, 0], [1, 2]], [0, 1]), tolerance="0.1")
    >>> rough = Network((Neuron((F(1, 3), F(1, 4)), F(1, 100), F(1)),), None, 2)
    >>> table = IntegerTable.of_problem(problem)
    >>> round_within_band(table, rough, PARAMETERS, Deadline(10)).network.n_parameters
    1
    """
    merged = merge(table, network).network
    best: list[Network] = []

    def offered(found: Network) -> float:
        best.append(found)
        return min(float(objective.cost_of(one)) for one in best)

    below = math.inf
    if missed_row(merged, table) is None:
        below = offered(merged)
    band, skip = FloatBand.of(table), network.skip is not None
    if band is not None:
        thinning = Thinning(table, band, objective, skip, deadline, offered, below)
        with suppress(Stopped):
            for shape, weights in _starts(thinning, merged):
                if thinning.cost(shape) >= thinning.below + BUDGET.spare_cost:
                    continue
                weights, margin = fit(band, shape, weights, deadline, 0.0)
                if margin >= TOUCHES:
                    thinning.thin_out(shape, weights)
    if not best:
        return Rounded(None, reason="no network within the band was found near its weights")
    return Rounded(min(best, key=objective.cost_of))


def _starts(thinning: Thinning, network: Network) -> Iterator[tuple[Shape, Floats]]:
    """Shapes with weights, sparse ones first, of one network."""
    band, table = thinning.band, thinning.table
    units = [neuron.scaled for neuron in network.neurons]
    if len(units) * table.width * len(table) > BUDGET.most_slopes:
        return
    factors = band.sizes / band.scale
    rows = [[to_float(w) for w in weights] for weights, _ in units]
    weights = np.array(rows).reshape(len(units), table.width) * factors
    affine = np.zeros(table.width)
    if network.skip is not None:
        given = [to_float(w) for w in (*network.skip.weights, network.skip.bias)]
        affine = np.array(given) * factors
    if not (np.isfinite(weights).all() and np.isfinite(affine).all()):
        return
    signs, n, m = [sign for _, sign in units], len(table), len(units)
    if m and m * m * n * table.width <= BUDGET.most_sparse_entries:
        program = PatternProgram(
            band.points, band.lower, band.upper, weights, signs, network.skip is not None
        )
        found = []
        for sparse in reweighted(program, weights, thinning.deadline):
            free = program.affine if network.skip is not None else affine
            found.append(_shaped(thinning, signs, sparse, free))
        yield from sorted(found, key=lambda start: thinning.cost(start[0]))
    largest = np.abs(weights).max(initial=0.0)
    for share in _SHARES:
        kept = np.where(np.abs(weights) > share * largest, weights, 0.0)
        yield _shaped(thinning, signs, kept, affine)


def _shaped(
    thinning: Thinning, signs: list[int], weights: Floats, affine: Floats
) -> tuple[Shape, Floats]:
    """Weights that are not 0, or all of a neuron where its inputs are free."""
    supports = [np.flatnonzero(row).tolist() for row in weights]
    if thinning.objective.inputs_are_free:
        supports = [sorted({*s, *thinning.table.basis}) if s else s for s in supports]
    used = [k for k, support in enumerate(supports) if support]
    free = range(len(affine)) if thinning.skip else ()
    shape = Shape.of([signs[k] for k in used], [supports[k] for k in used], free)
    rows = np.concatenate([weights[used], affine[None]])
    return shape, rows[shape.neuron, shape.column]
