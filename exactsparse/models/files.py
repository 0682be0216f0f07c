"""The one entry point: a model of any kind in, an exact network out."""

from __future__ import annotations

import os
import sys
from typing import Any

from exactsparse.errors import DataError, DataNotFoundError, ProblemError
from exactsparse.models.json_file import read_network_json
from exactsparse.models.npz_file import read_npz
from exactsparse.models.onnx_file import read_onnx
from exactsparse.models.safetensors_file import read_safetensors
from exactsparse.models.torch_file import read_state_dict
from exactsparse.problem.network import Network

_READERS = {
    ".safetensors": read_safetensors,
    ".pt": read_state_dict,
    ".pth": read_state_dict,
    ".bin": read_state_dict,
    ".ckpt": read_state_dict,
    ".tar": read_state_dict,
    ".onnx": read_onnx,
    ".npz": read_npz,
}


def read_model(source: str | os.PathLike[str]) -> Network:
    """Read a one-hidden-layer ReLU network exactly: floats are the dyadic rationals they are.

    Parameters
    ----------
    source : str or path
        ``.safetensors``; ``.pt``, ``.pth``, ``.bin``, ``.ckpt`` or ``.pth.tar``, a torch
        ``state_dict`` or a checkpoint that holds one; ``.onnx``; ``.npz``; ``.json``, a network,
        solution or certificate of ours.

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
    MissingPackageError
        If the package that reads the format is not installed.

    Notes
    -----
    No code of a file is run.  Neither a ``state_dict`` nor an archive of arrays names the
    activation: it is taken to be ReLU.

    Examples
    --------
    >>> import exactsparse as es
    >>> es.export(es.solve([0, 1, 2], [0, 1, 0]).network, "law.json")
    >>> es.read_model("law.json").n_neurons
    1
    """
    path = os.fspath(source)
    suffix = os.path.splitext(path)[1].lower()
    if suffix != ".json" and suffix not in _READERS:
        known = ", ".join((*_READERS, ".json"))
        raise DataError(f"{path}: the format of a model is told by its suffix, one of {known}")
    try:
        with open(path, "rb") as file:
            data = file.read()
    except FileNotFoundError:
        raise DataNotFoundError(f"{path}: there is no such file; check the path") from None
    except (OSError, ValueError) as error:
        raise DataNotFoundError(f"{path}: the file cannot be read ({error})") from None
    if suffix == ".json":
        return read_network_json(data, path)
    return _READERS[suffix](data, path).network(path)


def network_of(model: Any) -> Network:
    """The exact network of a model in memory or in a file.

    Parameters
    ----------
    model : Network, str, path or torch.nn.Module
        A module is ``nn.Sequential(Linear, ReLU, Linear)`` or what ``Network.to_torch`` returns.

    Raises
    ------
    ProblemError
        If it is none of these.
    DataError, DataNotFoundError, MissingPackageError
        As :func:`read_model`.
    """
    if isinstance(model, Network):
        return model
    if isinstance(model, str | os.PathLike):
        return read_model(model)
    # Whoever holds a module has loaded torch.
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(model, torch.nn.Module):
        from exactsparse.models.torch_module import module_layers

        return module_layers(model).network("the torch module")
    raise ProblemError(
        f"the model is a {type(model).__name__}; pass a network, a file name, or a torch module "
        "Sequential(Linear, ReLU, Linear)"
    )
