"""The HTML report in a browser: drawn, read out, zoomed, copied, printed; silent and offline."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
if CHROMIUM is None and "CI" not in os.environ:
    pytest.skip("there is no chromium (apt-get install chromium)", allow_module_level=True)
LINES = ("law", "slope")


class Tab:
    """A page in the browser, and what it says and asks for on its own."""

    def __init__(self, page: Any, path: Path) -> None:
        self.page = page
        self.said: list[str] = []
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("request", self._asked)
        page.goto(path.as_uri())

    def _asked(self, request: Any) -> None:
        if not request.url.startswith(("file:", "data:", "blob:")):
            self.said.append(f"asked for {request.url}")

    def picture(self, key: str = "law") -> Any:
        return self.page.locator(f"#{key}-picture")

    def readout(self, key: str = "law") -> str:
        return str(self.picture(key).locator(".readout").inner_text())

    def view(self, key: str = "law") -> tuple[float, float]:
        """Ends of the window, from where the first numbers stand on the horizontal axis."""
        ticks = self.picture(key).locator(".tick.across")
        values = [float(t.replace(",", "")) for t in ticks.all_text_contents()[:2]]
        places = [float(ticks.nth(k).get_attribute("x")) for k in (0, 1)]
        frame = self.picture(key).locator(".frame").first
        left, width = (float(frame.get_attribute(name)) for name in ("x", "width"))
        step = (values[1] - values[0]) / (places[1] - places[0])
        low = values[0] + (left - places[0]) * step
        return low, low + width * step

    def press(self, *keys: str, key: str = "law") -> None:
        stage = self.picture(key).locator(".stage")
        stage.focus()
        for name in keys:
            stage.press(name)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    assert CHROMIUM is not None, "CI has no chromium"
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def files(texts: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("reports")
    found = {name: folder / f"{name}.html" for name in texts}
    for name, path in found.items():
        path.write_text(texts[name], encoding="utf-8")
    return found


@pytest.fixture(scope="module")
def context(browser: Any) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 1000, "height": 800}, offline=True)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    yield context
    context.close()


@pytest.fixture
def tab(context: Any, files: dict[str, Path]) -> Iterator[Tab]:
    """The report of the tax table; afterwards it has said nothing on the console."""
    page = context.new_page()
    tab = Tab(page, files["band"])
    yield tab
    page.close()
    assert not tab.said


def test_every_page_is_drawn_in_silence(context: Any, files: dict[str, Path]) -> None:
    page = context.new_page()
    alerts: list[str] = []
    page.on("dialog", lambda dialog: alerts.append(dialog.message) or dialog.dismiss())
    for name, path in files.items():
        tab = Tab(page, path)
        for svg in page.locator(".stage svg").all():
            marks = svg.locator("path[clip-path]")
            assert marks.count() > 0, name
            assert not any("NaN" in (mark.get_attribute("d") or "") for mark in marks.all()), name
        assert not tab.said, name
    page.close()
    assert not alerts


def test_the_script_draws_what_stood_there_without_it(browser: Any, files: dict[str, Path]) -> None:
    """At the same width, the law goes through the same places, to a pixel."""
    context = browser.new_context(java_script_enabled=False)
    bare = context.new_page()
    bare.goto(files["band"].as_uri())
    assert not bare.locator(".tools").first.is_visible()
    lines = "#law-picture .drawing .line"
    still = [bare.locator(f"{lines}.{name}").get_attribute("d") for name in LINES]
    context.close()
    context = browser.new_context(viewport={"width": 1000, "height": 800})
    tab = Tab(context.new_page(), files["band"])
    tab.page.locator("#law-picture .stage").evaluate("stage => { stage.style.width = '860px'; }")
    tab.page.wait_for_function(
        "document.querySelector('#law-picture [role=img]').getAttribute('viewBox') == '0 0 860 460'"
    )
    for text, name in zip(still, LINES, strict=True):
        drawn = tab.page.locator(f"{lines}.{name}").get_attribute("d")
        before, after = (re.findall(r"-?[\d.]+", path) for path in (text, drawn))
        assert len(before) == len(after) >= 14
        assert all(abs(float(a) - float(b)) < 1 for a, b in zip(before, after, strict=True))
    context.close()


def test_hovering_says_exact_values(tab: Tab, solved: dict[str, Any]) -> None:
    stage = tab.picture().locator(".stage")
    box = stage.bounding_box()
    stage.hover(position={"x": box["width"] * 0.6, "y": box["height"] * 0.3})
    said = tab.readout()
    found = re.fullmatch(
        r"row (\d+) · income_usd = (\d+) · tax_usd = (\d+) · law = ([\d.]+) · band = .*", said
    )
    assert found, said
    dataset = solved["band"].problem.dataset
    row = int(found[1]) - dataset.origin.row_number(0)
    assert [Fraction(found[2]), Fraction(found[3])] == list(dataset.row(row))
    assert Fraction(found[4]) == solved["band"].law.evaluate(found[2])
    assert tab.picture().locator("circle.here").count() == 1


def test_the_keyboard_reaches_rows_knots_and_the_window(tab: Tab) -> None:
    whole = tab.view()
    tab.press("Home")
    assert tab.readout().startswith("row 2 · income_usd = 0 ·")
    tab.press("ArrowRight", "ArrowRight", "ArrowLeft")
    assert tab.readout().startswith("row 3 ·")
    tab.press("k", "k")
    assert tab.readout().startswith("knot 2 · income_usd = 47150 · slope before = 0.12")
    tab.press("K")
    assert tab.readout() == (
        "knot 1 · income_usd = 11600 · slope before = 0.1 · slope after = 0.12 · "
        "can lie in = 11584.2 … 11635.7"
    )
    tab.press(*["+"] * 8)
    near = tab.view()
    assert near[0] < 11600 < near[1] and near[1] - near[0] < 6000
    tab.press("Shift+ArrowRight")
    assert tab.view()[0] > near[0]
    tab.press("End")
    assert tab.readout().startswith("row 73 ·") and tab.view()[1] > 900_000
    tab.press("0")
    assert tab.view() == whole
    tab.press("Escape")
    assert tab.readout() == ""


def test_buttons_wheel_drag_and_list(tab: Tab) -> None:
    picture, stage = tab.picture(), tab.picture().locator(".stage")
    whole = tab.view()
    picture.get_by_role("button", name="Zoom in").click()
    half = tab.view()
    assert half[1] - half[0] < 0.6 * (whole[1] - whole[0])
    picture.get_by_role("button", name="Whole").click()
    assert tab.view() == whole
    # Without the focus the wheel moves the page, with it the picture.
    box = stage.bounding_box()
    tab.page.mouse.move(box["x"] + 300, box["y"] + 100)
    tab.page.mouse.wheel(0, -300)
    assert tab.view() == whole
    stage.focus()
    before = picture.locator(".drawing").text_content()
    box = stage.bounding_box()
    tab.page.mouse.move(box["x"] + 300, box["y"] + 100)
    tab.page.mouse.wheel(0, -300)
    tab.page.wait_for_function(
        "before => document.querySelector('#law-picture .drawing').textContent !== before",
        arg=before,
    )
    wheeled = tab.view()
    assert wheeled != whole
    tab.page.mouse.down()
    tab.page.mouse.move(box["x"] + 100, box["y"] + 100, steps=3)
    tab.page.mouse.up()
    assert tab.view()[0] > wheeled[0]
    picture.get_by_label("Go to").select_option(index=3)
    assert tab.readout().startswith("knot 3 · income_usd = 100525")
    near = tab.view()
    assert near[0] < 100525 < near[1] and near[1] - near[0] < 1000
    assert picture.locator(".drawing .spans").get_attribute("d").count("M") == 1
    # So near that the band, a dollar wide where labels reach 328,000, has a height.
    tab.press("Escape", "0", "Home", *["+"] * 10)
    bars = re.findall(
        r"M[\d.]+ ([\d.]+)V([\d.]+)", picture.locator(".drawing .bars").get_attribute("d")
    )
    assert bars and all(float(low) - float(high) > 2 for low, high in bars)


def test_the_plane_of_two_features(context: Any, files: dict[str, Path]) -> None:
    page = context.new_page()
    tab = Tab(page, files["search"])
    tab.press("ArrowRight", key="plane")
    assert tab.readout("plane") == "row 0 · x1 = 0 · x2 = 0 · y = 0"
    before = tab.picture("plane").locator(".tick.up").all_text_contents()
    tab.press("+", "+", key="plane")
    assert tab.picture("plane").locator(".tick.up").all_text_contents() != before
    page.close()
    assert not tab.said


def test_copying(tab: Tab) -> None:
    tab.page.locator('[data-copy="proof-commands"]').click()
    tab.page.get_by_text("Copied").wait_for()
    command = tab.page.locator("#proof-commands").inner_text()
    assert tab.page.evaluate("navigator.clipboard.readText()") == command
    assert command.startswith("exactsparse check proof.json ")
    # Where there is no clipboard, as in pages that are not trusted.
    tab.page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    tab.page.locator("#code [data-copy]").first.click()
    assert str(tab.page.evaluate("getSelection().toString()")).strip()


def test_the_certificate_is_saved(tab: Tab, tmp_path: Path) -> None:
    from exactsparse_check import check

    with tab.page.expect_download() as download:
        tab.page.get_by_role("link", name="Save the certificate").click()
    download.value.save_as(tmp_path / "proof.json")
    assert download.value.suggested_filename == "proof.json"
    assert check(tmp_path / "proof.json").outcome == "accepted"


def test_the_tab_key_walks_through_everything_that_can_be_used(tab: Tab) -> None:
    seen: list[str] = []
    for _ in range(80):
        tab.page.keyboard.press("Tab")
        name = tab.page.evaluate(
            "(() => { const e = document.activeElement; return e === document.body ? '' :"
            " e.tagName + ' ' + (e.getAttribute('aria-label') || e.textContent.slice(0, 20)); })()"
        )
        if not name:
            break
        outline = tab.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none", name
        seen.append(str(name))
    assert seen[0] == "A To the report"
    for what in ("BUTTON Zoom in", "SELECT", "A Save the certificate", "SUMMARY"):
        assert any(name.startswith(what) for name in seen), what
    assert len(seen) == len(
        tab.page.locator("a[href], button:visible, select, summary, [tabindex='0']:visible").all()
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read_in_both_schemes(
    scheme: str, browser: Any, files: dict[str, Path]
) -> None:
    context = browser.new_context(color_scheme=scheme, reduced_motion="reduce")
    for name in ("band", "feasible", "infeasible"):
        page = context.new_page()
        page.goto(files[name].as_uri())
        poor = page.evaluate(CONTRAST)
        assert poor == [], name
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == (
        "rgb(255, 255, 255)" if scheme == "light" else "rgb(20, 23, 26)"
    )
    context.close()


# Texts whose contrast with what is behind them is below 4.5, as WCAG reckons it.
CONTRAST = """
(() => {
  const rgb = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => {
    const part = (v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  };
  const behind = (e) => {
    for (; e; e = e.parentElement) {
      const c = rgb(getComputedStyle(e).backgroundColor);
      if (c.length < 4 || c[3] > 0) return c;
    }
    return [255, 255, 255];
  };
  const poor = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const e = texts.currentNode.parentElement, style = getComputedStyle(e);
    if (!texts.currentNode.data.trim() || !e.getClientRects().length) continue;
    const ink = rgb(e.closest("svg") ? style.fill : style.color);
    const [a, b] = [light(ink), light(behind(e))].sort((u, v) => v - u);
    if ((a + 0.05) / (b + 0.05) < 4.5) poor.push(e.textContent.slice(0, 40));
  }
  return poor;
})()
"""


def test_narrow_screens_and_paper(browser: Any, files: dict[str, Path], tmp_path: Path) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 700}, color_scheme="dark")
    page = context.new_page()
    for name in ("band", "search", "infeasible", "hostile"):
        page.goto(files[name].as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, name
    page.goto(files["band"].as_uri())
    size = page.locator("#law-picture .tick").first.evaluate(
        "t => t.getBoundingClientRect().height"
    )
    assert size >= 11
    page.emulate_media(media="print")
    assert not page.locator(".tools").first.is_visible()
    assert page.locator("#law-picture .stage svg").is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    pdf = page.pdf(path=tmp_path / "report.pdf", format="A4")
    assert pdf.startswith(b"%PDF") and 1 < pdf.count(b"/Type /Page\n") < 12
    context.close()
