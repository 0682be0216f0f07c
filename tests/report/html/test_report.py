"""The HTML report: well formed, exact, honest, and deaf to what stands in names."""

from __future__ import annotations

import hashlib
import json
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import exactsparse as es
from exactsparse.printable import printable
from exactsparse.report.html.page import html_report
from exactsparse.report.html.proof import kind_of_proof
from exactsparse_check import check
from tests.cli.common import DATA, Run
from tests.report.html.conftest import HOSTILE
from tests.report.html.page import Page

Solved = dict[str, Any]
KINDS = (
    "band exact p least infeasible contradiction bounds search feasible tree rays without_skip "
    "three_features one_row beyond_floats hostile hostile_law"
)
NAMES = [name.replace("_", " ") for name in KINDS.split()]


def exact(text: str) -> Fraction:
    return Fraction(text.replace("−", "-"))


@pytest.mark.parametrize("name", NAMES)
def test_every_page_is_well_formed_named_and_closed_to_the_world(
    name: str, pages: dict[str, Page], texts: dict[str, str]
) -> None:
    pages[name].require_sound()
    urls = set(re.findall(r"https?://[^\s\"'<>]+", texts[name]))
    assert urls <= {"http://www.w3.org/2000/svg"}


def test_all_kinds_are_tested(pages: dict[str, Page], solutions: Solved) -> None:
    """Also those of notebooks, whose names are not harmless either."""
    assert set(pages) == set(NAMES)
    for solution in solutions.values():
        page = Page(html_report(solution, curve_seconds=0))
        page.require_sound()
        assert "<script>alert(1)</script> $" in page.all("title")[0].text


def test_names_are_text_wherever_they_stand(pages: dict[str, Page]) -> None:
    """No tag, attribute or script comes of them, and they can still be read."""
    for hostile, harmless in (("hostile", "search"), ("hostile law", "band")):
        page = pages[hostile]
        count = {tag: len(page.all(tag)) for tag in ("script", "style", "img", "title", "svg")}
        assert count["script"] == len(pages[harmless].all("script"))
        assert count["style"] == 1 and count["img"] == 0
        fields = [s["fields"] for p in page.pictures().values() for s in p["stops"]]
        assert any(HOSTILE[0] in names for names in fields)
        assert printable(HOSTILE[2]) in page.all("title")[0].text
        assert HOSTILE[0] in page.section("law").text
    assert "49" not in pages["hostile"].all("title")[0].text


def test_a_hostile_file_is_text_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "<b>.csv"
    path.write_text(f"# {HOSTILE[1]}\nid,x,{HOSTILE[0]}\n0,1,1\n1,2,3\n2,3,2\n")
    out = tmp_path / "out.html"
    run = Run(capsys, "solve", path, "--report", out)
    assert run.code == 0
    page = Page(out.read_text(encoding="utf-8"))
    page.require_sound()
    assert not page.all("b") and not page.all("img")
    assert "<b>.csv" in page.section("data").text
    assert "is an index and left aside" in page.section("data").text


def test_the_table_of_pieces_holds_the_law(pages: dict[str, Page], solved: Solved) -> None:
    for name in ("band", "exact", "least"):
        law = solved[name].law
        rows = pages[name].section("law").all("table")[0].rows()
        pieces = list(law.pieces())
        assert len(rows) == len(pieces)
        for row, piece in zip(rows, pieces, strict=True):
            assert row[1] == "−∞" if piece.start is None else exact(row[1]) == piece.start
            assert row[2] == "∞" if piece.end is None else exact(row[2]) == piece.end
            assert (exact(row[3]), exact(row[4])) == (piece.slope, piece.intercept)
    formula = pages["band"].section("law").all("math")[0]
    assert len(formula.all("mtr")) == 7
    assert "0.12·income_usd−232" in formula.text.replace("\n", "")


def test_the_table_of_neurons_holds_the_network(pages: dict[str, Page], solved: Solved) -> None:
    network = solved["search"].network
    rows = pages["search"].section("law").all("table")[0].rows()
    assert len(rows) == len(network.neurons)
    for row, neuron in zip(rows, network.neurons, strict=True):
        assert [exact(t) for t in row[1:]] == [*neuron.weights, neuron.bias, neuron.output]


def test_how_a_search_went_is_told(pages: dict[str, Page], solved: Solved) -> None:
    history = solved["search"].history
    rows = pages["search"].section("proof").all("table")[0].rows()
    assert len(rows) == len(history) > 2
    assert rows[-1][1:] == [str(history[-1].bound), str(history[-1].cost)]
    assert not pages["band"].section("proof").all("table")


