"""MILP solvers, one file each."""
