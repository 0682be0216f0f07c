"""A page as tests read it: strictly, so that a tag or a name out of place is an error."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

VOID = {"meta", "br", "hr", "img", "input", "link"}
# Elements of SVG that hold nothing are written with a slash.
_REFERENCES = ("aria-labelledby", "aria-describedby", "data-copy", "data-keys", "for")


@dataclass
class Element:
    """A tag, its attributes, and what is in it."""

    tag: str
    attributes: dict[str, str]
    children: list[Element] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All text, in the order of the page."""
        return "".join(self.texts)

    def all(self, tag: str) -> list[Element]:
        """Elements of a tag inside it, in the order of the page."""
        found = [self] if self.tag == tag else []
        for child in self.children:
            found += child.all(tag)
        return found

    def rows(self) -> list[list[str]]:
        """Cells of a table, without its heads."""
        body = self.all("tbody")[0]
        return [[c.text for c in row.children] for row in body.all("tr")]


class Page(HTMLParser):
    """The elements of a page; every tag must be closed where it was opened."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self._open = [self.root]
        self.elements: list[Element] = []
        self.feed(text)
        self.close()
        assert [element.tag for element in self._open] == [""], "a tag is left open"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"<{tag}> has an attribute twice"
        element = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(element)
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop().tag == tag, f"</{tag}> closes another tag"

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.texts.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"the page has a comment: {data}")

    def all(self, tag: str) -> list[Element]:
        """Elements of a tag, in the order of the page."""
        return [element for element in self.elements if element.tag == tag]

    def by_id(self, key: str) -> Element:
        """The element of an identifier."""
        (found,) = (e for e in self.elements if e.attributes.get("id") == key)
        return found

    def section(self, key: str) -> Element:
        """A section by its identifier."""
        return self.by_id(key)

    @property
    def text(self) -> str:
        """What is read: neither styles nor scripts nor the data of pictures."""
        silent = {id(t) for tag in ("script", "style") for e in self.all(tag) for t in [e]}
        return " ".join(
            " ".join(e.texts).strip() if not e.children else ""
            for e in self.elements
            if id(e) not in silent
        )

    def pictures(self) -> dict[str, dict[str, Any]]:
        """What scripts draw, by the key of the picture."""
        data = [e for e in self.all("script") if e.attributes.get("type") == "application/json"]
        found = [json.loads(element.text) for element in data]
        return {picture["key"]: picture for picture in found}

    def certificate(self) -> bytes | None:
        """What is saved by the link of the certificate."""
        links = [e for e in self.all("a") if "download" in e.attributes]
        if not links:
            return None
        kind, _, content = links[0].attributes["href"].partition(",")
        assert kind == "data:application/json;base64"
        return base64.b64decode(content)

    def require_sound(self) -> None:
        """What holds of every page."""
        ids = [e.attributes["id"] for e in self.elements if "id" in e.attributes]
        assert len(ids) == len(set(ids)), "an identifier stands twice"
        for element in self.elements:
            for name, value in element.attributes.items():
                assert not name.startswith("on") and name != "style", f"{name} is refused"
                for key in value.split() if name in _REFERENCES else ():
                    assert key in ids, f"{name} names {key}, which is nowhere"
                if name == "href" and value.startswith("#"):
                    assert value[1:] in ids
                elif name in ("href", "src", "action", "srcset", "data"):
                    assert value.startswith("data:application/json"), f"{name} leads out: {value}"
        self._require_policy()
        self._require_names()

    def _require_policy(self) -> None:
        (policy,) = (
            e.attributes["content"]
            for e in self.all("meta")
            if e.attributes.get("http-equiv") == "Content-Security-Policy"
        )
        (style,) = self.all("style")
        programs = [e for e in self.all("script") if "type" not in e.attributes]
        (script,) = programs
        rules = dict(rule.strip().partition(" ")[::2] for rule in policy.split(";"))
        assert rules["default-src"] == "'none'"
        for rule, element in (("style-src", style), ("script-src", script)):
            digest = base64.b64encode(hashlib.sha256(element.text.encode()).digest()).decode()
            assert rules[rule] == f"'sha256-{digest}'"

    def _require_names(self) -> None:
        """What a screen reader says of parts of the page."""
        assert [e.tag for e in self.all("h1")] == ["h1"]
        for tag in ("header", "main", "footer", "nav"):
            assert len(self.all(tag)) == 1
        levels = [int(e.tag[1]) for e in self.elements if e.tag in ("h1", "h2", "h3")]
        assert all(b <= a + 1 for a, b in pairwise(levels))
        for element in self.all("button"):
            assert element.text.strip() or element.attributes.get("aria-label")
        for element in self.all("svg"):
            if element.attributes.get("aria-hidden") != "true":
                assert element.attributes["role"] == "img"
                titles = [c for c in element.children if c.tag in ("title", "desc")]
                assert [c.tag for c in titles] == ["title", "desc"]
                assert all(c.text.strip() for c in titles)
        for element in self.all("table"):
            assert element.all("caption") and element.all("thead")
            scopes = {e.attributes.get("scope") for e in element.all("th")}
            assert scopes <= {"col", "row"}
            for row in element.all("tbody")[0].all("tr"):
                assert len(row.children) == len(element.all("thead")[0].all("th"))
        for element in self.elements:
            if element.attributes.get("role") == "region":
                assert {"aria-label", "aria-labelledby"} & set(element.attributes)
