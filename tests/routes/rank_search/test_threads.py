"""The threads of searches: one set of them for a process."""

from __future__ import annotations

import multiprocessing
import os
import random
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

import exactsparse as es
from exactsparse.routes.rank_search.level import Shard, Survivors
from exactsparse.routes.rank_search.rank_test import RankTest

DRAW = random.Random(0)
POINTS = [[DRAW.uniform(-1, 1) for _ in range(2)] for _ in range(6)]
LABELS = [DRAW.uniform(-1, 1) for _ in range(6)]
REPEATED = """
import resource, sys
import exactsparse as es

def solve(times):
    for _ in range(times):
        es.solve(*DATA)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

before = solve(10)
print((solve(60) - before) // 1024)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems count memory otherwise")
def test_many_searches_take_no_more_memory_than_few() -> None:
    """FLINT keeps some 0.2 MiB for every thread that ever was, four and more of them a search."""
    script = REPEATED.replace("*DATA", f"{POINTS}, {LABELS}")
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert int(run.stdout) < 20


@pytest.mark.skipif(sys.platform != "linux", reason="fork is not safe elsewhere")
def test_a_forked_process_has_threads_of_its_own() -> None:
    value = es.solve(POINTS, LABELS).value
    with multiprocessing.get_context("fork").Pool(1) as pool:
        assert pool.apply_async(_value).get(timeout=60) == value


def _value() -> object:
    return es.solve(POINTS, LABELS).value


@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="one processor runs one at a time")
def test_searches_with_one_worker_each_run_side_by_side(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two shards of two searches wait for each other."""
    together = threading.Barrier(2, timeout=60)
    run = RankTest.run
    met = set[str]()

    def wait(self: RankTest, shard: Shard) -> Survivors:
        if not met:
            together.wait()
            met.add(threading.current_thread().name)
        return run(self, shard)

    monkeypatch.setattr(RankTest, "run", wait)
    with ThreadPoolExecutor(2) as pool:
        searches = [pool.submit(es.solve, POINTS, LABELS, workers=1) for _ in range(2)]
        assert {search.result().value for search in searches} == {6}
    assert met
