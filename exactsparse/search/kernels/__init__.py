"""Compiled functions of the search; see :mod:`exactsparse.search.kernels.walk`."""

from exactsparse.search.kernels.walk import walk

__all__ = ["walk"]
