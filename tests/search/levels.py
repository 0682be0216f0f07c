"""Levels of small instances."""

import random
from fractions import Fraction

from exactsparse.dataset import Dataset
from exactsparse.patterns import IntegerTable, useful_supports
from exactsparse.search.level import Level
from exactsparse.search.types import TypeSpace
from tests.search.families import FAMILIES


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
    level = Level(TypeSpace.build(own, useful_supports(table, objective, columns), skip), columns)
    return level if len(level.space) and not level.in_span([]) else None


def random_level(n: int, seed: int = 0) -> Level:
    """The highest level on n random points of the plane."""
    draw = random.Random(seed)
    X = [[Fraction(draw.randint(-999, 999), 1000) for _ in range(2)] for _ in range(n)]
    y = [Fraction(draw.randint(-999, 999), 1000) for _ in range(n)]
    table = IntegerTable.of(Dataset.from_arrays(X, y))
    return Level(TypeSpace.build(table, useful_supports(table, "parameters", n - 1), False), n - 1)
