"""More than fits into memory: rows sorted by way of the disk, and files that are made whole before they are sent.

An external merge sort: rows are gathered into runs, each run is sorted and written, runs are merged as they are read
(Knuth, The Art of Computer Programming 3, 5.4). What is on the disk has no name, so it is gone with the process that
made it, however that ends.
"""

from __future__ import annotations

import errno
import heapq
import marshal
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import IO, Any, Final, Generic, TypeVar, cast

from kgraph.errors import StorageError, StorageFullError

RUN_ROWS: Final = 50_000
"""Rows that are sorted in memory."""
RUN_SIZE: Final = 1 << 25
"""Characters or bytes of them, where the rows are long."""
FAN_IN: Final = 32
"""Runs that are merged at once: so many are made one before there are more."""
_BATCH_ROWS: Final = 256
_BATCH_SIZE: Final = 1 << 18
PIECE: Final = 1 << 16

Row = TypeVar("Row")


class Sorter(Generic[Row]):
    """Sorts rows (texts, bytes, or tuples of these, numbers and booleans) and gives each different one once.

    Without a folder all of them stay in memory. With one, memory holds a run, and a batch of each run on the disk,
    whatever their number. Raises StorageFullError or StorageError, while rows are added or read.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._rows: list[Row] = []
        self._size = 0
        self._levels: list[list[IO[bytes]]] = []

    def add(self, row: Row, size: int) -> None:
        """Take a row, whose texts are so long together."""
        self._rows.append(row)
        self._size += size
        if self._folder is not None and (len(self._rows) >= RUN_ROWS or self._size >= RUN_SIZE):
            self._spill(self._folder)

    def _spill(self, folder: Path) -> None:
        self._rows.sort()
        run = _written(_batches((row, 0) for row in self._rows), folder)
        self._rows, self._size = [], 0
        for level in range(len(self._levels) + 1):
            if level == len(self._levels):
                self._levels.append([])
            self._levels[level].append(run)
            if len(self._levels[level]) < FAN_IN:
                return
            several, self._levels[level] = self._levels[level], []
            run = _written(_batches(_sized(_merged([_read(one) for one in several]))), folder)

    def __iter__(self) -> Iterator[Row]:
        """The rows in order; once."""
        self._rows.sort()
        runs = [_read(run) for level in self._levels for run in level]
        yield from cast("Iterator[Row]", _merged([*runs, iter(self._rows)]))


def _merged(runs: list[Iterator[Any]]) -> Iterator[Any]:
    merged = heapq.merge(*runs) if len(runs) > 1 else runs[0]
    return map(itemgetter(0), groupby(merged))


def _sized(rows: Iterable[Any]) -> Iterator[tuple[Any, int]]:
    """Each row with how long its texts are."""
    for row in rows:
        parts = row if isinstance(row, tuple) else (row,)
        yield row, sum(len(part) for part in parts if isinstance(part, str | bytes))


def _batches(rows: Iterable[tuple[Any, int]]) -> Iterator[list[Any]]:
    batch: list[Any] = []
    total = 0
    for row, size in rows:
        batch.append(row)
        total += size
        if len(batch) >= _BATCH_ROWS or total >= _BATCH_SIZE:
            yield batch
            batch, total = [], 0
    if batch:
        yield batch


def _written(batches: Iterable[list[Any]], folder: Path) -> IO[bytes]:
    """A nameless file of batches, each after its length."""
    with told():
        file = scratch(folder)
        for batch in batches:
            content = marshal.dumps(batch)
            file.write(len(content).to_bytes(8, "little"))
            file.write(content)
        file.flush()
        file.seek(0)
        return file


def _read(file: IO[bytes]) -> Iterator[Any]:
    with file:
        while length := file.read(8):
            yield from marshal.loads(file.read(int.from_bytes(length, "little")))  # noqa: S302 - our own bytes


# ------------------------------------------------------------------ files


class Spooled:
    """A file of `size` bytes, to be read once, from its beginning, in pieces."""

    def __init__(self, file: IO[bytes]) -> None:
        self.size = file.seek(0, 2)
        self._file = file

    def __iter__(self) -> Iterator[bytes]:
        with self._file as file:
            file.seek(0)
            while piece := file.read(PIECE):
                yield piece


def whole(pieces: Iterable[bytes], folder: Path | None) -> Spooled:
    """All pieces, before the first of them is read: in memory where they are few, else in a nameless file.

    Raises what the pieces raise, StorageFullError or StorageError.
    """
    file = scratch(folder)
    try:
        for piece in pieces:
            with told():
                file.write(piece)
        with told():
            file.flush()
    except BaseException:
        file.close()
        raise
    return Spooled(file)


def scratch(folder: Path | None) -> IO[bytes]:
    """A nameless file in a folder (None: in memory)."""
    if folder is None:
        return cast("IO[bytes]", tempfile.SpooledTemporaryFile())
    with told():
        return cast("IO[bytes]", tempfile.TemporaryFile(dir=folder, prefix="loading-"))


@contextmanager
def told() -> Iterator[None]:
    """What the disk refuses, as an error of kgraph's own."""
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        detail = f"the file was not written: {'no room left on the disk' if full else error.strerror or error}"
        raise (StorageFullError if full else StorageError)(detail) from error
