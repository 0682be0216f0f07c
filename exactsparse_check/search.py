"""The argument for any number of features: no network of cost 1, 2, ..., v - 1, level by level.

Let x = (x, 1) be the inputs of a point, and let the cost of a network count its neurons or their
nonzero weights and biases. A network of cost 0 is 0, or what the skip is; that this misses a label
is checked at once. A level c is excluded in one of two ways.

"cones" (cones.py): all points are looked at, and all networks of cost c.

"rank": just some rows R_c of the points are looked at, and of the neurons just their linear spans.

Types. A neuron v (w . x)_+ that uses the inputs T only is, on the rows R, in the closure of one
chamber (arrangement.py) of the vectors x_T, where it is active on the rows m of the mask: its
values on R are in the span V of the columns of x_T, set to 0 outside of m. A type is a pair (T, m).
Only T with independent columns on all points are needed, as else a smaller set does; and if
neurons are counted, only a single one with the same span as all inputs. Further types are left out:
* those with an empty mask, as V = 0;
* with a skip, one of two masks that are complements on the rows with x_T != 0, as their V agree up
  to the span of the skip;
* "free" types, whose V are all vectors that vanish outside of m, if m is part of the mask of
  another free type with as many inputs.

Reduction. Let a set of types have V that, with the skip, contain the labels on R_k. We may leave
out types that are not needed; merge two types of equal mask into one, of the union of their T, as
w + w' is in a chamber of that mask (with -w instead of w if complements were identified), and of
an independent part of that union; and replace a free type by the one that is listed. The labels
remain in the span, and no step raises the cost. In the end the set is a leaf of the level c of its
cost (level.py: a set of listed types with so many columns in all), with c <= k, and all these
types are types on the fewer rows R_c, too, if R_c is part of R_k. There we go on: either the cost
does not change, or it is that of a lower level yet. So if a network of cost k exists, then for
some c <= k the labels on R_c are in the span of the skip and of a leaf of level c, or (c = 0) of
the skip alone. Thus the levels 1, ..., k are excluded as soon as

* the rows of each rank level are part of those of the next, and no other level comes between,
* on the rows of each level, the labels are not in the span of the skip, and
* no leaf of these levels has the labels in its span, over the rationals.

Each leaf has a determinant modulo a prime that, if it is not 0, proves the last (leaves.py); the
others are decided over the rationals (zeros.py). To be replayed in parts, the leaves are cut into
shards (tiling.py); each comes with the sum of its determinants, so that a replay shows that the
solver has computed the same.
"""

from itertools import pairwise
from random import Random
from typing import Any

from exactsparse_check.cones import Cones
from exactsparse_check.data import Points
from exactsparse_check.leaves import Replay, Shard
from exactsparse_check.level import Level
from exactsparse_check.linear import is_prime, spans
from exactsparse_check.network import check_network
from exactsparse_check.neuron_types import Supports, Table, types_on
from exactsparse_check.patience import OutOfTime, Patience, duration
from exactsparse_check.schema import Rejected, Variants, require
from exactsparse_check.tiling import check_tiling
from exactsparse_check.verdict import Outcome

SHARD = {
    "prefix": [int], "lowest": int, "highest": int, "here": bool, "leaves": int, "checksum": int,
}  # fmt: skip
RANK = {
    "cost": int, "method": "rank", "rows": [int], "prime": int, "types": int, "leaves": int,
    "shards": [SHARD],
}  # fmt: skip
LEVELS = Variants("method", {"rank": RANK, "cones": {"cost": int, "method": "cones"}})
# What a proof may ask for, whatever it declares: rows of a level by rank (solvers take up to 60),
# types, and numbers that are to be kept. A prime is seen to be one in 2^13 divisions.
MOST_ROWS, MOST_TYPES, MOST_NUMBERS = 128, 100_000, 10_000_000
# Coordinates that are kept to enumerate types grow long: some hundreds of bytes each.
MOST_COORDINATES = 4_000_000
# Minors of a node that are kept at a time take some 36 bytes each.
MOST_MINORS = 20_000_000
LARGEST_PRIME = 1 << 26


