"""Fewest parameters or neurons as claims of MILP solvers, replayed exactly."""

from exactsparse.problem.objective import COUNTS
from exactsparse.routes.declaration import Route, Scope

ROUTE = Route(
    method="big-m",
    package="big_m",
    does="counts parameters or neurons, no path norm",
    scopes=(Scope(COUNTS),),
    options=("time_limit", "solver", "big_m"),
    automatic=False,
)
