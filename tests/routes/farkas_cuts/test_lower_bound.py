"""Branch and bound on cuts against plain enumeration."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exactsparse.progress import Deadline, Stopped
from exactsparse.routes.farkas_cuts.lower_bound import HittingSets, NodeLimit, minimal_cuts

N = 8
cuts_of = st.lists(st.integers(1, 2**N - 1), max_size=8)
costs_of = st.lists(st.integers(1, 4), min_size=N, max_size=N)


def least_cost(cuts: list[int], costs: list[int]) -> int:
    sets = (chosen for size in range(N + 1) for chosen in combinations(range(N), size))
    return min(
        sum(costs[k] for k in chosen)
        for chosen in sets
        if all(any(cut >> k & 1 for k in chosen) for cut in cuts)
    )


@given(cuts_of, costs_of)
def test_the_bound_is_the_least_cost(cuts: list[int], costs: list[int]) -> None:
    least = least_cost(cuts, costs)
    hitting = HittingSets(costs)
    found = hitting.any_within(cuts, least, lambda: None)
    assert found is not None
    assert sum(costs[k] for k in found) <= least
    assert all(any(cut >> k & 1 for k in found) for cut in cuts)
    assert hitting.any_within(cuts, least - 1, lambda: None) is None


@given(cuts_of, costs_of)
def test_cuts_that_contain_others_are_not_needed(cuts: list[int], costs: list[int]) -> None:
    kept = [cuts[k] for k in minimal_cuts(cuts)]
    assert len(set(kept)) == len(kept)
    assert least_cost(kept, costs) == least_cost(cuts, costs)


def test_a_limit_of_nodes_ends_the_work() -> None:
    with pytest.raises(NodeLimit):
        HittingSets([1] * 6).any_within([3, 12, 48], 2, lambda: None, most_nodes=0)


def test_a_deadline_ends_the_work() -> None:
    with pytest.raises(Stopped):
        HittingSets([1, 1]).any_within([3], 1, Deadline(0).check)
