"""Modules as people write them, exported by torch: read as torch computes them, or refused."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from exactsparse import DataError
from exactsparse.models import read_model

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")
nn, functional = torch.nn, torch.nn.functional


class Net(nn.Module):
    """Layers with small dyadic weights, in float64, so that sums are exact."""

    def __init__(self, forward: Callable[[Any, Any], Any], n: int, d: int) -> None:
        super().__init__()
        self.hidden, self.head = nn.Linear(d, n), nn.Linear(n, 1)
        self.linear, self.deep = nn.Linear(d, 1), nn.Linear(n, n)
        self.register_buffer("mean", torch.arange(d) - 1.0)
        self.register_buffer("scale", torch.full((d,), 0.5))
        self.norm, self.dropout, self.prelu = nn.BatchNorm1d(n), nn.Dropout(0.5), nn.PReLU(n)
        self.function = forward
        chance = np.random.default_rng(n + 5 * d)
        for parameter in self.parameters():
            drawn = torch.tensor(chance.integers(-8, 9, tuple(parameter.shape)) / 4)
            parameter.data = drawn.float()
        self.prelu.weight.data.zero_()
        self.double().eval()

    def forward(self, x: Any) -> Any:
        return self.function(self, x)


READ: dict[str, Callable[[Any, Any], Any]] = {
    "plain": lambda m, x: m.head(torch.relu(m.hidden(x))),
    "squeezed": lambda m, x: m.head(torch.relu(m.hidden(x))).squeeze(-1),
    "one column": lambda m, x: m.head(torch.relu(m.hidden(x)))[:, None].flatten(1),
    "standardised": lambda m, x: 2 - m.head(torch.relu(m.hidden((x - m.mean) / m.scale))) * 0.25,
    "skip": lambda m, x: m.head(torch.relu(m.hidden(x))) + m.linear(x),
    "clamped": lambda m, x: m.head(m.hidden(x).clamp(min=0)),
    "maximum": lambda m, x: m.head(torch.maximum(m.hidden(x), torch.zeros(1).double())),
    "dropout": lambda m, x: m.dropout(m.head(m.dropout(torch.relu(m.hidden(x))))),
    "prelu": lambda m, x: m.head(m.prelu(m.hidden(x))),
    "leaky": lambda m, x: m.head(functional.leaky_relu(m.hidden(x), 0.0)),
    "both signs": lambda m, x: m.head(torch.relu(m.hidden(x)) - torch.relu(-m.hidden(x))),
    "matrices": lambda m, x: (
        torch.relu(x @ m.hidden.weight.t() + m.hidden.bias) @ m.head.weight.t()
    ),
    "columns": lambda m, x: (m.head.weight @ torch.relu(m.hidden.weight @ x.t())).t() + m.head.bias,
    "two affine": lambda m, x: m.head(torch.relu(m.deep(m.hidden(x)))),
    "batched": lambda m, x: m.head(torch.relu(m.hidden(x.unsqueeze(1)))).squeeze(1),
    "viewed": lambda m, x: m.head(torch.relu(m.hidden(x.view(x.size(0), -1)))).view(x.shape[0]),
    "concatenated": lambda m, x: m.deep.weight[:1, :1] * m.head(torch.relu(m.hidden(x))),
}
REFUSED: dict[str, Callable[[Any, Any], Any]] = {
    "tanh": lambda m, x: m.head(torch.tanh(m.hidden(x))),
    "relu6": lambda m, x: m.head(functional.relu6(m.hidden(x))),
    "elu": lambda m, x: m.head(functional.elu(m.hidden(x))),
    "sloped": lambda m, x: m.head(functional.leaky_relu(m.hidden(x), 0.25)),
    "two hidden layers": lambda m, x: m.head(torch.relu(m.deep(torch.relu(m.hidden(x))))),
    "relu of the output": lambda m, x: torch.relu(m.head(torch.relu(m.hidden(x)))),
    "batch norm": lambda m, x: m.head(torch.relu(m.norm(m.hidden(x)))),
    "gated": lambda m, x: m.head(torch.relu(m.hidden(x))) * m.linear(x),
    "mean of the rows": lambda m, x: m.head(torch.relu(m.hidden(x - x.mean(0)))),
    "over the number of rows": lambda m, x: m.head(torch.relu(m.hidden(x))) / x.size(0),
    "as many as rows": lambda m, x: m.head(torch.relu(m.hidden(x))) + torch.ones(x.size(0), 1),
    "affine": lambda m, x: m.head(m.hidden(x)),
    "clamped above": lambda m, x: m.head(m.hidden(x).clamp(max=0)),
    "maximum of two": lambda m, x: m.head(torch.maximum(m.hidden(x), m.deep(m.hidden(x)))),
    "several outputs": lambda m, x: m.deep(torch.relu(m.hidden(x))).repeat(1, 2),
}


def exported(module: Any, d: int, path: Path) -> Path:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            module, (torch.zeros(3, d).double(),), str(path), dynamo=False, input_names=["x"],
            dynamic_axes={"x": {0: "n"}}, opset_version=17,
        )  # fmt: skip
    return path


@pytest.mark.parametrize("kind", READ)
@pytest.mark.parametrize("shape", [(1, 1), (2, 2), (3, 1)])
def test_modules_of_one_hidden_layer(kind: str, shape: tuple[int, int], tmp_path: Path) -> None:
    n, d = shape
    module = Net(READ[kind], n, d)
    network = read_model(exported(module, d, tmp_path / "m.onnx"))
    points = np.random.default_rng(0).integers(-9, 10, (7, d)) / 2
    with torch.no_grad():
        values = module(torch.tensor(points)).flatten().tolist()
    assert [float(network.evaluate(row)) for row in points.tolist()] == values


@pytest.mark.parametrize("kind", REFUSED)
def test_other_modules_are_refused(kind: str, tmp_path: Path) -> None:
    path = exported(Net(REFUSED[kind], 3, 2), 2, tmp_path / "m.onnx")
    with pytest.raises(DataError, match=r"node|output"):
        read_model(path)
