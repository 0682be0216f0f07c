"""
XOR: fewest parameters, fewest neurons
======================================

The smallest data set that no single neuron can do. How small can a network be?
"""

import matplotlib.pyplot as plt
import numpy as np

import exactsparse as es

X = [[0, 0], [0, 1], [1, 0], [1, 1]]
y = [0, 1, 1, 0]
sparse = es.solve(X, y)
sparse.status.value, sparse.value, sparse.lower_bound

# %%
# Four nonzero weights and biases, and none has fewer. Random labels on these four points would
# almost surely need four as well (``generic_lower_bound``), so that XOR is as hard as noise here.

for neuron in sparse.network.neurons:
    print("weights", *neuron.weights, " bias", neuron.bias, " output", neuron.output)

# %%
# Counting neurons instead asks for fewest bends, whatever their weights:

few = es.solve(X, y, objective="neurons")
few.value, [[str(w) for w in neuron.weights] for neuron in few.network.neurons]

# %%
# Both networks meet the four points exactly, and differ between them:

side = np.linspace(-0.25, 1.25, 61)
grid = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
fig, axes = plt.subplots(1, 2, sharey=True, figsize=(7.2, 3.6))
levels = np.linspace(-0.75, 1.75, 11)
for ax, solution, counted in zip(axes, (sparse, few), ("parameters", "neurons"), strict=True):
    heights = solution.network.predict(grid).reshape(61, 61)
    drawn = ax.contourf(side, side, heights, levels, cmap="RdBu_r", extend="both")
    ax.scatter(*np.transpose(X), c=y, cmap="RdBu_r", vmin=-0.75, vmax=1.75, edgecolors="k", s=60)
    ax.set(title=f"fewest {counted}: {solution.value}", aspect="equal")
bar = fig.colorbar(drawn, ax=axes)
