"""
Tax brackets from rounded amounts
=================================

Tax owed at 72 incomes, in whole dollars. No income is the edge of a bracket, and every amount is
rounded. What can such a table still say about the statute?
"""

import exactsparse as es

tax = es.read("../data/us_income_tax_2024_rounded.csv")
to_the_last_digit = es.solve(tax)
to_the_last_digit.value, to_the_last_digit.hint

# %%
# Through the labels as they are written no function has fewer than 26 knots: most of them bend
# around a rounding. (The hint comes as a warning, too.) Within half a dollar, which is what
# ``tolerance="auto"`` makes of labels in whole dollars, six are enough, and five are not:

law = es.solve(tax, tolerance="auto")
law.status.value, law.value

# %%
# The law that is returned is the one of simplest numbers. Here are its pieces, exactly:

pieces = law.first_pieces(7)
for piece in pieces:
    print(f"from {piece.start!s:>7}  slope {float(piece.slope)}")

# %%
# These are the statutory rates and bracket edges of 2024, though nobody told them. How far does
# the table determine an edge? In *any* function with six knots within half a dollar, the first one
# lies in this interval:

low, high = law.knot_intervals[0]
float(low), float(high)

# %%
# The picture has the band, the law, and the slopes below.

picture = law.plot()

# %%
# The proof is six triples of rows. Each forces a bend of its own: the middle label is too low,
# with its half dollar, for any function that passes between the outer two without turning upwards.

law.triples[:2]
