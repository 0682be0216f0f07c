"""Two neurons of two features: which rows each is active on, and what the labels then are."""

import matplotlib.pyplot as plt
import numpy as np

import exactsparse as es

table = es.read("../../data/us_net_investment_income_tax.csv")
network = es.solve(table).network
rows = np.column_stack([column.to_float64() for column in table.features]) / 1000
active = [
    rows @ np.array(neuron.weights, dtype=float) * 1000 + float(neuron.bias) > 0
    for neuron in network.neurons
]
count = 2 * active[0].astype(int) + active[1]

fig, ax = plt.subplots(figsize=(6.4, 4.4))
names = {0: "neither", 1: "the second", 2: "the first", 3: "both"}
for number, marker in zip(sorted(set(count)), "ovsD", strict=False):
    ax.plot(*rows[count == number].T, marker, ms=5, label=f"active: {names[number]}")
first, second = (float(value) for value in ax.get_xlim())
across = np.array([first, second])
for neuron in network.neurons:
    (one, two), bias = map(float, neuron.weights), float(neuron.bias) / 1000
    if two:
        ax.plot(across, (-bias - one * across) / two, "k--", lw=0.8)
    else:
        ax.axvline(-bias / one, color="k", ls="--", lw=0.8)
top = rows[:, 1].max() * 1.05
ax.set(ylim=(-0.05 * top, top), xlim=(first, second))
ax.set(xlabel="other income, thousand $", ylabel="investment income, thousand $")
ax.legend()
