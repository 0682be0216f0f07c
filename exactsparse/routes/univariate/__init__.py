"""One feature with a free affine part: exact for every p in [0, 1]."""

from exactsparse.routes.declaration import Route, Scope

ROUTE = Route(
    method="univariate",
    package="univariate",
    does="counts the neurons of one feature with skip 'affine', or minimises their path norm",
    scopes=(Scope(("neurons", "path_norm"), skips=("affine",), features=(1, 1)),),
    options=("time_limit",),
)
