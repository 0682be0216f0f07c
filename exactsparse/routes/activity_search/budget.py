"""What the search over activities does not exceed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Budget:
    """Limits, each with its reason.

    Parameters
    ----------
    nodes_at_once : int
        Nodes of a compiled call: a tenth of a second, after which the time is looked at.
    rows_at_once : int
        Rows that the nodes of a call may look at in the same time, where there are many.
    most_left : int
        Paths that a compiled call may leave.
    quick_costs : int
        Costs that are gone through before sparse networks are sought otherwise.
    easy_costs : int
        Costs whose least tolerances are found before that of a larger one.
    most_inputs : int
        Inputs of a neuron, the bias included, which are kept as bits of a word.
    most_neurons : int
        Neurons of a network: every row may have two to that power activities.
    most_kinds : int
        Kinds of networks of a cost that are listed.
    first_record, most_steps : int
        Steps of a tree that there is room for at first, and those of a certificate at most: a file
        of 20 MB.
    many_rows, rows_per_neuron : int
        Of more rows no network along a direction is made, which takes seconds, unless so many rows
        for each neuron are not too many for it.
    poll_seconds, keep_seconds : float
        How often progress is told, and written into a checkpoint.
    """

    nodes_at_once: int = 4_000
    rows_at_once: int = 20_000_000
    most_left: int = 512
    quick_costs: int = 5
    easy_costs: int = 3
    most_inputs: int = 62
    most_neurons: int = 9
    most_kinds: int = 3_000_000
    first_record: int = 1 << 14
    most_steps: int = 5_000_000
    many_rows: int = 10_000
    rows_per_neuron: int = 100
    poll_seconds: float = 0.2
    keep_seconds: float = 2.0


BUDGET = Budget()
