"""The argument by trees over activities: no network of cost 0, 1, ..., v - 1 meets the windows.

Let x = (x, 1) be the inputs of a point. That the costs from 0 to c - 1 are excluded leaves few
kinds of networks of cost c (network_kinds.py): neurons, each with some inputs T and a sign s, and
columns whose weights have any sign; with a skip all inputs are such columns, too. A neuron adds
s h_+, where h = w . x_T is its height; its weights are s w. It is active at a point only if h >= 0,
and inactive only if h <= 0: where h = 0, both may be said. There is a tree for each kind. Take a
network of the kind that meets all windows, and go down from the root so that it has, at each node,
the activities of the path: some points, and which neurons are active there. What it adds at these
points is linear in its weights, and so are the signs of the heights.

Leaf. It lists inequalities of the path: windows, and signs of heights. A combination of them, with
multipliers of the right signs, says 0 < 0: no network has these activities (Farkas). The
multipliers are not written down. They are those with which the vectors add up to zero, and there
must be just one such relation, up to a factor.

Node. It names a point that is not on the path. A child is a set of neurons that are active there.
All sets must be children but for those that need not be: we show that the network has one of the
others, if need be after its weights are exchanged for some that do the same.

* Cells. If x_T at the point is a nonnegative combination of outward normals of the cell, which are
  x_T at the points of the path where the neuron is inactive, and -x_T where it is active, its
  height there is not positive: it is inactive. If -x_T is one, the neuron is active. Claims of this
  are checked.
* Twins. Neurons of equal inputs and sign that were alike on the path may be exchanged. So of two
  such neurons, one after the other, it is the former that is active if only one is.
* Signs. Where the window asks for a positive value, some neuron of positive sign is active, unless
  a column is not zero there; alike if it asks for a negative one.
* Turns. With a skip, s h_+ = s h + s (-h)_+. At the root we turn all neurons so that they are
  inactive: only the empty set is needed.

Together they are right because of this. At a root with turns nothing else is excused. Elsewhere,
take a run of twins that were alike on the path. They have one cell, so that a claim about one of
them is true of all. If some claim says that one is active, take all as active, which is true.
Else, if some claim says that one is inactive, take all as inactive. Else exchange them until the
active ones come first. Hence where a run has claims of both kinds, just the first kind counts.
None of this changes what the network does, so that signs exclude only sets that it has not.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from typing import Any, NamedTuple

from exactsparse_check.data import Points
from exactsparse_check.inequalities import relations
from exactsparse_check.linear import Vector
from exactsparse_check.network import check_network
from exactsparse_check.network_kinds import NetworkKind, NetworkKinds
from exactsparse_check.neuron_types import Table, in_integers
from exactsparse_check.patience import Patience
from exactsparse_check.schema import Rejected, require
from exactsparse_check.windows import Window, asked

NODE, LEAF = 0, 1
INACTIVE, ACTIVE = 0, 1


class Row(NamedTuple):
    """A point with a 1, and the bounds there, times a positive number: the last of the inputs.

    The tolerance is not added; None stands for no bound.
    """

    inputs: list[int]
    lower: int | None
    upper: int | None

    @classmethod
    def of(cls, window: Window, pause: Callable[[], object]) -> "Row":
        """Scale a window."""
        ends = [end for end in (window.lower, window.upper) if end is not None]
        whole, scale = in_integers((*window.point, *ends), pause)
        width = len(window.point)
        given = iter(whole[width:])
        lower = None if window.lower is None else next(given)
        return cls([*whole[:width], scale], lower, None if window.upper is None else next(given))


class Step(NamedTuple):
    """A row of a path, the neurons that are active there, and what the network adds as a vector.

    Bit j of `alike` is set if neuron j is a twin of the one before, and was like it so far.
    """

    row: int
    active: int
    total: list[int]
    alike: int


@dataclass
class Node:
    """A row, which neurons are claimed to be so, how many children are to come, and those seen."""

    row: int
    inactive: int
    active: int
    left: int
    seen: set[int] = field(default_factory=set)


class Tree:
    """The replay of a tree for a kind of networks; `cases` counts its nodes and leaves.

    If `below`, not the tolerance is excluded but all that are less (tolerance_trees.py).

    A tree is a list of numbers. With k neurons, a leaf is LEAF, how many inequalities it has, and
    for each q (k + 1) for the window at row q of the path, and j + 1 more for the height of neuron
    j there. A node is NODE, a row, how many claims it has, these, how many children, and for each
    the active neurons, as bits, and what it is. A claim is a neuron, INACTIVE or ACTIVE, how many
    rows of the path it needs, and their places.
    """

    def __init__(
        self,
        kind: NetworkKind,
        rows: list[Row],
        tolerance: Fraction,
        skip: bool,
        patience: Patience,
        below: bool = False,
    ) -> None:
        self._neurons, self._free = kind
        self._rows, self._tolerance, self._skip = rows, tolerance, skip
        self._all_below = below
        self._patience, self.cases = patience, 0
        # The columns are those of the neurons, those that are free, and those of the skip.
        sizes = [len(support) for support, _ in kind.neurons]
        self._offsets = [sum(sizes[:j]) for j in range(len(sizes))]
        self._width = sum(sizes) + len(kind.free) + skip * len(rows[0].inputs)
        self._twins = sum(
            1 << j for j, (one, other) in enumerate(pairwise(kind.neurons), 1) if one == other
        )
        self._positive = sum(1 << j for j, (_, sign) in enumerate(kind.neurons) if sign > 0)
        self._all = (1 << len(sizes)) - 1
        self._steps, self._at, self._path = list[int](), 0, list[Step]()

    def check(self, steps: list[int]) -> None:
        """Reject the tree unless it excludes all networks of the kind."""
        self._steps, self._at, self._path = steps, 0, []
        nodes = self._enter()
        while nodes:
            node = nodes[-1]
            if node.left:
                node.left -= 1
                active = self._take()
                require(0 <= active <= self._all, "a child has active neurons that are none")
                require(active not in node.seen, "a node has a child twice")
                node.seen.add(active)
                self._path.append(self._step(node.row, active))
                below = self._enter()
                nodes += below
            else:
                for active in self._due(node):
                    require(active in node.seen, f"a node lacks the child {active}")
                nodes.pop()
                below = []
            if not below and self._path:
                self._path.pop()
        require(self._at == len(self._steps), "there are numbers after the end of the tree")

    def _take(self) -> int:
        require(self._at < len(self._steps), "the tree ends too early")
        self._at += 1
        return self._steps[self._at - 1]

    def _below(self, end: int, what: str) -> int:
        number = self._take()
        require(0 <= number < end, f"{what} is out of range")
        return number

    def _enter(self) -> list[Node]:
        """Read a node, or check a leaf: there is nothing below."""
        self._patience.pause()
        self.cases += 1
        if self._below(2, "what is to be a node or a leaf") == LEAF:
            self._check_leaf()
            return []
        row, claimed = self._below(len(self._rows), "a row"), [0, 0]
        require(all(step.row != row for step in self._path), "a row is decided already")
        for _ in range(self._below(2 * len(self._neurons) + 1, "a number of claims")):
            j, side = self._below(len(self._neurons), "a neuron"), self._below(2, "a claim")
            self._check_claim(row, j, side)
            claimed[side] |= 1 << j
        left = self._below(self._all + 2, "a number of children")
        return [Node(row, claimed[INACTIVE], claimed[ACTIVE], left)]

    def _step(self, row: int, active: int) -> Step:
        point, total = self._rows[row].inputs, list[int]()
        for j, (support, _) in enumerate(self._neurons):
            total += [point[c] if active >> j & 1 else 0 for c in support]
        alike = self._alike & ~(active ^ active << 1)
        return Step(row, active, total + self._columns(row), alike)

    def _columns(self, row: int) -> list[int]:
        """Return what is multiplied with weights of any sign."""
        point = self._rows[row].inputs
        return [max(how * point[c], 0) for c, how in self._free] + (point if self._skip else [])

    @property
    def _alike(self) -> int:
        return self._path[-1].alike if self._path else self._twins

    def _due(self, node: Node) -> Iterator[int]:
        """Give the sets of neurons that must be children."""
        if self._skip and not self._path:
            yield 0
            return
        # Claims that one is active are about all of a run of twins that were alike.
        alike, run = self._alike, node.active
        for j in (*range(len(self._neurons)), *reversed(range(len(self._neurons)))):
            if alike >> j & 1 and run >> j - 1 & 3:
                run |= 3 << j - 1
        open_ = self._all & ~node.active & (~node.inactive | run)
        point, lower, upper = self._rows[node.row]
        spare, free = self._tolerance * point[-1], any(self._columns(node.row))
        rises = lower is not None and lower > spare and not free
        falls = upper is not None and upper < -spare and not free
        part: int | None = open_
        while part is not None:
            self._patience.pause_seldom()
            found = node.active | part
            in_order = not found & ~(found << 1) & alike
            reaches = found & self._positive or not rises
            if in_order and reaches and (found & ~self._positive or not falls):
                yield found
            part = (part - 1) & open_ if part else None

    def _check_claim(self, row: int, j: int, side: int) -> None:
        """Reject what does not follow from the cell of a neuron."""
        (support, _), path = self._neurons[j], self._path
        places = [
            self._below(len(path), "a row of a claim")
            for _ in range(self._below(len(support) + 1, "a number of rows"))
        ]
        rows = [
            (row, side == INACTIVE),
            *((path[q].row, not path[q].active >> j & 1) for q in places),
        ]
        vectors = [
            [self._rows[i].inputs[c] * (1 if outward else -1) for c in support]
            for i, outward in rows
        ]
        first, *others = self._relation(vectors)
        follows = first and all(first * other <= 0 for other in others)
        require(follows, "a claim does not follow from the rows before")

    def _check_leaf(self) -> None:
        """Reject inequalities that do not contradict each other."""
        k = len(self._neurons) + 1
        codes = [
            self._below(k * len(self._path), "an inequality")
            for _ in range(self._below(self._width + 2, "a number of inequalities"))
        ]
        require(len(set(codes)) == len(codes) > 0, "a leaf has no inequality, or one twice")
        # Heights come first, as few columns have a part in them.
        places = sorted((divmod(code, k) for code in codes), key=lambda place: not place[1])
        multipliers = self._relation([self._vector(q, j) for q, j in places])
        contradicts = any(
            self._is_negative(places, [side * x for x in multipliers]) for side in (1, -1)
        )
        require(contradicts, "the inequalities of a leaf do not contradict each other")

    def _vector(self, q: int, which: int) -> Vector:
        """Return what is at most 0 for the height of a neuron, or what a window bounds."""
        step = self._path[q]
        if not which:
            return step.total
        (support, sign), active = self._neurons[which - 1], step.active >> which - 1 & 1
        point, at = self._rows[step.row].inputs, self._offsets[which - 1]
        vector = [0] * self._width
        vector[at : at + len(support)] = [point[c] * (-sign if active else sign) for c in support]
        return vector

    def _is_negative(self, places: list[tuple[int, int]], multipliers: Vector) -> bool:
        """Whether multipliers have the right signs, and the bounds add up to less than 0."""
        total, spare = 0, 0
        for (q, which), x in zip(places, multipliers, strict=True):
            point, lower, upper = self._rows[self._path[q].row]
            end = 0 if which or not x else upper if x > 0 else lower
            if end is None or (which and x < 0):
                return False
            total += x * end
            spare += 0 if which else abs(x) * point[-1]
        at_most = total + self._tolerance * spare
        return at_most < 0 or (self._all_below and at_most == 0 < spare)

    def _relation(self, vectors: Sequence[Vector]) -> Vector:
        """Return the one relation of vectors, up to a factor."""
        found = relations(vectors, self._patience.pause)
        require(len(found) == 1, f"vectors have {len(found)} relations in the place of one")
        return found[0]


def check_activities(tree: Any, points: Points, seconds: float | None, done: list[str]) -> None:
    """Replay a certificate by trees over activities, or reject it."""
    patience = Patience(seconds)
    check_network(tree, points, done, patience)
    windows, tolerance, what = asked(tree, points)
    due = tree["claim"]["value"]
    check_levels(tree, due, tree["objective"]["kind"], windows, tolerance, False, done, patience)
    done.append(f"that no network through these {what}s costs less")


def check_levels(
    tree: Any,
    due: int,
    counted: str,
    windows: list[Window],
    tolerance: Fraction,
    below: bool,
    done: list[str],
    patience: Patience,
) -> None:
    """Reject levels unless they exclude so many costs at a tolerance, or at all that are below."""
    levels, skip = tree["lower_bound"]["levels"], tree["objective"]["skip"] == "affine"
    in_order = len(levels) == due and all(level["cost"] == c for c, level in enumerate(levels))
    require(in_order, f"levels are due for the costs from 0 to {due - 1}, one after the other")
    rows = [Row.of(window, patience.pause) for window in windows]
    table = Table([row.inputs for row in rows], [])
    kinds = NetworkKinds(table, counted, skip, patience.pause_seldom)
    for level in levels:
        name = f"level {level['cost']}: "
        listed = _listed(level, name)
        cases = 0
        for kind in kinds.of_cost(level["cost"]):
            require(kind in listed, f"{name}a tree is due for {kind}")
            number, own, steps = listed.pop(kind)
            replay = Tree(own, rows, tolerance, skip, patience, below)
            try:
                replay.check(steps)
            except Rejected as rejected:
                raise Rejected(f"{name}tree {number}: {rejected}") from None
            cases += replay.cases
        for number, _, _ in listed.values():
            raise Rejected(f"{name}the tree {number} is for networks that are not asked for")
        done.append(f"{name}{len(level['trees'])} kinds of networks, excluded by {cases} cases")


def _listed(level: Any, name: str) -> dict[NetworkKind, tuple[int, NetworkKind, list[int]]]:
    """Return numbers, kinds as they are written, and steps of the trees of a level, by kind."""
    found = dict[NetworkKind, tuple[int, NetworkKind, list[int]]]()
    for number, tree in enumerate(level["trees"]):
        neurons = tuple((tuple(support), sign) for support, sign in tree["neurons"])
        kind = NetworkKind(neurons, tuple(tree["free"]))
        require(kind.in_order not in found, f"{name}the tree {number} is for the kind of another")
        found[kind.in_order] = number, kind, tree["steps"]
    return found