def test_what_hovering_says_is_exact(pages: dict[str, Page], solved: Solved) -> None:
    solution = solved["band"]
    dataset, picture = solution.problem.dataset, pages["band"].pictures()["law"]
    rows, knots = picture["stops"]
    assert rows["fields"] == ["row", "income_usd", "tax_usd", "law", "band"]
    assert len(rows["values"]) == len(dataset)
    for i, texts in enumerate(rows["values"]):
        x, y = dataset.row(i)
        assert texts[0] == str(dataset.origin.row_number(i))
        assert [exact(t) for t in texts[1:4]] == [x, y, solution.law.evaluate(x)]
        assert [exact(t) for t in texts[4].split(" … ")] == [y - Fraction(1, 2), y + Fraction(1, 2)]
    assert [k[1] for k in knots["values"]] == [
        "11600",
        "47150",
        "100525",
        "191950",
        "243725",
        "609350",
    ]
    assert knots["values"][0] == ["1", "11600", "0.1", "0.12", "11584.2 … 11635.7"]
    assert len(picture["places"]) == 6


def test_residuals_are_those_of_the_law(pages: dict[str, Page], solved: Solved) -> None:
    dataset = solved["band"].problem.dataset
    stops = pages["band"].pictures()["residuals"]["stops"][0]
    for i, texts in enumerate(stops["values"]):
        x, y = dataset.row(i)
        assert exact(texts[1]) == solved["band"].law.evaluate(x) - y
        assert texts[2] == "±0.5"
    assert "residuals" not in pages["exact"].pictures()


@pytest.mark.parametrize("name", ["band", "exact", "p", "infeasible", "search", "tree", "rays"])
def test_the_certificate_in_the_page_is_accepted(
    name: str, pages: dict[str, Page], tmp_path: Path
) -> None:
    content = pages[name].certificate()
    assert content is not None
    path = tmp_path / "proof.json"
    path.write_bytes(content)
    assert check(path).outcome == "accepted"
    document = json.loads(content)
    section = pages[name].section("proof").text
    assert document["data"]["sha256"] in section
    assert hashlib.sha256(content).hexdigest() in section


def test_the_argument_is_that_of_the_certificate(solved: Solved, solutions: Solved) -> None:
    named = set()
    for solution in (*solved.values(), *solutions.values()):
        kind = kind_of_proof(solution)
        if solution.status is not es.Status.FEASIBLE and kind:
            assert solution.certificate.document["lower_bound"]["kind"] == kind
            named.add(kind)
    assert len(named) >= 8


def test_what_is_not_proved_is_not_called_so(pages: dict[str, Page]) -> None:
    page = pages["feasible"]
    head = page.all("header")[0].text
    assert "not proved to be the best" in head and "Proved" not in head
    assert "between 2, which is proved, and 4, which this function attains" in head
    assert "The gap is 2" in head
    assert "Nothing is proved optimal" in page.section("proof").text
    assert page.certificate() is None
    assert "exactsparse check" not in page.section("proof").text


def test_why_there_is_no_function(pages: dict[str, Page], solved: Solved) -> None:
    page, solution = pages["infeasible"], solved["infeasible"]
    assert solution.reason in page.all("header")[0].text
    rows = page.section("law").all("table")[0].rows()
    assert [row[0] for row in rows] == ["2", "13", "23"]
    # The middle row lies above the chord of the others, band and all.
    (x0, _, low), (x1, _, high), (x2, _, last) = ([exact(v) for v in r[1:3]] + [r[3]] for r in rows)
    ends = [[exact(v) for v in text.split(" … ")] for text in (low, high, last)]
    chord = ends[0][0] + (ends[2][0] - ends[0][0]) * (x1 - x0) / (x2 - x0)
    assert ends[1][1] < chord
    assert [row[0] for row in pages["contradiction"].section("law").all("table")[0].rows()] == [
        "2",
        "3",
    ]
    assert not any(e.attributes.get("id") == "code" for e in page.elements)


def test_what_is_left_out_is_said(pages: dict[str, Page], solved: Solved) -> None:
    assert "left out" in pages["search"].section("curve").text
    assert "each" not in pages["band"].section("curve").text
    assert "not drawn" in pages["three features"].section("law").text
    assert "beyond the range of float64" in pages["beyond floats"].section("law").text
    assert "no time was allowed" in html_report(solved["band"], curve_seconds=0)
    assert "own interval" in pages["bounds"].section("curve").text


