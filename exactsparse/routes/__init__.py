"""Ways to solve a problem, each a folder with a route and a lower bound."""
