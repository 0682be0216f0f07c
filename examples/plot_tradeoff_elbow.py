"""
How many pieces? The trade-off curve
====================================

"How many segments should I ask for?" has an exact answer for every tolerance, and the other way
round: for every number of knots there is a least tolerance, a rational number. Stamp duty at 42
prices of homes, in whole pounds:
"""

import exactsparse as es

duty = es.read("../data/uk_stamp_duty_2024.csv")
curve = es.tradeoff(duty)
for point in curve:
    print(f"{point.count:3} knots: {float(point.tolerance):10.4f} pounds")

# %%
# With three knots the error falls from thousands of pounds to exactly a half, which is what
# rounding does. More knots only follow the rounding. The elbow is a rule of thumb, which this
# curve obeys better than most:

curve.elbow

# %%

picture = curve.plot()

# %%
# The law at the elbow is the statute: 5 % from £250,000, 10 % from £925,000, 12 % from £1.5
# million.

law = curve.solution(curve.elbow)
[(float(at), float(bend)) for at, bend in zip(*law.law.knot_arrays(), strict=True)]
