"""The finite program over activation patterns, in three forms, exact.

For patterns ``D_j = diag(1[X̄w >= 0])`` of the full-dimensional cells, every interpolating network
corresponds to a solution of

``min Σ_j ‖ν_j‖ₚᵖ + ‖ω_j‖ₚᵖ   s.t.   Σ_j D_j X̄ (ν_j − ω_j) [+ X̄ a] = y,
(2 D_j − I) X̄ ν_j >= 0,  (2 D_j − I) X̄ ω_j >= 0``

of no larger cost, and every solution to a network of the same cost (J. Nakhleh and R. D. Nowak
2025, Proposition 4.1 and Lemma 4.1).

* ``plain``: one block for each pattern of the full support.
* ``supports``: one block for each neuron type, the patterns that each support sees; a block that
  uses its whole support has a fixed ℓ⁰ cost.
* ``rays``: p = 1 only.  Every cell is refined by the coordinate hyperplanes, and one nonnegative
  variable per extreme ray and sign is left (:mod:`exactsparse.patterns.rays`).

Rows are those of :class:`~exactsparse.problem.integer_table.IntegerTable`, each scaled by a
positive factor, label included, which changes no pattern, no solution and no cost.
"""

from __future__ import annotations

import math
import os
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from exactsparse.errors import ProblemError, ProgramTooLargeError
from exactsparse.patterns.neuron_types import NeuronType, types_on
from exactsparse.patterns.rays import extreme_rays, hyperplanes
from exactsparse.patterns.supports import generic_count, supports
from exactsparse.problem.dataset import Dataset
from exactsparse.problem.integer_table import Integers, IntegerTable

Form = Literal["plain", "supports", "rays"]

_BYTES_PER_NONZERO = 12
_ALTERNATIVES = {
    "plain": "for p = 1 generate extreme rays as they are needed (method 'convex'); to count, "
    "search (method 'search')",
    "supports": "search (method 'search'), whose proofs need few rows",
    "rays": "generate rays as they are needed (method 'convex')",
}


@dataclass(frozen=True)
class ProgramSize:
    """How large a form of the program is.

    Parameters
    ----------
    form : {"plain", "supports", "rays"}
        The form.
    patterns : int
        Blocks; for rays, pairs of opposite rays.
    variables : int
        Columns, both signs and the affine part included.
    equations : int
        One for each distinct point.
    inequalities : int
        Cone constraints; rays need none but nonnegative variables.
    nonzeros : int
        Entries of the constraint matrix at most.
    is_exact : bool
        False for upper bounds, known before anything is enumerated.
    """

    form: str
    patterns: int
    variables: int
    equations: int
    inequalities: int
    nonzeros: int
    is_exact: bool

    @property
    def n_bytes(self) -> int:
        """Memory of the constraint matrix, in compressed columns of float64."""
        return _BYTES_PER_NONZERO * self.nonzeros

    def __str__(self) -> str:
        up_to = "" if self.is_exact else "up to "
        what = "pairs of rays" if self.form == "rays" else "patterns"
        return (
            f"form '{self.form}': {up_to}{_number(self.patterns)} {what}, "
            f"{_number(self.variables)} variables, {self.equations} equations, "
            f"{_number(self.inequalities)} inequalities, {self.n_bytes / 2**30:.3g} GiB"
        )


@dataclass(frozen=True, eq=False)
class Block:
    """Two vectors of variables, ``ν`` and ``ω``, for the neurons of one type.

    Parameters
    ----------
    type : NeuronType
        Support and activation pattern.
    points : ndarray of int (object), shape (n, D)
        All rows.
    """

    type: NeuronType
    points: Integers

    @property
    def columns(self) -> Integers:
        """``D_j X̄`` on the support, shape (n, |T|)."""
        return np.where(self._active, self.points[:, list(self.type.support)], 0)

    @property
    def cone(self) -> Integers:
        """``(2 D_j − I) X̄`` on the support, shape (n, |T|); its products with ν and ω are >= 0."""
        restricted = self.points[:, list(self.type.support)]
        return np.where(self._active, restricted, -restricted)

    @property
    def _active(self) -> Integers:
        return self.type.active(len(self.points))[:, None]


@dataclass(frozen=True, eq=False)
class BlockForm:
    """The plain form, or the one by supports.

    Parameters
    ----------
    blocks : tuple of Block
        One per pattern, the dead one included.
    affine : ndarray of int (object), shape (n, D) or (n, 0)
        Columns of the free affine part.
    labels : ndarray of int (object), shape (n,)
        Right-hand side.
    size : ProgramSize
        Exact.
    """

    blocks: tuple[Block, ...]
    affine: Integers
    labels: Integers
    size: ProgramSize


@dataclass(frozen=True, eq=False)
class RayForm:
    """The linear program over all extreme rays, for p = 1.

    Parameters
    ----------
    rays : ndarray of int (object), shape (m, D)
        One of each opposite pair.
    points, affine, labels : ndarray of int (object)
        Rows ``X̄``, columns of the free affine part, right-hand side.
    size : ProgramSize
        Exact.
    """

    rays: Integers
    points: Integers
    affine: Integers
    labels: Integers
    size: ProgramSize

    def columns(self, side: Literal[1, -1]) -> Integers:
        """``(X̄r)₊`` of the rays (side 1) or of their opposites, shape (n, m); costs ``‖r‖₁``."""
        products = self.points.dot(self.rays.T) * side
        return np.where(products > 0, products, 0)


