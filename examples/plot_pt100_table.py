"""
A look-up table with a guaranteed error
=======================================

A Pt100 thermometer has a smooth characteristic. A microcontroller wants a few straight pieces. How
few, if the error is to stay within 0.11 Ω, about 0.3 °C, at every row of the
standard's table, and where should they join?
"""

import matplotlib.pyplot as plt
import numpy as np

import exactsparse as es

pt100 = es.read("../data/pt100_iec_60751.csv")
law = es.solve(pt100, tolerance="0.11")
law.status.value, law.value

# %%
# Eight knots, and it is proved that seven do not do: not for knots on the rows, not for knots
# anywhere between them. Equal steps, as many tables have them, need more. Here is the law beside
# the same number of equal pieces through the table:

temperature = pt100.features[0].to_float64()
resistance = pt100.labels.to_float64()
knots, _ = law.law.knot_arrays()
equal = np.linspace(temperature[0], temperature[-1], len(knots) + 2)
through = np.interp(temperature, equal, np.interp(equal, temperature, resistance))

fig, ax = plt.subplots()
ax.axhspan(-0.11, 0.11, color="#9ecae1", alpha=0.5, label="±0.11 Ω")
ax.plot(temperature, law.law.predict(temperature) - resistance, "-", label="8 knots, proved")
ax.plot(temperature, through - resistance, ":", label="8 knots at equal steps")
ax.plot(knots, law.law.predict(knots) * 0, "|", ms=14, color="#d94801", label="its knots")
ax.set(xlabel="temperature, °C", ylabel="error, Ω")
legend = ax.legend(ncols=2)

# %%
# The knots crowd together where the characteristic is curved most, below 0 °C. What remains to be
# typed in are nine slopes and intercepts, exact rationals of few digits:

for piece in law.first_pieces(9):
    start = "-∞" if piece.start is None else f"{float(piece.start):.2f}"
    print(f"from {start:>7}: R = {float(piece.slope):.6g} t + {float(piece.intercept):.6g}")

# %%
# The error is guaranteed at the rows, which is what the data are. Between two rows the
# characteristic is as smooth as its formula, and the law has at most a bend.
