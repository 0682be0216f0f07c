"""Where a batch stands, and a file of it, so that a run that was stopped goes on from there."""

from __future__ import annotations

import os
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exactsparse.errors import OutputError, ProblemError
from exactsparse.training.parameters import Layout, initial_parameters
from exactsparse.training.settings import Settings

_SCHEMA = "exactsparse/training/1"
Array = NDArray[Any]


@dataclass(frozen=True, eq=False)
class State:
    """Where a batch stands.

    Parameters
    ----------
    step : int
        Steps taken.
    parameters, first, second : ndarray, shape (B, P)
        Parameters, and first and second moments of their gradients.
    """

    step: int
    parameters: Array
    first: Array
    second: Array

    @classmethod
    def initial(cls, settings: Settings, layout: Layout) -> State:
        """Before the first step."""
        parameters = initial_parameters(settings, layout)
        return cls(0, parameters, np.zeros_like(parameters), np.zeros_like(parameters))


def save_state(
    path: str | os.PathLike[str] | None, identity: str, state: State, history: Array
) -> None:
    """Write a state; a file that is there is replaced only once the new one is whole.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    if path is None:
        return
    unfinished = Path(f"{path}.part")
    try:
        with unfinished.open("wb") as file:
            np.savez(
                file, schema=np.array(_SCHEMA), identity=np.array(identity),
                step=np.array(state.step), parameters=state.parameters, first=state.first,
                second=state.second, history=history,
            )  # fmt: skip
        unfinished.replace(path)
    except OSError as error:
        raise OutputError(f"{path}: cannot write the checkpoint: {error.strerror}") from None


def load_state(path: str | os.PathLike[str] | None, identity: str) -> tuple[State, Array] | None:
    """State and history; None without a file.

    Raises
    ------
    ProblemError
        If the file is no checkpoint, or one of another batch.
    """
    if path is None or not Path(path).exists():
        return None
    try:
        with Path(path).open("rb") as file, np.load(file, allow_pickle=False) as kept:
            arrays = {name: kept[name] for name in kept.files}
        known = str(arrays["identity"])
        if str(arrays["schema"]) != _SCHEMA:
            raise KeyError("schema")
        state = State(int(arrays["step"]), arrays["parameters"], arrays["first"], arrays["second"])
        history = arrays["history"]
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        raise ProblemError(f"{path} is not a training checkpoint of exactsparse") from None
    if known != identity:
        raise ProblemError(
            f"{path} is a checkpoint of other data or settings: name another file, or remove it"
        )
    return state, history
