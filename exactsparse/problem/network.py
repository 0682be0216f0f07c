"""One-hidden-layer ReLU networks with rational parameters, evaluated exactly or in float64."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from exactsparse.errors import ProblemError
from exactsparse.exact.numbers import (
    counted,
    exact_sum,
    format_rational,
    linear_text,
    rational_text,
    to_float,
    to_fraction,
)
from exactsparse.problem.arguments import Arguments, loses_digits, units_at_integers
from exactsparse.problem.objective import objective_named

if TYPE_CHECKING:
    import torch


# Of a neuron of many inputs.
_MOST_TERMS_SHOWN = 6


@dataclass(frozen=True, repr=False)
class Neuron:
    """One hidden unit ``output · (weights · x + bias)₊``.

    Parameters
    ----------
    weights : tuple of Fraction, length d
        Input weights ``w``.
    bias : Fraction
        Bias ``b``.
    output : Fraction
        Output weight ``v``.

    Examples
    --------
    >>> from fractions import Fraction
    >>> import exactsparse as es
    >>> neuron = es.Neuron((Fraction(1, 2),), Fraction(-1), Fraction(-4))
    >>> [str(weight) for weight in neuron.scaled[0]], neuron.scaled[1]
    (['2', '-4'], -1)
    """

    weights: tuple[Fraction, ...]
    bias: Fraction
    output: Fraction

    def __repr__(self) -> str:
        return f"<Neuron: {format_rational(self.output)} ({_text(self.weights, self.bias)})₊>"

    @property
    def scaled(self) -> tuple[tuple[Fraction, ...], int]:
        """``(|v| w, |v| b)`` and the sign of ``v``: the same for every rescaling of the unit."""
        size = abs(self.output)
        sign = (self.output > 0) - (self.output < 0)
        return (*(size * w for w in self.weights), size * self.bias), sign

    @property
    def is_active(self) -> bool:
        """Whether ``v (w, b)`` is nonzero."""
        return bool(self.output) and (bool(self.bias) or any(self.weights))


@dataclass(frozen=True, repr=False)
class Skip:
    """The free affine part ``weights · x + bias``.

    Parameters
    ----------
    weights : tuple of Fraction, length d
        Coefficients ``a``.
    bias : Fraction
        Constant ``c``.

    Examples
    --------
    >>> import exactsparse as es
    >>> str(es.solve([0, 1], [3, 5]).network.skip.bias)
    '3'
    """

    weights: tuple[Fraction, ...]
    bias: Fraction

    def __repr__(self) -> str:
        return f"<Skip: {_text(self.weights, self.bias)}>"


@dataclass(frozen=True, eq=False, repr=False)
class Network:
    """``f(x) = Σ vₖ (wₖ · x + bₖ)₊ + a · x + c`` with rational parameters.

    Two networks are equal when they have the same skip and the same neurons up to order and
    rescaling ``(w, b, v) → (tw, tb, v/t)``.

    Parameters
    ----------
    neurons : tuple of Neuron
        Hidden units.
    skip : Skip or None
        The affine part; None for a network without one.
    n_features : int
        Input dimension.

    Examples
    --------
    >>> import exactsparse as es
    >>> network = es.solve([0, 1, 2], [0, 1, 0]).network
    >>> network.n_neurons, str(network.evaluate("1/3")), network.predict([3.0])
    (1, '1/3', array([-1.]))
    """

    neurons: tuple[Neuron, ...]
    skip: Skip | None
    n_features: int

    def __repr__(self) -> str:
        affine = "" if self.skip is None else " and an affine part"
        size = counted(len(self.neurons), "neuron")
        return f"<Network: {size}{affine} of {counted(self.n_features, 'feature')}>"

    def _repr_latex_(self) -> str | None:
        # An upward import, as users expect notebooks to show it.
        from exactsparse.export.latex import notebook_latex

        return notebook_latex(self)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Network):
            return NotImplemented
        return self._key() == other._key()

    def __hash__(self) -> int:
        dimension, skip, neurons = self._key()
        return hash((dimension, skip, frozenset(neurons.items())))

    def _key(self) -> tuple[int, Skip, Counter[Any]]:
        zero = (Fraction(0),) * self.n_features
        active = Counter(neuron.scaled for neuron in self.neurons if neuron.is_active)
        return self.n_features, self.skip or Skip(zero, Fraction(0)), active

    @property
    def n_parameters(self) -> int:
        """Nonzero input weights and biases of active neurons: the multivariate ℓ⁰ path norm."""
        active = (neuron for neuron in self.neurons if neuron.output)
        return sum(bool(neuron.bias) + sum(map(bool, neuron.weights)) for neuron in active)

    @property
    def n_neurons(self) -> int:
        """Active neurons; with an affine part, those of nonzero input weights only."""
        active = (neuron for neuron in self.neurons if neuron.output)
        constant = self.skip is None
        return sum(any(n.weights) or (constant and bool(n.bias)) for n in active)

    @property
    def l1_path_norm(self) -> Fraction:
        """``Σ ‖vₖ(wₖ, bₖ)‖₁``, exact: biases count, the affine part does not."""
        # Neurons that were made together often share their weights.
        known = {id(n.weights): n.weights for n in self.neurons}
        inputs = {key: sum(map(abs, weights), Fraction(0)) for key, weights in known.items()}
        return exact_sum(
            abs(n.output) * (inputs[id(n.weights)] + abs(n.bias)) for n in self.neurons
        )

    def count(self, objective: str) -> int:
        """What an objective counts, ``"neurons"`` or ``"parameters"``."""
        return int(objective_named(objective).cost_of(self))

    def evaluate(self, point: Any) -> Fraction:
        """Value at one point, exact.

        Parameters
        ----------
        point : sequence of length d, or one number if d = 1
            Numbers, Fractions or decimal strings.

        Raises
        ------
        ProblemError
            If the point does not have ``d`` finite coordinates.
        """
        entries = [point] if np.ndim(point) == 0 else list(point)
        if len(entries) != self.n_features:
            raise ProblemError(
                f"the network takes {self.n_features} features, but the point has {len(entries)}"
            )
        try:
            x = [to_fraction(entry) for entry in entries]
        except ValueError as error:
            raise ProblemError(f"cannot evaluate there: {error}") from None
        value = _affine(self.skip.weights, self.skip.bias, x) if self.skip else Fraction(0)
        for neuron in self.neurons:
            value += neuron.output * max(Fraction(0), _affine(neuron.weights, neuron.bias, x))
        return value

    def predict(self, X: ArrayLike) -> NDArray[np.float64]:
        """Values at many points in float64 arithmetic, or exact and rounded where that fails.

        Exact are the values at integers beyond 2⁵³, at Fractions, Decimals and decimal strings, and
        wherever a number leaves the range of float64 on the way: infinite are only values that
        exceed it.

        Parameters
        ----------
        X : array_like, shape (m, d), or (m,) if d = 1, or a data frame of d columns
            Points.

        Returns
        -------
        ndarray of float64, shape (m,)

        Raises
        ------
        ProblemError
            If ``X`` does not have ``d`` columns.
        DataError
            If an entry is no number.
        """
        points = Arguments.of(X, one=self.n_features == 1)
        if points is None or points.floats.shape[1] != self.n_features:
            raise ProblemError(
                f"X must have {self.n_features} columns, but its shape is {np.shape(X)}"
            )
        x, values = points.floats, np.zeros(len(points.floats))
        lost = np.zeros(len(values), dtype=bool)
        with np.errstate(over="ignore", invalid="ignore", under="ignore"):
            if self.skip:
                values += x @ _floats(self.skip.weights) + to_float(self.skip.bias)
            for neuron in self.neurons:
                # Of the output its sign remains, so that nothing small is multiplied again.
                (*weights, bias), sign = neuron.scaled
                hidden = x @ _floats(weights) + to_float(bias)
                lost |= ~np.isfinite(hidden)
                values += sign * np.maximum(hidden, 0.0)
        lost |= self._loses_digits
        return points.settled(values, lost, self.evaluate, self._at_integers)

    def _at_integers(self, points: NDArray[Any]) -> list[float]:
        skip = self.skip or Skip((Fraction(0),) * self.n_features, Fraction(0))
        units = [neuron.scaled for neuron in self.neurons]
        return units_at_integers((*skip.weights, skip.bias), units, points)

    @cached_property
    def _loses_digits(self) -> bool:
        """Whether a factor is too large or too small for float64."""
        rows = [neuron.scaled[0][:-1] for neuron in self.neurons]
        rows += [self.skip.weights] if self.skip else []
        factors = [weight for row in rows for weight in row if weight]
        return bool(loses_digits(_floats(factors)).any())

    def with_skip(self, affine: bool) -> Network:
        """The same function with a free affine part, or without one.

        Without one, the constant of the affine part becomes a neuron ``c (0 · x + 1)₊``, which
        counts as one parameter.

        Parameters
        ----------
        affine : bool
            Whether the network is to have an affine part.

        Raises
        ------
        ProblemError
            If the network has a linear part and is to have none.
        """
        if affine:
            zero = Skip((Fraction(0),) * self.n_features, Fraction(0))
            return replace(self, skip=self.skip or zero)
        if self.skip is None:
            return self
        if any(self.skip.weights):
            raise ProblemError("the network has a linear part: use skip 'affine'")
        if not self.skip.bias:
            return replace(self, skip=None)
        constant = Neuron(self.skip.weights, Fraction(1), self.skip.bias)
        return replace(self, neurons=(*self.neurons, constant), skip=None)

    def to_torch(self) -> torch.nn.Module:
        """The network as a torch module in float64, with values of shape (m, 1).

        ``nn.Sequential(Linear, ReLU, Linear)``; a module of layers ``hidden``, ``output`` and
        ``skip`` where there is a linear part.  Every parameter is the nearest float64, a relative
        error of at most 2⁻⁵³ each.

        Raises
        ------
        OutputError
            If a parameter exceeds float64.
        MissingPackageError
            If torch is not installed.
        """
        # Upward imports: users expect the method, and models belong to their own room.
        from exactsparse.models.export import network_tensors
        from exactsparse.packages import require_package

        require_package("torch", "train")
        from exactsparse.models.torch_module import build_module

        return build_module(network_tensors(self))

    def to_json(self) -> dict[str, Any]:
        """JSON object with rationals as strings."""
        return {
            "neurons": [
                {
                    "weights": [rational_text(w) for w in neuron.weights],
                    "bias": rational_text(neuron.bias),
                    "output": rational_text(neuron.output),
                }
                for neuron in self.neurons
            ],
            "skip": self.skip
            and {
                "weights": [rational_text(w) for w in self.skip.weights],
                "bias": rational_text(self.skip.bias),
            },
        }


def _text(weights: Sequence[Fraction], bias: Fraction) -> str:
    names = ["x"] if len(weights) == 1 else [f"x{k + 1}" for k in range(len(weights))]
    return linear_text(weights, bias, names, _MOST_TERMS_SHOWN)


def _floats(weights: Iterable[Fraction]) -> NDArray[np.float64]:
    return np.array([to_float(weight) for weight in weights])


def _affine(weights: Iterable[Fraction], bias: Fraction, x: Sequence[Fraction]) -> Fraction:
    return sum((w * t for w, t in zip(weights, x, strict=True)), bias)
