"""The search route: any dimension, fewest parameters or neurons, by level and exact rank tests."""

from exactsparse.search.route import SearchSolution, solve_search

__all__ = ["SearchSolution", "solve_search"]
