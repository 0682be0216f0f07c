"""The finite-dimensional program over activation patterns (Lemma 4.1)."""
