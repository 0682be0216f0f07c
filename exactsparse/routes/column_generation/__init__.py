"""The path norm with p = 1 in any dimension: extreme rays, prices, exact duals."""
