"""Text summaries and pictures of solutions."""
