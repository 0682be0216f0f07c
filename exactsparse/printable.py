"""Texts that come from files, for terminals, messages and pictures: any text at all."""

from __future__ import annotations

from unicodedata import category


def printable(text: str) -> str:
    r"""A text on one line: what does not print, line breaks among it, as ``\x0a``.

    Names of columns and files, and notes on them, pass through here before they are shown: nothing
    that is left ends a line, hides, or changes the direction of what follows.

    Examples
    --------
    >>> printable("a\nb"), printable("Größe")
    ('a\\x0ab', 'Größe')
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or category(c) == "Zs" else _escaped(c) for c in text)


def _escaped(character: str) -> str:
    code = ord(character)
    return (
        f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}" if code < 65536 else f"\\U{code:08x}"
    )
