"""A report of a solution in one HTML file: words, tables, pictures, proof and code."""
