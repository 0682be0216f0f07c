"""Fewest parameters or neurons as claims of MILP solvers, replayed exactly."""
