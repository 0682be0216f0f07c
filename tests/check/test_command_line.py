"""The checker as a program, and questions that cannot be put to it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from exactsparse_check import check, patience
from exactsparse_check.__main__ import main
from tests.check.common import Clock, Json
from tests.check.searches import GENERIC, TABLE
from tests.check.univariate import PLATEAU_CSV, plateau


def test_a_certificate_with_and_without_data(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, data = tmp_path / "c.json", tmp_path / "d.csv"
    path.write_text(json.dumps(plateau()))
    data.write_text(PLATEAU_CSV)
    assert main([str(path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "accepted"
    assert [line.split(":")[0] for line in lines[1:]] == ["replayed"] * 4 + ["not replayed"]
    assert lines[-1].endswith("pass DATA")
    assert main([str(path), str(data)]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "not replayed: nothing"
    data.write_text(PLATEAU_CSV + "7,7\n")
    assert main([str(path), str(data)]) == 4
    assert capsys.readouterr().out.startswith("rejected: the points in DATA")


@pytest.mark.parametrize(
    ("header", "order", "accepted"),
    [
        ("day,x,note,y", (None, 0, None, 1), True),
        ("y,n,x", (1, None, 0), True),
        # The other column's numbers, and two columns of one name.
        ("x,day,y", (None, 0, 1), False),
        ("x,x,y", (0, None, 1), False),
        ("a,b,c", (0, None, 1), False),
    ],
)
def test_columns_left_aside(
    header: str, order: tuple[int | None, ...], accepted: bool, tmp_path: Path
) -> None:
    """Of a wider table the columns that the certificate names are read."""
    path, data = tmp_path / "c.json", tmp_path / "d.csv"
    path.write_text(json.dumps(plateau()))
    names, *rows = (line.split(",") for line in PLATEAU_CSV.split())
    assert names == ["x", "y"]
    lines = ([str(7 * i) if j is None else row[j] for j in order] for i, row in enumerate(rows))
    data.write_text("\n".join([header, *map(",".join, lines)]))
    assert check(path, data).accepted == accepted


def test_questions_that_cannot_be_put(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, data, array = (tmp_path / name for name in ("c.json", "d.csv", "d.npy"))
    tree = plateau()
    tree["data"]["points"] = None
    path.write_text(json.dumps(tree))
    array.write_bytes(b"\x93NUMPY")
    for text in ("a,b,c\n1,2,3\n", "1,2,3\n", "1\n"):
        data.write_text(text)
        assert not check(path, data).accepted
    for arguments, word in (
        ([], "usage"),
        (["a", "b", "c"], "usage"),
        ([str(tmp_path / "absent.json")], "cannot read"),
        ([str(tmp_path)], "cannot read"),
        ([str(path)], "pass DATA"),
        ([str(path), str(tmp_path / "absent.csv")], "cannot read"),
        ([str(path), str(array)], "reads CSV and TSV"),
    ):
        assert main(arguments) == 2
        out, err = capsys.readouterr()
        assert out == "" and word in err and err.count("\n") == 1


def test_it_runs_alone(tmp_path: Path) -> None:
    (tmp_path / "c.json").write_text(json.dumps(plateau("1/2")))
    code = (
        "import sys; from exactsparse_check.__main__ import main; status = main(['c.json']);"
        "foreign = {name.split('.')[0] for name in sys.modules} - sys.stdlib_module_names;"
        "print(sorted(foreign - {'__main__', 'exactsparse_check'})); sys.exit(status)"
    )
    package = Path(__file__).resolve().parents[2] / "exactsparse_check"
    (tmp_path / "exactsparse_check").symlink_to(package)
    run = subprocess.run(
        [sys.executable, "-S", "-E", "-c", code],
        cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert run.stdout.splitlines()[0] == "accepted"
    assert run.stdout.splitlines()[-1] == "[]"


def test_full_and_sampled_replays(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path, data = tmp_path / "c.json", tmp_path / "d.csv"
    data.write_text(TABLE)

    def run(tree: Json, *options: str) -> tuple[int, list[str]]:
        path.write_text(json.dumps(tree))
        code = main([str(path), str(data), *options])
        return code, capsys.readouterr().out.splitlines()

    tree = GENERIC.tree(most=20)
    assert run(tree) == run(tree, "--full") == run(tree, "--seconds", "30", "--seed", "7")
    code, lines = run(tree)
    assert (code, lines[0], lines[-1]) == (0, "accepted", "not replayed: nothing")
    monkeypatch.setattr(patience, "process_time", Clock())
    code, lines = run(tree, "--seconds", "10")
    assert code == 3 and lines[0].startswith("accepted (sampled ")
    assert lines[-1] == "not replayed: the other shards; pass --full"
    assert run(tree, "--full")[0] == 0
    del tree["lower_bound"]["levels"][0]
    code, lines = run(tree)
    assert (code, lines[0]) == (4, "rejected: there are 3 levels where 4 are due")
    for options in (["--seconds", "-1"], ["--seconds", "nan"], ["--seed", "x"], ["--fast"]):
        assert main([str(path), *options]) == 2
        out, err = capsys.readouterr()
        assert out == "" and err.startswith("usage: ") and err.count("\n") == 1


def test_help(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["--help"])
    assert "--seconds" in capsys.readouterr().out


def test_a_reader_that_goes_away(tmp_path: Path) -> None:
    (tmp_path / "c.json").write_text(json.dumps(plateau()))
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "exactsparse_check", str(tmp_path / "c.json")]
    run = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert (run.returncode, run.stderr) == (141, b"")
