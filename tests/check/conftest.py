"""The judge of the tests of the checker."""

import json
from pathlib import Path
from typing import Any

import pytest

from exactsparse_check import Verdict, check
from tests.check.common import Json, Judge, any_length


@pytest.fixture
def judge(tmp_path: Path) -> Judge:
    """Write a certificate, and data if there are any, and check them."""

    def run(
        tree: Json | str | bytes, data: str | None = None, name: str = "d.csv", **options: Any
    ) -> Verdict:
        path = tmp_path / "certificate.json"
        if isinstance(tree, dict):
            with any_length():
                tree = json.dumps(tree)
        path.write_bytes(tree.encode() if isinstance(tree, str) else tree)
        if data is None:
            return check(path, **options)
        (tmp_path / name).write_bytes(data.encode())
        return check(str(path), str(tmp_path / name), **options)

    return run
