"""Trained models read exactly, and exact networks written for other programs."""

from exactsparse.models.export import WRITERS, export, require_format, rounded_to_float
from exactsparse.models.files import network_of, read_model

__all__ = [
    "WRITERS",
    "export",
    "network_of",
    "read_model",
    "require_format",
    "rounded_to_float",
]
