"""One feature with a free affine part: exact for every p in [0, 1], and within a band."""

from exactsparse.routes.declaration import Route, Scope

_ONE = (1, 1)

ROUTE = Route(
    method="univariate",
    package="univariate",
    does="counts the neurons of one feature with skip 'affine', also within a tolerance, among "
    "convex or concave functions, or minimises the tolerance or the path norm",
    scopes=(
        Scope(("neurons", "path_norm"), skips=("affine",), features=_ONE),
        Scope(
            ("neurons",),
            skips=("affine",),
            features=_ONE,
            labels=("exact", "band"),
            shapes=("convex", "concave"),
        ),
        Scope(("tolerance",), skips=("affine",), features=_ONE, limits=("knots",)),
    ),
    options=("time_limit",),
)
