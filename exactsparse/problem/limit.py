"""Limits that users set: of knots, parameters or neurons, and of time."""

from __future__ import annotations

import math
import operator
from collections.abc import Mapping
from dataclasses import dataclass
from typing import SupportsIndex, cast

import numpy as np

from exactsparse.errors import ProblemError
from exactsparse.exact.numbers import counted
from exactsparse.problem.objective import NEURONS, Objective, objective_named


@dataclass(frozen=True)
class Limit:
    """How much a function may have of something, where the least tolerance is asked for.

    Parameters
    ----------
    counted : str
        ``"knots"``, ``"parameters"`` or ``"neurons"``.
    most : int
        Not negative.
    """

    counted: str
    most: int

    @classmethod
    def of(cls, options: Mapping[str, object]) -> Limit | None:
        """The limit of options as users give them; None if there is none.

        Parameters
        ----------
        options : mapping of str to int or None
            How many of what.

        Raises
        ------
        ProblemError
            If there are several, or one is out of range.

        Examples
        --------
        >>> str(Limit.of({"knots": None, "parameters": 3}))
        '3 parameters'
        """
        given = {what: most for what, most in options.items() if most is not None}
        if len(given) > 1:
            raise ProblemError(f"{' and '.join(given)} exclude each other: give one of them")
        for what, most in given.items():
            number = whole_number(what, most)
            if number < 0:
                raise ProblemError(f"{what} must not be negative, but it is {number}")
            return cls(what, number)
        return None

    @property
    def objective(self) -> Objective:
        """What costs as much of networks."""
        return NEURONS if self.counted == "knots" else objective_named(self.counted)

    def __str__(self) -> str:
        return counted(self.most, self.counted.removesuffix("s"))


def whole_number(option: str, value: object) -> int:
    """The number of an option that counts something; numpy's integers are integers too.

    Raises
    ------
    ProblemError
        If it is none.
    """
    try:
        if not isinstance(value, bool | np.bool_):
            return operator.index(cast("SupportsIndex", value))
    except TypeError:
        pass
    raise ProblemError(f"{option} must be a whole number, but it is {value!r}")


def require_time_limit(seconds: float | None) -> None:
    """Refuse a time limit that is none.

    Raises
    ------
    ProblemError
        If it is given and not a positive number.
    """
    try:
        right = seconds is None or (seconds > 0 and math.isfinite(seconds))
    except TypeError:
        right = False
    if not right:
        raise ProblemError(f"time_limit must be a positive number of seconds, not {seconds!r}")
