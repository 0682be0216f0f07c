"""What the tests of the checker share: ways to change a certificate, and a clock."""

import copy
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from exactsparse_check import Verdict

Json = dict[str, Any]
Change = Callable[[Json], None]
Judge = Callable[..., Verdict]


@contextmanager
def any_length() -> Iterator[None]:
    """Let this test, though not the checker, write integers of more than 4300 digits."""
    limit = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(0)
    try:
        yield
    finally:
        sys.set_int_max_str_digits(limit)


def changed(tree: Json, *changes: Change) -> Json:
    tree = copy.deepcopy(tree)
    for change in changes:
        change(tree)
    return tree


def put(*path: str | int, value: object) -> Change:
    def change(tree: Any) -> None:
        for key in path[:-1]:
            tree = tree[key]
        tree[path[-1]] = value

    return change


def drop(*path: str | int) -> Change:
    def change(tree: Any) -> None:
        for key in path[:-1]:
            tree = tree[key]
        del tree[path[-1]]

    return change


def add(*path: str | int, by: int) -> Change:
    def change(tree: Any) -> None:
        for key in path[:-1]:
            tree = tree[key]
        tree[path[-1]] += by

    return change


class Clock:
    """A clock that is one second on whenever it is looked at."""

    def __init__(self) -> None:
        self.time = 0

    def __call__(self) -> float:
        self.time += 1
        return self.time
