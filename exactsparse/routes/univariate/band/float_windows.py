"""Windows in doubles with bounds of their errors, and the exact ones behind them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property, partial

import numpy as np
from numpy.typing import NDArray

from exactsparse.exact.memory import empty
from exactsparse.exact.numbers import to_float
from exactsparse.problem.column import LARGEST_EXACT_INTEGER, Column
from exactsparse.routes.univariate.band.tails import NO_TAILS, Tails, tails_around
from exactsparse.routes.univariate.band.windows import Windows, orientation

Floats = NDArray[np.float64]

_ROUNDING = 2.0**-53
_SMALLEST = 2.0**-1074


@dataclass(frozen=True, eq=False)
class FloatWindows:
    """Windows in doubles with bounds of their errors, and the exact ones behind them.

    Parameters
    ----------
    x : ndarray, shape (n,)
        Not descending; the exact abscissae ascend strictly.
    ends : ndarray, shape (2, n)
        Lower and upper bounds; infinite for none.
    radii : ndarray, shape (4,)
        ``|x − exact| <= radii[0] |x| + radii[1]``, and so for bounds with the last two.
    exact_x : callable
        Exact abscissa of a row, in the unit of ``x``.
    exact_end : callable
        Exact bound of a side (0 lower, 1 upper) at a row, in the unit of ``ends``.
    x_unit, y_unit : Fraction
        What one stands for in ``x`` and in ``ends``.
    make_tails : callable or None
        Returns what abscissae and bounds, of one width, are beyond their doubles, to ``2⁻¹⁰⁰`` of
        the largest, and floats in the order of bounds of either side, equal only where these are;
        called where doubles leave decisions open.
    """

    x: Floats
    ends: Floats
    radii: Floats
    exact_x: Callable[[int], Fraction]
    exact_end: Callable[[int, int], Fraction]
    x_unit: Fraction = Fraction(1)
    y_unit: Fraction = Fraction(1)
    make_tails: Callable[[], tuple[Floats, Floats, Floats]] | None = None

    @classmethod
    def of(cls, windows: Windows) -> FloatWindows | None:
        """Windows rounded to doubles; None where one exceeds their range."""
        n = len(windows)
        x, ends = empty(n), empty((2, n))
        x[:] = [to_float(value) for value in windows.x]
        for side, bounds in enumerate((windows.lower, windows.upper)):
            none = (-np.inf, np.inf)[side]
            ends[side] = [none if v is None else to_float(v) for v in bounds]
            if np.isfinite(ends[side]).sum() != sum(v is not None for v in bounds):
                return None
        if not np.isfinite(x).all():
            return None

        radii = np.array([_ROUNDING, _SMALLEST, _ROUNDING, _SMALLEST])
        return cls(x, ends, radii, windows.x.__getitem__, partial(_given_end, windows))

    @classmethod
    def around(cls, x: Column, y: Column, half_width: Fraction) -> FloatWindows | None:
        """Windows ``y ± half_width`` at strictly ascending abscissae; None out of range.

        Whole numbers below 2⁵³ stay whole, so that ties are decided without rationals.
        """
        if not (x.is_float64 and y.is_float64):
            return None
        ratio = half_width / y.scale
        width = to_float(ratio)
        factor = ratio.denominator
        ends = empty((2, len(y)))
        values = y.values
        size = max(abs(float(values.min())), abs(float(values.max())))
        if not np.isfinite(size + width):
            return None
        largest = Fraction(size) * factor + ratio.numerator
        if max(largest, Fraction(factor)) <= LARGEST_EXACT_INTEGER and (
            not y.rounded and _are_whole(values)
        ):
            np.multiply(values, float(factor), out=ends[1])
            np.subtract(ends[1], float(ratio.numerator), out=ends[0])
            ends[1] += float(ratio.numerator)
            radii = np.zeros(4)
        else:
            factor = 1
            np.subtract(values, width, out=ends[0])
            np.add(values, width, out=ends[1])
            # Reading a float is off like a rounding of the value, which the width may hide.
            off = _ROUNDING * size + _SMALLEST if y.rounded else 0.0
            radii = np.array([0.0, 0.0, 2 * _ROUNDING, 2 * _ROUNDING * width + _SMALLEST + off])
        if x.rounded:
            radii[:2] = _ROUNDING, _SMALLEST

        exact_end = partial(_end_around, y, ratio, factor)
        tails = partial(tails_around, x, y, ends, ratio, factor)
        units = x.scale, y.scale / factor
        return cls(x.values, ends, radii, x.unscaled, exact_end, *units, tails)

    @cached_property
    def tails(self) -> Tails:
        """What abscissae and bounds are beyond their doubles."""
        if self.make_tails is None or not self.radii.any():
            return NO_TAILS
        x, ends, labels = self.make_tails()
        fine = [2.0**-98 * largest + 2.0**-944 for largest in (self.reach, self.size)]
        one_side = self.exact_end(0, 0) == self.exact_end(1, 0)
        return Tails(x, ends, np.array(fine), labels, one_side)

    def mirrored(self) -> FloatWindows:
        """The same windows from right to left."""
        last = len(self) - 1

        def exact_x(row: int) -> Fraction:
            return -self.exact_x(last - row)

        def exact_end(side: int, row: int) -> Fraction:
            return self.exact_end(side, last - row)

        ends = empty(self.ends.shape)
        ends[:] = self.ends[:, ::-1]

        def make_tails() -> tuple[Floats, Floats, Floats]:
            known = self.tails
            backward = empty(known.ends.shape)
            backward[:] = known.ends[:, ::-1]
            return -known.x[::-1], backward, known.labels[::-1].copy()

        return replace(
            self,
            x=-self.x[::-1],
            ends=ends,
            exact_x=exact_x,
            exact_end=exact_end,
            make_tails=None if self.make_tails is None else make_tails,
        )

    def at(self, rows: Sequence[int]) -> Windows:
        """Exact windows of some rows, ascending, in the unit of the table."""
        lower, upper = (
            [
                self.exact_end(side, row) * self.y_unit if finite else None
                for row, finite in zip(rows, np.isfinite(self.ends[side, rows]), strict=True)
            ]
            for side in range(2)
        )
        x = [self.exact_x(row) * self.x_unit for row in rows]
        return Windows(x, lower, upper, rows, rows)

    def __len__(self) -> int:
        return len(self.x)

    @cached_property
    def size(self) -> float:
        """Largest size of a finite bound, at least zero."""
        largest = [0.0]
        for side in range(2):
            finite = self.ends[side][np.isfinite(self.ends[side])]
            if len(finite):
                largest += [-float(finite.min()), float(finite.max())]
        return max(largest)

    @cached_property
    def reach(self) -> float:
        """Largest size of an abscissa."""
        return float(max(abs(self.x[0]), abs(self.x[-1])))

    def side_of(self, a: tuple[int, int], b: tuple[int, int], c: tuple[int, int]) -> int:
        """Exact side of the end c from the line through two ends, each as (side, row)."""
        flat: list[Fraction] = []
        for side, row in (a, b, c):
            flat += [self.exact_x(row), self.exact_end(side, row)]
        return orientation(*flat)


def _given_end(windows: Windows, side: int, row: int) -> Fraction:
    value = windows.bound(1 - 2 * side, row)
    if value is None:
        raise AssertionError("only bounds are asked for")
    return value


def _end_around(y: Column, ratio: Fraction, factor: int, side: int, row: int) -> Fraction:
    return (y.unscaled(row) + (2 * side - 1) * ratio) * factor


def _are_whole(values: Floats) -> bool:
    pieces = (values[i : i + (1 << 15)] for i in range(0, len(values), 1 << 15))
    return all(bool((np.rint(piece) == piece).all()) for piece in pieces)
