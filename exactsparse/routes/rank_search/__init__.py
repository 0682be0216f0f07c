"""Any dimension, fewest parameters or neurons: by levels of neuron types and exact rank tests."""

from exactsparse.problem.objective import COUNTS
from exactsparse.routes.declaration import Route, Scope

ROUTE = Route(
    method="search",
    package="rank_search",
    does="counts parameters or neurons, no path norm",
    scopes=(Scope(COUNTS),),
    options=("time_limit", "workers", "checkpoint", "start"),
)
