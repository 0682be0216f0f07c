"""The univariate route: d = 1 with a free affine part, exact for every p in [0, 1]."""

from exactsparse.univariate.route import UnivariateSolution, solve_univariate

__all__ = ["UnivariateSolution", "solve_univariate"]
