"""The lower bound of a search as a certificate states it: levels, rows, primes, shards.

A level that has survivors proves nothing by itself.  It is repeated on the rows that refuted them,
where none is left; the rows of the next level contain these.  From a level on where some survivor
had to be completed, the certificate claims no more than the truth of the statement, which the
checker decides for small data by going through all sets of types on all points.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from exactsparse.patterns.neuron_types import useful_supports
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.objective import Objective
from exactsparse.progress import Deadline, silent
from exactsparse.routes.rank_search.checkpoint import Checkpoint
from exactsparse.routes.rank_search.level import Level, Survivors
from exactsparse.routes.rank_search.modular import MOST_BITS
from exactsparse.routes.rank_search.shards import run_shards
from exactsparse.routes.rank_search.type_spans import TypeSpans


@dataclass(frozen=True, eq=False, repr=False)
class LevelRecord:
    """A level that was gone through.

    Parameters
    ----------
    cost : int
        Cost k of the networks that it excludes.
    level : Level or None
        What was tested by rank; None if the cones decided on all rows.
    rows : list of int
        Rows of the rank test.
    results : list of Survivors
        Of every shard.
    refuting : list of int or None
        Further rows that refute all survivors; None if some had to be completed.
    """

    cost: int
    level: Level | None = None
    rows: tuple[int, ...] = ()
    results: tuple[Survivors, ...] = ()
    refuting: tuple[int, ...] | None = ()

    def __repr__(self) -> str:
        how = "by cones" if self.level is None else f"on {len(self.rows)} rows"
        return f"<LevelRecord: no network of cost {self.cost}, {how}>"


def lower_bound(
    records: Iterable[LevelRecord],
    table: IntegerTable,
    objective: Objective,
    checkpoint: Checkpoint,
) -> dict[str, Any]:
    """The argument that no network has a cost of the recorded levels.

    Parameters
    ----------
    records : iterable of LevelRecord
        By cost, from 1 on.
    table : IntegerTable
        All rows.
    objective : Objective
        What is counted.
    checkpoint : Checkpoint
        Where repeated levels find their shards.
    """
    entries: list[dict[str, Any]] = []
    by_rank = True
    for record in records:
        by_rank = by_rank and record.level is not None and record.refuting is not None
        clean = _clean(record, table, objective, checkpoint) if by_rank else None
        by_rank = clean is not None
        entries.append(_entry(clean) if clean else {"cost": record.cost, "method": "cones"})
    return {"kind": "search", "levels": entries}


def _clean(
    record: LevelRecord, table: IntegerTable, objective: Objective, checkpoint: Checkpoint
) -> LevelRecord | None:
    """The level on rows where nothing survives."""
    if not any(result.sets for result in record.results):
        return record
    assert record.level is not None
    assert record.refuting is not None
    rows = (*record.rows, *record.refuting)
    if len(rows) > MOST_BITS:
        return None
    supports = useful_supports(table, objective, record.level.columns)
    space = TypeSpans.build(table.take(list(rows)), supports, record.level.space.skip)
    level = Level(space, record.level.columns)
    results = run_shards(
        level, record.cost, rows, os.cpu_count() or 1, checkpoint, Deadline(), silent, ""
    )
    if any(result.sets for result in results):
        return None
    return LevelRecord(record.cost, level, rows, tuple(results))


def _entry(record: LevelRecord) -> dict[str, Any]:
    assert record.level is not None
    shards = record.level.shards()
    return {
        "cost": record.cost,
        "method": "rank",
        "rows": list(record.rows),
        "prime": record.level.prime,
        "types": len(record.level.space),
        "leaves": record.level.leaves,
        "shards": [
            {
                "prefix": list(shard.prefix),
                "lowest": shard.lowest,
                "highest": shard.highest,
                "here": shard.here,
                "leaves": result.leaves,
                "checksum": result.checksum,
            }
            for shard, result in zip(shards, record.results, strict=True)
        ],
    }
