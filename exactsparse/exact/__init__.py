"""Exact arithmetic: orientation signs, sums of powers, and the kernels that filter for them."""
