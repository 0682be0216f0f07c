"""What is asked of a function within a band: an interval at every distinct point."""

from fractions import Fraction
from typing import Any, NamedTuple

# Features and a label, or features and two bounds, which may be None.
Row = tuple[Any, ...]


class Window(NamedTuple):
    """What is asked of a function at a point, but for the tolerance; None for no bound.

    Of several labels the highest counts as a lower end, the lowest as an upper one. The tolerance
    is not added, as one long number would make one of every row.
    """

    point: tuple[Fraction, ...]
    lower: Fraction | None
    upper: Fraction | None

    @property
    def x(self) -> Fraction:
        """The first feature."""
        return self.point[0]

    def holds(self, value: Fraction, tolerance: Fraction) -> bool:
        """Whether a value lies in it, give or take the tolerance."""
        above = self.lower is None or self.lower <= value + tolerance
        return above and (self.upper is None or value - tolerance <= self.upper)


def windows_of(rows: list[Row], width: int = 1) -> list[Window]:
    """Intersect the bounds, or the labels, at every point of so many features; rows are sorted."""
    found: list[Window] = []
    for row in rows:
        point, lower, upper = row[:width], row[width], row[-1]
        if found and found[-1].point == point:
            _, low, high = found.pop()
            lower, upper = _most(max, low, lower), _most(min, high, upper)
        found.append(Window(point, lower, upper))
    return found


def asked(tree: Any, points: list[Row]) -> tuple[list[Window], Fraction, str]:
    """Return the windows of a certificate, the tolerance, and what the windows are called."""
    # "0" stands for labels, None for bounds, and what else there is is a tolerance.
    about = tree["objective"]["tolerance"]
    what = "point" if about == "0" else "window"
    tolerance = about if isinstance(about, Fraction) else Fraction(0)
    return windows_of(points, tree["data"]["n_features"]), tolerance, what


def _most(choose: Any, one: Fraction | None, other: Fraction | None) -> Fraction | None:
    given = [value for value in (one, other) if value is not None]
    return choose(given) if given else None
