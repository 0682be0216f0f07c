"""One table, stored in every kind of file, is one data set."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.feather
import pytest

import exactsparse as es
from tests.readers.workbooks import ods, ods_row, table, xlsx

FILE = Path(__file__).parents[2] / "data" / "us_income_tax_2024.csv"
TABLE = es.read(FILE)
NAMES = [*TABLE.feature_names, TABLE.label_name]
ROWS = [[float(value) for value in TABLE.row(i)] for i in range(len(TABLE))]
OBJECTS = [dict(zip(NAMES, row, strict=True)) for row in ROWS]
FRAME = pd.DataFrame(ROWS, columns=NAMES)
WRITERS: dict[str, Callable[[Path], object]] = {
    "t.csv": lambda path: FRAME.to_csv(path, index=False),
    "index.csv": lambda path: FRAME.to_csv(path),
    "comma.csv": lambda path: FRAME.to_csv(path, index=False, sep=";", decimal=","),
    "wide.tsv": lambda path: FRAME.to_csv(path, index=False, sep="\t", encoding="utf-16"),
    "t.csv.gz": lambda path: path.write_bytes(gzip.compress(FRAME.to_csv(index=False).encode())),
    "t.jsonl": lambda path: path.write_text("".join(json.dumps(row) + "\n" for row in OBJECTS)),
    "t.json": lambda path: path.write_text(json.dumps(OBJECTS)),
    "t.xlsx": lambda path: path.write_bytes(xlsx({"S": table([NAMES, *ROWS])})),
    "digits.xlsx": lambda path: path.write_bytes(
        xlsx({"S": [_stored(cell) for cell in table([NAMES, *ROWS])]})
    ),
    "t.ods": lambda path: path.write_bytes(
        ods(ods_row(*NAMES) + "".join(ods_row(*row) for row in ROWS))
    ),
    "t.parquet": lambda path: FRAME.to_parquet(path, index=False),
    "polars.parquet": lambda path: pl.DataFrame(ROWS, schema=NAMES, orient="row").write_parquet(
        path
    ),
    "t.feather": lambda path: pyarrow.feather.write_feather(pa.table(FRAME), str(path)),
    "polars.arrow": lambda path: pl.DataFrame(ROWS, schema=NAMES, orient="row").write_ipc(path),
    "t.npy": lambda path: np.save(path, np.array(ROWS)),
    "t.npz": lambda path: np.savez(path, X=np.array(ROWS)[:, :1], y=np.array(ROWS)[:, 1]),
}


def _stored(cell: str) -> str:
    """A cell with all 17 digits of its double, as spreadsheet programs store it."""
    before, mark, rest = cell.partition("<v>")
    digits, after, end = rest.partition("</v>")
    return before + mark + (f"{float(digits):.17g}" if mark else digits) + after + end


@pytest.mark.parametrize("name", WRITERS)
def test_one_table_is_one_data_set(name: str, tmp_path: Path) -> None:
    WRITERS[name](tmp_path / name)
    data = es.read(tmp_path / name)
    assert data.digest == TABLE.digest
    if not name.startswith("t.np"):
        assert [*data.feature_names, data.label_name] == NAMES


def test_frames_and_arrays_are_the_same_data_set() -> None:
    for frame in (FRAME, pl.from_pandas(FRAME), pa.table(FRAME)):
        assert es.Dataset.from_arrays(frame, NAMES[1]).digest == TABLE.digest
    assert es.Dataset.from_arrays(*np.array(ROWS).T).digest == TABLE.digest
