"""The sign patterns that a linear function can have on given vectors."""

from collections.abc import Callable, Sequence
from math import gcd

Vector = Sequence[int]


def chambers(
    vectors: Sequence[Vector], dimension: int, pause: Callable[[], object] = lambda: None
) -> dict[int, Vector]:
    """Return {mask: w}: one w in each chamber, and the vectors i with vectors[i] . w > 0 as bits i.

    The hyperplanes v . w = 0 of the vectors v != 0 cut space into chambers: open convex cones, in
    each of which all v . w keep their signs. The vectors are taken one by one. The hyperplane H
    of a new one cuts a chamber in two iff it meets it, that is, iff the signs of the chamber are
    those of a chamber of the earlier hyperplanes' traces in H: a problem of one dimension less.
    If one of the earlier hyperplanes is H itself, it cuts none. From a point of H in the chamber,
    a short step to either side of H leads into the two halves; a chamber that is not cut lies on
    the side of H on which its w is. `pause` is called for each vector, and may raise.
    """
    found: dict[int, Vector] = {0: [0] * dimension}
    for i, v in enumerate(vectors):
        pause()
        if not any(v):
            continue
        cut = _traces(vectors[:i], v, pause)
        after: dict[int, Vector] = {}
        for mask, w in found.items():
            if mask in cut:
                point = cut[mask]
                # |u . point| >= 1 for the earlier u != 0, so that none changes its sign.
                far = 1 + max((abs(_dot(u, v)) for u in vectors[:i]), default=0)
                for side in (-1, 1):
                    step = [far * x + side * y for x, y in zip(point, v, strict=True)]
                    divisor = gcd(*step)
                    after[mask | (side > 0) << i] = [x // divisor for x in step]
            else:
                after[mask | (_dot(v, w) > 0) << i] = w
        found = after
    return found


def _traces(
    vectors: Sequence[Vector], normal: Vector, pause: Callable[[], object]
) -> dict[int, Vector]:
    """Return the chambers in the hyperplane of a normal, empty if one of the vectors has it too."""
    pivot = next(c for c, x in enumerate(normal) if x)
    a, others = normal[pivot], [c for c in range(len(normal)) if c != pivot]
    # The hyperplane has the basis a e_c - normal[c] e_pivot, over the c other than the pivot.
    traces = [[a * v[c] - normal[c] * v[pivot] for c in others] for v in vectors]
    if any(any(v) and not any(trace) for v, trace in zip(vectors, traces, strict=True)):
        return {}
    points: dict[int, Vector] = {}
    for mask, z in chambers(traces, len(others), pause).items():
        point = [0] * len(normal)
        for c, x in zip(others, z, strict=True):
            point[c] = a * x
            point[pivot] -= normal[c] * x
        points[mask] = point
    return points


def _dot(v: Vector, w: Vector) -> int:
    return sum(x * y for x, y in zip(v, w, strict=True))