def test_the_curve_is_that_of_the_data(pages: dict[str, Page], solved: Solved) -> None:
    curve = es.tradeoff(solved["band"].problem.dataset)
    section = pages["band"].section("curve")
    rows = section.all("table")[0].rows()
    assert [(int(r[0]), exact(r[1])) for r in rows] == [(p.count, p.tolerance) for p in curve]
    assert [r[0] for r in rows if r[2] == "elbow"] == ["6"]
    assert "Every tolerance is proved" in section.text


def test_code_is_that_of_the_solution(pages: dict[str, Page], solved: Solved) -> None:
    for name in ("band", "search", "hostile", "hostile law"):
        section, solution = pages[name].section("code"), solved[name]
        languages = [summary.text for summary in section.all("summary")]
        assert languages == ["Python", "Python, exact", "C", "SQL", "LaTeX", "CSV", "JSON"]
        texts = [code.text for code in section.all("code")]
        assert texts[0] == solution.to_python().rstrip()
        assert texts[2] == solution.to_c().rstrip()
        assert json.loads(texts[-1]) == solution.network.to_json()
    beyond = pages["beyond floats"].section("code").text
    assert "C: " in beyond and "Python, exact" in beyond


def test_the_quality_of_data_is_noted(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("# made by hand\nid,x,y\n0,1,1\n1,2,3\n2,2,3\n3,4,1\n4,,4\n")
    data = es.read(path, drop_missing=True)
    page = Page(html_report(es.solve(data)))
    notes = page.section("data").text
    assert "y from x, 4 rows" in notes and "table.csv" in notes
    assert "1 row repeat" in notes
    assert "1 row with a missing cell" in notes
    assert "is an index and left aside" in notes
    apart = es.solve([0, 0, 1], [0, 1, 2], tolerance=1)
    assert "labels up to 1 apart" in html_report(apart)


def test_long_tables_are_thinned_honestly() -> None:
    n = 12_000
    x, y = np.arange(n), np.abs(np.arange(n) - 5_000)
    y[[1234, 9_876]] = 8000, -3000
    solution = es.solve(x, y)
    text = html_report(solution, curve_seconds=0)
    assert len(text) < 2_000_000
    page = Page(text)
    page.require_sound()
    picture = page.pictures()["law"]
    rows = picture["stops"][0]
    assert 1_000 < len(rows["x"]) < 5_000
    assert {0.0, 1234.0, 9_876.0, n - 1.0} <= set(rows["x"])
    assert f"Of 12,000 rows {len(rows['x']):,} are drawn" in page.section("law").text
    assert "not in reports" in page.section("proof").text


def test_where_it_comes_from(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table, out, proof = (
        DATA / "us_income_tax_2024_rounded.csv",
        tmp_path / "r.html",
        tmp_path / "p p.json",
    )
    options = ("--tolerance", "auto", "--no-simplify", "--report", out, "--certificate", proof)
    run = Run(capsys, "solve", table, *options, "--json")
    assert run.code == 0 and f"report: {out}" in run.err
    assert json.loads(run.out)["value"] == 6
    page = Page(out.read_text(encoding="utf-8"))
    origin = page.section("provenance").text
    assert f"exactsparse solve {table} --tolerance auto --no-simplify" in origin
    assert es.__version__ in origin and "univariate" in origin and "1/2 (auto)" in origin
    assert page.certificate() == proof.read_bytes()
    commands = page.by_id("proof-commands").text
    assert commands == f"exactsparse check '{proof}' {table}"
    assert Run(capsys, "check", proof, table).code == 0


def test_refusals(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = DATA / "peak_plateau.csv"
    for name, said in (("r.txt", "must end in .html"), ("no/r.html", "does not exist")):
        run = Run(capsys, "solve", table, "--report", tmp_path / name)
        assert run.code == 2 and said in run.err
    with pytest.raises(es.OutputError, match="cannot write the report"):
        es.solve([0, 1], [0, 1]).to_html(tmp_path)


def test_a_method_writes_what_it_returns(tmp_path: Path) -> None:
    path = tmp_path / "r.html"
    text = es.solve([0, 1, 2], [0, 1, 0]).to_html(path)
    assert path.read_text(encoding="utf-8") == text
    Page(text).require_sound()
