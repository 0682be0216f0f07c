"""Levels of small instances."""

import random
from fractions import Fraction

from exactsparse.patterns.neuron_types import useful_supports
from exactsparse.problem.dataset import Dataset
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.objective import PARAMETERS, objective_named
from exactsparse.routes.rank_search.level import Level
from exactsparse.routes.rank_search.type_spans import TypeSpans
from tests.routes.rank_search.families import FAMILIES


def family_level(
    family: str, seed: int, columns: int, skip: bool, objective: str, spare: int = 0
) -> Level | None:
    """A level on as few rows as decide it, or some more; None where there is nothing to decide."""
    X, y = FAMILIES[family](seed)
    table = IntegerTable.of(Dataset.from_arrays(X, y))
    rows = columns + 1 + (len(table.basis) if skip else 0)
    if rows > len(table):
        return None
    own = table.take(list(range(min(rows + spare, len(table)))))
    level = Level(
        TypeSpans.build(own, useful_supports(table, objective_named(objective), columns), skip),
        columns,
    )
    return level if len(level.space) and not level.in_span([]) else None


def random_level(n: int, seed: int = 0) -> Level:
    """The highest level on n random points of the plane."""
    draw = random.Random(seed)
    X = [[Fraction(draw.randint(-999, 999), 1000) for _ in range(2)] for _ in range(n)]
    y = [Fraction(draw.randint(-999, 999), 1000) for _ in range(n)]
    table = IntegerTable.of(Dataset.from_arrays(X, y))
    return Level(TypeSpans.build(table, useful_supports(table, PARAMETERS, n - 1), False), n - 1)
