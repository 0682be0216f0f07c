"""
A law of two features from rounded amounts
==========================================

US self-employment tax depends on wages and on net earnings: 12.4 % of what wages leave of a base of
$168,600, and 2.9 % of all net earnings. The table has 80 amounts in whole dollars. It says neither
the rates nor the base.
"""

import matplotlib.pyplot as plt
import numpy as np

import exactsparse as es

table = es.read("../data/us_self_employment_tax_2024.csv")
law = es.solve(table, tolerance="auto")
law.status.value, law.value, law.network.n_neurons

# %%
# Six nonzero weights and biases in three neurons. That no network within half a dollar has fewer
# is proved; that the weights are the statute's is a consequence of asking for numbers of few
# digits.

wages, earnings = table.feature_names
for neuron in law.network.neurons:
    first, second = map(float, neuron.weights)
    print(f"{neuron.output}: ({first:g} {wages} + {second:g} {earnings} + {float(neuron.bias):g})₊")

# %%
# 20906.4 is 12.4 % of 168,600.

float(law.network.neurons[0].bias / -law.network.neurons[0].weights[0])

# %%
# Every neuron is a line across the plane of wages and earnings: there the marginal rate changes.

points = np.column_stack([column.to_float64() for column in table.features])
side = np.linspace(0, points.max() * 1.02, 121)
grid = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
fig, ax = plt.subplots(figsize=(6.4, 4.8))
tax = law.network.predict(grid).reshape(121, 121)
drawn = ax.contourf(side / 1000, side / 1000, tax / 1000, levels=14, cmap="viridis")
bar = fig.colorbar(drawn, label="tax, thousand dollars")
for neuron in law.network.neurons:
    (first, second), bias = map(float, neuron.weights), float(neuron.bias)
    if second and first:
        ax.plot(side / 1000, (-bias - first * side) / second / 1000, "w--", lw=1)
    elif first:
        ax.axvline(-bias / first / 1000, color="w", ls="--", lw=1)
ax.plot(*points.T / 1000, "k.", ms=4)
box = ax.set(
    xlim=(0, side[-1] / 1000),
    ylim=(0, side[-1] / 1000),
    xlabel="wages, thousand dollars",
    ylabel="net earnings, thousand dollars",
)
