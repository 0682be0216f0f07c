"""Build the source archive, the wheel from it, and try the wheel in an environment of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

from packaging.metadata import Metadata

ROOT = Path(__file__).resolve().parents[1]
DIST = ROOT / "dist"
SAMPLE = ROOT / "data/us_income_tax_2024_rounded.csv"
IN_THE_ARCHIVE = {
    "CHANGELOG.md",
    "CITATION.cff",
    "LICENSE",
    "Makefile",
    "README.md",
    "SECURITY.md",
    "constraints.txt",
    "data/peak_plateau.csv",
    "docs/exactsparse.1",
    "docs/tolerance.md",
    "exactsparse_check/__main__.py",
    "tests/conftest.py",
}
# A folder of Python would stand in the place of what is installed.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
PIP = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check")


def main() -> None:
    """Build, look into what was built, install and run it."""
    shutil.rmtree(DIST, ignore_errors=True)
    with tempfile.TemporaryDirectory() as folder:
        tools = environment(Path(folder) / "tools")
        run(tools, *PIP, "build")
        run(tools, "-m", "build", "--outdir", str(DIST), str(ROOT))
        (archive,), (wheel,) = DIST.glob("*.tar.gz"), DIST.glob("*.whl")
        look_into(archive)
        version = metadata_of(wheel).version
        print(f"built {archive.name} and {wheel.name}", flush=True)
        fresh = environment(Path(folder) / "fresh")
        run(fresh, *PIP, "-c", str(ROOT / "constraints.txt"), str(wheel))
        # Elsewhere, so that nothing is imported from here.
        program = fresh.with_name("exactsparse")
        require(output(folder, program, "--version") == str(version), "--version")
        shown = output(folder, program, "solve", SAMPLE, "--tolerance", "auto", "--quiet",
                       "--certificate", "proof.json", "--report", "report.html")  # fmt: skip
        require(shown == "optimal 6", f"the sample has 6 knots, but: {shown}")
        checked = output(folder, fresh, "-m", "exactsparse_check", "proof.json", SAMPLE)
        require(checked.startswith("accepted"), f"the proof is accepted, but: {checked}")
        require((Path(folder) / "report.html").is_file(), "the report has its templates")
        page = fresh.parents[1] / "share/man/man1/exactsparse.1"
        require(page.is_file(), "the man page is installed")
    print(f"exactsparse {version} solves the sample from its wheel")


def environment(folder: Path) -> Path:
    """A new environment; its Python."""
    run(Path(sys.executable), "-m", "venv", str(folder))
    return folder / "bin/python"


def run(program: Path, *arguments: str) -> None:
    """Run a step, of which only errors are shown."""
    done = subprocess.run(
        [program, *arguments], check=False, capture_output=True, text=True, env=ENVIRONMENT
    )
    require(done.returncode == 0, f"{' '.join(arguments)}\n{done.stdout}{done.stderr}")


def output(folder: str, program: Path, *arguments: str | Path) -> str:
    """What a command prints."""
    done = subprocess.run(
        [program, *arguments],
        check=True, stdout=subprocess.PIPE, text=True, cwd=folder, env=ENVIRONMENT,
    )  # fmt: skip
    return done.stdout.strip()


def look_into(archive: Path) -> None:
    """Require that the source archive holds what is needed, and nothing of the machinery."""
    with tarfile.open(archive) as opened:
        names = {name.partition("/")[2] for name in opened.getnames()}
    require(names >= IN_THE_ARCHIVE, f"{archive.name} lacks {sorted(IN_THE_ARCHIVE - names)}")
    hidden = sorted(name for name in names if name.startswith("."))
    require(not hidden, f"{archive.name} holds {hidden}")


def metadata_of(wheel: Path) -> Metadata:
    """Metadata of a wheel, valid as an index would ask for it."""
    with zipfile.ZipFile(wheel) as opened:
        (name,) = (name for name in opened.namelist() if name.endswith(".dist-info/METADATA"))
        metadata = Metadata.from_email(opened.read(name), validate=True)
        tops = {name.partition("/")[0].partition("-")[0] for name in opened.namelist()}
    require(tops == {"exactsparse", "exactsparse_check"}, f"{wheel.name} holds {sorted(tops)}")
    require(metadata.description_content_type == "text/markdown", "the README is Markdown")
    return metadata


def require(holds: bool, what: str) -> None:
    """End with a message where something does not hold."""
    if not holds:
        sys.exit(f"dist: {what}")


if __name__ == "__main__":
    main()
