"""
When a small path norm means sparse
===================================

Training with weight decay minimises a path norm of exponent 1; exponents p below 1 favour sparse
networks more. For p small enough every minimiser is a sparsest network. How small is enough?
"""

from fractions import Fraction

import matplotlib.pyplot as plt
import numpy as np

import exactsparse as es

x = list(range(10))
y = [0, 0, 1, 15, 32, 50, 81, 120, 162, 204]
sparsest = es.solve(x, y)
sparsest.value

# %%
# For one feature the answer is exact: the minimisers for all p in (0, 1), stretch by stretch, and
# the exponent p* below which all of them are sparsest.

path = sparsest.p_path()
for stretch in path.stretches:
    low, high = float(stretch.lower), float(stretch.upper)
    print(f"p from {low:.4f} to {high:.4f}: {stretch.law.n_knots} knots")
float(path.p_star)

# %%
# What the laws cost beside the cheapest of them, as functions of p. At p = 0 the cost is the number
# of knots. Up to p* a sparsest law is the cheapest, too; beyond it a law of one knot more costs
# less. At p = 1 all three cost the same, and an ℓ¹ trainer may return any of them.

exponents = [Fraction(i, 40) for i in range(41)]
laws = [stretch.law for stretch in path.stretches]
costs = np.array([[float(law.path_norm(p)) for p in exponents] for law in laws])
fig, ax = plt.subplots()
for law, excess, style in zip(laws, costs / costs.min(axis=0), ("-", "--", "-."), strict=True):
    ax.plot(exponents, excess, style, label=f"{law.n_knots} knots")
ax.axvline(float(path.p_star), color="0.6", lw=0.8, label="p*")
ax.set(xlabel="p", ylabel="path norm, over the least", ylim=(0.998, 1.03))
legend = ax.legend()
