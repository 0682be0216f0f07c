"""What backends claim, replayed: exact networks of the types that a claim may mean."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from fractions import Fraction

from exactsparse.patterns.interpolant_of_types import interpolant_of_types
from exactsparse.patterns.neuron_types import NeuronType
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.problem import Problem
from exactsparse.progress import Deadline, Stopped
from exactsparse.upper_bounds.budget import BUDGET
from exactsparse.upper_bounds.incumbent import Incumbent

_logger = logging.getLogger(__name__)


def replay(
    incumbent: Incumbent,
    problem: Problem,
    table: IntegerTable,
    types: Sequence[NeuronType],
    sets: Iterable[Sequence[int]],
    deadline: Deadline,
) -> int | Fraction | None:
    """Look for exact networks of claimed types; offer them.

    Parameters
    ----------
    incumbent : Incumbent
        Receives them.
    problem : Problem
        Data and objective.
    table : IntegerTable
        The data.
    types : sequence of NeuronType
        Types on all rows; positions 2k and 2k + 1 of a set are type k.
    sets : iterable of sequences of int
        Sets of types that a claim may mean.
    deadline : Deadline
        When to give up.

    Returns
    -------
    int or None
        Least cost of an exact network that came of the sets.

    Raises
    ------
    Stopped
        If the deadline has passed.
    """
    best: int | Fraction | None = None
    for chosen in sets:
        if len(chosen) > BUDGET.most_neurons:
            continue
        deadline.check()
        own = [types[position // 2] for position in chosen]
        limit = Deadline(min(deadline.seconds_left, BUDGET.seconds_per_set))
        try:
            skip = problem.skip == "affine"
            network = interpolant_of_types(table, range(len(table)), own, skip, limit)
        except Stopped:
            continue
        if network is None:
            _logger.debug("no exact network of the claimed types %s", own)
            continue
        if not incumbent.is_exact(network, "a claim"):
            continue
        cost = problem.cost(network)
        best = cost if best is None else min(best, cost)
        incumbent.offer(network, "a claim")
    return best
