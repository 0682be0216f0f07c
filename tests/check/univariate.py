"""Certificates of one feature, made by hand."""

import hashlib
from fractions import Fraction

from tests.check.common import Json

F = Fraction
Points = list[tuple[Fraction, Fraction]]


def certificate(
    points: Points,
    knots: list[tuple[Fraction, Fraction]],
    *,
    p: str | None,
    value: object,
    bound: list[int],
) -> Json:
    """Certificate whose network has the given knots and bends, affine on the left of them."""
    text = "".join(f"{x} {y}\n" for x, y in points)
    slope = F(0)
    if len(points) > 1:
        (x0, y0), (x1, y1) = points[:2]
        slope = (y1 - y0) / (x1 - x0)
    dual = p is not None and F(p) > 0
    return {
        "schema": "exactsparse/certificate/1",
        "data": {
            "sha256": hashlib.sha256(text.encode()).hexdigest(),
            "n_points": len(points),
            "n_features": 1,
            "features": ["x"],
            "label": "y",
            "points": [[str(x), str(y)] for x, y in points],
        },
        "objective": {
            "kind": "neurons" if p is None else "path_norm",
            "p": p,
            "skip": "affine",
            "tolerance": "0",
        },
        "claim": {"status": "optimal", "value": value},
        "network": {
            "neurons": [
                {"weights": ["1"], "bias": str(-knot), "output": str(bend)} for knot, bend in knots
            ],
            "skip": {
                "weights": [str(slope)],
                "bias": str(points[0][1] - slope * points[0][0]),
            },
        },
        "lower_bound": {"kind": "path_dual", "shared": bound}
        if dual
        else {"kind": "witnesses", "indices": bound},
    }


def from_bends(*bends: int) -> Points:
    """Points at x = 0, 1, 2, ... whose slope changes at 1, 2, ... are the given ones."""
    points, slope = [(F(0), F(0)), (F(1), F(0))], 0
    for bend in bends:
        slope += bend
        points.append((points[-1][0] + 1, points[-1][1] + slope))
    return points


PLATEAU = [(F(x), F(y)) for x, y in zip(range(-2, 4), (0, 0, 1, 1, 0, 0), strict=True)]
PLATEAU_KNOTS = [(F(-1), F(1)), (F(1, 2), F(-2)), (F(2), F(1))]


def plateau(p: str | None = None) -> Json:
    if p is None or p == "0":
        return certificate(PLATEAU, PLATEAU_KNOTS, p=p, value=3, bound=[1, 2, 4])
    if p == "1":
        return certificate(PLATEAU, PLATEAU_KNOTS, p=p, value="4", bound=[])
    cost = 2 + 2 ** float(F(p))
    value = [str(F(cost - 1e-9)), str(F(cost + 1e-9))]
    return certificate(PLATEAU, PLATEAU_KNOTS, p=p, value=value, bound=[3])


PLATEAU_CSV = "x,y\n" + "".join(f"{x},{y}\n" for x, y in PLATEAU)
