"""
Break points of a power curve
=============================

The power curve of a wind turbine is given in whole kilowatts at whole and half wind speeds. Models
of power systems want it as a piecewise-linear function, with as few break points as the accuracy
allows: every one of them is a binary variable.
"""

import matplotlib.pyplot as plt
import numpy as np

import exactsparse as es

curve = es.read("../data/wind_turbine_v100.csv")
laws = {
    "to the last digit": es.solve(curve),
    "within 5 kW": es.solve(curve, tolerance=5),
    "within 30 kW": es.solve(curve, tolerance=30),
}
{name: law.value for name, law in laws.items()}

# %%
# All three numbers are proved, so the choice is between error and size, with nothing left to tune.

fig, ax = plt.subplots()
speed, power = curve.features[0].to_float64(), curve.labels.to_float64()
ax.plot(speed, power, ".", color="0.5", label="table")
for (name, law), style in zip(laws.items(), (":", "--", "-"), strict=True):
    knots, _ = law.law.knot_arrays()
    x = [speed[0], *knots, speed[-1]]
    ax.plot(x, law.law.predict(x), style, marker="o", ms=4, label=f"{law.value} knots, {name}")
ax.set(xlabel="wind speed, m/s", ylabel="power, kW")
legend = ax.legend()

# %%
# The break points for a modeller: abscissae and values, from the first row to the last.

law = laws["within 30 kW"]
knots, _ = law.law.knot_arrays()
points = [speed[0], *knots, speed[-1]]
list(zip(np.round(points, 3).tolist(), np.round(law.law.predict(points), 1).tolist(), strict=True))
