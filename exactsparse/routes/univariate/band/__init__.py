"""One feature, labels within a band: fewest knots, all optimal laws, least tolerances."""
