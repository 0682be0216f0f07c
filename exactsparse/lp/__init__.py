"""Linear programs by HiGHS, and the exact solutions of their bases."""
