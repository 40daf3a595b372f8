"""Rows that are not loaded, and why: collected column by column, written to a file in which they can be mended."""

from __future__ import annotations

import csv
import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from kgraph.errors import ClaimFileError, StorageError
from kgraph.ingest.table.mapping import LIST
from kgraph.ingest.table.reading import TableFile, has_lines
from kgraph.places import Place

Rows = npt.NDArray[np.int64]
SHOWN: Final = 10
"""How many rows are told one by one."""


class Refusals:
    """Faults of rows, counted from 0. A fault is a field ("" for the row as a whole) and a reason."""

    def __init__(self) -> None:
        self._faults: dict[tuple[str, str], list[Rows]] = defaultdict(list)

    def __len__(self) -> int:
        return len(self._refused())

    def rows(self, rows: Iterable[int] | Rows, field: str, reason: str) -> None:
        """Refuse rows for what their cells of a field hold."""
        found = np.fromiter(rows, np.int64)
        if len(found):
            self._faults[field, reason].append(found)

    def values(self, codes: npt.NDArray[np.int32], field: str, reasons: Mapping[int, str]) -> None:
        """Refuse the rows whose value of a column is one of those with a reason."""
        if not reasons:
            return
        rows = np.flatnonzero(np.isin(codes, np.fromiter(reasons, np.int64)))
        rows = rows[np.argsort(codes[rows], kind="stable")]
        for same in np.split(rows, np.flatnonzero(np.diff(codes[rows])) + 1):
            if len(same):
                self.rows(same, field, reasons[int(codes[same[0]])])

    def kept(self, rows: int) -> npt.NDArray[np.bool_]:
        """bool[rows]: which rows are not refused."""
        kept = np.ones(rows, np.bool_)
        kept[self._refused()] = False
        return kept

    def told(self, file: TableFile, lines: Rows, titles: Mapping[str, str]) -> list[ClaimFileError]:
        """The first of them, each with line and column."""
        first = itertools.islice(self._by_row(), SHOWN)
        return [
            ClaimFileError(
                Place(str(file.path), int(lines[row]), None, _columns(faults, titles) or None), _reasons(faults)
            )
            for row, faults in first
        ]

    def write(self, file: TableFile, into: Path, titles: Mapping[str, str], separator: str) -> None:
        """Write the refused rows as CSV: line, column, reason, and the cells as they were.

        What was mended there can be loaded as a table of its own: the first three columns say nothing of a claim.
        Raises StorageError.
        """
        place = "line" if has_lines(file.path) else "row"
        try:
            with into.open("w", encoding="utf-8", errors="surrogateescape", newline="") as target:
                writer = csv.writer(target, lineterminator="\n")
                writer.writerow((f"refused {place}", "refused column", "refused because", *file.header))
                cells = self._cells(file)
                for row, faults in self._by_row():
                    line, found = next((line, found) for at, line, found in cells if at == row)
                    shown = (cell.replace(LIST, separator) for cell in found)
                    writer.writerow((line, _columns(faults, titles), _reasons(faults), *shown))
        except OSError as error:
            raise StorageError(f"{into} cannot be written: {error.strerror or error}") from error

    def _refused(self) -> Rows:
        found = [rows for each in self._faults.values() for rows in each]
        return np.unique(np.concatenate(found)) if found else np.empty(0, np.int64)

    def _by_row(self) -> Iterator[tuple[int, list[tuple[str, str]]]]:
        """The refused rows in order, each with its faults in the order they were found."""
        faults = [fault for fault, parts in self._faults.items() for _ in parts]
        parts = [rows for each in self._faults.values() for rows in each]
        if not parts:
            return
        rows = np.concatenate(parts)
        which = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
        order = np.lexsort((which, rows))
        rows, which = rows[order], which[order]
        starts = np.flatnonzero(np.diff(rows, prepend=-1))
        for start, end in zip(starts, [*starts[1:], len(rows)], strict=True):
            yield int(rows[start]), [faults[number] for number in which[start:end]]

    def _cells(self, file: TableFile) -> Iterator[tuple[int, int, Sequence[str]]]:
        """The refused rows as they are in the file: number from 0, line, cells."""
        refused = self._refused()
        for batch in file.batches():
            first, end = int(batch.rows[0]) - 1, int(batch.rows[-1])
            wanted = refused[np.searchsorted(refused, first) : np.searchsorted(refused, end)] - first
            columns = [column.take(wanted).to_pylist() for column in batch.columns] if len(wanted) else []
            for place, number in enumerate(wanted.tolist()):
                broken = batch.broken.get(number + first + 1)
                cells = broken.cells if broken else [column[place] or "" for column in columns]
                yield first + number, int(batch.lines[number]), cells


def _columns(faults: Iterable[tuple[str, str]], titles: Mapping[str, str]) -> str:
    return "; ".join(dict.fromkeys(titles.get(field, field) for field, _ in faults if field))


def _reasons(faults: Iterable[tuple[str, str]]) -> str:
    return "; ".join(dict.fromkeys(reason for _, reason in faults))
