"""The univariate route: d = 1 with a free affine part, exact for every p in [0, 1]."""

from exactsparse.univariate.law import Law
from exactsparse.univariate.p_path import PPath
from exactsparse.univariate.route import UnivariateSolution, solve_univariate
from exactsparse.univariate.run_class import RunClass

__all__ = ["Law", "PPath", "RunClass", "UnivariateSolution", "solve_univariate"]
