"""The report: sections put together and written into one HTML file."""

from __future__ import annotations

import base64
import hashlib
import os
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

import jinja2
from markupsafe import Markup

from exactsparse.errors import OutputError
from exactsparse.exact.numbers import counted
from exactsparse.report.html import curve_section, svg
from exactsparse.report.html.code import CodeSection
from exactsparse.report.html.curve import Curve
from exactsparse.report.html.curve_section import CURVE_SECONDS, CurveSection
from exactsparse.report.html.data_notes import data_notes
from exactsparse.report.html.details import RunDetails
from exactsparse.report.html.function_section import FunctionSection
from exactsparse.report.html.meaning import Verdict
from exactsparse.report.html.numbers import value_text
from exactsparse.report.html.proof import Proof
from exactsparse.report.html.residual_section import ResidualSection
from exactsparse.report.html.tables import HtmlTable, history_table
from exactsparse.report.verdict import proved_of
from exactsparse.solution import InfeasibleSolution, Solution, Status

_HERE = Path(__file__).parent


@dataclass(frozen=True, kw_only=True)
class _Page:
    """What the template reads."""

    verdict: Verdict
    figures: list[tuple[str, str]]
    x_name: str
    y_name: str
    function: FunctionSection
    residuals: ResidualSection | None
    proof: Proof
    history: HtmlTable | None
    curve: CurveSection | None
    data_notes: list[str]
    code: CodeSection | None
    command: str | None
    facts: list[tuple[str, str]]

    @property
    def sections(self) -> list[tuple[str, str]]:
        """Identifier and name of every section, in their order."""
        return [
            ("law", self.function.heading),
            *([("residuals", "Distance from the labels")] if self.residuals else []),
            ("proof", "Proof"),
            *([("curve", "Knots against tolerance")] if self.curve else []),
            ("data", "Data"),
            *([("code", "Code")] if self.code else []),
            ("provenance", "Origin"),
        ]


def html_report(
    solution: Solution, details: RunDetails | None = None, *, curve_seconds: float = CURVE_SECONDS
) -> str:
    """A report of a solution as the text of one HTML file, which loads nothing.

    Parameters
    ----------
    solution : Solution
        Any.
    details : RunDetails, optional
        What is known of the run beside it.
    curve_seconds : float
        Time that the curve of knots against tolerance may take; 0 leaves it out.

    Examples
    --------
    >>> import exactsparse as es
    >>> text = html_report(es.solve([0, 1, 2], [0, 1, 0]))
    >>> text.startswith("<!DOCTYPE html>"), "http://" in text.replace("http://www.w3.org/", "")
    (True, False)
    """
    style, script = (_text(f"report.{kind}") for kind in ("css", "js"))
    template = _environment().get_template("report.html")
    return template.render(
        page=_page(solution, details or RunDetails(), curve_seconds),
        version=version("exactsparse"),
        style=Markup(style),
        script=Markup(script),
        style_hash=_source_hash(style),
        script_hash=_source_hash(script),
        drawing_of=svg.drawing,
        key_of=svg.key,
        width=svg.WIDTH,
        height=svg.HEIGHT,
        curve_width=curve_section.WIDTH,
        curve_height=curve_section.HEIGHT,
    )


def write(text: str, path: str | os.PathLike[str]) -> None:
    """Write the text of a report into a file.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    try:
        Path(path).write_text(text, encoding="utf-8")
    except OSError as error:
        raise OutputError(f"{path}: cannot write the report: {error.strerror}") from None


@cache
def _environment() -> jinja2.Environment:
    loader = jinja2.FileSystemLoader(_HERE / "templates")
    environment = jinja2.Environment(
        autoescape=True, loader=loader, undefined=jinja2.StrictUndefined
    )
    # Of data of pictures, which nobody reads; tojson escapes what HTML would see in it.
    environment.policies["json.dumps_kwargs"] = {"separators": (",", ":"), "allow_nan": False}
    return environment


@cache
def _text(name: str) -> str:
    return (_HERE / "static" / name).read_text(encoding="utf-8")


def _source_hash(text: str) -> str:
    """What the page allows to run or to style it: this text and no other."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _page(solution: Solution, details: RunDetails, curve_seconds: float) -> _Page:
    dataset = solution.problem.dataset
    exists = not isinstance(solution, InfeasibleSolution)
    curve = Curve.of(solution) if exists else None
    return _Page(
        verdict=Verdict.of(solution),
        figures=_figures(solution),
        x_name=dataset.shown_features[0],
        y_name=dataset.shown_label,
        function=FunctionSection.of(solution, curve),
        residuals=ResidualSection.of(solution, curve),
        proof=Proof.of(solution, details),
        history=history_table(solution),
        curve=CurveSection.of(solution, curve_seconds) if exists else None,
        data_notes=data_notes(solution),
        code=CodeSection.of(solution) if exists else None,
        command=details.command,
        facts=details.facts(solution),
    )


def _figures(solution: Solution) -> list[tuple[str, str]]:
    dataset = solution.problem.dataset
    found = [
        ("data", f"{counted(dataset.n_points, 'row')}, {counted(dataset.n_features, 'feature')}")
    ]
    if isinstance(solution, InfeasibleSolution):
        return found
    bound = solution.cost if solution.status is Status.OPTIMAL else solution.bound
    found.insert(0, ("value", value_text(solution.cost)))
    found.insert(1, ("lower bound", f"{value_text(bound)} ({proved_of(solution)})"))
    unique = {True: "yes", False: "no", None: "not determined"}[solution.unique]
    found.append(("unique", unique))
    if solution.generic_lower_bound is not None:
        found.append(("almost all labels need", str(solution.generic_lower_bound)))
    found.append(("time", f"{solution.seconds:.3f} s"))
    return found
