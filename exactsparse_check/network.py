"""What a network of any number of features computes and costs, counted from scratch."""

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any

from exactsparse_check.data import Points
from exactsparse_check.patience import Patience, is_long
from exactsparse_check.schema import Rejected, require
from exactsparse_check.windows import Window, asked

ZERO = Fraction(0)
# Weights and bias, and the output weight.
Neuron = tuple[tuple[Fraction, ...], Fraction]


class Network:
    """f(x) = sum v (w x + b)_+, plus a x + c if there is a skip."""

    def __init__(self, tree: Any, width: int, skip: bool) -> None:
        require(skip or tree["skip"] is None, "the network has a skip, which the objective has not")
        affine: Any = {"weights": [ZERO] * width, "bias": ZERO}
        if skip:
            require(tree["skip"], "malformed: an object is due with the keys weights, bias as skip")
            affine = tree["skip"]
        self.affine: tuple[Fraction, ...] = (*affine["weights"], affine["bias"])
        self.neurons: list[Neuron] = [
            ((*neuron["weights"], neuron["bias"]), neuron["output"]) for neuron in tree["neurons"]
        ]
        lengths = {len(self.affine), *(len(inputs) for inputs, _ in self.neurons)}
        require(lengths == {width + 1}, "the network has not as many weights as there are features")
        self.skip = skip

    def check_windows(
        self, windows: list[Window], tolerance: Fraction, what: str, patience: Patience
    ) -> None:
        """Reject the network if it misses a window, or whatever that is called."""
        for i, window in enumerate(windows):
            value = self._value(window.point, patience)
            if is_long(value, tolerance, window.lower or ZERO, window.upper or ZERO):
                patience.pause()
            hit = window.holds(value, tolerance)
            require(hit, f"the network misses the {what} {i}, counted from 0 in sorted order")

    def _value(self, x: Iterable[Fraction], patience: Patience) -> Fraction:
        row = (*x, Fraction(1))
        value = dot(self.affine, row, patience.pause)
        for inputs, output in self.neurons:
            patience.pause_seldom()
            if is_long(value, output):
                patience.pause()
            value += output * max(ZERO, dot(inputs, row, patience.pause))
        return value

    def cost(self, kind: str) -> int:
        """Count the nonzero numbers in all v (w, b), or the neurons with v (w, b) != 0.

        With a skip, a neuron with v w = 0 is a constant, and not counted among the neurons.
        """
        active = [inputs for inputs, output in self.neurons if output]
        if kind == "parameters":
            return sum(map(bool, (number for inputs in active for number in inputs)))
        return sum(any(inputs[:-1] if self.skip else inputs) for inputs in active)


def check_network(tree: Any, points: Points, done: list[str], patience: Patience) -> None:
    """Reject a certificate whose network misses a window, or does not cost what is claimed."""
    windows, tolerance, what = asked(tree, points)
    about, value = tree["objective"], tree["claim"]["value"]
    network = Network(tree["network"], tree["data"]["n_features"], about["skip"] == "affine")
    network.check_windows(windows, tolerance, what, patience)
    done.append(f"that the network passes through every {what}: {len(windows)}")
    cost = network.cost(about["kind"])
    require(cost == value, f"the network's cost is {cost}, not the claimed one")
    done.append(f"that the network costs what is claimed: {cost} {about['kind']}")


def least_sum(
    numbers: list[Fraction],
    windows: list[Window],
    tolerance: Fraction,
    what: str,
    pause: Callable[[], object],
) -> Fraction:
    """Return what a sum of numbers times values within windows, one each, is at least.

    A number above 0 stands on the lower bound, one below 0 on the upper one; if there is none, the
    certificate is rejected for what the numbers are.
    """
    ends = list[Fraction]()
    for number, window in zip(numbers, windows, strict=True):
        end = window.lower if number > 0 else window.upper
        if end is None and number:
            raise Rejected(f"{what} needs a bound that is none")
        ends.append(end or ZERO)
    spare = dot(map(abs, numbers), [Fraction(1)] * len(numbers), pause)
    return dot(numbers, ends, pause) - tolerance * spare


def dot(a: Iterable[Fraction], b: Iterable[Fraction], pause: Callable[[], object]) -> Fraction:
    """Sum the products, and look at the clock where the sum grows long."""
    total = ZERO
    for left, right in zip(a, b, strict=True):
        if is_long(total, left, right):
            pause()
        total += left * right
    return total
