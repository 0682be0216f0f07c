"""Tables and models of the tests of the command line."""

from pathlib import Path

import pytest

from exactsparse.models import export
from tests.cli.common import XOR
from tests.cli.wasteful import WASTEFUL


@pytest.fixture
def xor(tmp_path: Path) -> Path:
    path = tmp_path / "xor.csv"
    path.write_text(XOR)
    return path


@pytest.fixture
def wasteful(tmp_path: Path) -> Path:
    export(WASTEFUL, tmp_path / "wasteful.json")
    return tmp_path / "wasteful.json"
