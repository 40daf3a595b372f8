"""A whole table in little memory: each column as numbers into the list of its different cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from kgraph.errors import EmptyInputError, InputError, LimitError
from kgraph.ingest.table.mapping import TYPES, TableMapping
from kgraph.ingest.table.reading import MAX_ROWS, TableFile
from kgraph.ingest.table.refusals import Refusals
from kgraph.model import Progress

Int32 = npt.NDArray[np.int32]
NONE = -1


@dataclass(frozen=True, slots=True)
class Column:
    """The cells of one field: `values` are the different ones, `codes` int32[rows] which of them, NONE for none.

    A missing cell and one with only white space are the same: none.
    """

    codes: Int32
    values: tuple[str, ...]


@dataclass(frozen=True)
class Cells:
    """What a table says, by field; with the line of each row. Every field that is read has a column."""

    file: TableFile
    lines: npt.NDArray[np.int64]
    columns: Mapping[str, Column]
    titles: Mapping[str, str]
    """What the columns are called in the file."""
    unread: tuple[str, ...]

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self.lines)


def read(file: TableFile, mapping: TableMapping, refusals: Refusals, progress: Progress) -> Cells:
    """Read a table. Rows that are broken in the file are refused; a missing cell gets the mapping's default, but for
    the class of something, which a default only suggests.

    Raises InputError, EmptyInputError where there is no row, LimitError for too many.
    """
    fields = mapping.fields(file.header, str(file.path))
    gathered: dict[str, list[pa.DictionaryArray]] = {name: [] for name in fields}
    lines: list[npt.NDArray[np.int64]] = []
    rows = 0
    for batch in file.batches(sorted(fields.values())):
        lines.append(batch.lines)
        for name, number in fields.items():
            gathered[name].append(batch.columns[number].dictionary_encode())
        for row, broken in batch.broken.items():
            refusals.rows([row - 1], "", broken.reason)
        rows += len(batch.rows)
        if rows > MAX_ROWS:
            raise LimitError("the rows of a table", f"{MAX_ROWS:,}", f"{file.path} has more than {MAX_ROWS:,} rows")
        progress("read", rows, None)
    if not rows:
        raise EmptyInputError(f"{file.path}: the table has a header and no row")
    defaults = {name: value for name, value in mapping.defaults.items() if name not in TYPES}
    try:
        columns = {name: _column(parts, defaults.get(name)) for name, parts in gathered.items()}
    except pa.ArrowException as error:
        raise InputError(f"{file.path}: a column is too large to be taken whole: {error}") from error
    for name, default in defaults.items():
        if name not in columns:
            columns[name] = Column(np.zeros(rows, np.int32), (default,))
    titles = {name: file.header[number] for name, number in fields.items()}
    return Cells(file, np.concatenate(lines), columns, titles, mapping.unread(file.header, fields.values()))


def _column(parts: list[pa.DictionaryArray], default: str | None) -> Column:
    whole = pa.chunked_array(parts).unify_dictionaries().combine_chunks()
    values: tuple[str, ...] = tuple(value.strip() for value in whole.dictionary.to_pylist())
    codes = whole.indices.fill_null(NONE).to_numpy(zero_copy_only=False).astype(np.int32)
    codes = np.array([*(NONE if value == "" else n for n, value in enumerate(values)), NONE], np.int32)[codes]
    if default is not None:
        if default not in values:
            values = (*values, default)
        codes[codes == NONE] = values.index(default)
    return Column(codes, values)
