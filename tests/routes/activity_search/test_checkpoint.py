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
from exactsparse.routes.activity_search import tree_walk
from exactsparse.routes.activity_search.activity_search import ActivitySearch
from exactsparse.routes.activity_search.kinds import kinds
from exactsparse.routes.activity_search.tree_walk import Job, Level
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

    budget = replace(tree_walk.BUDGET, nodes_at_once=3, keep_seconds=0.0)
    monkeypatch.setattr(tree_walk, "BUDGET", budget)


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
    whole = es.solve(X, y, tolerance="0.4", objective=objective, simplify=False, workers=1)
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
    # Nor does the network depend on when it was stopped.
    assert incumbent.network is not None
    assert incumbent.network.to_json() == whole.network.to_json()


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


@pytest.mark.usefixtures("few_nodes")
def test_jobs_are_left_whole_and_kept_in_their_places(tmp_path: Path) -> None:
    """So that a walk that goes on finds the network that comes first, at the same place."""
    X, y = data(2)
    problem = Problem.of(es.Dataset.from_arrays(X, y), tolerance="0.4", objective="neurons")
    table = IntegerTable.of_problem(problem)
    value = es.solve(X, y, tolerance="0.4", objective="neurons").value
    listed = list(kinds(table, problem.objective, False, value))
    with CheckpointFile(tmp_path / "work.sqlite", problem) as file:
        search = ActivitySearch(
            problem=problem, table=table, incumbent=first_incumbent(problem, table),
            deadline=Deadline(), progress=silent, workers=1, checkpoint=file,
        )  # fmt: skip
        search._choose_form()
        level, undone, finders = Level(value, kinds=1), dict[tuple[int, ...], Job](), []
        for number, kind in enumerate(listed):
            waiting = [Job((number,), kind, [()])]
            while waiting and search.first is None:
                job = waiting.pop(0)
                parts = search._work(job, level)
                if search.first is not None:
                    assert parts == [job]
                    assert search._work(Job((*job.order, 7), kind, [()]), level) != []
                    finders.append(job)
                waiting += parts
            undone |= {job.order: job for job in reversed(waiting)}
        assert len(finders) == 1
        assert search.first is not None and search.first[0] == finders[0].order
        search._keep(level, undone)
        again, jobs = search._kept(value, listed)
        assert (again, jobs) == (level, list(undone.values()))
        assert len({len(job.order) for job in jobs}) > 1


def test_other_intervals_are_other_data(tmp_path: Path) -> None:
    """Of equal middles: work within narrow ones proved too much within wider ones."""
    X, y = [[0, 0], [0, 1], [1, 0], [1, 1], [2, 1]], [0, 1, 1, 0, 2]
    path = tmp_path / "work.sqlite"

    def within(width: str, **options: object) -> es.Solution:
        lower, upper = ([v + side * Fraction(width) for v in y] for side in (-1, 1))
        return es.solve(X, lower=lower, upper=upper, objective="parameters", **options)

    assert (within("0.1").value, within("0.75").value) == (5, 2)
    assert within("0.1", checkpoint=path).value == within("0.1", checkpoint=path).value == 5
    with pytest.raises(es.ProblemError, match="is a checkpoint of other data"):
        within("0.75", checkpoint=path)


def test_equal_points_of_different_labels_are_kept(tmp_path: Path) -> None:
    X, y = [[0, 0], [0, 1], [1, 0], [1, 1], [1, 1]], [0, 1, 1, 0, 1]
    path = tmp_path / "work.sqlite"
    for _ in range(2):
        solution = es.solve(X, y, tolerance="0.5", objective="parameters", checkpoint=path)
        assert solution.value == es.solve(X, y, tolerance="0.5", objective="parameters").value
    with pytest.raises(es.ProblemError, match="is a checkpoint of other data"):
        es.solve(X, [*y[:-1], 0.5], tolerance="0.5", objective="parameters", checkpoint=path)


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
