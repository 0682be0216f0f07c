"""Three windows of a band that no function meets without turning, and three more."""

import matplotlib.pyplot as plt
import numpy as np

import exactsparse as es

x = np.arange(-2, 4)
y = np.array([0, 0, 1, 1, 0, 0])
half = 0.15
law = es.solve(x, y, tolerance=half)

fig, ax = plt.subplots(figsize=(7.2, 3.6))
ax.vlines(x, y - half, y + half, color="#9ecae1", lw=9, label="window of a row")
grid = np.linspace(-2.3, 3.3, 113)
ax.plot(grid, law.law.predict(grid), color="#08306b", lw=1.2, label=f"a law of {law.value} knots")
for color, triple in zip(("#d94801", "#238b45", "#6a51a3"), law.triples, strict=True):
    first, middle, last = triple.p, triple.q, triple.r
    outer, inner = (-half, half) if triple.sign > 0 else (half, -half)
    ends = y[[first, last]] + outer
    ax.plot(x[[first, last]], ends, "--", color=color, lw=1.5)
    chord = np.interp(x[middle], x[[first, last]], ends)
    ax.annotate(
        "",
        (x[middle], y[middle] + inner),
        (x[middle], chord),
        arrowprops={"arrowstyle": "->", "color": color, "lw": 1.5},
    )
    turns = "upwards" if triple.sign > 0 else "downwards"
    height = -0.62 if triple.sign > 0 else 1.45
    ax.text((x[first] + x[last]) / 2, height, f"turns {turns}", color=color, ha="center")
    ax.axvspan(x[first], x[last], color=color, alpha=0.06)
ax.set(ylim=(-0.8, 1.7), xlabel="x", ylabel="y")
ax.legend(loc="upper right", fontsize=8)
