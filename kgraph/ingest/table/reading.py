"""Rows out of CSV, Parquet and Arrow files, some thousand at a time, each cell as text; nothing is judged here.

A row is known by its number (1 for the first data row) and its line: where it begins in a CSV file, its number
elsewhere. Lines with nothing on them are no rows.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from kgraph.errors import EmptyInputError, InputError
from kgraph.ingest.table.mapping import LIST, TableMapping, usual

BATCH: Final = 50_000
"""Rows in memory at once."""
MAX_ROWS: Final = 2**32 - 1
"""Most rows of a table: the IRI of a row has eight hexadecimal digits."""
_CSV, _PARQUET, _ARROW = (".csv", ".tsv"), (".parquet",), (".arrow", ".feather", ".ipc")
SUFFIXES: Final = (*_CSV, *_PARQUET, *_ARROW)
_DELIMITERS: Final = (",", ";", "\t")
_WHOLE: Final = 2.0**53
"""Whole numbers below this are written without a point: above it a float is no longer sure of its units."""
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
_CELL: Final = 1_000_000
"""Longest cell of a CSV file, in characters: what is longer is a quotation mark that nobody closed."""

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Broken:
    """A row that cannot be taken as one: why, and its cells as they are in the file."""

    reason: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows: their numbers and lines, and for each column of the file a pyarrow array of texts. Cells of
    `broken` rows, by number, are empty there."""

    rows: Numbers
    lines: Numbers
    columns: tuple[pa.StringArray, ...]
    broken: Mapping[int, Broken] = field(default_factory=dict)


def is_table(path: Path) -> bool:
    """Whether a file is a claim table, by its suffix."""
    return path.suffix.lower() in SUFFIXES


def has_lines(path: Path) -> bool:
    """Whether its rows stand on lines that a person can count."""
    return path.suffix.lower() in _CSV


@dataclass(frozen=True)
class TableFile:
    """A table on the disk: its header and the SHA-256 of its bytes."""

    path: Path
    header: tuple[str, ...]
    sha256: str
    delimiter: str = ","

    @classmethod
    def open(cls, path: Path, mapping: TableMapping) -> TableFile:
        """Look at a file. Raises InputError where it cannot be read, EmptyInputError where there is nothing in it."""
        with _told(path):
            with path.open("rb") as file:
                start = file.read(2)
                file.seek(0)
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            if has_lines(path) and start in _UTF16:
                raise InputError(f"{path}: the file is UTF-16: save it as UTF-8")
            if not start:
                raise EmptyInputError(f"{path}: the file is empty")
            if has_lines(path):
                delimiter = mapping.delimiter or _delimiter(path, mapping)
                header = next((row for row, _ in _records(path, delimiter)), None)
                if header is None:
                    raise EmptyInputError(f"{path}: the file is empty")
                return cls(path, tuple(cell.strip() for cell in header), digest, delimiter)
            names = _schema(path).names
            if len(set(names)) < len(names):
                raise InputError(f"{path}: two columns have the same name")
            return cls(path, tuple(names), digest)

    def batches(self, wanted: Sequence[int] | None = None) -> Iterator[Batch]:
        """Its rows in order. Of the columns that are not `wanted` (by number; None for all) nothing is read."""
        with _told(self.path):
            every = range(len(self.header))
            yield from self._csv() if has_lines(self.path) else self._columnar(every if wanted is None else wanted)

    # -------------------------------------------------------------- CSV

    def _csv(self) -> Iterator[Batch]:
        records = _records(self.path, self.delimiter)
        next(records, None)
        width, first = len(self.header), 1
        cells: list[list[str]] = []
        lines: list[int] = []
        broken: dict[int, Broken] = {}
        for row, line in records:
            lines.append(line)
            if len(row) == width:
                cells.append(row)
            else:
                reason = f"has {len(row)} cells, the header {width}"
                broken[first + len(cells)] = Broken(reason, tuple(row))
                cells.append([""] * width)
            if len(cells) == BATCH:
                yield _batch(first, lines, cells, broken)
                first, cells, lines, broken = first + len(cells), [], [], {}
        if cells:
            yield _batch(first, lines, cells, broken)

    # -------------------------------------------------------------- Parquet and Arrow

    def _columnar(self, wanted: Sequence[int]) -> Iterator[Batch]:
        first = 1
        for batch in _record_batches(self.path, [self.header[number] for number in wanted]):
            numbers = np.arange(first, first + len(batch), dtype=np.int64)
            nothing = pa.nulls(len(batch), pa.string())
            columns = [nothing] * len(self.header)
            for number in wanted:
                columns[number] = _as_text(batch.column(self.header[number]))
            yield Batch(numbers, numbers, tuple(columns))
            first += len(batch)


# ------------------------------------------------------------------ CSV


