"""Ways to find a good network; each result counts only after exact evaluation on all rows."""
