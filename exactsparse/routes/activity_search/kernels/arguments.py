"""What the compiled search is given, and what it gives back."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from exactsparse.routes.activity_search.kernels.dual_simplex import Tableau
from exactsparse.routes.activity_search.kernels.enclosure import System
from exactsparse.routes.activity_search.kernels.equations import Selection

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

# Decided rows of a path at most.
DEPTH = 62


class Data(NamedTuple):
    """Rows in floats, every entry within a unit in the last place of the true one.

    Parameters
    ----------
    points : ndarray of float64, shape (n, D)
        ``x̄ᵢ``, columns scaled by powers of two.
    units : ndarray of float64, shape (D,)
        Powers of two by which columns are multiplied to be integers; 0 for other columns.
    free_inputs, free_kinds : ndarray of int64, shape (f,)
        Columns whose weights have any sign: ``(x_c)₊`` for kind 1, ``(-x_c)₊`` for kind -1, and
        for kind 0 ``x_c``, of the affine part.
    lower, upper : ndarray of float64, shape (n,)
        Bounds, scaled by a power of two; infinite for none.
    order : ndarray of int64, shape (n,)
        In which rows are looked at; changed, so that rows that were missed come early.
    floor : float
        The search for a point within the bounds ends this far inside of them; at most 0.
    """

    points: Floats
    units: Floats
    free_inputs: Integers
    free_kinds: Integers
    lower: Floats
    upper: Floats
    order: Integers
    floor: float


class Shape(NamedTuple):
    """The neurons of a network.

    Parameters
    ----------
    inputs : ndarray of int64, shape (k, T)
        Inputs of every neuron, as many as ``sizes`` says.
    sizes, offsets : ndarray of int64, shape (k,)
        Number of inputs, and where their weights begin among the columns.
    sides : ndarray of float64, shape (k,)
        Signs of the outputs, 1 or -1.
    bits : ndarray of int64, shape (k,)
        The inputs again, as bits.
    twins : ndarray of int64, shape (k,)
        1 where a neuron has inputs and sign of the one before it.
    columns : int
        Weights in all, those of the free columns last.
    turned : bool
        Whether a neuron may be turned round, so that the first row need not be active.
    """

    inputs: Integers
    sizes: Integers
    offsets: Integers
    sides: Floats
    bits: Integers
    twins: Integers
    columns: int
    turned: bool


class Path(NamedTuple):
    """Rows whose activities are decided, one after the other.

    Parameters
    ----------
    rows, patterns : ndarray of int64, shape (DEPTH,)
        Row, and bit j set if neuron j is active there.
    """

    rows: Integers
    patterns: Integers


class Found(NamedTuple):
    """What a search has done, and what it leaves.

    Parameters
    ----------
    rows, patterns : ndarray of int64, shape (m, DEPTH)
        Paths that are left.
    depths : ndarray of int64, shape (m,)
        Their lengths.
    kinds : ndarray of int64, shape (m,)
        ``OPEN``: not gone through; ``HARD``: to be decided in rationals.
    counts : ndarray of int64, shape (8,)
        By the constants of :mod:`exactsparse.routes.activity_search.kernels.tree`.
    record : ndarray of int64
        The tree in preorder, if it has room.
    """

    rows: Integers
    patterns: Integers
    depths: Integers
    kinds: Integers
    counts: Integers
    record: Integers

    @classmethod
    def of(cls, paths: int, steps: int = 0) -> Found:
        """Room for paths and for a record."""
        return cls(
            rows=np.empty((paths, DEPTH), dtype=np.int64),
            patterns=np.empty((paths, DEPTH), dtype=np.int64),
            depths=np.zeros(paths, dtype=np.int64),
            kinds=np.zeros(paths, dtype=np.int64),
            counts=np.zeros(8, dtype=np.int64),
            record=np.zeros(steps, dtype=np.int64),
        )


class Scratch(NamedTuple):
    """Space for one search.

    Parameters
    ----------
    g, b : ndarray of float64
        Constraints of the decided rows.
    basis, inverse, multipliers, point : ndarray
        A tableau for every depth.
    block_g, block_b : ndarray of float64
        Constraints of one neuron.
    block : Tableau
        Of these.
    alpha : ndarray of float64
        A row of a tableau.
    selection : Selection
        Of constraints.
    system : System
        Of their multipliers.
    """

    g: Floats
    b: Floats
    basis: Integers
    inverse: Floats
    multipliers: Floats
    point: Floats
    block_g: Floats
    block_b: Floats
    block: Tableau
    alpha: Floats
    selection: Selection
    system: System

    @classmethod
    def of(cls, shape: Shape) -> Scratch:
        """Space for networks of a shape."""
        k, unknowns = len(shape.sizes), shape.columns + 1
        widest = int(shape.sizes.max(initial=0)) + 1
        rows = 1 + DEPTH * (k + 2)

        def floats(*size: int) -> Floats:
            return np.zeros(size)

        def integers(*size: int) -> Integers:
            return np.zeros(size, dtype=np.int64)

        limit = unknowns + k
        return cls(
            g=floats(rows, unknowns),
            b=floats(rows),
            basis=integers(DEPTH + 1, unknowns),
            inverse=floats(DEPTH + 1, unknowns, unknowns),
            multipliers=floats(DEPTH + 1, unknowns),
            point=floats(DEPTH + 1, unknowns),
            block_g=floats(DEPTH + 2, widest),
            block_b=floats(DEPTH + 2),
            block=Tableau(integers(widest), floats(widest, widest), floats(widest), floats(widest)),
            alpha=floats(max(unknowns, widest)),
            selection=Selection(
                band=integers(DEPTH),
                cone=integers(DEPTH, k),
                place=integers(limit + 1, 2),
                weights=integers(limit + 1),
                vectors=integers(limit + 1, limit + 1),
                signs=integers(2 * limit + k + 1, limit + 1),
                blocks=integers(limit + 1, limit + 1),
            ),
            system=System(
                floats(limit, limit),
                floats(limit, limit),
                floats(limit, 2 * limit + 2),
                floats(limit),
                floats(limit),
                floats(unknowns + widest, limit + 1),
                floats(unknowns + widest, limit + 1),
                floats(unknowns + widest),
                integers(unknowns + widest),
            ),
        )
