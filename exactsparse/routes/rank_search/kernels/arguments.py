"""What the kernels take: a few tuples, which the compiler sees through."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from exactsparse.routes.rank_search.laplace_tables import MinorTables

Floats = NDArray[np.float64]
Integers = NDArray[Any]
Mask = NDArray[np.bool_]


class Field(NamedTuple):
    """The field of residues modulo a prime.

    Parameters
    ----------
    p : float
        The prime.
    inverse : float
        ``1 / p`` in float64.
    """

    p: float
    inverse: float

    @classmethod
    def of(cls, prime: int) -> Field:
        """The field of a prime."""
        return cls(float(prime), 1.0 / float(prime))


class TypeBlocks(NamedTuple):
    """Neuron types by size, and what every row sees through the skip.

    Parameters
    ----------
    counts, starts : ndarray of int, shape (size + 2,)
        Number of types of every size, and the first of them.
    blocks : ndarray
        Columns (n, size, count) of the types of each size, one after the other.
    masks, supports : ndarray of int
        Activation pattern and support of every type, as bits.  Sets that repeat a pattern are not
        reported.
    widths : ndarray of int
        Number of independent columns of every type.
    units : ndarray of int
        Rows, as bits, whose unit vectors are the columns of a type; 0 if they are masked inputs.
    free, free_rank : int
        Inputs that every row sees through the skip, as bits, and the rank of their columns.
    """

    counts: Integers
    starts: Integers
    blocks: Floats
    masks: Integers
    supports: Integers
    widths: Integers
    units: Integers
    free: int
    free_rank: int


class LevelArrays(NamedTuple):
    """Everything that the walks of a level share.

    Parameters
    ----------
    types : TypeBlocks
        The types.
    field : Field
        The residues that determinants are taken in.
    tables : MinorTables
        How minors are expanded.
    in_pairs : ndarray of bool
        ``[ra, rb]``: whether these sizes are tested pair by pair.
    splits : ndarray of bool
        ``[s, q]``: whether a type of size s may be followed by more, of q columns in all.
    refuted : ndarray of bool
        ``[inputs, rows]``: proof that the labels of the rows are no linear function of the inputs;
        of one entry if there is no such table.
    conflicts : ndarray of bool, shape (types, types)
        Pairs of types that depend on each other and are proved not to occur together in a set that
        reaches the labels: such sets are left out, their determinants are 0.  Of one entry if
        there is no such table.
    noise : ndarray, shape (m, k)
        Residues that replace dependent columns.
    """

    types: TypeBlocks
    field: Field
    tables: MinorTables
    in_pairs: Mask
    splits: Mask
    refuted: Mask
    conflicts: Mask
    noise: Floats


class Start(NamedTuple):
    """Where a walk begins, and the range that it goes through.

    Parameters
    ----------
    w : ndarray, shape (q, n)
        Left null space of labels, skip and given types; q columns are still to come.
    factor : float
        Determinants of the full matrix over those of the images under ``w``.
    n_padded : int
        How many columns of the given types depend on the others and were replaced, with proof.
    prefix : ndarray of int
        First types of all sets, ascending.
    given : int
        How many of them ``w`` has taken in.
    lowest, highest : int
        Range of the type after the prefix, where at least one more follows it.
    here : bool
        Test single types and pairs that complete the prefix, too.
    """

    w: Floats
    factor: float
    n_padded: int
    prefix: Integers
    given: int
    lowest: int
    highest: int
    here: bool


class Undecided(NamedTuple):
    """Buffers for what a walk leaves to integers.

    Parameters
    ----------
    sets : ndarray of int
        Sets of determinant 0 that no rank bound settles.
    dependent_last : ndarray of int
        Paths whose last type depends on the others and the labels, all pairs with which, after the
        type before, are left out.
    dependent_prefix : ndarray of int
        Such paths whose longer completions are left out.
    """

    sets: Integers
    dependent_last: Integers
    dependent_prefix: Integers


class Node(NamedTuple):
    """A path of types, and what the kernels know of it.

    Parameters
    ----------
    w : ndarray, shape (q, n)
        Left null space of labels, skip and path.
    path : ndarray of int
        The types, with room for two more.
    depth : int
        How many there are.
    lower : int
        Further types come after this one.
    factor : float
        Determinants of the full matrix over those of the images under ``w``.
    n_padded : int
        How many columns of the path were replaced, with proof.
    banned : ndarray of bool
        Types that are in conflict with the path.
    n_groups : int
        How many groups of rows see the same types of the path.
    groups, unions : ndarray of int
        These groups, as bits, and the inputs that each sees.
    """

    w: Floats
    path: Integers
    depth: int
    lower: int
    factor: float
    n_padded: int
    banned: Mask
    n_groups: int
    groups: Integers
    unions: Integers


class Buffers(NamedTuple):
    """Room for images and minors of a chunk of types, products of these, and lists of types."""

    images: Floats
    minors: Floats
    zero: Mask
    sums: Floats
    allowed: Integers


class Scratch(NamedTuple):
    """Room for bounds of ranks; ``lifted[0]`` is 0 before a path is prepared to be lifted."""

    work: Floats
    groups: Integers
    unions: Integers
    short: Integers
    table: Integers
    images: Floats
    lift: Floats
    lifted: Integers
    pivots: Integers
