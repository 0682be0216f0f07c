"""Parameters of a batch of networks as one array, their first values, and their counts."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exactsparse.errors import ProblemError
from exactsparse.packages import require_package
from exactsparse.problem.dataset import Dataset
from exactsparse.training.settings import Settings

Floats = NDArray[Any]

# A product that is smaller in comparison with the largest of its network counts as zero.
NEGLIGIBLE = 1e-5


@dataclass(frozen=True)
class Layout:
    """Where the parameters of a network stand in its row of ``P`` numbers.

    First the input weights, ``D = d + 1`` blocks of K with the biases last, then K output weights,
    then, with a skip, its D coefficients.

    Parameters
    ----------
    inputs : int
        ``D = d + 1``.
    width : int
        Neurons, K.
    skip : bool
        Whether there is an affine part.
    """

    inputs: int
    width: int
    skip: bool

    @classmethod
    def of(cls, settings: Settings, n_features: int) -> Layout:
        """Layout of a batch on data of so many features."""
        return cls(n_features + 1, settings.width, settings.skip)

    @property
    def size(self) -> int:
        """Numbers per network, P."""
        return (self.inputs + 1) * self.width + (self.inputs if self.skip else 0)

    def split(self, parameters: Any) -> tuple[Any, Any, Any]:
        """Views of weights (…, D, K), outputs (…, K), skip (…, D or 0) of an array or tensor."""
        cut, end = self.inputs * self.width, (self.inputs + 1) * self.width
        weights = parameters[..., :cut].reshape(*parameters.shape[:-1], self.inputs, self.width)
        return weights, parameters[..., cut:end], parameters[..., end:]


@dataclass(frozen=True, eq=False)
class Sample:
    """The data as floats.

    Parameters
    ----------
    points : ndarray, shape (D, N)
        Columns ``x̄ = (x, 1)``.
    labels : ndarray, shape (N,)
        ``y``.
    """

    points: Floats
    labels: Floats

    @classmethod
    def of(cls, dataset: Dataset, precision: str) -> Sample:
        """The canonical points of a dataset, each number rounded.

        Raises
        ------
        ProblemError
            If a number exceeds the range of the floats.
        """
        canonical = dataset.canonical
        columns = [column.to_float64() for column in canonical.features]
        with np.errstate(over="ignore"):
            points = np.array([*columns, np.ones(len(canonical))]).astype(precision)
            labels = canonical.labels.to_float64().astype(precision)
        if not (np.isfinite(points).all() and np.isfinite(labels).all()):
            raise ProblemError(
                f"some numbers exceed the range of {precision}: scale the data, or train in float64"
            )
        return cls(np.ascontiguousarray(points), labels)


def initial_parameters(settings: Settings, layout: Layout) -> Floats:
    """First values of every network, shape (B, P), drawn like those of ``torch.nn.Linear``.

    A network of seed s starts as ``Linear(d, K)``, ``Linear(K, 1, bias=False)`` and, for the skip,
    ``Linear(d, 1)`` do when they are made in this order after ``torch.manual_seed(s)``: uniform up
    to the inverse root of the number of inputs.
    """
    torch = require_package("torch", "train")
    d, width = layout.inputs - 1, layout.width
    drawn = np.empty((settings.restarts, layout.size), dtype=np.float32)
    weights, outputs, skip = layout.split(drawn)
    generator = torch.Generator()

    def uniform(shape: tuple[int, ...], inputs: int) -> Floats:
        limit = 1 / math.sqrt(inputs)
        values = torch.empty(shape).uniform_(-limit, limit, generator=generator)
        return np.asarray(values.numpy())

    for restart in range(settings.restarts):
        generator.manual_seed(settings.seed + restart)
        torch.empty(settings.draws_before).uniform_(generator=generator)
        weights[restart, :d] = uniform((width, d), d).T
        weights[restart, d] = uniform((width,), d)
        outputs[restart] = uniform((1, width), width)
        if layout.skip:
            skip[restart, :d] = uniform((1, d), d)
            skip[restart, d:] = uniform((1,), d)
    return np.tile(drawn, (len(settings.regimes), 1)).astype(settings.precision)


def measures(parameters: Any, points: Any, labels: Any, layout: Layout, settings: Settings) -> Any:
    """Mean squared error, largest residual, nonzero parameters and neurons of every network.

    Parameters
    ----------
    parameters : tensor, shape (B, P)
        Networks.
    points, labels : tensor, shapes (D, N) and (N,)
        Data.
    layout : Layout
        Of a row of parameters.
    settings : Settings
        What is trained; the variant says which products count.

    Returns
    -------
    tensor, shape (B, 4)
        NaN throughout where the parameters or values of a network are not finite.
    """
    torch = require_package("torch", "train")
    weights, outputs, skip = layout.split(parameters)
    hidden = torch.einsum("bik,in->bkn", weights, points).relu_()
    values = torch.einsum("bk,bkn->bn", outputs, hidden)
    if layout.skip:
        values = values + skip @ points
    residuals = values - labels
    products = (outputs.unsqueeze(1) * weights).abs()
    if settings.smallest is None:
        nonzero = products > NEGLIGIBLE * products.amax(dim=(1, 2), keepdim=True)
    else:
        nonzero = products > settings.smallest
        if not settings.penalise_bias:
            nonzero = nonzero[:, :-1]
    # With an affine part and one feature, a neuron without input weight is none.
    counted = nonzero[:, :-1] if layout.skip and layout.inputs == 2 else nonzero
    found = torch.stack(
        [
            residuals.square().mean(dim=1),
            residuals.abs().amax(dim=1),
            nonzero.sum(dim=(1, 2)).to(parameters.dtype),
            counted.any(dim=1).sum(dim=1).to(parameters.dtype),
        ],
        dim=1,
    )
    finite = parameters.isfinite().all(dim=1) & found.isfinite().all(dim=1)
    return torch.where(finite[:, None], found, torch.full_like(found, math.nan))
