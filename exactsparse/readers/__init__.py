"""Data files as exact data sets: delimited text, NumPy arrays, Parquet tables."""

from exactsparse.readers.files import read

__all__ = ["read"]
