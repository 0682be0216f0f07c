"""Networks as torch modules, and torch modules as networks; torch is loaded with this file."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from numpy.typing import NDArray

from exactsparse.errors import DataError
from exactsparse.models.layers import Layers
from exactsparse.models.torch_file import as_array

_ORIGIN = "the torch module"


class SkipNetwork(torch.nn.Module):
    """``output((hidden x)₊) + skip x``: a one-hidden-layer network with a linear part.

    Parameters
    ----------
    n_features : int
        Inputs.
    n_neurons : int
        Hidden units.
    """

    def __init__(self, n_features: int, n_neurons: int) -> None:
        super().__init__()
        self.hidden = torch.nn.Linear(n_features, n_neurons)
        self.output = torch.nn.Linear(n_neurons, 1)
        self.skip = torch.nn.Linear(n_features, 1, bias=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Values, shape (m, 1), at points of shape (m, d)."""
        hidden = torch.relu(self.hidden(x))
        return self.output(hidden) + self.skip(x)


def build_module(tensors: Mapping[str, NDArray[np.float64]]) -> torch.nn.Module:
    """Build the module of tensors named as in its ``state_dict``, in float64.

    Parameters
    ----------
    tensors : mapping of str to ndarray
        From :func:`exactsparse.models.export.network_tensors`.
    """
    module: torch.nn.Module
    if "skip.weight" in tensors:
        n, d = tensors["hidden.weight"].shape
        module = SkipNetwork(d, n)
    else:
        n, d = tensors["0.weight"].shape
        last = torch.nn.Linear(n, 1, bias="2.bias" in tensors)
        module = torch.nn.Sequential(torch.nn.Linear(d, n), torch.nn.ReLU(), last)
    module = module.double()
    module.load_state_dict({name: torch.from_numpy(a.copy()) for name, a in tensors.items()})
    return module


def module_layers(module: torch.nn.Module) -> Layers:
    """Layers of ``nn.Sequential(Linear, ReLU, Linear)``, or of what ``to_torch`` returned.

    Parameters
    ----------
    module : torch.nn.Module
        Not called, so that nothing but its weights matters.

    Raises
    ------
    DataError
        If it is another module.
    """
    skip: torch.nn.Module | None = None
    if type(module) is SkipNetwork:
        parts: list[torch.nn.Module] = [module.hidden, torch.nn.ReLU(), module.output]
        skip = module.skip
    elif type(module) is torch.nn.Sequential:
        parts = list(module)
    else:
        raise DataError(
            f"{_ORIGIN} is a {type(module).__name__}; nn.Sequential(Linear, ReLU, Linear) is read"
        )
    if [type(part) for part in parts] != [torch.nn.Linear, torch.nn.ReLU, torch.nn.Linear]:
        names = ", ".join(type(part).__name__ for part in parts)
        raise DataError(
            f"{_ORIGIN} is Sequential({names}); Sequential(Linear, ReLU, Linear) is read"
        )
    # Old weight norms, spectral norms and masks compute a weight anew in every call.
    held = [module, *parts, *([skip] if skip is not None else [])]
    if any(p._forward_hooks or p._forward_pre_hooks or "forward" in vars(p) for p in held):
        raise DataError(
            f"{_ORIGIN} has hooks, as masks and weight norms set them, which may change what it "
            "computes; remove them first (torch.nn.utils.prune.remove, remove_weight_norm)"
        )
    hidden, _, output = parts
    return Layers(
        as_array(hidden.weight, "hidden.weight", _ORIGIN),
        as_array(output.weight, "output.weight", _ORIGIN),
        None if hidden.bias is None else as_array(hidden.bias, "hidden.bias", _ORIGIN),
        None if output.bias is None else as_array(output.bias, "output.bias", _ORIGIN),
        None if skip is None else as_array(skip.weight, "skip.weight", _ORIGIN),
    )
