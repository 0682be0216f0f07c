"""Any dimension, fewest parameters or neurons, also within a band: a tree over activities."""

from exactsparse.problem.objective import COUNTS, TOLERANCE
from exactsparse.routes.declaration import Route, Scope

ROUTE = Route(
    method="tree",
    package="activity_search",
    does="counts parameters or neurons, also within a tolerance, or minimises the tolerance for "
    "so many",
    scopes=(
        Scope(COUNTS, labels=("exact", "band")),
        Scope((TOLERANCE,), limits=("parameters", "neurons")),
    ),
    options=("time_limit", "workers", "checkpoint", "start"),
)
