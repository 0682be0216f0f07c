"""Finished shards in an SQLite file, so that a killed run goes on where it stopped."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from types import TracebackType

from exactsparse.errors import OutputError, ProblemError
from exactsparse.problem.problem import Problem
from exactsparse.routes.rank_search.level import Shard, Survivors

_SCHEMA = "exactsparse/checkpoint/1"


class Checkpoint:
    """Results of shards, kept in a file or, without one, nowhere.

    Parameters
    ----------
    path : path or None
        SQLite file, created if it does not exist.
    problem : Problem
        What is being solved.

    Raises
    ------
    ProblemError
        If the file belongs to other data or another objective, or is no checkpoint.
    OutputError
        If the file cannot be opened or written.
    """

    def __init__(self, path: str | os.PathLike[str] | None, problem: Problem) -> None:
        self._connection: sqlite3.Connection | None = None
        if path is None:
            return
        identity = {
            "schema": f"{_SCHEMA}, exactsparse {version('exactsparse')}",
            "data": problem.dataset.digest,
            "objective": json.dumps(problem.objective_json()),
        }
        try:
            self._connection = sqlite3.connect(Path(path), check_same_thread=False)
            with self._connection as database:
                database.execute("CREATE TABLE IF NOT EXISTS identity (key PRIMARY KEY, value)")
                database.execute(
                    "CREATE TABLE IF NOT EXISTS shards (level, prefix, lowest, leaves, checksum,"
                    " sets, PRIMARY KEY (level, prefix, lowest))"
                )
                known = dict(database.execute("SELECT key, value FROM identity"))
                if not known:
                    database.executemany("INSERT INTO identity VALUES (?, ?)", identity.items())
        except sqlite3.DatabaseError as error:
            self.close()
            if isinstance(error, sqlite3.OperationalError):
                raise OutputError(f"{path}: cannot use the checkpoint: {error}") from None
            raise ProblemError(f"{path} is not a checkpoint of exactsparse") from None
        for key, value in identity.items():
            if known and known.get(key) != value:
                self.close()
                what = {"schema": "another version", "data": "other data"}
                raise ProblemError(
                    f"{path} is a checkpoint of {what.get(key, 'another objective')}: name another "
                    "file, or remove it"
                )

    def __enter__(self) -> Checkpoint:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def finished(self, level: str) -> dict[tuple[tuple[int, ...], int], Survivors]:
        """Results of the shards of a level, by prefix and lowest type."""
        if self._connection is None:
            return {}
        rows = self._connection.execute(
            "SELECT prefix, lowest, leaves, checksum, sets FROM shards WHERE level = ?", (level,)
        )
        return {
            (tuple(json.loads(prefix)), lowest): Survivors(
                leaves, checksum, tuple(map(tuple, json.loads(sets)))
            )
            for prefix, lowest, leaves, checksum, sets in rows
        }

    def add(self, level: str, shard: Shard, survivors: Survivors) -> None:
        """Keep the result of a shard.

        Raises
        ------
        OutputError
            If the file cannot be written.
        """
        if self._connection is None:
            return
        values = (
            level,
            json.dumps(shard.prefix),
            shard.lowest,
            survivors.leaves,
            survivors.checksum,
            json.dumps(survivors.sets),
        )
        try:
            with self._connection as database:
                database.execute("INSERT OR REPLACE INTO shards VALUES (?, ?, ?, ?, ?, ?)", values)
        except sqlite3.DatabaseError as error:
            raise OutputError(f"cannot write the checkpoint: {error}") from None


def level_name(cost: int, rows: Sequence[int]) -> str:
    """Name of a level in a checkpoint: what its shards depend on, apart from the data."""
    return f"{cost}:{','.join(map(str, rows))}"
