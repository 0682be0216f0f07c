"""Checkpoints as training scripts save them, and files that declare more than they hold."""

from __future__ import annotations

import io
import json
import zipfile
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

import exactsparse as es
from exactsparse.models import limits
from tests.models.networks import law

torch = pytest.importorskip("torch")

FILES = Path(__file__).parents[1] / "fixtures" / "models"


@pytest.mark.parametrize(
    "name",
    [
        "plain.pt", "tutorial_checkpoint.pt", "net_key.pt", "best.pth.tar", "lightning.ckpt",
        "compiled.pt", "fcin_fcout.pt", "lightning_renamed.pt",
    ],
)  # fmt: skip
def test_the_state_dict_of_a_checkpoint_is_read(name: str) -> None:
    network = es.read_model(FILES / name)
    for twice in range(-9, 20):
        x = Fraction(twice, 2)
        assert network.evaluate([x]) == law(x)


def test_two_models_in_one_checkpoint_are_refused(tmp_path: Path) -> None:
    model = torch.nn.Sequential(torch.nn.Linear(1, 2), torch.nn.ReLU(), torch.nn.Linear(2, 1))
    path = tmp_path / "two.pt"
    torch.save({"net": model.state_dict(), "model": model.state_dict()}, path)
    with pytest.raises(es.DataError, match="'model' and 'net'"):
        es.read_model(path)


@pytest.mark.parametrize("prefix", ["module.", "_orig_mod.module.", "model.net."])
def test_what_wrappers_put_before_names(prefix: str, tmp_path: Path) -> None:
    model = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.ReLU(), torch.nn.Linear(3, 1))
    torch.save(model.state_dict(), tmp_path / "plain.pt")
    renamed = {prefix + name: values for name, values in model.state_dict().items()}
    torch.save(renamed, tmp_path / "renamed.pt")
    plain = es.read_model(tmp_path / "plain.pt")
    assert es.read_model(tmp_path / "renamed.pt") == plain


def test_a_tensor_expanded_from_one_number_is_refused_at_once() -> None:
    with pytest.raises(es.DataError, match=r"declares 200,000,\d+ numbers|declares .* numbers"):
        es.read_model(FILES / "hostile_expand.pt")


def test_an_archive_that_inflates_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.npz"
    np.savez_compressed(path, W=np.zeros((40_000_000, 1)), v=np.zeros(1))
    assert path.stat().st_size < 1_000_000
    with pytest.raises(es.DataError, match="bytes unpacked"):
        es.read_model(path)


@pytest.mark.parametrize("suffix", ["npz", "pt", "safetensors", "onnx"])
def test_entries_at_and_above_the_limit(
    suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two neurons of one feature with biases: 7 numbers; ONNX counts tensor by tensor."""
    network = es.solve([0, 1, 2, 3], [0, 1, 0, 1], skip="none").network
    path = tmp_path / f"model.{suffix}"
    if suffix == "npz":
        weights = [[float(n.weights[0])] for n in network.neurons]
        np.savez(path, W=weights, v=[float(n.output) for n in network.neurons])
    else:
        es.export(network, path)
    least = next(count for count in range(100) if _reads(path, count, monkeypatch))
    assert 1 <= least < 50
    assert not _reads(path, least - 1, monkeypatch)


def _reads(path: Path, most: int, monkeypatch: pytest.MonkeyPatch) -> bool:
    monkeypatch.setattr(limits, "MOST_ENTRIES", most)
    try:
        es.read_model(path)
    except es.DataError as error:
        assert "numbers; models of up to" in str(error)
        return False
    return True


def test_long_numbers(tmp_path: Path) -> None:
    path = tmp_path / "long.json"
    neuron = {"weights": ["1"], "bias": "0", "output": "1." + "7" * 100_000}
    path.write_text(json.dumps({"neurons": [neuron], "skip": None, "n_features": 1}))
    with pytest.raises(es.DataError, match="neuron 0, output: a number of 100,002 characters"):
        es.read_model(path)


def test_a_damaged_archive(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("W.npy", b"\x93NUMPY")
    path = tmp_path / "bad.npz"
    path.write_bytes(buffer.getvalue()[:-8] + b"\0" * 8)
    with pytest.raises(es.DataError):
        es.read_model(path)


def test_equal_neurons_are_merged_at_once(tmp_path: Path) -> None:
    """A hundred thousand of them took half a minute before any limit was looked at."""
    n = 100_000
    path = tmp_path / "equal.npz"
    np.savez(path, W=np.ones((n, 1)), v=np.full(n, 2.0**-16), b=np.full(n, -1.0))
    found = es.verify(path, [0, 1, 2, 3], [0, 0, 1, 2], time_limit=5)
    assert (found.dead_neurons, found.mergeable_neurons) == (0, n - 1)
