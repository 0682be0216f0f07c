"""How pictures of the site look."""

from __future__ import annotations

import warnings
from typing import Any

import matplotlib as mpl

from exactsparse import ToleranceHint

STYLE = {
    "figure.figsize": (7.2, 4.0),
    "figure.constrained_layout.use": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "font.size": 10,
    "svg.hashsalt": "exactsparse",
}
_filters: list[Any] = []


def reset(_configuration: Any, _file: str, when: str) -> None:
    """Set the style, and make warnings errors while an example runs; the hint is no mistake."""
    if when == "before":
        _filters[:] = warnings.filters
        mpl.rcParams.update(STYLE)
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", ToleranceHint)
    else:
        warnings.filters[:] = _filters
