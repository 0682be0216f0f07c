"""The ``exactsparse`` command."""

from exactsparse.cli.main import main

__all__ = ["main"]
