"""Which networks a route begins with, and which are sought when it takes its time."""

from __future__ import annotations

import logging
from fractions import Fraction
from typing import Any

from exactsparse.exact.between import point_between
from exactsparse.patterns.interpolant_of_types import interpolant_of_types
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.network import Network, Skip
from exactsparse.problem.objective import Objective
from exactsparse.problem.problem import Problem
from exactsparse.progress import Deadline
from exactsparse.upper_bounds.budget import BUDGET
from exactsparse.upper_bounds.chain_in_band import chain_within_band
from exactsparse.upper_bounds.directional_interpolant import directional_interpolant
from exactsparse.upper_bounds.few_digits import of_few_digits
from exactsparse.upper_bounds.incumbent import Incumbent
from exactsparse.upper_bounds.model_in_band import round_within_band
from exactsparse.upper_bounds.reweighted_interpolant import sparse_interpolant
from exactsparse.upper_bounds.rounding import round_to_exact
from exactsparse.upper_bounds.sparse_in_band import offer_within_band

_logger = logging.getLogger(__name__)


def first_incumbent(problem: Problem, table: IntegerTable) -> Incumbent:
    """An incumbent that holds interpolation along a direction, which always is at hand.

    Parameters
    ----------
    problem : Problem
        Data and objective.
    table : IntegerTable
        The data.
    """
    incumbent, skip = Incumbent(problem, table), problem.skip == "affine"
    along = directional_interpolant if table.bounds is None else chain_within_band
    network = along(table, problem.objective.stand_in, skip)
    incumbent.offer(network, "interpolation along a direction")
    return incumbent


def affine_alone(table: IntegerTable, skip: bool) -> Network | None:
    """The network without neurons, where the affine part alone meets all rows; else None, proved.

    Parameters
    ----------
    table : IntegerTable
        The data.
    skip : bool
        Whether an affine part is free; without one, labels must be 0, or bounds include it.
    """
    if table.bounds is not None:
        return _affine_within_band(table, skip)
    return interpolant_of_types(table, range(len(table)), (), skip, Deadline())


def offer_sparse(
    incumbent: Incumbent, problem: Problem, table: IntegerTable, deadline: Deadline
) -> None:
    """Offer what reweighting finds below the incumbent, in a share of the time.

    Parameters
    ----------
    incumbent : Incumbent
        Receives it.
    problem : Problem
        Data and objective.
    table : IntegerTable
        The data.
    deadline : Deadline
        Of the whole search.
    """
    skip, below = problem.skip == "affine", float(incumbent.cost)
    share = _share(deadline)
    if table.bounds is not None:

        def offered(network: Network) -> float:
            incumbent.offer(network, "reweighted minimisation")
            return float(incumbent.cost)

        offer_within_band(table, problem.objective, skip, share, offered, below)
        return
    network = sparse_interpolant(table, problem.objective, skip, share, below)
    incumbent.offer(network, "reweighted minimisation")


def sparse_network(
    table: IntegerTable, objective: Objective, skip: bool, deadline: Deadline, below: int
) -> Network | None:
    """A network within bounds that costs less than a number, by reweighting in a share of the time.

    Parameters
    ----------
    table : IntegerTable
        The data, with bounds.
    objective : Objective
        What is counted.
    skip : bool
        Whether an affine part is free.
    deadline : Deadline
        Of the whole search.
    below : int
        What costs as much is of no use.
    """
    found: list[Network] = []
    share = _share(deadline)

    def offered(network: Network) -> float:
        cost = float(objective.cost_of(network))
        if cost < below:
            found.append(network)
            share.end()
        return cost

    offer_within_band(table, objective, skip, share, offered, below)
    return found[0] if found else None


def prefer_few_digits(
    incumbent: Incumbent, problem: Problem, table: IntegerTable, deadline: Deadline
) -> None:
    """Give the incumbent weights of few digits, where a band leaves room and they are wanted.

    Parameters
    ----------
    incumbent : Incumbent
        Receives it.
    problem : Problem
        Data and objective.
    table : IntegerTable
        The data.
    deadline : Deadline
        Of the whole search.

    Raises
    ------
    Stopped
        If it has passed.
    """
    deadline.check()
    network = incumbent.network
    if table.bounds is not None and problem.simplify and network is not None:
        found = of_few_digits(table, network, _share(deadline))
        incumbent.prefer(found, "rounding to few digits")


def rounded_model(problem: Problem, model: Any, deadline: Deadline) -> Network | None:
    """A model as an exact interpolant, or within the band; None, logged, if that fails.

    It takes a share of the time.

    Parameters
    ----------
    problem : Problem
        Data and objective.
    model : Network, str, path or torch.nn.Module
        As :func:`exactsparse.verify` takes it.
    deadline : Deadline
        Of the whole search.

    Raises
    ------
    DataError
        If the model cannot be read.
    ProblemError
        If it takes another number of features, or has a linear part that the problem has not.
    """
    from exactsparse.models import model_of
    from exactsparse.models.layers import in_words

    held = model_of(model)
    for assumption in held.assumed:
        _logger.warning("the model that the search begins with: %s", in_words(assumption))
    network = held.network.with_skip(problem.skip == "affine")
    objective, share = problem.objective, _share(deadline)
    if problem.band is not None:
        table = IntegerTable.of_problem(problem)
        rounded = round_within_band(table, network, objective, share)
    else:
        rounded = round_to_exact(problem.dataset, network, objective, share)
    if rounded.network is None:
        _logger.warning("the search begins without the model: %s", rounded.reason)
    return rounded.network


def _affine_within_band(table: IntegerTable, skip: bool) -> Network | None:
    inputs = list(table.basis) if skip else []
    found = point_between(table.points[:, inputs], table.lower.tolist(), table.upper.tolist())
    if found is None:
        return None
    affine = [Fraction(0)] * table.width
    for c, weight in zip(inputs, found, strict=True):
        affine[c] = weight
    return Network((), Skip(tuple(affine[:-1]), affine[-1]) if skip else None, table.width - 1)


def _share(deadline: Deadline) -> Deadline:
    return Deadline(min(BUDGET.seconds, BUDGET.share_of_time * deadline.seconds_left))
