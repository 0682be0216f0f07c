"""Neurons of one feature as points of a plane, which the rows cut into cells."""

import matplotlib.pyplot as plt
import numpy as np

x = [-2, -1, 0.5, 2]
side = np.linspace(-1.15, 1.15, 400)
weight, bias = np.meshgrid(side, side)
active = np.array([weight * at + bias > 0 for at in x])
cell = sum(2**place * rows for place, rows in enumerate(active))
numbers = np.unique(cell)

fig, ax = plt.subplots(figsize=(5.6, 5.2))
ax.pcolormesh(
    side, side, np.searchsorted(numbers, cell), cmap="Pastel1", shading="nearest", rasterized=True
)
for at in x:
    ax.plot(side, -at * side, color="0.3", lw=1)
for number in numbers:
    inside = cell == number
    angle = np.angle((weight[inside] + 1j * bias[inside]).mean())
    pattern = "".join("●" if number >> place & 1 else "○" for place in range(len(x)))
    ax.text(0.85 * np.cos(angle), 0.85 * np.sin(angle), pattern, ha="center", va="center")
ax.set(xlim=(-1.15, 1.15), ylim=(-1.15, 1.15), aspect="equal", xlabel="weight w", ylabel="bias b")
ax.set_title(f"{len(x)} rows, {len(numbers)} patterns", fontsize=10)
