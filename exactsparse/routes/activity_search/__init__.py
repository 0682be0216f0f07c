"""Any dimension, fewest parameters or neurons, also within a band: a tree over activities."""

from exactsparse.problem.objective import COUNTS
from exactsparse.routes.declaration import Route, Scope

ROUTE = Route(
    method="tree",
    package="activity_search",
    does="counts parameters or neurons, also within a tolerance",
    scopes=(Scope(COUNTS, labels=("exact", "band")),),
    options=("time_limit", "workers", "checkpoint", "start"),
)
