"""Numba kernels of the walk over bases."""
