"""How much the search may spend, and on what: none of it changes what is proved."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Budget:
    """Limits of the search by levels.

    Parameters
    ----------
    most_rows : int
        Rows of a level; a search that needs more stops with the bound that it has.
    most_cells : int
        Cells that are enumerated for a level, and supports that are listed.
    many_survivors : int
        Sets that survive a level before it is repeated on a further row.
    many_represented : int
        Sets that survivors may stand for before a further row is the cheaper way.
    most_spare_rows : int
        Rows beyond the columns at which that is not asked any more.
    most_extra_rows : int
        Rows that are chosen to refute survivors, before the others are completed.
    most_refuted : int
        Sets that such rows are tried on.
    sampled_sets : int
        Sets of these by which a row is chosen.
    easy_sets : int
        Sets of all levels so far below which better incumbents are not worth an effort.
    easy_cost : int
        The same for levels that cones decide: costs below it.
    fewest_leaves, most_leaves : int
        Sets of a shard.
    shards : int
        Shards that a level is split into, between these.
    table_bits, table_inputs : int
        Rows and inputs together, and inputs, of the table of refuted rows; it has 2^bits entries.
    first_buffer : int
        Entries of the buffers of a walk, which are made larger as needed.
    noise : int
        Columns of residues that replace dependent ones.
    most_open : int
        Sets left to integers by a walk, per survivor that is allowed, before a level gives up.
    worthwhile_leaves : int
        Leaves of a level below which no pairs of types are excluded.
    most_paired_types, most_paired_rows : int
        Types and rows of a level beyond which none are.
    most_candidates : int
        Sets of rows that are looked at for the proof of one cost.
    most_proofs : int
        Smaller levels that are refuted for the pairs of one.
    share_of_proofs : float
        Leaves of these, as a share of those of the level.
    few_rows : int
        Rows of a table up to which every row's activity is decided for types of several inputs.
    most_neurons : int
        Neurons of which all patterns of activity on a row are gone through.
    types_between_pauses : int
        Types between two looks at the clock.
    poll_seconds : float
        How often finished shards, the clock and Ctrl-C are looked at.
    """

    most_rows: int = 60
    most_cells: int = 500_000
    many_survivors: int = 50
    many_represented: int = 200
    most_spare_rows: int = 12
    most_extra_rows: int = 4
    most_refuted: int = 20_000
    sampled_sets: int = 32
    easy_sets: int = 100_000
    easy_cost: int = 3
    fewest_leaves: int = 100_000
    most_leaves: int = 2_000_000
    shards: int = 16
    table_bits: int = 24
    table_inputs: int = 12
    first_buffer: int = 1 << 10
    noise: int = 16
    most_open: int = 200
    worthwhile_leaves: int = 20_000_000
    most_paired_types: int = 3000
    most_paired_rows: int = 20
    most_candidates: int = 5000
    most_proofs: int = 100
    share_of_proofs: float = 0.5
    few_rows: int = 40
    most_neurons: int = 12
    types_between_pauses: int = 256
    poll_seconds: float = 0.2


BUDGET = Budget()
