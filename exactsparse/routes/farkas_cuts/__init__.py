"""Fewest parameters or neurons, also within a band, by hitting sets of exact Farkas cuts."""

from exactsparse.problem.objective import COUNTS
from exactsparse.routes.declaration import Route, Scope

ROUTE = Route(
    method="cuts",
    package="farkas_cuts",
    does="counts parameters or neurons, no path norm",
    scopes=(Scope(COUNTS, labels=("exact", "band")),),
    options=("time_limit",),
    automatic=False,
)
