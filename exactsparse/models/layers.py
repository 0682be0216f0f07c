"""Weight matrices of a one-hidden-layer ReLU network, checked and made an exact network."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exactsparse.errors import DataError
from exactsparse.exact.numbers import counted, to_fraction
from exactsparse.problem.network import Network, Neuron, Skip

Array = NDArray[Any]

# What is taken for granted of tensors whose file names no activation.
RELU = "activation relu"


def in_words(assumption: str) -> str:
    """What was taken for granted, as results say it.

    Parameters
    ----------
    assumption : str
        An entry of ``assumed``.

    Examples
    --------
    >>> in_words("activation relu")
    'taken as ReLU: the file names no activation'
    """
    return "taken as ReLU: the file names no activation" if assumption == RELU else assumption


@dataclass(frozen=True, eq=False, repr=False)
class Layers:
    """``f(x) = output · (hidden x + hidden_bias)₊ + skip x + output_bias`` as arrays.

    Parameters
    ----------
    hidden : ndarray, shape (K, d)
        Input weights, one row per neuron.
    output : ndarray, shape (1, K)
        Output weights.
    hidden_bias : ndarray, shape (K,), or None
        Biases of the neurons.
    output_bias : ndarray, shape (1,), or None
        The constant.
    skip : ndarray, shape (1, d), or None
        Linear part.
    assumed : tuple of str
        What the file does not say, and is taken to be so.
    """

    hidden: Array
    output: Array
    hidden_bias: Array | None = None
    output_bias: Array | None = None
    skip: Array | None = None
    assumed: tuple[str, ...] = ()

    def __repr__(self) -> str:
        neurons, features = self.hidden.shape
        size = counted(neurons, "neuron")
        return f"<Layers: {size} of {counted(features, 'feature')}>"

    def network(self, origin: str) -> Network:
        """The exact network: every stored float is the dyadic rational that it is.

        An output bias and a linear part become the skip; without them there is none.

        Parameters
        ----------
        origin : str
            What messages call the model.

        Raises
        ------
        DataError
            If shapes do not fit, there is more than one output, or an entry is not finite.
        """
        self._check_shapes(origin)
        n, d = self.hidden.shape
        hidden = _fractions(self.hidden, f"{origin}: the hidden weights")
        output = _fractions(self.output, f"{origin}: the output weights")
        zeros = [Fraction(0)] * n
        bias = zeros
        if self.hidden_bias is not None:
            bias = _fractions(self.hidden_bias, f"{origin}: the hidden biases")
        neurons = tuple(
            Neuron(tuple(hidden[k * d : (k + 1) * d]), bias[k], output[k]) for k in range(n)
        )
        if self.output_bias is None and self.skip is None:
            return Network(neurons, None, d)
        slope, constant = [Fraction(0)] * d, Fraction(0)
        if self.skip is not None:
            slope = _fractions(self.skip, f"{origin}: the skip weights")
        if self.output_bias is not None:
            constant = _fractions(self.output_bias, f"{origin}: the output bias")[0]
        return Network(neurons, Skip(tuple(slope), constant), d)

    def _check_shapes(self, origin: str) -> None:
        for what, array in (("hidden", self.hidden), ("output", self.output)):
            if array.ndim != 2:
                raise DataError(
                    f"{origin}: the {what} weights have shape {array.shape}; a matrix is needed"
                )
        if len(self.output) != 1:
            raise DataError(f"{origin}: the model has {len(self.output)} outputs; one is needed")
        n, d = self.hidden.shape
        if d == 0:
            raise DataError(f"{origin}: the model has no input")
        wanted = {
            "output weights": (self.output, (1, n)),
            "hidden biases": (self.hidden_bias, (n,)),
            "output bias": (self.output_bias, (1,)),
            "skip weights": (self.skip, (1, d)),
        }
        for what, (values, shape) in wanted.items():
            if values is not None and values.shape != shape:
                raise DataError(
                    f"{origin}: the {what} have shape {values.shape}, but {shape} fits the hidden "
                    f"weights of shape {(n, d)}"
                )


def exact_array(values: Array, what: str) -> Array:
    """The same array of exact numbers, as objects.

    Raises
    ------
    DataError
        If an entry is no finite real number.
    """
    exact = np.empty(values.size, dtype=object)
    exact[:] = _fractions(values, what)
    return exact.reshape(values.shape)


def _fractions(values: Array, what: str) -> list[Fraction]:
    if values.dtype.kind not in "iufO":
        raise DataError(f"{what}: entries of type {values.dtype} are not real numbers")
    if values.dtype.kind == "f" and not np.isfinite(values).all():
        raise DataError(f"{what} hold NaN or infinity; such a model has no exact value")
    try:
        return [to_fraction(entry) for entry in values.ravel()]
    except ValueError as error:
        raise DataError(f"{what}: {error}") from None
