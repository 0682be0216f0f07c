"""The path norm with p = 1 in any dimension: extreme rays, prices, exact duals."""

from fractions import Fraction

from exactsparse.routes.declaration import Route, Scope

_ONE = (Fraction(1), Fraction(1))
_LABELS = ("exact", "band")

ROUTE = Route(
    method="rays",
    package="column_generation",
    does="minimises the path norm with p = 1, of two features or more or with skip 'none'",
    scopes=(
        Scope(("path_norm",), skips=("none",), exponents=_ONE, labels=_LABELS),
        Scope(("path_norm",), exponents=_ONE, features=(2, None), labels=_LABELS),
    ),
    options=("time_limit",),
)
