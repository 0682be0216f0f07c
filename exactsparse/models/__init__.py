"""Trained models read exactly, and exact networks written for other programs."""

from exactsparse.models.export import WRITERS, export, require_format, rounded_to_float
from exactsparse.models.files import Model, model_of, network_of, read_model

__all__ = [
    "WRITERS",
    "Model",
    "export",
    "model_of",
    "network_of",
    "read_model",
    "require_format",
    "rounded_to_float",
]
