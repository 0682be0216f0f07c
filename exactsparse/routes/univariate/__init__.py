"""One feature with a free affine part: exact for every p in [0, 1]."""
