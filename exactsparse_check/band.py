"""The argument within a band: windows l_0 <= f(x_0) <= u_0, ..., affine part free of charge.

Rows of equal x are intersected first. A triple p < q < r of sign + has u_q below the chord from
(x_p, l_p) to (x_r, l_r); one of sign - has l_q above the chord from (x_p, u_p) to (x_r, u_r). Let f
meet the windows. At a triple of sign + f lies below its own chord from x_p to x_r at x_q, as that
chord lies nowhere below the one of lower ends; so f has a knot of positive bend in the open
interval (x_p, x_r). Likewise for -. Knots of opposite bend are different, and so are knots in
disjoint intervals. So f has at least as many knots as there are triples, no two of them of equal
sign and with overlapping intervals. Where just one sign of bend is allowed, a triple of the other
sign forbids f.

With windows y -+ e about labels y a triple of sign s holds just if e is less than
s (b y_r + a y_p - (a + b) y_q) / (2 (a + b)), where a = x_r - x_q, b = x_q - x_p: this bounds the
least tolerance. So do two labels of one x that are 2 e apart.
"""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from exactsparse_check.patience import is_long
from exactsparse_check.schema import Rejected, in_digits, require
from exactsparse_check.univariate import Neuron, values_along
from exactsparse_check.windows import Row, Window, windows_of

Triple = tuple[int, int, int, int]
SIGNS = {"convex": 1, "concave": -1}


def check_knots(tree: Any, rows: list[Row], done: list[str], pause: Callable[[], object]) -> None:
    """Replay a certificate of fewest knots within a band, or reject it."""
    about = tree["objective"]
    windows, tolerance = windows_of(rows), about["tolerance"] or Fraction(0)
    knots = _check_network(tree, windows, tolerance, done, pause)
    if about["shape"] is not None:
        bends = _bends(tree)
        right = all(bend * SIGNS[about["shape"]] > 0 for bend in bends)
        require(right, f"the network is not {about['shape']}")
        done.append(f"that the network is {about['shape']}")
    require(knots == tree["claim"]["value"], f"the network has {knots} knots, not those claimed")
    done.append(f"that the network costs what is claimed: {knots} knots")
    triples = tree["lower_bound"]["triples"]
    _check_disjoint(triples, len(windows))
    for k, triple in enumerate(triples):
        forces = _spare(triple, windows, tolerance, pause) > 0
        require(forces, f"the triple {k} forces no knot")
    require(len(triples) == knots, f"the lower bound is {len(triples)}, the cost {knots}")
    done.append(f"that no function has fewer knots: lower bound by {len(triples)} triples")


def check_least_tolerance(
    tree: Any, rows: list[Row], done: list[str], pause: Callable[[], object]
) -> None:
    """Replay a certificate of a least tolerance for a number of knots, or reject it."""
    value, knots = tree["claim"]["value"], tree["objective"]["knots"]
    require(value >= 0, "the tolerance is negative")
    require(knots >= 0, "the number of knots is negative")
    windows = windows_of(rows)
    used = _check_network(tree, windows, value, done, pause)
    require(used <= knots, f"the network has {used} knots, more than {knots}")
    done.append(f"that the network has {used} knots, no more than {knots}")
    bound = tree["lower_bound"]
    if bound["abscissa"] is not None:
        place = bound["abscissa"]
        require(0 <= place < len(windows), "the lower bound names no abscissa")
        _, highest, lowest = windows[place]
        require(highest - lowest == 2 * value, "two labels there allow a lesser tolerance")
        done.append("that no tolerance is less: two labels of one point are twice as far apart")
        return
    if value == 0:
        done.append("that no tolerance is less: it is zero")
        return
    triples = bound["triples"]
    _check_disjoint(triples, len(windows))
    require(len(triples) > knots, f"{len(triples)} triples do not force more than {knots} knots")
    for k, triple in enumerate(triples):
        lasts = _spare(triple, windows, value, pause) >= 0
        require(lasts, f"the triple {k} allows a lesser tolerance")
    done.append(f"that no tolerance is less: below it {len(triples)} triples force as many knots")


def check_infeasible(
    tree: Any, rows: list[Row], done: list[str], pause: Callable[[], object]
) -> None:
    """Replay a certificate that no function meets the windows, or reject it."""
    about, bound = tree["objective"], tree["lower_bound"]
    width = len(tree["data"]["features"])
    windows, tolerance = windows_of(rows, width), about["tolerance"] or Fraction(0)
    if bound["kind"] == "empty_interval":
        place = bound["abscissa"]
        require(0 <= place < len(windows), "the lower bound names no abscissa")
        point, low, high = windows[place]
        empty = low is not None and high is not None and low - high > 2 * tolerance
        require(empty, "there is a value that meets the windows at the abscissa")
        where = ", ".join(map(in_digits, point))
        done.append(f"that no value meets the windows at x = {where}")
        return
    require(about["shape"] is not None, "any shape is allowed, so no triple forbids a function")
    triple = bound["triple"]
    _check_disjoint([triple], len(windows))
    wrong = triple[0] == -SIGNS[about["shape"]]
    forbids = wrong and _spare(triple, windows, tolerance, pause) > 0
    require(forbids, "the triple does not forbid the shape")
    done.append(f"that three windows allow no {about['shape']} function")


def _bends(tree: Any) -> list[Fraction]:
    return [neuron["output"] * abs(neuron["weights"][0]) for neuron in tree["network"]["neurons"]]


def _check_network(
    tree: Any,
    windows: list[Window],
    tolerance: Fraction,
    done: list[str],
    pause: Callable[[], object],
) -> int:
    """Reject a network that misses a window, in one sweep; return how many knots it has."""
    neurons: list[Neuron] = [
        (*neuron["weights"], neuron["bias"], neuron["output"])
        for neuron in tree["network"]["neurons"]
    ]
    require(all(w * v for w, _, v in neurons), "a neuron of the network is zero")
    skip = tree["network"]["skip"]
    abscissae = [window.x for window in windows]
    values = values_along(abscissae, neurons, skip["weights"][0], skip["bias"], pause)
    for i, (value, window) in enumerate(zip(values, windows, strict=True)):
        if is_long(value, tolerance):
            pause()
        require(window.holds(value, tolerance), f"the network misses the window {i} along x")
    done.append(f"that the network passes through every window: {len(windows)}")
    return len(neurons)


def _check_disjoint(triples: list[Triple], n: int) -> None:
    reached = {1: 0, -1: 0}
    for k, (sign, p, q, r) in enumerate(triples):
        require(sign in reached, f"the triple {k} has no sign")
        require(0 <= p < q < r < n, f"the triple {k} is none, from left to right")
        require(reached[sign] <= p, f"the triple {k} overlaps one before of its sign")
        reached[sign] = r


def _spare(
    triple: Triple, windows: list[Window], tolerance: Fraction, pause: Callable[[], object]
) -> Fraction:
    """Return how far, times x_r - x_p, the middle end is beyond the chord, on the sign's side."""
    sign, *places = triple
    p, q, r = (windows[place] for place in places)
    left, right = (p.lower, r.lower) if sign > 0 else (p.upper, r.upper)
    middle = q.upper if sign > 0 else q.lower
    if left is None or middle is None or right is None:
        raise Rejected("a triple needs a bound that is none")
    a, b = r.x - q.x, q.x - p.x
    if is_long(a, b, left, middle, right, tolerance):
        pause()
    return sign * (a * left + b * right - (a + b) * middle) - 2 * tolerance * (a + b)
