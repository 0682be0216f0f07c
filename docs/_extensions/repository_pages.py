"""Pages whose text stands elsewhere in the repository, and links that lead out of ``docs/``.

Pages are written for a forge, where ``../CHANGELOG.md`` is a link. Here the files of ``PAGES`` are
pages, so are examples, and links to other files of the repository become downloads.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PAGES = {
    "benchmarks": "benchmarks/RESULTS.md",
    "changelog": "CHANGELOG.md",
    "contributing": "CONTRIBUTING.md",
    "sample-data": "data/README.md",
}
# The README is the front page of a forge as the index is that of the site.
DOCUMENTS = {source: f"docs/{name}.md" for name, source in PAGES.items()} | {
    "README.md": "docs/index.md"
}
_EXAMPLE = re.compile(r"examples/(plot_\w+)\.py")
_FENCE = re.compile(r"^(```|~~~|:::).*?^\1\s*$", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"(?P<image>!?)\[(?P<text>[^\]]*)\]\((?P<target>[^)\s]+)\)")


def relocated(text: str, source: str, page: str) -> str:
    """Give the text of a file as that of a page: links are relative to the page.

    Parameters
    ----------
    text : str
        Markdown.
    source, page : str
        Paths in the repository: where the text stands, and where the page does.

    Returns
    -------
    str
        Markdown; what stands in fences is as it was.
    """

    def moved(found: re.Match[str]) -> str:
        path, hash_sign, anchor = found["target"].partition("#")
        if not path or re.match(r"[a-z]+:", path):
            return found[0]
        target = os.path.normpath(os.path.join(os.path.dirname(source), path))
        target = DOCUMENTS.get(target, _EXAMPLE.sub(r"docs/gallery/\1.rst", target))
        if (ROOT / target).is_dir():
            return found["text"]
        relative = os.path.relpath(target, os.path.dirname(page))
        if not target.startswith("docs/") and not found["image"]:
            relative = f"path:{relative}"
        return f"{found['image']}[{found['text']}]({relative}{hash_sign}{anchor})"

    pieces, end = [], 0
    for fence in _FENCE.finditer(text):
        pieces += [_LINK.sub(moved, text[end : fence.start()]), fence[0]]
        end = fence.end()
    return "".join([*pieces, _LINK.sub(moved, text[end:])])


def _read(app: Any, name: str, content: list[str]) -> None:
    page = f"docs/{name}.md"
    if not (ROOT / page).exists():
        return
    source = PAGES.get(name, page)
    text = (ROOT / source).read_text(encoding="utf-8") if name in PAGES else content[0]
    if name in PAGES:
        app.env.note_dependency(str(ROOT / source))
    content[0] = relocated(text, source, page)


def setup(app: Any) -> dict[str, bool]:
    """Rewrite pages as they are read."""
    app.connect("source-read", _read)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
