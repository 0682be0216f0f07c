"""Names of columns in other languages.  They come from headers of files: any text at all."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence

_LONGEST = 60


def identifiers(names: Sequence[str], taken: Collection[str]) -> list[str]:
    """Identifiers of letters, digits and underscores, different from each other and from others.

    Parameters
    ----------
    names : sequence of str
        Any texts; accents are dropped, other signs become underscores.
    taken : collection of str
        Words of the language, and names that the code uses.

    Examples
    --------
    >>> identifiers(["income (USD)", "income [USD]", "2nd", "class", "Größe", "%"], {"class"})
    ['income_USD', 'income_USD_2', 'x_2nd', 'class_', 'Grosse', 'x']
    """
    found: list[str] = []
    for name in names:
        plain = identifier(name)
        plain = f"{plain}_" if plain in taken else plain
        unique, number = plain, 2
        while unique in found or unique in taken:
            unique, number = f"{plain.rstrip('_')}_{number}", number + 1
        found.append(unique)
    return found


def renamed(names: Sequence[str], found: Sequence[str]) -> list[str]:
    """A line for every name that is another one in the code.

    Examples
    --------
    >>> renamed(["a", "b (%)"], ["a", "b"])
    ['b is b (%)']
    """
    return [f"{new} is {old}" for old, new in zip(names, found, strict=True) if old != new]


def identifier(name: str) -> str:
    """Letters, digits and underscores that a name comes down to; begins with a letter."""
    spelled = unicodedata.normalize("NFKD", name.replace("ß", "ss"))
    plain = re.sub(r"[^A-Za-z0-9_]+", "_", re.sub(r"[\u0300-\u036f]", "", spelled))
    plain = re.sub(r"__+", "_", plain).strip("_")[:_LONGEST].rstrip("_")
    return plain if plain[:1].isalpha() else f"x_{plain}".rstrip("_")
