"""
Is my trained network as small as it could be?
==============================================

A network with 24 hidden units was trained on a table. Training is over; what is left is NumPy
arrays of weights. How many of the units does the job need?
"""

import tempfile
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

import exactsparse as es

# %%
# A stand-in for training, without a framework: random hidden units, and an output layer fitted by
# least squares.

x = np.arange(-2.0, 4.0)
y = np.array([0, 0, 1, 1, 0, 0])
random = np.random.default_rng(0)
W = random.choice([-1.0, 1.0], size=(24, 1))
b = random.uniform(-3, 3, size=24)
v, *_ = np.linalg.lstsq(np.maximum(x[:, None] * W.T + b, 0), y)

# %%
# Arrays in an ``.npz`` file are a model, and so are files of torch, ONNX and flax. Every float is
# read as the rational that it is. ``tolerance`` says how near is near enough:

model = Path(tempfile.mkdtemp()) / "model.npz"
np.savez(model, W=W, b=b, v=v)
found = es.verify(model, x, y, tolerance="1e-9")
found.within_tolerance, float(found.residual.value)

# %%
# Some units do nothing on the data, and many bend between the same two rows, so that the rows
# cannot tell them from one:

units = found.network.n_neurons
units, found.dead_neurons, found.mergeable_neurons, found.merged.n_neurons

# %%
# And the optimum, over all networks there are, is proved:

found.optimum.status.value, found.optimum.value

# %%
# Three functions that agree on the six rows, to 1e-9. Between the rows they need not.

grid = np.linspace(-2.5, 3.5, 601)
fig, ax = plt.subplots()
ax.plot(grid, found.network.predict(grid), lw=1, label=f"the model, {units} units")
ax.plot(grid, found.merged.predict(grid), "--", label=f"merged, {found.merged.n_neurons} units")
ax.plot(grid, found.optimum.network.predict(grid), label=f"optimum, {found.optimum.value} neurons")
ax.plot(x, y, "ko", label="data")
legend = ax.legend()
