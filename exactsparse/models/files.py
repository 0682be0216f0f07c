"""The one entry point: a model of any kind in, an exact network out."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from exactsparse.errors import DataError, DataNotFoundError, ProblemError
from exactsparse.models.json_file import read_network_json
from exactsparse.models.npz_file import read_npz
from exactsparse.models.onnx_file import read_onnx
from exactsparse.models.safetensors_file import read_safetensors
from exactsparse.models.torch_file import read_state_dict
from exactsparse.problem.network import Network

_OF_TENSORS = {
    ".safetensors": read_safetensors,
    ".pt": read_state_dict,
    ".pth": read_state_dict,
    ".bin": read_state_dict,
    ".ckpt": read_state_dict,
    ".tar": read_state_dict,
    ".npz": read_npz,
}
_SUFFIXES = (*_OF_TENSORS, ".onnx", ".json")
_logger = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Model:
    """A network, and what was taken for granted when its file was read.

    Parameters
    ----------
    network : Network
        Exact.
    assumed : tuple of str
        As ``activation relu``, where the file names none.
    """

    network: Network
    assumed: tuple[str, ...] = ()


def read_model(source: str | os.PathLike[str], *, layers: Sequence[str] | None = None) -> Network:
    """Read a one-hidden-layer ReLU network exactly: floats are the dyadic rationals they are.

    Parameters
    ----------
    source : str or path
        ``.safetensors``; ``.pt``, ``.pth``, ``.bin``, ``.ckpt`` or ``.pth.tar``, a torch
        ``state_dict`` or a checkpoint that holds one; ``.onnx``; ``.npz``; ``.json``, a network,
        solution or certificate of ours.
    layers : sequence of two str, optional
        Names of the hidden and the output layer, for files of named tensors in which neither
        shapes nor order tell them; other tensors are left aside.

    Returns
    -------
    Network
        Every hidden unit, dead ones too.  An output bias is the constant of its ``skip``; a model
        without one and without a linear part has no skip.

    Raises
    ------
    DataNotFoundError
        If the file does not exist or cannot be opened.
    DataError
        If the file is damaged, would run code when loaded, or holds another kind of model.
    ProblemError
        If ``layers`` are not two names, or the format has no use for them.
    MissingPackageError
        If the package that reads the format is not installed.

    Notes
    -----
    No code of a file is run.  Neither a ``state_dict`` nor an archive of arrays names the
    activation: it is taken to be ReLU, which is logged, and which results of
    :func:`exactsparse.verify` say.

    Examples
    --------
    >>> import exactsparse as es
    >>> es.export(es.solve([0, 1, 2], [0, 1, 0]).network, "law.json")
    >>> es.read_model("law.json").n_neurons
    1
    """
    model = model_in_file(source, layers)
    for assumption in model.assumed:
        _logger.info("%s: assumed: %s", os.fspath(source), assumption)
    return model.network


def model_in_file(source: str | os.PathLike[str], layers: Sequence[str] | None = None) -> Model:
    """As :func:`read_model`, with what was assumed."""
    path = os.fspath(source)
    suffix = os.path.splitext(path)[1].lower()
    if suffix not in _SUFFIXES:
        known = ", ".join(_SUFFIXES)
        raise DataError(f"{path}: the format of a model is told by its suffix, one of {known}")
    names = None if layers is None else _two(layers)
    if names is not None and suffix not in _OF_TENSORS:
        raise ProblemError(f"{path}: layers are named in files of tensors only, not in {suffix}")
    try:
        with open(path, "rb") as file:
            data = file.read()
    except FileNotFoundError:
        raise DataNotFoundError(f"{path}: there is no such file; check the path") from None
    except (OSError, ValueError) as error:
        raise DataNotFoundError(f"{path}: the file cannot be read ({error})") from None
    if suffix == ".json":
        return Model(read_network_json(data, path))
    if suffix == ".onnx":
        return Model(read_onnx(data, path).network(path))
    found = _OF_TENSORS[suffix](data, path, names)
    return Model(found.network(path), found.assumed)


def _two(layers: Sequence[str]) -> tuple[str, str]:
    if isinstance(layers, str) or len(layers) != 2:
        raise ProblemError(
            f"layers are two names, of the hidden and the output layer, not {layers!r}"
        )
    hidden, output = layers
    return str(hidden), str(output)


def network_of(model: Any) -> Network:
    """The exact network of a model in memory or in a file, as :func:`model_of` takes it."""
    return model_of(model).network


def model_of(model: Any, layers: Sequence[str] | None = None) -> Model:
    """The exact network of a model in memory or in a file, and what was assumed.

    Parameters
    ----------
    model : Model, Network, str, path or torch.nn.Module
        A module is ``nn.Sequential(Linear, ReLU, Linear)`` or what ``Network.to_torch`` returns.
    layers : sequence of two str, optional
        As in :func:`read_model`; for files only.

    Raises
    ------
    ProblemError
        If it is none of these, or has no use for ``layers``.
    DataError, DataNotFoundError, MissingPackageError
        As :func:`read_model`.
    """
    if isinstance(model, str | os.PathLike):
        return model_in_file(model, layers)
    if layers is not None:
        raise ProblemError("layers are named for a model in a file; this one is in memory")
    if isinstance(model, Model):
        return model
    if isinstance(model, Network):
        return Model(model)
    # Whoever holds a module has loaded torch.
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(model, torch.nn.Module):
        from exactsparse.models.torch_module import module_layers

        return Model(module_layers(model).network("the torch module"))
    raise ProblemError(
        f"the model is a {type(model).__name__}; pass a network, a file name, or a torch module "
        "Sequential(Linear, ReLU, Linear)"
    )
