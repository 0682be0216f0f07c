"""Pictures that a method returns, as ``solution.plot()`` does, for the gallery.

The scraper for Matplotlib sees figures of pyplot only.
"""

from __future__ import annotations

from typing import Any
from weakref import WeakSet

from matplotlib.figure import Figure
from sphinx_gallery.scrapers import figure_rst, matplotlib_scraper

_shown: WeakSet[Figure] = WeakSet()


def pictures(block: Any, variables: dict[str, Any], configuration: dict[str, Any]) -> str:
    """Save the figures that a block has made and named, and those of pyplot.

    Parameters
    ----------
    block, variables, configuration
        As Sphinx-Gallery hands them to a scraper.

    Returns
    -------
    str
        reStructuredText that shows them.
    """
    of_pyplot = matplotlib_scraper(block, variables, configuration)
    saved = []
    for value in variables["example_globals"].values():
        unmanaged = isinstance(value, Figure) and getattr(value, "number", None) is None
        if unmanaged and value not in _shown:
            _shown.add(value)
            path = next(variables["image_path_iterator"])
            value.savefig(path, dpi=150)
            saved.append(path)
    return of_pyplot + figure_rst(saved, configuration["src_dir"])
