"""Ctrl-C: raised in Python, so that it ends loops; the best result so far on request."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from typing import Any

import pytest

import exactsparse as es
from exactsparse.routes.rank_search import route as rank_search
from exactsparse.routes.univariate import route as univariate

LOOP = """
import random, signal
import exactsparse as es
signal.signal(signal.SIGINT, signal.default_int_handler)
draw = random.Random(7).uniform
X = [[round(draw(-1, 1), 3) for _ in "ab"] for _ in range({rows})]
y = [round(draw(-1, 1), 3) for _ in X]
def progress(task, done, total):
    if {task!r} in task:
        print("at work", flush=True)
for _ in range(20):
    solution = es.solve(X, y, progress=progress, **{options!r})
    print("went on with", solution.status, flush=True)
"""
HARD: dict[str, tuple[int, str, dict[str, Any]]] = {
    "search": (14, "level", {}),
    "cuts": (14, "cuts", {"method": "cuts"}),
    "big-m": (14, "highs", {"method": "big-m"}),
    "rays": (250, "", {"p": 1}),
    "vertices": (7, "vertices", {"p": "1/2"}),
}


# The command, tested elsewhere, asks the other methods for their results.
@pytest.mark.parametrize(
    ("method", "on_interrupt"),
    [
        *((method, "raise") for method in HARD if method != "vertices"),
        ("rays", "return"),
        ("vertices", "return"),
    ],
)
def test_one_signal_ends_a_loop_over_problems(method: str, on_interrupt: str) -> None:
    rows, task, options = HARD[method]
    if on_interrupt == "return":
        options = options | {"on_interrupt": "return"}
    program = LOOP.format(rows=rows, task=task, options=options)
    command = [sys.executable, "-c", program]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "at work\n"
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        if on_interrupt == "raise":
            out, err = process.communicate(timeout=60)
            assert process.returncode == -signal.SIGINT
            assert err.rstrip().endswith("KeyboardInterrupt")
            assert "went on" not in out
            return
        line = next(line for line in process.stdout if "at work" not in line)
        process.kill()
        assert line == "went on with feasible\n"


def interrupt(task: str, done: int, total: int) -> None:
    raise KeyboardInterrupt


def data(rows: int) -> tuple[list[list[int]], list[int]]:
    draw = random.Random(1)
    X = [[draw.randint(-99, 99) for _ in "ab"] for _ in range(rows)]
    return X, [draw.randint(-99, 99) for _ in X]


@pytest.mark.parametrize("options", [{}, {"method": "cuts"}, {"p": 1}], ids=str)
def test_an_interrupt_inside_is_raised_or_returned(options: dict) -> None:
    X, y = data(8)
    with pytest.raises(KeyboardInterrupt):
        es.solve(X, y, progress=interrupt, **options)
    solution = es.solve(X, y, progress=interrupt, on_interrupt="return", **options)
    assert solution.status == "feasible"
    assert [solution.network.evaluate(x) for x in X] == y
    assert solution.lower_bound < solution.value


def test_an_interrupt_between_runs_of_one_feature(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(univariate, "match_run", interrupted)
    x, y = [0, 1, 2, 3, 4, 5], [0, 1, 3, 7, 15, 31]
    with pytest.raises(KeyboardInterrupt):
        es.solve(x, y, p="1/2")
    solution = es.solve(x, y, p="1/2", on_interrupt="return")
    assert solution.status == "feasible"
    assert [solution.network.evaluate(t) for t in x] == y


def test_an_interrupt_while_a_start_is_rounded_ends_the_search(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    X, y = data(8)
    start = es.solve(X, y, time_limit=1e-9).network
    monkeypatch.setattr(rank_search, "rounded_model", interrupted)
    with pytest.raises(KeyboardInterrupt):
        es.solve(X, y, start=start)
    solution = es.solve(X, y, start=start, on_interrupt="return")
    assert (solution.status, solution.lower_bound <= 1) == ("feasible", True)
    assert [solution.network.evaluate(x) for x in X] == y


def test_verify_raises_or_says_what_it_knows() -> None:
    X, y = data(8)
    model = es.solve(X, y, time_limit=1e-9).network
    raised = []

    def late(task: str, done: int, total: int) -> None:
        if task == "first interpolants":
            raised.append(task)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        es.verify(model, X, y, progress=late)
    found = es.verify(model, X, y, progress=late, on_interrupt="return")
    assert len(raised) == 2
    assert found.interpolates
    assert found.optimum is not None
    assert found.optimum.status == "feasible"
    with pytest.raises(es.ProblemError, match="on_interrupt must be one of 'raise', 'return'"):
        es.verify(model, X, y, on_interrupt="ignore")
    with pytest.raises(es.ProblemError, match="on_interrupt must be one of 'raise', 'return'"):
        es.solve(X, y, on_interrupt="ignore")
