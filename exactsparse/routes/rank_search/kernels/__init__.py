"""Compiled kernels of the walk over sets of neuron types."""
