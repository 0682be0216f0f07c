"""Gradient training of batches of networks, and rounding of what comes out to exact ones."""

from exactsparse.training.rounding import round_network
from exactsparse.training.settings import Regime, Settings, grid
from exactsparse.training.trainer import FloatNetwork, Training, train

__all__ = [
    "FloatNetwork",
    "Regime",
    "Settings",
    "Training",
    "grid",
    "round_network",
    "train",
]