class SearchCheck:
    """The check of one certificate; `seconds` is None if it may take any time."""

    def __init__(
        self, tree: Any, points: Points, seconds: float | None, random: Random, done: list[str]
    ) -> None:
        self._tree, self._points, self._seconds, self._random = tree, points, seconds, random
        self._done, self._reasons, self._sampled = done, list[str](), ""
        self._patience = Patience(seconds)
        self.not_replayed: list[str] = []
        objective = tree["objective"]
        self._kind, self._skip = objective["kind"], objective["skip"] == "affine"
        self._table = Table.of(points, self._patience.pause)
        self._supports = Supports(self._table, self._kind)

    @property
    def outcome(self) -> tuple[Outcome, str]:
        """The outcome, if nothing is rejected, and its reason."""
        if self._reasons:
            return "undecided", "; ".join(self._reasons)
        return ("sampled", self._sampled) if self._sampled else ("accepted", "")

    def run(self) -> None:
        """Check everything, or reject."""
        check_network(self._tree, self._points, self._done, self._patience)
        value = self._tree["claim"]["value"]
        if value:
            free = spans(self._table.skip_columns(self._skip), self._table.labels)
            require(not free, "a network of cost 0 passes through every point")
        self._check_levels(value)

    def _check_levels(self, value: int) -> None:
        levels = self._tree["lower_bound"]["levels"]
        due = max(value - 1, 0)
        require(len(levels) == due, f"there are {len(levels)} levels where {due} are due")
        for cost, level in enumerate(levels, 1):
            require(level["cost"] == cost, f"the level {cost} is missing, or not in its place")
        for before, entry in pairwise(levels):
            late = entry["method"] == "rank" and before["method"] == "cones"
            require(not late, f"level {entry['cost']} by rank comes after one by cones")
        ranks = [entry for entry in levels if entry["method"] == "rank"]
        for before, entry in pairwise(ranks):
            nested = set(before["rows"]) <= set(entry["rows"])
            require(nested, f"level {entry['cost']} lacks rows of level {before['cost']}")
        with_shards = [(entry["cost"], *found) for entry in ranks if (found := self._level(entry))]
        if with_shards:
            self._note("that the shards of each level by rank hold all sets of types once")
        cones = [entry["cost"] for entry in levels if entry["method"] == "cones"]
        for cost in cones:
            self._check_cones(cost, self._seconds and self._seconds / (2 * len(cones)))
        self._replay(with_shards)
        if self.outcome[0] == "accepted":
            self._note("that no network through these points costs less")

    def _level(self, entry: dict[str, Any]) -> tuple[Level, list[Shard]] | None:
        """Build a level again, and check its shards; None if that would take too long."""
        cost, rows, prime = entry["cost"], entry["rows"], entry["prime"]
        name = f"level {cost}: "
        positions = set(rows)
        require(0 < len(rows) <= MOST_ROWS, name + f"it must have 1 to {MOST_ROWS} rows")
        proper = len(positions) == len(rows) and positions <= set(range(len(self._points)))
        require(proper, name + "the rows are not positions of different points")
        require(
            prime < LARGEST_PRIME and is_prime(prime), name + "the modulus is no prime below 2^26"
        )
        columns = self._supports.columns(cost)
        if self._has_too_many_types(cost, len(rows)):
            self._undecided(name + "there are too many types of neurons to enumerate")
            return None
        table, pause = self._table.take(rows), self._patience.pause_seldom
        try:
            require(columns < len(rows), f"{len(rows)} rows are too few for {columns} columns")
            types = types_on(table, self._supports.of_cost(cost), self._skip, pause)
            if sum(len(t.support) * len(rows) + columns for t in types) > MOST_NUMBERS:
                self._undecided(name + "there are too many types of neurons to keep")
                return None
            level = Level(table, types, columns, self._skip, prime)
            if level.n_minors > MOST_MINORS:
                self._undecided(name + "there are too many minors to keep")
                return None
            for what, number in (("types", len(types)), ("leaves", level.n_leaves)):
                require(entry[what] == number, f"there are {number} {what}")
            shards = [
                Shard(**(shard | {"prefix": tuple(shard["prefix"])})) for shard in entry["shards"]
            ]
            check_tiling(level, shards)
        except Rejected as rejected:
            raise Rejected(name + str(rejected)) from None
        except OutOfTime:
            self._undecided(name + "its types take too long to enumerate; pass --full")
            return None
        return level, shards

    def _has_too_many_types(self, cost: int, n: int) -> bool:
        numbers = self._supports.most_numbers(cost, n)
        return self._supports.most_types(cost, n) > MOST_TYPES or numbers > MOST_COORDINATES

    def _check_cones(self, cost: int, seconds: float | None) -> None:
        name = f"level {cost} by cones"
        if self._has_too_many_types(cost, len(self._points)):
            self._undecided(name + " has too many types of neurons to enumerate")
            return
        patience, cones = Patience(seconds), None
        try:
            cones = Cones(self._table, self._supports, cost, self._skip, patience.pause_seldom)
            cones.check(patience.pause)
        except Rejected as rejected:
            raise Rejected(f"{name}: {rejected}") from None
        except OutOfTime:
            of = f"{cones.done} of at most {cones.count()}" if cones else "none of the"
            self._undecided(f"{name} takes too long: {of} sets of types were gone through")
        else:
            self._note(f"{name}: that {cones.done} sets of types reach the labels in no cone")

    def _replay(self, levels: list[tuple[int, Level, list[Shard]]]) -> None:
        patience = Patience(self._seconds)
        replays = {cost: Replay(level, patience.pause) for cost, level, _ in levels}
        shards = [(cost, shard) for cost, _, shards in levels for shard in shards]
        # A sample is to be one that the writer of the certificate cannot foresee.
        self._random.shuffle(shards)
        done = 0
        for cost, shard in shards:
            try:
                replays[cost].check(shard)
            except Rejected as rejected:
                raise Rejected(f"level {cost}: {rejected}") from None
            except OutOfTime:
                break
            done += 1
        if not shards:
            return
        total = sum(shard.leaves for _, shard in shards)
        leaves = sum(shard.leaves for _, shard in shards[:done])
        self._note(f"{done} of {len(shards)} shards, {leaves} of {total} sets of types: none fits")
        if done < len(shards):
            tested = sum(replay.tested for replay in replays.values())
            whole = duration(patience.elapsed * total / max(tested, 1))
            self._sampled = (
                f"sampled {done} of {len(shards)} shards; a full replay takes about {whole}"
            )
            self.not_replayed.append("the other shards; pass --full")
            if not done:
                self._undecided(f"no shard is done in time; a full replay takes about {whole}")

    def _note(self, step: str) -> None:
        self._done.append(step)

    def _undecided(self, reason: str) -> None:
        self._reasons.append(reason)
        self.not_replayed.append(reason)
