"""Any dimension, fewest parameters or neurons: by levels of neuron types and exact rank tests."""
