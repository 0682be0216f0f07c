"""Instances whose optimum is known, and their certificates, written by the oracle."""

from dataclasses import dataclass
from typing import Any

from tests.check.common import Json
from tests.oracles.search_certificates import certificate, rank_level

Row = tuple[str | int, ...]
CONES = object()


@dataclass(frozen=True)
class Instance:
    """Points (*x, y), a network of least cost, and the rows of each level by rank."""

    points: list[Row]
    neurons: list[Row]
    levels: list[Any]
    kind: str = "parameters"
    skip: Row | None = None

    @property
    def data(self) -> tuple[list[Row], list[str | int]]:
        return [row[:-1] for row in self.points], [row[-1] for row in self.points]

    def level(self, cost: int, rows: Any, **options: Any) -> Json:
        if rows is CONES:
            return {"cost": cost, "method": "cones"}
        skip = self.skip is not None
        return rank_level(*self.data, cost, rows, kind=self.kind, skip=skip, **options)

    def tree(self, **options: Any) -> Json:
        levels = [self.level(cost, rows, **options) for cost, rows in enumerate(self.levels, 1)]
        return certificate(*self.data, (self.neurons, self.skip), levels, kind=self.kind)


GENERIC = Instance(
    [(-7, -1, 6), (-6, 6, -9), (-5, 9, -6), (3, -3, 4), (5, 6, 3)],
    [
        ("-256/7", 0, 0, 1), ("324/7", 0, 0, 1), (0, "-403/7", 0, 1), (0, "277/21", 0, 1),
        (0, 0, "2153/7", -1),
    ],
    [[0, 4], [0, 4, 2], [0, 4, 2, 1], [0, 4, 2, 1, 3]],
)  # fmt: skip
# All that is known of three of its points is 0.
CORNER = Instance(
    [(-2, 1, -3), (-1, -1, 0), (0, 2, -3), (1, 0, 0), (1, 3, -3), (2, -1, 0), (3, 2, 0)],
    [("-3/5", 0, 0, 1), ("-6/5", "6/5", "3/5", -1)],
    [[0, 4, 1], [0, 4, 1, 6, 2], CONES],
)
# One parameter less than there are points.
SPARSE = Instance(
    [(-8, -1, -3), (3, 0, -5), (3, 4, 9), (6, 2, 0), (7, 6, 7)],
    [("-13/5", "21/5", 0, 1), ("5/3", "-494/15", 0, -1)],
    [[0, 4], [0, 4, 2], [0, 4, 2, 1]],
)
AFFINE = Instance(
    [(-8, -1, -5), (3, 0, -1), (3, 4, 0), (6, 2, 8), (7, -5, 0), (7, 6, -6), (9, -3, -5)],
    [(0, "275/36", 0, 1), ("-347/12", "2329/36", "-5305/36", -1)],
    [[0, 1, 2, 3, 6], [0, 1, 2, 3, 6, 5], [0, 1, 2, 3, 6, 5, 4]],
    skip=("-23/18", "-11/9", "17/6"),
)
NEURONS = Instance(
    [
        (-9, 3, 4), (-9, 5, -1), (-5, 9, -7), (-3, -6, 6), (-2, 9, -6), (-1, -6, 6), (1, -9, -9),
        (5, 6, 3),
    ],
    [
        ("-1/3", "11/6", "-67/6", -1), ("5/14", -7, "-319/14", -1),
        ("5/14", -2, "185/14", 1),
    ],
    [[0, 4, 2, 6], [0, 4, 2, 6, 1, 5, 3]],
    kind="neurons",
)  # fmt: skip
KNOTS = Instance(
    [
        (-8, -1, -1), (0, -5, 1), (3, 0, -5), (3, 4, -6), (6, 2, 0), (7, -5, -7), (7, 6, 8),
        (9, -3, -6),
    ],
    [
        ("-19005/9724", "159/286", "100599/9724", -1),
        ("-30775/9724", "-5463/2431", "149065/9724", 1),
    ],
    [[0, 1, 2, 3, 6, 5, 7]],
    kind="neurons",
    skip=("16/17", "30/17", "-156/17"),
)  # fmt: skip
# More parameters than points.
ZIGZAG = Instance(
    [(0, 1), (1, -1), (2, 1), (3, -1), (4, 1)],
    [(1, -1, 4), (1, -2, -4), (1, -3, 4)],
    [[0, 1, 2, 4], [0, 1, 2, 4, 3], CONES, CONES, CONES],
    skip=(-2, 1),
)
CRAMPED = Instance(
    [(-8, 3), (-1, 0), (3, 7), (4, 6)],
    [(-10, 0, -1), (1, 0, -1), (0, 10, 1), ("-73/7", "-73/7", 1)],
    [[0, 2], [0, 2, 3], [0, 2, 3, 1], CONES],
)
ALTERNATING = Instance(
    [(0, 1), (1, -1), (2, 1), (3, -1), (4, 1)],
    [("-11/2", 11, -1), (-4, 12, 1), ("35/2", -19, 1), ("31/2", -12, -1)],
    [[0, 4, 2, 1], [0, 4, 2, 1, 3], CONES],
    kind="neurons",
)
# One input is a multiple of another, and one is constant: like the bias.
DEPENDENT = Instance(
    [(-2, -4, 1, 0), (-1, -2, 1, 1), (1, 2, 1, -1), (2, 4, 1, 3), (3, 6, 1, 2)],
    [(-10, 0, 0, 0, 1), (0, 0, 30, 0, 1), (-11, 0, 28, 0, -1), (7, 0, 7, 0, -1)],
    [[4, 2], [4, 2, 1], [4, 2, 1, 3], CONES, CONES],
)
# Two neurons that are active on all points, with opposite signs.
OPPOSITE = Instance([(1, 1), (2, -1)], [(0, 3, 1), (1, 0, -2)], [[0, 1]])
INSTANCES = {
    "generic": GENERIC, "corner": CORNER, "sparse": SPARSE, "affine": AFFINE, "neurons": NEURONS,
    "knots": KNOTS, "zigzag": ZIGZAG, "cramped": CRAMPED, "alternating": ALTERNATING,
    "dependent": DEPENDENT, "opposite": OPPOSITE,
}  # fmt: skip
TABLE = "x1,x2,y\n" + "".join(f"{a},{b},{c}\n" for a, b, c in GENERIC.points)
