"""Activation patterns: cells of arrangements, neuron types and their cones."""
