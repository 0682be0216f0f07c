"""What belongs to a release: citation, metadata, what the Makefile offers."""

from __future__ import annotations

import subprocess
import tomllib
from importlib.metadata import version
from pathlib import Path

import yaml

import exactsparse as es

ROOT = Path(__file__).parents[1]


def _project() -> dict[str, object]:
    project: dict[str, object] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return project


def test_the_citation_has_what_the_format_asks_for() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["cff-version"] == "1.2.0" and citation["type"] == "software"
    assert citation["message"] and citation["title"].startswith("exactsparse")
    for who in (*citation["authors"], *citation["references"][0]["authors"]):
        assert "name" in who or {"family-names", "given-names"} <= set(who)
    assert citation["license"] == _project()["license"]
    assert citation["repository-code"] == _project()["urls"]["Homepage"]  # type: ignore[index]
    assert citation["references"][0]["url"].endswith("2505.21791")


def test_the_version_is_that_of_the_installation() -> None:
    assert es.__version__ == version("exactsparse")
    assert es.__version__[0].isdigit() and "version" not in _project()


def test_classifiers_name_the_versions_that_are_tested() -> None:
    tested = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text())
    versions = tested["jobs"]["run"]["strategy"]["matrix"]["python"]
    prefix = "Programming Language :: Python :: 3."
    named = [c for c in _project()["classifiers"] if c.startswith(prefix)]  # type: ignore[attr-defined]
    assert named == [f"Programming Language :: Python :: {v}" for v in versions]


def test_make_help_lists_every_target() -> None:
    makefile = (ROOT / "Makefile").read_text()
    phony = makefile.partition(".PHONY:")[2].partition("\n")[0].split()
    shown = subprocess.run(
        ["make", "-C", ROOT, "--no-print-directory", "help"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert [line.split()[0] for line in shown.stdout.splitlines()] == phony
