"""The path norm with 0 < p < 1 that counts biases: vertices of the program over extreme rays."""

from fractions import Fraction

from exactsparse.routes.declaration import Route, Scope

ROUTE = Route(
    method="vertices",
    package="concave_vertices",
    does="minimises the path norm with 0 < p < 1 and skip 'none'",
    scopes=(
        Scope(
            ("path_norm",),
            skips=("none",),
            exponents=(Fraction(0), Fraction(1)),
            open_exponents=True,
        ),
    ),
    options=("time_limit", "workers"),
)
