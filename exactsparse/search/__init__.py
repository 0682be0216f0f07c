"""The search route: any dimension, fewest parameters or neurons, by level and exact rank tests."""

from exactsparse.search.route import SearchSolution, load_kernels, solve_search

__all__ = ["SearchSolution", "load_kernels", "solve_search"]
