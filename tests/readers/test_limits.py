"""Hostile files: what they declare is checked before the work, and refused in a sentence."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet as pq
import pytest

import exactsparse as es
from exactsparse.readers import limits, read
from exactsparse.readers.arrow_size import declared_sizes
from tests.readers.common import check_every_damage, complaint, parse, points, refused


def test_a_long_line_is_refused_at_its_limit() -> None:
    assert limits.LONGEST_LINE == 2**20
    head = "x,y\n1,2\n# "
    within = head + "c" * (limits.LONGEST_LINE - 2) + "\n3,4\n"
    assert points(parse(within)) == [(1, 2), (3, 4)]
    beyond = complaint(head + "c" * (limits.LONGEST_LINE - 1) + "\n3,4\n")
    assert "line 3: the line is longer than 1,048,576 bytes" in beyond


def test_one_line_of_very_many_bytes() -> None:
    assert "line 1: the line is longer" in complaint(b"7" * 100_000_000)


def test_many_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "longer than" in complaint(",".join("1" * 10**6))
    most = 60
    monkeypatch.setattr(limits, "MOST_COLUMNS", most)
    assert parse(",".join("1" * most)).n_features == most - 1
    assert f"{most + 1} columns, and up to" in complaint(",".join("1" * (most + 1)))


def test_many_columns_of_other_kinds(tmp_path: Path) -> None:
    np.save(tmp_path / "t.npy", np.zeros((1, limits.MOST_COLUMNS + 1)))
    refused(tmp_path / "t.npy", "16,385 columns")
    np.savez(tmp_path / "t.npz", X=np.zeros((1, limits.MOST_COLUMNS + 1)), y=np.zeros(1))
    refused(tmp_path / "t.npz", "16,385 columns")
    (tmp_path / "t.jsonl").write_text(f"[{','.join('1' * (limits.MOST_COLUMNS + 1))}]")
    refused(tmp_path / "t.jsonl", "16,385 columns")


@pytest.mark.parametrize("cell", ["7" * 100_000, "0." + "7" * 100_000, "1/" + "7" * 100_000])
def test_numbers_of_very_many_digits(cell: str, tmp_path: Path) -> None:
    assert "line 2, column 2 ('y'): a number of 100,0" in complaint(f"x,y\n1,{cell}\n")
    pq.write_table(pa.table({"x": [1], "y": [cell]}), tmp_path / "t.parquet")
    refused(tmp_path / "t.parquet", "row 0", "characters is too long")


def test_an_archive_that_inflates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "t.npz"
    np.savez_compressed(path, X=np.zeros((50_000, 1)), y=np.zeros(50_000))
    assert len(read(path)) == 50_000
    monkeypatch.setattr(limits, "MOST_UNPACKED", 800_000)
    refused(path, "bytes unpacked", "800,000", ".npy")


def test_an_array_that_declares_more_than_its_file_holds(tmp_path: Path) -> None:
    for shape in ((10**12, 2), (10**5, 2)):
        held = io.BytesIO()
        about = {"descr": "<f8", "fortran_order": False, "shape": shape}
        np.lib.format.write_array_header_1_0(held, about)
        (tmp_path / "t.npy").write_bytes(held.getvalue() + bytes(64))
        refused(tmp_path / "t.npy", "damaged")


def test_columns_of_runs_that_inflate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "t.parquet"
    pq.write_table(pa.table({"x": np.zeros(50_000), "y": np.zeros(50_000)}), path)
    assert path.stat().st_size < 10_000
    assert len(read(path)) == 50_000
    monkeypatch.setattr(limits, "MOST_UNPACKED", 799_999)
    refused(path, "takes 800,000 bytes unpacked")


def test_words_that_recur(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_UNPACKED", 1 << 20)
    path = tmp_path / "t.parquet"
    pq.write_table(pa.table({"x": ["7" * 1000] * 2000, "y": range(2000)}), path)
    refused(path, "column 1 ('x')", "2,000,000 bytes unpacked")


@pytest.mark.parametrize("packing", ["zstd", "lz4", "uncompressed"])
def test_packed_arrow_files(packing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "t.feather"
    words = pa.array(["1", "2"] * 25_000).dictionary_encode()
    table = pa.table({"x": np.zeros(50_000), "w": words, "y": np.zeros(50_000)})
    pyarrow.feather.write_feather(table, path, compression=packing)
    assert len(read(path)) == 50_000
    monkeypatch.setattr(limits, "MOST_UNPACKED", 1_000_000)
    monkeypatch.setattr(limits, "MOST_TIMES", 0)
    refused(path, "bytes unpacked", "1,000,000")


@pytest.mark.parametrize("form", ["file", "stream"])
@pytest.mark.parametrize("packing", [None, "zstd"])
def test_the_size_of_a_message_is_at_least_that_of_its_buffers(
    form: str, packing: str | None
) -> None:
    columns: dict[str, Any] = {"a": [1, None, 3] * 100, "b": ["x", "yy", "zzz"] * 100}
    batch = pa.record_batch(columns)
    sink = io.BytesIO()
    options = pa.ipc.IpcWriteOptions(compression=packing)
    writers = {"file": pa.ipc.new_file, "stream": pa.ipc.new_stream}
    with writers[form](sink, batch.schema, options=options) as writer:
        writer.write_batch(batch)
    size = sum(declared_sizes(sink.getvalue()))
    assert batch.nbytes <= size <= batch.nbytes + 2 * 8 * 300 + 64 * 5


def test_damaged_arrow_files(tmp_path: Path) -> None:
    path = tmp_path / "t.feather"
    table = pa.table({"x": [1.5, 2.5] * 20, "y": ["1", "1/3"] * 20})
    pyarrow.feather.write_feather(table, path, compression="lz4")
    whole = path.read_bytes()
    for cut in (0, 1, 8, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:cut])
        refused(path, "Feather")
    check_every_damage(path, whole)


def test_messages_stay_short(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(f"{'x' * 100_000},y\n1,{'7,' * 3}\n")
    with pytest.raises(es.DataError) as caught:
        read(path, y="z")
    assert len(str(caught.value)) < 2_100
    assert str(caught.value).startswith(str(path))


def test_tables_without_columns(tmp_path: Path) -> None:
    pyarrow.feather.write_feather(pa.table({}), str(tmp_path / "t.feather"))
    pq.write_table(pa.table({}), tmp_path / "t.parquet")
    np.save(tmp_path / "t.npy", np.zeros((3, 0)))
    (tmp_path / "t.jsonl").write_text("{}\n{}\n")
    for kind in ("feather", "parquet", "npy", "jsonl"):
        refused(tmp_path / f"t.{kind}", "no column")


def test_arrow_streams(tmp_path: Path) -> None:
    table = pa.table({"x": [1, 2], "y": [3, 4]})
    path = tmp_path / "t.arrow"
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    assert points(read(path)) == [(1, 3), (2, 4)]
