"""What the tests of the command line share."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from exactsparse.cli import main

DATA = Path(__file__).parents[2] / "data"
PEAK = str(DATA / "peak_plateau.csv")
XOR = "a,b,y\n0,0,0\n0,1,1\n1,0,1\n1,1,0\n"


class Run:
    """Outcome of one command."""

    def __init__(self, capsys: pytest.CaptureFixture[str], *arguments: object) -> None:
        with pytest.raises(SystemExit) as left:
            main([str(argument) for argument in arguments])
        self.code = left.value.code
        self.out, self.err = capsys.readouterr()


def random_table(path: Path, rows: int) -> Path:
    """Random numbers, for which no proof is short once there are many."""
    draw = random.Random(7).uniform
    cells = [[f"{draw(-1, 1):.3f}" for _ in "aby"] for _ in range(rows)]
    path.write_text("a,b,y\n" + "\n".join(map(",".join, cells)) + "\n")
    return path


def interrupted(*arguments: object, task: str) -> tuple[int, str]:
    """Exit code and output of a command that gets Ctrl-C once it reports a task."""
    command = [sys.executable, "-m", "exactsparse", *map(str, arguments)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if task in line:
                break
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
        assert "Traceback" not in err
    return process.returncode, out
