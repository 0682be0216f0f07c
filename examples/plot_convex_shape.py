"""
Is it convex?
=============

Rates of a progressive tax rise with income: the tax owed is a convex function. Is that so for a
given table? Not by eye, and not by a fit: either there is a convex law within the tolerance, or
three rows prove that there is none.
"""

import matplotlib.pyplot as plt

import exactsparse as es

us = es.solve(es.read("../data/us_income_tax_2024_rounded.csv"), shape="convex", tolerance="auto")
uk = es.solve(es.read("../data/uk_income_tax_2024.csv"), shape="convex", tolerance=1)
us.status.value, uk.status.value

# %%
# The American table has a convex law, with six knots. The British one has none, though every pound
# may be off by one. The reason names three rows:

print(uk.reason)

# %%
# Between £100,000 and £125,140 the personal allowance is withdrawn. There the marginal rate is 60
# %, and above it 45 %: the tax bends downwards.

free = es.solve(es.read("../data/uk_income_tax_2024.csv"))
income = free.problem.dataset.features[0].to_float64()
tax = free.problem.dataset.labels.to_float64()

fig, ax = plt.subplots()
ax.plot(income, tax, ".", color="0.6", label="table")
ax.plot(income, free.law.predict(income), lw=1, label=f"{free.value} knots, no shape asked for")
at = [row - 1 for row in (33, 42, 43)]
ax.plot(income[at], tax[at], "o-", color="#d94801", label="three rows that no convex law meets")
ax.set(xlabel="income, £", ylabel="tax, £")
legend = ax.legend()
