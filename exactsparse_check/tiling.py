"""Whether shards hold each leaf of a level exactly once."""

from exactsparse_check.leaves import Shard
from exactsparse_check.level import Level, Prefix
from exactsparse_check.schema import require


def check_tiling(level: Level, shards: list[Shard]) -> None:
    """Reject shards that do not tile the tree of leaves, or miscount their leaves.

    The shards of a node are to come in order. The first holds the leaves that belong to the node.
    Their ranges of the next type run from the last of the prefix to the end of the list, without
    overlap. Between two of them a single type t may be left out, and then the shards of the node
    below, the prefix with t, stand between these two.
    """
    left = list(enumerate(shards))[::-1]
    _check_node(level, (), left)
    require(not left, f"there are {len(left)} shards too many at the end")
    total = sum(shard.leaves for shard in shards)
    require(total == level.n_leaves, f"the shards hold {total} of {level.n_leaves} leaves")


def _check_node(level: Level, prefix: Prefix, left: list[tuple[int, Shard]]) -> None:
    """Take the shards of a node, and of the nodes below, from the end of the list."""
    at, end, here = prefix[-1] + 1 if prefix else 0, len(level.types), True
    while True:
        require(left, f"the last shards are missing, from {(*prefix, at)} on")
        number, shard = left.pop()
        due = (shard.prefix, shard.lowest, shard.here) == (prefix, at, here)
        require(due and at <= shard.highest <= end, f"shard {number} is not the one that is due")
        leaves = n_leaves(level, shard)
        require(shard.leaves == leaves, f"shard {number} holds {leaves} leaves")
        at, here = shard.highest, False
        if at == end:
            return
        if left and left[-1][1].prefix == (*prefix, at):
            below = level.n_below(at, level.rest(prefix))
            require(below, f"no leaf is below the node of shard {number + 1}")
            _check_node(level, (*prefix, at), left)
            at += 1


def n_leaves(level: Level, shard: Shard) -> int:
    """Return the number of leaves of a shard."""
    missing = level.rest(shard.prefix)
    here = level.n_here(shard.prefix) if shard.here else 0
    return here + sum(level.n_below(t, missing) for t in range(shard.lowest, shard.highest))
