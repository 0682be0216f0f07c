"""The least tolerance of networks of at most k parameters or neurons, by trees over activities.

Let e be the claimed tolerance. A network of cost k or less is within e of all labels: that much
suffices. That less does not is shown by the trees of activities.py for all costs from 0 to k, kind
by kind, with windows y -+ d about the labels, for all d < e at once.

For a d < e, take a network of cost c <= k within d of all labels, and none that costs less. It is
of a kind of cost c: which kinds there are depends on the points alone. So do claims about cells,
twins and turns. A window asks for a positive value at every d < e if it does at e. At a leaf, the
multipliers of the one relation give each inequality its sign, whatever d is, and say a + b d >= 0,
where b is the sum of their sizes at windows: b >= 0. This is false for all d < e if a + b e < 0, or
if a + b e = 0 and b > 0.

There are no trees if e = 0, nor if two labels of one point are 2 e apart.
"""

from fractions import Fraction
from typing import Any

from exactsparse_check.activities import check_levels
from exactsparse_check.data import Points
from exactsparse_check.network import Network
from exactsparse_check.patience import Patience
from exactsparse_check.schema import in_digits, require
from exactsparse_check.windows import Window, windows_of


def check_tolerance_trees(
    tree: Any, points: Points, seconds: float | None, done: list[str]
) -> None:
    """Replay a certificate of a least tolerance of networks, or reject it."""
    patience, about, value = Patience(seconds), tree["objective"], tree["claim"]["value"]
    counted = "neurons" if "neurons" in about else "parameters"
    most = about[counted]
    require(value >= 0, "the tolerance is negative")
    require(most >= 0, f"the number of {counted} is negative")
    width, skip = tree["data"]["n_features"], about["skip"] == "affine"
    windows = windows_of(points, width)
    network = Network(tree["network"], width, skip)
    network.check_windows(windows, value, "window", patience)
    done.append(f"that the network passes through every window: {len(windows)}")
    cost = network.cost(counted)
    require(cost <= most, f"the network costs {cost} {counted}, more than {most}")
    done.append(f"that the network costs {cost} {counted}, no more than {most}")
    bound = tree["lower_bound"]
    place = bound["abscissa"]
    if place is not None:
        _check_apart(windows, place, value)
        done.append("that no tolerance is less: two labels of one point are twice as far apart")
    elif value == 0:
        done.append("that no tolerance is less: it is zero")
    else:
        check_levels(tree, most + 1, counted, windows, value, True, done, patience)
        done.append(
            f"that no tolerance is less: below {in_digits(value)} no network of at most {most} "
            f"{counted} meets all labels"
        )
        return
    require(not bound["levels"], "there are levels where none are due")


def _check_apart(windows: list[Window], place: int, value: Fraction) -> None:
    """Reject a point whose labels are not twice the tolerance apart."""
    require(0 <= place < len(windows), "the lower bound names no point")
    _, highest, lowest = windows[place]
    apart = highest is not None and lowest is not None and highest - lowest == 2 * value
    require(apart, "two labels there allow a lesser tolerance")
