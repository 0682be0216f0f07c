"""Tables of the tests of the command line."""

from pathlib import Path

import pytest

from tests.cli.common import XOR


@pytest.fixture
def xor(tmp_path: Path) -> Path:
    path = tmp_path / "xor.csv"
    path.write_text(XOR)
    return path
