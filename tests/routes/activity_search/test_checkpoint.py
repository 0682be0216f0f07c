"""Work that was done is not done again, and none counts as done that was not."""

from __future__ import annotations

import json
import random
import sqlite3
from fractions import Fraction
from pathlib import Path

import pytest

import exactsparse as es
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.problem import Problem
from exactsparse.progress import Deadline, Stopped, silent
from exactsparse.routes.activity_search import activity_search
from exactsparse.routes.activity_search.activity_search import ActivitySearch
from exactsparse.routes.checkpoint import CheckpointFile
from exactsparse.upper_bounds.portfolio import first_incumbent


def data(seed: int) -> tuple[list, list]:
    rng = random.Random(seed)
    X = [[rng.randint(-50, 50) / 10 for _ in range(2)] for _ in range(14)]
    return X, [round(abs(a) - max(a + b, 0) + rng.uniform(-0.4, 0.4), 2) for a, b in X]


@pytest.fixture
def few_nodes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Calls of few nodes, so that paths are left open all the time."""
    from dataclasses import replace

    budget = replace(activity_search.BUDGET, nodes_at_once=3, keep_seconds=0.0)
    monkeypatch.setattr(activity_search, "BUDGET", budget)


class StopsAfter(Deadline):
    """Stops at its n-th question."""

    def __init__(self, questions: int) -> None:
        super().__init__()
        self._left = questions

    def check(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise Stopped


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.usefixtures("few_nodes")
def test_stopped_again_and_again_the_answer_is_the_same(seed: int, tmp_path: Path) -> None:
    X, y = data(seed)
    objective = "neurons" if seed % 3 == 2 else "parameters"
    problem = Problem.of(es.Dataset.from_arrays(X, y), tolerance="0.4", objective=objective)
    whole = es.solve(X, y, tolerance="0.4", objective=objective)
    table, path = IntegerTable.of_problem(problem), tmp_path / "work.sqlite"
    rng, stops, programs = random.Random(seed), 0, []
    while True:
        with CheckpointFile(path, problem) as file:
            incumbent = first_incumbent(problem, table)
            search = ActivitySearch(
                problem=problem,
                table=table,
                incumbent=incumbent,
                deadline=StopsAfter(rng.randint(2, 4 + 4 * stops)),
                progress=silent,
                workers=2,
                checkpoint=file,
            )
            try:
                search.run()
            except Stopped:
                stops += 1
                assert search.bound <= whole.value
                continue
        programs = [level.programs for level in search.levels]
        break
    assert stops > 0
    assert search.bound == whole.value == incumbent.cost
    assert len(programs) == whole.value


def test_a_second_run_goes_on_where_the_first_ended(tmp_path: Path) -> None:
    X, y = data(9)
    path = tmp_path / "work.sqlite"
    first = es.solve(X, y, tolerance="0.4", objective="parameters", checkpoint=path)
    again = es.solve(X, y, tolerance="0.4", objective="parameters", checkpoint=path)
    assert (again.value, again.lower_bound) == (first.value, first.lower_bound)
    assert [level.nodes for level in again.levels] == [level.nodes for level in first.levels]
    with pytest.raises(es.ProblemError, match="is a checkpoint of another objective"):
        es.solve(X, y, tolerance="0.3", objective="parameters", checkpoint=path)
    other = [[a + 1, b] for a, b in X]
    with pytest.raises(es.ProblemError, match="is a checkpoint of other data"):
        es.solve(other, y, tolerance="0.4", objective="parameters", checkpoint=path)


def test_open_paths_cannot_be_struck_out(tmp_path: Path) -> None:
    X, y = data(9)
    path = tmp_path / "work.sqlite"
    es.solve(X, y, tolerance="0.4", objective="parameters", checkpoint=path)
    with sqlite3.connect(path) as database:
        ((text,),) = database.execute("SELECT sets FROM shards WHERE level LIKE '%cost 1'")
        counts, open_paths = json.loads(text)
        changed = json.dumps([[n + 1 for n in counts], open_paths])
        database.execute("UPDATE shards SET sets = ? WHERE level LIKE '%cost 1'", (changed,))
    database.close()
    with pytest.raises(es.ProblemError, match="cannot be trusted"):
        es.solve(X, y, tolerance="0.4", objective="parameters", checkpoint=path)


def test_a_start_is_rounded_within_the_band() -> None:
    X, y = data(4)
    best = es.solve(X, y, tolerance="0.4", objective="parameters")
    rough = es.Network(
        tuple(
            es.Neuron(tuple(w + Fraction(1, 10**9) for w in n.weights), n.bias, n.output)
            for n in best.network.neurons
        ),
        None,
        2,
    )
    again = es.solve(X, y, tolerance="0.4", objective="parameters", start=rough)
    assert again.value == best.value
