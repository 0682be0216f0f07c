"""Compiled parts of the search over activities: they prove, or leave to be decided."""
