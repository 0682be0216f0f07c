"""Fewest parameters or neurons by hitting sets of exact Farkas cuts."""
