"""Finished shards in a checkpoint."""

from __future__ import annotations

import json
from collections.abc import Sequence

from exactsparse.routes.checkpoint import CheckpointFile
from exactsparse.routes.rank_search.level import Shard, Survivors


class Checkpoint(CheckpointFile):
    """Results of shards, kept in a file or, without one, nowhere."""

    def finished(self, level: str) -> dict[tuple[tuple[int, ...], int], Survivors]:
        """Results of the shards of a level, by prefix and lowest type.

        Raises
        ------
        ProblemError
            If the file is damaged.
        OutputError
            If it cannot be read.
        """
        results = {}
        for prefix, lowest, leaves, checksum, sets in self.rows(level):
            survivors = Survivors(leaves, checksum, tuple(map(tuple, json.loads(sets))))
            results[tuple(json.loads(prefix)), lowest] = survivors
        return results

    def add(self, level: str, shard: Shard, survivors: Survivors) -> None:
        """Keep the result of a shard.

        Raises
        ------
        OutputError
            If the file cannot be written.
        ProblemError
            If it is damaged.
        """
        row = (
            json.dumps(shard.prefix),
            int(shard.lowest),
            int(survivors.leaves),
            int(survivors.checksum),
            json.dumps(survivors.sets),
        )
        self.keep(level, row)


def level_name(cost: int, rows: Sequence[int]) -> str:
    """Name of a level in a checkpoint: what its shards depend on, apart from the data."""
    return f"{cost}:{','.join(map(str, rows))}"
