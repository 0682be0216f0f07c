"""How Sphinx builds the site: ``make docs``."""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.metadata import version as installed_version
from pathlib import Path

import matplotlib

matplotlib.use("agg")
HERE = Path(__file__).parent
sys.path[:0] = [str(HERE / "_extensions"), str(HERE.parent)]
STYLE = import_module("house_style").STYLE

project = "exactsparse"
author = "the exactsparse developers"
project_copyright = author
version = release = installed_version("exactsparse")

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "numpydoc",
    "matplotlib.sphinxext.plot_directive",
    "sphinx_copybutton",
    "sphinx_design",
    "sphinx_gallery.gen_gallery",
    "repository_pages",
]
exclude_patterns = ["_build"]
templates_path = ["_templates"]
nitpicky = True

# The slugs of headings are those of forges, so that an anchor works there and here.
myst_heading_anchors = 4
myst_enable_extensions = ["colon_fence"]

autosummary_generate = True
autodoc_typehints = "none"
autodoc_member_order = "bysource"
numpydoc_show_class_members = False

copybutton_prompt_text = r"\$ |>>> |\.\.\. "
copybutton_prompt_is_regexp = True
copybutton_only_copy_prompt_lines = True

plot_formats = ["svg"]
plot_html_show_formats = False
plot_html_show_source_link = False
plot_include_source = False
plot_rcparams = STYLE

sphinx_gallery_conf = {
    "examples_dirs": "../examples",
    "gallery_dirs": "gallery",
    "filename_pattern": r"plot_",
    "abort_on_example_error": True,
    "download_all_examples": False,
    "show_memory": False,
    "show_signature": False,
    "show_api_usage": False,
    "write_computation_times": False,
    "remove_config_comments": True,
    "reset_modules": ("matplotlib", "house_style.reset"),
    "reset_modules_order": "both",
    "image_scrapers": ("figure_scraper.pictures",),
    "image_srcset": ["2x"],
}

html_theme = "pydata_sphinx_theme"
html_title = "exactsparse"
html_show_sourcelink = False
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_sidebars = {"explanation": []}
html_theme_options = {
    "show_toc_level": 2,
    "secondary_sidebar_items": {"**": ["page-toc"], "peers": []},
    "footer_start": ["copyright"],
    "footer_end": ["theme-version"],
}
