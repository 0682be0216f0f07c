"""What the tests of the readers share."""

import random
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st

from exactsparse.errors import DataError
from exactsparse.problem.column import Column
from exactsparse.problem.dataset import Dataset
from exactsparse.readers import read
from exactsparse.readers.delimited import read_delimited, read_in_bulk
from exactsparse.readers.layout import layout_of

FILE = "data.csv"


def parse(text: str | bytes, y: str | None = None) -> Dataset:
    """Read text as if it were the file data.csv."""
    return read_delimited(text.encode() if isinstance(text, str) else text, FILE, y)


def points(data: Dataset) -> list[tuple[Any, ...]]:
    return [data.row(i) for i in range(len(data))]


def line_numbers(data: Dataset) -> list[int]:
    return [data.origin.row_number(i) for i in range(len(data))]


def entries(column: Column) -> list[Fraction]:
    return [column[i] for i in range(len(column))]


def taken_in_bulk(text: str | bytes) -> bool:
    data = text.encode() if isinstance(text, str) else text
    return read_in_bulk(data, layout_of(data, FILE, None)) is not None


def complaint(text: str | bytes, y: str | None = None) -> str:
    with pytest.raises(DataError) as caught:
        parse(text, y)
    message = str(caught.value)
    assert message.startswith(FILE)
    assert "\n" not in message
    return message


def decimal_texts(digits: int, exponent: int) -> st.SearchStrategy[str]:
    """Decimals as people and programs write them: signs, zeros, bare points, exponents."""
    run = st.text("0123456789", min_size=1, max_size=digits)
    mantissa = st.one_of(
        run,
        run.map(lambda whole: whole + "."),
        run.map(lambda fraction: "." + fraction),
        st.tuples(run, run).map(".".join),
    )
    power = st.integers(-exponent, exponent)
    tail = st.one_of(
        st.just(""),
        st.tuples(st.sampled_from("eE"), st.sampled_from(["{}", "{:+}", "{:03}"]), power).map(
            lambda parts: parts[0] + parts[1].format(parts[2])
        ),
    )
    return st.tuples(st.sampled_from(["", "-", "+"]), mantissa, tail).map("".join)


def refused(path: Path, *parts: str, y: str | None = None) -> None:
    with pytest.raises(DataError) as caught:
        read(path, y)
    message = str(caught.value)
    assert message.startswith(str(path))
    for part in parts:
        assert part in message


def check_every_damage(path: Path, whole: bytes) -> None:
    """Random damage is either harmless or refused as bad data; nothing else may be raised."""
    source = random.Random(0)
    for _ in range(300):
        damaged = bytearray(whole)
        for _ in range(source.randint(1, 3)):
            damaged[source.randrange(len(whole))] = source.randrange(256)
        path.write_bytes(damaged)
        try:
            read(path)
        except DataError as error:
            assert str(error).startswith(str(path))
            assert "\n" not in str(error)
