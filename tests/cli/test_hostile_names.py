"""No name in a file writes a line of its own, moves about the terminal, or turns text around."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest

import exactsparse as es
from exactsparse.errors import ExactSparseError
from exactsparse.printable import printable
from tests.cli.common import Run

Capsys = pytest.CaptureFixture[str]
FORGED = "x[b]\nFORGED optimal\x1b[2J\x9b1A\r\u202e\u2066\u2028"
OTHER, LABEL = f"a {FORGED}", f"y {FORGED}"


def _is_calm(text: str) -> bool:
    """Nothing forged begins a line, and no sign is one of control or of direction."""
    kinds = {unicodedata.category(sign) for sign in text.replace("\n", "")}
    return not kinds & {"Cc", "Cf", "Zl", "Zp"} and "\nFORGED" not in text


def _table(path: Path, features: list[str], rows: list[tuple[int, ...]]) -> Path:
    lines = [json.dumps(dict(zip([*features, LABEL], row, strict=True))) for row in rows]
    path.write_text("\n".join(lines))
    return path


@pytest.fixture
def line(tmp_path: Path) -> Path:
    return _table(tmp_path / "line.jsonl", [FORGED], [(0, 0), (1, 1), (2, 0)])


@pytest.fixture
def plane(tmp_path: Path) -> Path:
    rows = [(0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 0)]
    return _table(tmp_path / "plane.jsonl", [FORGED, OTHER], rows)


def test_commands_show_names_on_their_own_line(
    capsys: Capsys, line: Path, plane: Path, tmp_path: Path
) -> None:
    proof, model, page = (tmp_path / name for name in ("p.json", "m.json", "r.html"))
    runs = [
        Run(capsys, "solve", line, "--certificate", proof, "--report", page),
        Run(capsys, "solve", plane, "--export", model, "--report", tmp_path / "plane.html"),
        Run(capsys, "tradeoff", line),
        Run(capsys, "verify", model, plane),
        Run(capsys, "patterns", plane, "--list"),
        Run(capsys, "check", proof, line),
    ]
    for run in runs:
        assert run.code == 0
        assert _is_calm(run.out) and _is_calm(run.err)
    assert "x[b]\\x0aFORGED" in runs[0].out and "x[b]\\x0aFORGED" in runs[4].out
    assert "\u202e" not in page.read_text(encoding="utf-8")
    assert "\u202e" not in (tmp_path / "plane.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "options", [["--y", "nothing"], ["--x", "nothing"], ["--lower", "nothing"], ["--y", LABEL]]
)
def test_errors_and_notes_stay_on_their_line(
    capsys: Capsys, tmp_path: Path, options: list[str]
) -> None:
    table = tmp_path / "\x1b[2Jbad\nFORGED.jsonl"
    _table(table, [FORGED, OTHER], [(0, 0, 0), (0, 0, 1)])
    run = Run(capsys, "solve", table, *options)
    assert run.code in (2, 4) and run.err.startswith("exactsparse: ")
    assert _is_calm(run.err) and _is_calm(run.out)


def test_json_keeps_names_as_they_are(capsys: Capsys, plane: Path) -> None:
    run = Run(capsys, "solve", plane, "--json")
    assert json.loads(run.out)["data"]["x"] == [FORGED, OTHER]
    supports = json.loads(Run(capsys, "patterns", plane, "--json").out)["supports"]
    assert [OTHER, "bias"] in [entry["support"] for entry in supports]


def test_a_forged_certificate_prints_no_verdict(capsys: Capsys, line: Path, tmp_path: Path) -> None:
    proof = tmp_path / "proof.json"
    assert Run(capsys, "solve", line, "--certificate", proof).code == 0
    absent = Run(capsys, "check", tmp_path / "none\nFORGED\x1b.json", line)
    assert absent.code == 2 and "none\\nFORGED\\x1b" in absent.err and _is_calm(absent.err)
    sound: dict[str, Any] = json.loads(proof.read_text())

    def texts(part: Any) -> Any:
        """Every place of the document, with its text or number replaced."""
        if isinstance(part, dict):
            for key in part:
                for forged in texts(part[key]):
                    yield part | {key: forged}
                yield {k if k != key else FORGED: v for k, v in part.items()}
        elif isinstance(part, list):
            for i in range(min(len(part), 2)):
                for forged in texts(part[i]):
                    yield [*part[:i], forged, *part[i + 1 :]]
        else:
            yield FORGED

    for forged in texts(sound):
        proof.write_text(json.dumps(forged))
        run = Run(capsys, "check", proof, line)
        assert _is_calm(run.out) and _is_calm(run.err)


def test_python_shows_names_on_one_line() -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({FORGED: [0, 1, 2], OTHER: [0, 1, 0], LABEL: [0, 1, 0]})
    for solution in (es.solve(frame[[FORGED, LABEL]], LABEL), es.solve(frame, LABEL)):
        shown = [solution, solution.problem.dataset, es.Formula.of(solution)]
        assert all(_is_calm(repr(one)) for one in shown)
        assert _is_calm(solution._repr_html_().replace("\n", " "))
    with pytest.raises(es.DataError) as error:
        es.solve(frame, "nothing")
    assert _is_calm(str(error.value)) and "\n" not in str(error.value)


def test_spaces_and_letters_are_left() -> None:
    for name in ("Größe in m²", "a\u00a0b", "a\u3000b", "数 [€]", "🌡 °C"):
        assert printable(name) == name
    assert str(ExactSparseError("a\tb", 3)) == "('a\\\\x09b', 3)"
