"""
Bounds instead of labels
========================

Some data do not say what a value is, only what it is not: a detection limit, a specification, a
price that was accepted or refused. Then every row has a lower bound, an upper bound, or both.
"""

import matplotlib.pyplot as plt
import numpy as np

import exactsparse as es

dose = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
at_least = [0, None, 0, None, 2, 4, None, 7, None, 7]
at_most = [1, 1, None, 2, None, 5, 7, None, 8, 8]
law = es.solve(dose, lower=at_least, upper=at_most)
law.status.value, law.value, law.unique

# %%
# The fewest knots of a function that respects all bounds; an absent bound is None, NaN or an
# infinity. ``tube`` says what any such function with as few knots can be at a place, measured or
# not:

[[str(end) for end in law.tube(place)] for place in ("5/2", 8)]

# %%
# What the bounds leave open is the shaded region.

fig, ax = plt.subplots()
for place, low, high in zip(dose, at_least, at_most, strict=True):
    ends = [-1 if low is None else low, 10 if high is None else high]
    ax.plot([place] * 2, ends, color="#9ecae1", lw=5)
    if low is not None:
        ax.plot(place, low, "^", color="#08306b")
    if high is not None:
        ax.plot(place, high, "v", color="#08306b")
grid = np.linspace(0, 9, 73)
tube = [law.tube(f"{place:.4f}") for place in grid]
lowest = [float(low) for low, _ in tube]
highest = [float(high) for _, high in tube]
ax.fill_between(grid, lowest, highest, color="#d94801", alpha=0.2, label="all laws of as few knots")
ax.plot(grid, law.law.predict(grid), color="#d94801", label=f"{law.value} knots")
ax.set(ylim=(-1, 10), xlabel="dose", ylabel="response")
legend = ax.legend()
