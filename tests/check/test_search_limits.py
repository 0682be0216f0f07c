"""Certificates of searches that cannot be replayed, or not in the time there is."""

import pytest

from exactsparse_check import patience
from tests.check.common import Clock, Judge
from tests.check.searches import GENERIC, SPARSE, ZIGZAG
from tests.oracles.search_certificates import certificate


def test_samples(judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    tree = GENERIC.tree(most=20)
    n = sum(len(level["shards"]) for level in tree["lower_bound"]["levels"])
    monkeypatch.setattr(patience, "process_time", Clock())
    assert judge(tree, seconds=None).accepted
    assert judge(tree, seconds=1000).accepted
    numbers = set()
    for seed in range(5):
        verdict = judge(tree, seconds=10, seed=seed)
        assert verdict == judge(tree, seconds=10, seed=seed)
        done = int(verdict.reason.split()[1])
        numbers.add(verdict.replayed)
        assert 0 < done < n
        assert verdict.outcome == "sampled" and not verdict.accepted
        assert str(verdict).startswith(
            f"accepted (sampled {done} of {n} shards; a full replay takes about "
        )
        assert any(step.startswith(f"{done} of {n} shards, ") for step in verdict.replayed)
        assert "the other shards; pass --full" in verdict.not_replayed
        assert "that no network through these points costs less" not in verdict.replayed
    assert len(numbers) > 1
    none = judge(tree, seconds=0)
    assert none.outcome == "undecided"
    assert str(none).startswith("undecided: no shard is done in time; a full replay takes about ")


def test_a_sample_finds_many_wrong_sums(judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    tree = GENERIC.tree(most=20)
    shards = tree["lower_bound"]["levels"][3]["shards"]
    for shard in shards[::2]:
        shard["checksum"] ^= 1
    monkeypatch.setattr(patience, "process_time", Clock())
    verdicts = [judge(tree, seconds=10) for _ in range(20)]
    assert sum(verdict.outcome == "rejected" for verdict in verdicts) > 10


def test_what_is_no_shard_is_checked_however_little_time_there_is(
    judge: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "process_time", Clock())
    tree = GENERIC.tree(most=20)
    tree["lower_bound"]["levels"][3]["shards"][-1]["leaves"] -= 1
    assert judge(tree, seconds=0).outcome == "rejected"


def test_a_method_that_nothing_writes(judge: Judge) -> None:
    tree = SPARSE.tree()
    tree["lower_bound"]["levels"][2] = {"cost": 3, "method": "completion"}
    assert judge(tree).outcome == "rejected"


def test_cones_that_take_too_long(judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "process_time", Clock())
    verdict = judge(ZIGZAG.tree(), seconds=20)
    assert verdict.outcome == "undecided"
    assert "level 4 by cones takes too long: 3 of at most 10 sets" in verdict.reason
    assert judge(ZIGZAG.tree(), seconds=None).accepted


def test_too_many_types(judge: Judge) -> None:
    points = [tuple(int(i == j) for j in range(20)) for i in range(20, -1, -1)]
    network = [(*[1] + [0] * 19, 0, 1), (*[0] * 20, -1, 1)], None
    rank = {"cost": 1, "method": "rank", "rows": [*range(21)], "prime": 3, "types": 0,
            "leaves": 0, "shards": []}  # fmt: skip
    for entry in (rank, {"cost": 1, "method": "cones"}):
        tree = certificate(points, [0] * 20 + [1], network, [entry], kind="neurons")
        verdict = judge(tree)
        assert verdict.outcome == "undecided"
        assert "too many types" in verdict.reason


def test_durations() -> None:
    words = {0: "1 seconds", 60: "60 seconds", 200: "3 minutes", 8000: "2 hours", 9**9: "4484 days"}
    assert {seconds: patience.duration(seconds) for seconds in words} == words