@dataclass(frozen=True, eq=False)
class FiniteProgram:
    """The program of a dataset, to be sized, looked at, and handed to a solver.

    Parameters
    ----------
    dataset : Dataset
        The points; equal ones are merged.
    skip : {"none", "affine"}
        Whether an affine part is free.
    memory : int, optional
        Bytes that a form may need; by default half of the machine's memory.

    Raises
    ------
    ConflictingLabelsError
        If equal points carry different labels.
    ProblemError
        If the skip is unknown.

    Examples
    --------
    >>> import exactsparse as es
    >>> dataset = es.Dataset.from_arrays([[0, 0], [0, 1], [1, 0]], [0, 1, 1])
    >>> es.FiniteProgram(dataset).rays.size.equations
    3
    """

    dataset: Dataset
    skip: str = "none"
    memory: int | None = None

    def __post_init__(self) -> None:
        if self.skip not in ("none", "affine"):
            raise ProblemError(f"skip must be 'none' or 'affine', not {self.skip!r}")

    @cached_property
    def table(self) -> IntegerTable:
        """Integer rows of the distinct points."""
        return IntegerTable.of(self.dataset)

    def largest_size(self, form: Form) -> ProgramSize:
        """Size of a form in general position, which no data exceeds; nothing is enumerated.

        Notes
        -----
        ``2 Σ_{i<t} C(n−1, i)`` patterns of n hyperplanes of rank t (R. C. Buck, *Partition of
        space*, 1943), and ``C(m, D−1)`` pairs of rays of m hyperplanes.
        """
        distinct = len(self._refined) - self.table.width
        width = self.table.width
        if form == "plain":
            # A row that is a coordinate hyperplane counts as data, too.
            return self._block_size(form, [(generic_count(len(self.table), width), width)], False)
        if form == "supports":
            n = len(self.table)
            counts = [(math.comb(width, t) * generic_count(n, t), t) for t in range(1, width + 1)]
            return self._block_size(form, counts, False)
        if form == "rays":
            return self._ray_size(math.comb(distinct + width, width - 1), False)
        raise ProblemError(f"form must be 'plain', 'supports' or 'rays', not {form!r}")

    @cached_property
    def plain(self) -> BlockForm:
        """One block per pattern of the full support.

        Raises
        ------
        ProgramTooLargeError
            If it needs more than the memory allowed.
        """
        self._require_memory("plain")
        return self._blocks("plain", types_on(self.table, tuple(range(self.table.width))))

    @cached_property
    def by_support(self) -> BlockForm:
        """One block per neuron type.

        Raises
        ------
        ProgramTooLargeError
            If it needs more than the memory allowed.
        """
        self._require_memory("supports")
        every = (t for s in supports(self.table.width) for t in types_on(self.table, s))
        return self._blocks("supports", list(every))

    @cached_property
    def rays(self) -> RayForm:
        """One variable per extreme ray, side and sign.

        Raises
        ------
        ProgramTooLargeError
            If it needs more than the memory allowed.
        """
        self._require_memory("rays")
        table = self.table
        rays = extreme_rays(table.points)
        size = self._ray_size(len(rays), True)
        return RayForm(rays, table.points, self._affine, table.labels, size)

    @cached_property
    def _refined(self) -> Integers:
        return hyperplanes(self.table.points)

    @property
    def _affine(self) -> Integers:
        return self.table.points[:, : self.table.width if self.skip == "affine" else 0]

    def _blocks(self, form: Form, types: list[NeuronType]) -> BlockForm:
        table = self.table
        size = self._block_size(form, [(1, len(t.support)) for t in types], True)
        blocks = tuple(Block(t, table.points) for t in types)
        return BlockForm(blocks, self._affine, table.labels, size)

    def _block_size(self, form: Form, counts: list[tuple[int, int]], exact: bool) -> ProgramSize:
        """Size from how many blocks there are of how many inputs."""
        n, free = self._affine.shape
        blocks = sum(count for count, _ in counts)
        inputs = sum(count * inputs for count, inputs in counts)
        return ProgramSize(
            form, blocks, 2 * inputs + free, n, 2 * n * blocks, n * (4 * inputs + free), exact
        )

    def _ray_size(self, pairs: int, exact: bool) -> ProgramSize:
        n, free = self._affine.shape
        return ProgramSize("rays", pairs, 4 * pairs + free, n, 0, n * (4 * pairs + free), exact)

    def _require_memory(self, form: Form) -> None:
        size = self.largest_size(form)
        allowed = self.memory if self.memory is not None else _half_of_memory()
        if size.n_bytes > allowed:
            raise ProgramTooLargeError(
                f"{size}; {allowed / 2**30:.3g} GiB are allowed: {_ALTERNATIVES[form]}"
            )


def _half_of_memory() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2


def _number(count: int) -> str:
    return (
        f"{count:,}" if count < 10**9 else f"{float(count):.3g}" if count < 10**300 else "> 1e300"
    )
