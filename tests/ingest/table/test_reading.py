"""kgraph.ingest.table.reading: the bytes of every kind of table as rows of text, and what cannot be read."""

from __future__ import annotations

import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kgraph.errors import InputError
from kgraph.ingest.table import reading
from kgraph.ingest.table.mapping import LIST, TableMapping
from kgraph.ingest.table.reading import TableFile, is_table


def cells(file: Path) -> list[list[str | None]]:
    return [
        list(row)
        for batch in TableFile.open(file, TableMapping()).batches()
        for row in zip(*(column.to_pylist() for column in batch.columns), strict=True)
    ]


def lines(file: Path) -> list[int]:
    return [line for batch in TableFile.open(file, TableMapping()).batches() for line in batch.lines.tolist()]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("a.csv", True),
        ("a.TSV", True),
        ("a.parquet", True),
        ("a.arrow", True),
        ("a.feather", True),
        ("a.ttl", False),
        ("a.yaml", False),
    ],
)
def test_tables_are_known_by_their_suffix(name: str, found: bool) -> None:
    assert is_table(Path(name)) is found


def test_a_row_is_on_the_line_it_begins_on(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(b'subject,x\r\n"a\r\nb",1\r\n\r\n\r\nc,2\r\n"d",3')
    assert cells(tmp_path / "t.csv") == [["a\r\nb", "1"], ["c", "2"], ["d", "3"]]
    assert lines(tmp_path / "t.csv") == [2, 6, 7]


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("subject;predicate;object, and more", ";"),
        ("subject\tpredicate\tobject", "\t"),
        ("subject,predicate;object", ","),
        ('"subject","predicate","object"', ","),
        ("a;b;c", ";"),
        ("alone", ","),
    ],
)
def test_the_delimiter_is_what_the_header_has(tmp_path: Path, text: str, delimiter: str) -> None:
    (tmp_path / "t.csv").write_text(f"{text}\n")
    assert TableFile.open(tmp_path / "t.csv", TableMapping()).delimiter == delimiter


@pytest.mark.parametrize(
    ("column", "texts"),
    [
        (pa.array(["a", None]), ["a", None]),
        (pa.array(["a", None], pa.large_string()), ["a", None]),
        (pa.array(["a", "a"]).dictionary_encode(), ["a", "a"]),
        (pa.array([1, None]), ["1", None]),
        (pa.array([1.0, 0.25]), ["1", "0.25"]),
        (pa.array([float("nan"), None, 1e300]), [None, None, "1e+300"]),
        (pa.array([True, False]), ["true", "false"]),
        (pa.array([datetime.date(2020, 1, 2)]), ["2020-01-02"]),
        (pa.array([datetime.datetime(2020, 1, 2, 3, 4, tzinfo=datetime.UTC)]), ["2020-01-02"]),
        (pa.array([["a", "b"], [], None, ["c"]]), [f"a{LIST}b", "", None, "c"]),
        (pa.array([["a"], ["b"]], pa.large_list(pa.string())), ["a", "b"]),
        (pa.array([None, None], pa.null()), [None, None]),
    ],
)
def test_a_column_of_any_type_is_read_as_text(tmp_path: Path, column: pa.Array, texts: list[str | None]) -> None:
    pq.write_table(pa.table({"subject": column}), tmp_path / "t.parquet")
    assert [row[0] for row in cells(tmp_path / "t.parquet")] == texts


def test_lists_are_read_right_after_other_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "BATCH", 2)
    lists = [["a"], None, ["b", "c"], [], ["d"]]
    with pa.ipc.new_file(tmp_path / "t.arrow", pa.schema({"said_by": pa.list_(pa.string())})) as file:
        file.write_table(pa.table({"said_by": pa.array(lists)}))
    assert [row[0] for row in cells(tmp_path / "t.arrow")] == ["a", None, f"b{LIST}c", "", "d"]


def test_a_column_that_is_no_text_is_refused(tmp_path: Path) -> None:
    pq.write_table(pa.table({"subject": [{"a": 1}]}), tmp_path / "t.parquet")
    with pytest.raises(InputError, match="cannot be read as text"):
        cells(tmp_path / "t.parquet")


def test_texts_that_are_not_utf8_are_refused(tmp_path: Path) -> None:
    wrong = pa.Array.from_buffers(pa.string(), 1, [None, pa.py_buffer(b"\0\0\0\0\1\0\0\0"), pa.py_buffer(b"\xff")])
    with pa.ipc.new_file(tmp_path / "t.arrow", pa.schema({"subject": pa.string()})) as file:
        file.write_table(pa.table({"subject": wrong}))
    with pytest.raises(InputError, match="UTF8"):
        cells(tmp_path / "t.arrow")


def test_two_columns_of_one_name_are_refused(tmp_path: Path) -> None:
    pq.write_table(pa.Table.from_arrays([pa.array(["a"]), pa.array(["b"])], names=["x", "x"]), tmp_path / "t.parquet")
    with pytest.raises(InputError, match="two columns have the same name"):
        cells(tmp_path / "t.parquet")


@pytest.mark.hostile
def test_a_quotation_mark_that_nobody_closed_ends_in_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_CELL", 1000)
    (tmp_path / "t.csv").write_text('subject\n"a' + "x" * 5000)
    with pytest.raises(InputError, match=r"t\.csv:2: the CSV does not read"):
        cells(tmp_path / "t.csv")