def _records(path: Path, delimiter: str) -> Iterator[tuple[list[str], int]]:
    """The records of a CSV file that are not blank lines, each with the line it begins on."""
    csv.field_size_limit(_CELL)
    # Bytes that are not UTF-8 become half characters, so that they are a fault of their row and not of the file.
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        line = 1
        while True:
            try:
                row = next(reader, None)
            except csv.Error as error:
                raise InputError(f"{path}:{line}: the CSV does not read: {error}") from error
            if row is None:
                return
            if row:
                yield row, line
            line = reader.line_num + 1


def _delimiter(path: Path, mapping: TableMapping) -> str:
    """What stands between the cells of the header: what makes most of its names known ones, else most names."""
    known = set(mapping.columns.values())

    def worth(delimiter: str) -> tuple[int, int]:
        try:
            header = next((row for row, _ in _records(path, delimiter)), [])
        except InputError:  # a quotation mark in the wrong place: another delimiter, or the reader will say it
            return 0, 0
        return sum(name.strip() in known or usual(name) is not None for name in header), len(header)

    return max(_DELIMITERS, key=worth)


def _batch(first: int, lines: list[int], cells: list[list[str]], broken: dict[int, Broken]) -> Batch:
    try:
        columns = [pa.array(column, pa.string()) for column in zip(*cells, strict=True)]
    except UnicodeEncodeError:
        for number, row in enumerate(cells):
            if any("\ud800" <= character <= "\udfff" for cell in row for character in cell):
                broken[first + number] = Broken("holds bytes that are not UTF-8", tuple(row))
                cells[number] = [""] * len(row)
        return _batch(first, lines, cells, broken)
    rows = np.arange(first, first + len(cells), dtype=np.int64)
    return Batch(rows, np.array(lines, np.int64), tuple(columns), broken)


# ------------------------------------------------------------------ Parquet and Arrow


def _schema(path: Path) -> pa.Schema:
    if path.suffix.lower() in _PARQUET:
        return pq.read_schema(path)
    with _arrow(path) as reader:
        return reader.schema


def _record_batches(path: Path, names: list[str]) -> Iterator[pa.RecordBatch]:
    if path.suffix.lower() in _PARQUET:
        with pq.ParquetFile(path) as file:
            yield from file.iter_batches(BATCH, columns=names)
        return
    with _arrow(path) as reader:
        count = getattr(reader, "num_record_batches", None)
        batches = iter(reader) if count is None else (reader.get_batch(number) for number in range(count))
        for batch in batches:
            for start in range(0, len(batch), BATCH):
                yield batch.select(names).slice(start, BATCH)


@contextmanager
def _arrow(path: Path) -> Iterator[Any]:
    """A reader of an Arrow file or stream."""
    with pa.memory_map(str(path)) as source:
        try:
            reader = pa.ipc.open_file(source)
        except pa.ArrowInvalid:
            source.seek(0)
            reader = pa.ipc.open_stream(source)
        yield reader


def _as_text(column: pa.Array) -> pa.StringArray:
    """A column as texts: lists joined, dates in ISO 8601, whole numbers without a point.

    Raises ArrowInvalid for texts that are not UTF-8.
    """
    kind = column.type
    if pa.types.is_string(kind):
        column.validate(full=True)
        return column
    if pa.types.is_dictionary(kind):
        return _as_text(column.dictionary_decode())
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        inside = _as_text(column.flatten())
        joined = pa.ListArray.from_arrays(pc.cast(_offsets(column), pa.int32()), inside)
        return pc.if_else(column.is_valid(), pc.binary_join(joined, LIST), pa.scalar(None, pa.string()))
    if pa.types.is_timestamp(kind):
        column = pc.cast(column, pa.date32(), safe=False)
    elif pa.types.is_floating(kind):
        column = pc.if_else(pc.is_nan(column), None, column)
        whole = pc.and_(pc.equal(column, pc.round(column)), pc.less(pc.abs(column), _WHOLE))
        numbers = pc.cast(pc.if_else(whole, column, None), pa.int64(), safe=False)
        return pc.coalesce(pc.cast(numbers, pa.string()), pc.cast(column, pa.string()))
    try:
        return pc.cast(column, pa.string())
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid) as error:
        raise InputError(f"a column of {kind} cannot be read as text: {error}") from error


def _offsets(column: pa.ListArray) -> pa.Array:
    """Offsets into the flattened values, in which nulls take no room."""
    lengths = pc.fill_null(pc.list_value_length(column), 0).to_numpy(zero_copy_only=False)
    return pa.array(np.concatenate(([0], np.cumsum(lengths))))


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}") from error
    except pa.ArrowException as error:
        raise InputError(f"{path}: the file does not read: {' '.join(str(error).split())}") from error
