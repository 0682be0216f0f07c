"""The same curves from a process that compiles the trainer and from one that loads it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("torch")

SCRIPT = """
import exactsparse as es
from exactsparse.training import Regime, Settings, train

dataset = es.Dataset.from_arrays([-2, -1, 0, 1, 2, 3], [0, 0, 1, 1, 0, 0])
settings = Settings((Regime("none"), Regime("path", 0.4)), width=80, steps=20, skip=True)
print(train(dataset, settings, device="cpu").parameters.tobytes().hex())
"""


def test_the_process_that_compiles_trains_the_same_network(tmp_path: Path) -> None:
    environment = os.environ | {"NUMBA_CACHE_DIR": str(tmp_path)}
    command = [sys.executable, "-c", SCRIPT]
    compiled, loaded = (
        subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    )
    assert any(tmp_path.rglob("*.nbc"))
    assert compiled == loaded
