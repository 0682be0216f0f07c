"""What solutions show in notebooks, as tables, at points."""

from __future__ import annotations

import re
from fractions import Fraction
from html.parser import HTMLParser

import numpy as np
import pytest

import exactsparse as es
from exactsparse.report import frame
from exactsparse.report.canvas import Picture
from tests.report.conftest import X2, named

KINDS = [
    "knots", "band", "intervals", "least", "line", "plane", "plane in a band", "claims", "space",
]  # fmt: skip
TAGS = {
    "div", "p", "strong", "table", "thead", "tbody", "tr", "th", "td", "pre", "img", "code",
}  # fmt: skip


class Read(HTMLParser):
    """Text and tags of a page; every tag is closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self.tags, self.open = "", list[str](), list[str]()
        self.feed(html)
        assert not self.open

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)
        if tag != "img":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("kind", KINDS)
def test_a_solution_shows_verdict_function_and_picture(
    kind: str, solutions: dict[str, es.Solution]
) -> None:
    solution = solutions[kind]
    html = solution._repr_html_()
    page = Read(html)
    assert set(page.tags) <= TAGS
    assert page.tags.count("img") == 1 and "data:image/png;base64,iVBOR" in html
    assert ("table" in page.tags) == (kind in ("knots", "band", "intervals", "least"))
    verdict = "✓ optimal, proved" if solution.status == "optimal" else "… feasible, not proved"
    assert page.text.startswith(verdict)
    # Names come from files.
    assert solution.problem.dataset.label_name in page.text
    assert solution.problem.dataset.feature_names[0] in page.text
    assert "lower bound" in page.text
    # The colours are those of the page, light or dark.
    assert not re.search(r"(?<!-)\bcolor:", html)


def test_what_has_no_picture_says_why() -> None:
    page = Read(es.solve([0, 1, 2], [0, 1, 0], shape="convex")._repr_html_())
    assert "✗ infeasible, proved" in page.text and "rows 0, 1 and 2" in page.text
    page = Read(es.solve([["0", "0"], ["1", "1"], ["1e999", "3"]], [0, 0, 0])._repr_html_())
    assert "no picture: numbers beyond the range of float64" in page.text


def test_laws_and_networks_show_themselves_typeset(solutions: dict[str, es.Solution]) -> None:
    law = es.solve([0, 1, 2], [0, 1, 0])
    piecewise = "\\begin{cases}\nx, & x < 1 \\\\\n-x + 2, & 1 \\le x\n\\end{cases}"
    for shown in (law.law, law.network, es.solve([0, 1, 2], [0, 1, 0], tolerance="0.001").law):
        latex = shown._repr_latex_()
        assert latex.startswith("$\\displaystyle y = ") and latex.endswith("$")
    assert piecewise in law.law._repr_latex_() == law.network._repr_latex_()
    assert "\\left(" in solutions["plane"].network._repr_latex_()
    many = es.solve(range(1500), [k % 2 for k in range(1500)])
    assert many.law._repr_latex_() is None and many.network._repr_latex_() is None
    some = es.solve(range(60), [k % 2 for k in range(60)]).law._repr_latex_()
    assert some.count("\\\\") == 20 and "\\dots" in some


def test_a_long_law_is_shortened(monkeypatch: pytest.MonkeyPatch) -> None:
    zigzag = es.solve(range(1500), [k % 2 for k in range(1500)])
    html = zigzag._repr_html_()
    pieces = zigzag.law.n_knots + 1
    assert html.count("<tr>") == 13 and f"… and {pieces - 12} more pieces" in html
    assert "<img" in html
    monkeypatch.setattr("exactsparse.report.notebook._MOST_KNOTS_DRAWN", 100)
    assert "<img" not in zigzag._repr_html_()


def test_a_curve_shows_itself() -> None:
    curve = es.tradeoff(named(range(5), [0, 1, 0, 1, 0]))
    page = Read(curve._repr_html_())
    assert page.tags.count("tr") == 5 and "every tolerance is proved" in page.text
    assert curve.dataset.label_name in page.text and "img" in page.tags


def test_a_picture_is_a_png_and_no_figure_of_pyplot(solutions: dict[str, es.Solution]) -> None:
    picture = solutions["knots"].plot()
    assert isinstance(picture, Picture) and picture._repr_png_().startswith(b"\x89PNG")


@pytest.mark.parametrize("kind", KINDS)
def test_a_solution_is_called_with_a_point(kind: str, solutions: dict[str, es.Solution]) -> None:
    solution = solutions[kind]
    d = solution.problem.dataset.n_features
    point = "1/3" if d == 1 else ["1/3", 2, 0.5][:d]
    assert type(solution(point)) is Fraction
    assert solution(point) == solution.network.evaluate(point)
    many = [0, 1] if d == 1 else np.zeros((2, d))
    with pytest.raises(es.ProblemError, match=r"predict\(.\) takes an array"):
        solution(many)
    with pytest.raises(es.ProblemError):
        solution([0] * (d + 1))


def test_pieces_are_a_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    solution = es.solve([0, 1, 2, 3], [0, "1/3", 0, 0])
    short = es.solve([0, 1, 2], [0, "1/3", 0]).to_frame(exact=True)
    assert [*short["slope"]] == ["1/3", "-1/3"] and short["start"][1] == "1" == short["end"][0]
    assert short["start"].isna()[0] and short["end"].isna()[1]
    floats = solution.to_frame()
    assert [*floats.columns] == ["start", "end", "slope", "intercept"]
    assert floats["start"][0] == -np.inf and floats["end"].iloc[-1] == np.inf
    for start, end, slope, intercept in floats.itertuples(index=False):
        at = min(max(start, -1.0), 5.0) if np.isinf(end) else min(end, 5.0)
        assert slope * at + intercept == pytest.approx(float(solution(at)))
    monkeypatch.setattr(frame.importlib.util, "find_spec", lambda name: None)
    table = solution.to_frame()
    assert type(table).__module__.startswith("pyarrow")
    assert table.to_pydict() == {name: floats[name].tolist() for name in floats.columns}


def test_neurons_are_a_frame(solutions: dict[str, es.Solution]) -> None:
    solution = es.solve(X2, [0, 1, 1, 0, 2, 1], skip="affine")
    table = solution.to_frame()
    assert [*table.columns] == ["part", "weight of x1", "weight of x2", "bias", "output"]
    assert [*table["part"]][-1] == "affine part"
    for x in X2:
        inside = table[["weight of x1", "weight of x2"]].to_numpy() @ x + table["bias"].to_numpy()
        inside[:-1] = np.maximum(inside[:-1], 0)
        assert inside @ table["output"].to_numpy() == pytest.approx(float(solution(x)))
    with pytest.raises(es.NoFunctionError):
        es.solve([0, 1, 2], [0, 1, 0], shape="convex").to_frame()


CELLS = [
    "import exactsparse as es\nsolution = es.solve([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0])",
    "solution",
    "solution.plot()",
    "law = es.solve([0, 1, 2], [0, 1, 0])\nlaw.plot();",
    "solution.network",
    "import matplotlib.pyplot as plt\nfigure, axes = plt.subplots()\nlaw.plot(ax=axes);",
    "from exactsparse import progress_bar\nimport time\nprogress_bar._QUIET_SECONDS = 0.01\n"
    "with progress_bar.reports(True) as told:\n"
    "    told('reading <a>', 0, 0)\n    time.sleep(0.1)\n    told('level 3', 1, 4)\n"
    "    shown = progress_bar._live(lambda: 0)\ntype(shown).__name__",
]


def test_a_notebook_shows_solutions_and_every_picture_once(tmp_path: object) -> None:
    nbformat, nbclient = pytest.importorskip("nbformat"), pytest.importorskip("nbclient")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS])
    nbclient.NotebookClient(
        notebook, timeout=600, startup_timeout=600, kernel_name="python3"
    ).execute()
    _, shown, picture, silent, typeset, placed, progress = (cell.outputs for cell in notebook.cells)
    (output,) = shown
    assert "✓ optimal, proved" in output.data["text/html"]
    assert output.data["text/plain"] == "<SearchSolution: optimal, value 4>"
    (output,) = picture
    assert "image/png" in output.data
    assert silent == []
    (output,) = typeset
    assert "\\left(" in output.data["text/latex"] and "text/html" not in output.data
    (output,) = placed
    assert "image/png" in output.data
    bar, kind = progress
    assert kind.data["text/plain"] == "'_NotebookBar'"
    assert bar.data["text/html"] == ""
