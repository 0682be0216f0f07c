"""Finished work in an SQLite file, so that a killed run goes on where it stopped.

What a route has done is kept as rows: the level that they belong to, which part of it (a text and a
number), two numbers about it, and a text with the result.  Every row has a digest of its own, which
holds the data and the objective, too.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeAlias

from exactsparse.errors import OutputError, ProblemError
from exactsparse.problem.problem import Problem
from exactsparse.problem.rows import digest_of, rows_of

_SCHEMA = "exactsparse/checkpoint/2"
# Part of a level: a text and a number; two numbers about it; a text.
Row: TypeAlias = tuple[str, int, int, int, str]
# Errors that do not come of what is in the file.
_NO_ACCESS = (
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
)


class CheckpointFile:
    """Rows of finished work, kept in a file or, without one, nowhere.

    Parameters
    ----------
    path : path or None
        SQLite file, created if it does not exist.
    problem : Problem
        What is being solved.

    Raises
    ------
    ProblemError
        If the file belongs to other data or another objective, is no checkpoint, or is damaged.
    OutputError
        If the file cannot be opened or written.
    """

    def __init__(self, path: str | os.PathLike[str] | None, problem: Problem) -> None:
        self._connection: sqlite3.Connection | None = None
        if path is None:
            return
        self._path = Path(path)
        identity = {
            "schema": f"{_SCHEMA}, exactsparse {version('exactsparse')}",
            "data": _data_digest(problem),
            "objective": json.dumps(problem.objective_json()),
        }
        self._digest = _digest(*identity.values())
        try:
            known = self._opened(identity)
        except BaseException:
            self.close()
            raise
        if known and known.get("digest") != _digest(*(known.get(key) for key in identity)):
            self.close()
            raise self._damaged("what it says about itself is not what was written")
        for key, value in identity.items():
            if known and known[key] != value:
                self.close()
                what = {"schema": "another version", "data": "other data"}
                raise ProblemError(
                    f"{path} is a checkpoint of {what.get(key, 'another objective')}: name another "
                    "file, or remove it"
                )

    def _opened(self, identity: dict[str, str]) -> dict[str, Any]:
        """Open the file, or begin it; what it said about itself before."""
        try:
            database = sqlite3.connect(self._path, check_same_thread=False)
            self._connection = database
            with database:
                # Another process may be about to begin the same file.
                database.execute("BEGIN IMMEDIATE")
                tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
                if not {name for (name,) in tables} <= {"identity", "shards"}:
                    raise ProblemError(f"{self._path} is not a checkpoint of exactsparse")
                ((state,),) = database.execute("PRAGMA quick_check(1)").fetchall()
                if state != "ok":
                    raise self._damaged(state)
                database.execute("CREATE TABLE IF NOT EXISTS identity (key PRIMARY KEY, value)")
                database.execute(
                    "CREATE TABLE IF NOT EXISTS shards (level, prefix, lowest, leaves, checksum,"
                    " sets, digest, PRIMARY KEY (level, prefix, lowest))"
                )
                known = dict(database.execute("SELECT key, value FROM identity"))
                if not known:
                    rows = (identity | {"digest": self._digest}).items()
                    database.executemany("INSERT INTO identity VALUES (?, ?)", rows)
                return known
        except sqlite3.Error as error:
            if _code(error) == sqlite3.SQLITE_NOTADB:
                raise ProblemError(f"{self._path} is not a checkpoint of exactsparse") from None
            raise self._failure(error) from None

    def _damaged(self, how: object) -> ProblemError:
        return ProblemError(
            f"{self._path} is damaged ({how}), and the finished work in it cannot be trusted: "
            "remove it, or name another file"
        )

    def _failure(self, error: sqlite3.Error) -> OutputError | ProblemError:
        """What an error of SQLite means: no access, no room, or a damaged file."""
        if _code(error) in _NO_ACCESS:
            return OutputError(f"{self._path}: cannot use the checkpoint: {error}")
        return self._damaged(error)

    def __enter__(self) -> Self:
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

    def rows(self, level: str) -> list[Row]:
        """What was kept of a level.

        Raises
        ------
        ProblemError
            If the file is damaged.
        OutputError
            If it cannot be read.
        """
        if self._connection is None:
            return []
        try:
            rows = self._connection.execute(
                "SELECT prefix, lowest, leaves, checksum, sets, digest FROM shards WHERE level = ?",
                (level,),
            ).fetchall()
        except sqlite3.Error as error:
            raise self._failure(error) from None
        for *values, digest in rows:
            if digest != _digest(self._digest, level, *values):
                raise self._damaged("a finished part is not what was written")
        return [tuple(row[:-1]) for row in rows]

    def keep(self, level: str, row: Row) -> None:
        """Keep a row, in the place of one of the same part.

        Raises
        ------
        OutputError
            If the file cannot be written.
        ProblemError
            If it is damaged.
        """
        if self._connection is None:
            return
        values = (level, *row)
        try:
            with self._connection as database:
                database.execute(
                    "INSERT OR REPLACE INTO shards VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (*values, _digest(self._digest, *values)),
                )
        except sqlite3.Error as error:
            raise self._failure(error) from None


def _data_digest(problem: Problem) -> str:
    """What the finished work is about: labels, of equal points all, or an interval per row."""
    if problem.band is None:
        return problem.dataset.digest
    return digest_of(rows_of(problem.dataset))


def _digest(*values: object) -> str:
    """SHA-256 of values, types included."""
    return hashlib.sha256(repr(values).encode("utf-8", "backslashreplace")).hexdigest()


def _code(error: sqlite3.Error) -> int | None:
    """Primary result code; None where the Python module failed by itself."""
    code = getattr(error, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF
