"""Pages of the site are found from its index, and links between files of the repository resolve.

Sphinx says the same with warnings as errors (``make docs``); this needs no Sphinx, and reads the
pages as a forge does.
"""

from __future__ import annotations

import importlib.util
import re
from functools import cache
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

import exactsparse as es

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
NOT_PAGES = ("_build", "_templates", "api", "gallery")
_TOCTREE = re.compile(r"^```\{toctree\}\n(.*?)^```", re.DOTALL | re.MULTILINE)


def _written(suffix: str) -> list[Path]:
    pages = sorted(DOCS.rglob(f"*{suffix}"))
    return [page for page in pages if page.relative_to(DOCS).parts[0] not in NOT_PAGES]


PAGES = [*_written(".md"), *_written(".rst")]
FILES = [
    *_written(".md"),
    *ROOT.glob("*.md"),
    ROOT / "benchmarks/RESULTS.md",
    ROOT / "data/README.md",
]


def _named(page: Path) -> list[str]:
    """Pages in the toctrees of a page, from ``docs/`` on."""
    if page.suffix != ".md":
        return []
    blocks = _TOCTREE.findall(page.read_text(encoding="utf-8"))
    entries = [line for block in blocks for line in block.split("\n") if line and line[0] != ":"]
    return [str((page.parent / entry).resolve().relative_to(DOCS)) for entry in entries]


def test_every_page_is_in_exactly_one_toctree() -> None:
    named = [name for page in PAGES for name in _named(page)]
    pages = [str(page.relative_to(DOCS).with_suffix("")) for page in PAGES]
    assert sorted([*named, "index"]) == sorted([*pages, "gallery/index"])


@cache
def _tokens(path: Path) -> list[Token]:
    parsed = MarkdownIt("commonmark").enable("table").parse(path.read_text(encoding="utf-8"))
    return [token for block in parsed for token in (block, *(block.children or ()))]


def _slugs(path: Path) -> set[str]:
    """Anchors that forges make of headings."""
    tokens = _tokens(path)
    titles = []
    for here, after in pairwise(tokens):
        if here.type == "heading_open":
            titles.append("".join(c.content for c in after.children or ()))
    return {re.sub(r"[^\w\- ]", "", title.strip().lower()).replace(" ", "-") for title in titles}


def _links(path: Path) -> list[str]:
    targets = [token.attrGet("href") or token.attrGet("src") for token in _tokens(path)]
    return [unquote(str(target)) for target in targets if target]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_inside_the_repository_resolve(path: Path) -> None:
    for link in _links(path):
        if re.match(r"(https?|mailto):", link):
            continue
        name, _, anchor = link.partition("#")
        target = path.parent / name if name else path
        assert target.exists(), link
        if anchor:
            assert anchor in _slugs(target), link


def test_every_public_name_has_a_page_of_reference() -> None:
    listed = re.findall(r"^   (\w+)$", (DOCS / "api.rst").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(listed) == sorted((*es.__all__, *es._ESTIMATORS))


@pytest.mark.parametrize(
    ("written", "on_the_site"),
    [
        ("[a](tolerance.md#x)", "[a](../tolerance.md#x)"),
        ("[a](../README.md)", "[a](../index.md)"),
        ("[a](../CHANGELOG.md)", "[a](../changelog.md)"),
        ("[a](../examples/plot_xor.py)", "[a](../gallery/plot_xor.rst)"),
        ("[a](../data/cherry_trees.csv)", "[a](path:../../data/cherry_trees.csv)"),
        ("![a](../benchmarks/x.svg)", "![a](../../benchmarks/x.svg)"),
        ("[a](../exactsparse_check)", "a"),
        ("[a](https://a.example/b.md) [b](#c)", "[a](https://a.example/b.md) [b](#c)"),
        ("```text\n[a](../README.md)\n```\n", "```text\n[a](../README.md)\n```\n"),
    ],
)
def test_links_of_a_forge_become_links_of_the_site(written: str, on_the_site: str) -> None:
    spec = importlib.util.spec_from_file_location(
        "repository_pages", DOCS / "_extensions" / "repository_pages.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.relocated(written, "docs/data.md", "docs/how-to/data.md") == on_the_site
