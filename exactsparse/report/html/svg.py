"""A picture as static SVG: what is printed, and what is seen where no script runs."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup
from matplotlib.ticker import MaxNLocator

from exactsparse.report.canvas import with_separators
from exactsparse.report.html.spec import Layer, Picture

WIDTH, HEIGHT, GAP = 860, 460, 16
_LEFT, _RIGHT, _TOP, _BOTTOM = 84, 14, 12, 44
_MARKS_OF_RADIUS = {"diamonds": 6.0, "up": 5.0, "down": 5.0}
_HALF_DIGIT = 3.5
# More would hide the law.
MOST_MARKS = 600


@dataclass(frozen=True)
class _Frame:
    """Where a panel lies, and what it shows."""

    top: float
    height: float
    x_range: tuple[float, float]
    y_range: tuple[float, float]

    def across(self, x: float) -> float:
        low, high = self.x_range
        return _LEFT + (x - low) / (high - low) * (WIDTH - _LEFT - _RIGHT)

    def down(self, y: float) -> float:
        low, high = self.y_range
        return self.top + (high - y) / (high - low) * self.height


def drawing(picture: Picture) -> Markup:
    """The inner part of an SVG element of ``WIDTH`` by ``HEIGHT``: axes, marks, labels."""
    parts: list[Markup] = []
    frames = list(_frames(picture))
    for k, frame in enumerate(frames):
        parts += _axes(picture, frame, picture.panels[k][0], last=k == len(frames) - 1)
    for layer in picture.layers:
        path = _path(layer, frames[layer.panel])
        parts.append(Markup('<path class="{} {}" d="{}"/>').format(layer.mark, layer.style, path))
    return Markup("\n").join(parts)


def _frames(picture: Picture) -> Iterator[_Frame]:
    room = HEIGHT - _TOP - _BOTTOM - GAP * (len(picture.panels) - 1)
    whole, top = sum(share for _, share in picture.panels), float(_TOP)
    for k, (_, share) in enumerate(picture.panels):
        height = room * share / whole
        yield _Frame(top, height, picture.x_range, picture.y_range(k))
        top += height + GAP


def _axes(picture: Picture, frame: _Frame, label: str, *, last: bool) -> Iterator[Markup]:
    right, bottom = WIDTH - _RIGHT, frame.top + frame.height
    text = Markup('<text class="{}" x="{:.1f}" y="{:.1f}">{}</text>')
    for x in _ticks(frame.x_range, 7):
        at = frame.across(x)
        yield Markup('<path class="grid" d="M{:.1f} {:.1f}V{:.1f}"/>').format(at, frame.top, bottom)
        if last:
            label_of_tick = with_separators(x)
            inside = min(at, WIDTH - _HALF_DIGIT * len(label_of_tick))
            yield text.format("tick across", inside, bottom + 17, label_of_tick)
    for y in _ticks(frame.y_range, max(4, round(frame.height / 55))):
        at = frame.down(y)
        yield Markup('<path class="grid" d="M{} {:.1f}H{}"/>').format(_LEFT, at, right)
        yield text.format("tick up", _LEFT - 7, at + 4, with_separators(y))
    yield Markup('<rect class="frame" x="{}" y="{:.1f}" width="{}" height="{:.1f}"/>').format(
        _LEFT, frame.top, right - _LEFT, frame.height
    )
    middle = frame.top + frame.height / 2
    yield Markup(
        '<text class="label up" transform="translate(14 {:.1f}) rotate(-90)">{}</text>'
    ).format(middle, shortened(label, 40 if frame.height > 150 else 14))
    if last:
        yield text.format(
            "label across", (_LEFT + right) / 2, HEIGHT - 6, shortened(picture.x_label)
        )


def shortened(name: str, most: int = 70) -> str:
    """A name that fits beside an axis."""
    return name if len(name) <= most else name[: most - 1] + "…"


def _ticks(ends: tuple[float, float], most: int) -> list[float]:
    low, high = ends
    with np.errstate(all="ignore"):
        found = MaxNLocator(most, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
    # What rounds to zero beside its neighbours is zero.
    tiny = (high - low) * 1e-9
    return [0.0 if abs(v) < tiny else float(v) for v in found if low <= v <= high]


def _path(layer: Layer, frame: _Frame) -> str:
    xs = [frame.across(v) for v in layer.x.tolist()]
    lows = layer.low.tolist()
    if layer.mark == "spans":
        top, bottom = frame.top, frame.top + frame.height
        highs = [] if layer.high is None else layer.high.tolist()
        ends = ((frame.across(a), frame.across(b)) for a, b in zip(lows, highs, strict=True))
        return "".join(
            f"M{a:.2f} {top:.1f}H{max(b, a + 1):.2f}V{bottom:.1f}H{a:.2f}Z" for a, b in ends
        )
    ys = [frame.down(v) for v in lows]
    if layer.mark == "line":
        pairs = (f"{x:.2f} {y:.2f}" for x, y in zip(xs, ys, strict=True))
        return "M" + "L".join(pairs) if xs else ""
    if layer.mark == "bars":
        highs = [] if layer.high is None else [frame.down(v) for v in layer.high.tolist()]
        triples = zip(xs, ys, highs, strict=True)
        # A bar has a length, or nothing would be drawn.
        return "".join(f"M{x:.2f} {y:.2f}V{min(h, y - 0.5):.2f}" for x, y, h in triples)
    if layer.mark == "dots":
        return "".join(f"M{x:.2f} {y:.2f}h0" for x, y in zip(xs, ys, strict=True))
    if layer.mark == "diamonds" and len(xs) > MOST_MARKS:
        return ""
    r = round(_MARKS_OF_RADIUS[layer.mark] * _share_of_size(len(xs)), 1)
    return "".join(shape(layer.mark, x, y, r) for x, y in zip(xs, ys, strict=True))


def _share_of_size(n: int) -> float:
    """Many large marks would hide the law."""
    return 1.0 if n <= 40 else 0.5 if n <= 200 else 0.3


def shape(mark: str, x: float, y: float, r: float) -> str:
    """A diamond or a triangle about a point, as a path."""
    if mark == "diamonds":
        return f"M{x - r:.2f} {y:.2f}l{r} {-r}l{r} {r}l{-r} {r}Z"
    sign = -1 if mark == "up" else 1
    return f"M{x - r:.2f} {y - sign * r:.2f}h{2 * r}l{-r} {sign * 1.6 * r:.1f}Z"


def key(mark: str, style: str) -> Markup:
    """A small sample of a mark, for the legend."""
    inner = {
        "line": "M1 7H21",
        "dots": "M11 7h0",
        "bars": "M11 1V13",
        "spans": "M3 1H19V13H3Z",
    }.get(mark)
    if inner is None:
        inner = shape(mark, 11, 7, 5)
    return Markup(
        '<svg class="key" width="22" height="14" viewBox="0 0 22 14" aria-hidden="true">'
        '<path class="{} {}" d="{}"/></svg>'
    ).format(mark, style, inner)


def decades(low: float, high: float) -> list[float]:
    """Powers of ten between two positive numbers, not more than nine."""
    first, last = math.ceil(math.log10(low)), math.floor(math.log10(high))
    step = max(1, (last - first) // 8 + 1)
    return [10.0**k for k in range(first, last + 1, step)]
