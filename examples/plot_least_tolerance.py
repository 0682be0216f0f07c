"""
The best four pieces for a sine
===============================

A budget of knots is given, and the error is asked for. Of all piecewise-linear functions with three
knots, which is nearest to a table of the sine at its worst row? That is a linear program once the
knots are known, and a search over the knots otherwise. Here it is solved exactly.
"""

import matplotlib.pyplot as plt
import numpy as np

import exactsparse as es

degrees = np.arange(0, 91)
table = np.round(np.sin(np.radians(degrees)), 4)
law = es.solve(degrees, table, knots=3)
law.status.value, law.tolerance, float(law.tolerance)

# %%
# The tolerance is a rational number: what four rows force. With it comes a law, and the proof that
# no function with three knots stays below it.

fig, (top, bottom) = plt.subplots(2, 1, sharex=True, height_ratios=(2, 1), figsize=(7.2, 4.6))
knots, _ = law.law.knot_arrays()
top.plot(degrees, table, ".", color="0.6", ms=3, label="table")
top.plot(degrees, law.law.predict(degrees), label="three knots")
top.plot(knots, law.law.predict(knots), "o", color="#d94801")
top.set(ylabel="sine")
top.legend()
bottom.plot(degrees, law.law.predict(degrees) - table)
for side in (-1, 1):
    bottom.axhline(side * float(law.tolerance), color="0.6", lw=0.8, ls="--")
bottom.set(xlabel="degrees", ylabel="error")
errors = bottom.set_yticks([-float(law.tolerance), 0, float(law.tolerance)])

# %%
# The error touches the tolerance again and again, as best approximations do. How the tolerance
# falls with the number of knots:

[round(float(point.tolerance), 6) for point in es.tradeoff(degrees, table, knots=6)]
