"""What is to be solved: data, objective, networks, and how far a network is from the data."""
